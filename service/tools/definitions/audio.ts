import * as z from 'zod';

import { safeText } from '../../text/sanitise.ts';
import { fact } from '../evidence.ts';
import { percent } from '../figures.ts';
import { parseJson } from '../run.ts';
import { required, tool } from '../tool.ts';

/** What pw-dump(1) prints: PipeWire's objects; nodes have a media class, metadata names the default ones. */
const dumpSchema = z.array(
    z.object({
        type: z.string().default(''),
        info: z
            .object({
                props: z.record(z.string(), z.unknown()).default({}),
                state: z.string().optional(),
                params: z
                    .object({
                        Props: z
                            .array(
                                z.object({
                                    mute: z.boolean().optional(),
                                    channelVolumes: z.array(z.number()).optional(),
                                }),
                            )
                            .default([]),
                    })
                    .optional(),
            })
            .nullish(),
        metadata: z.array(z.object({ key: z.string(), value: z.unknown() })).optional(),
    }),
);
const defaultSchema = z.object({ name: z.string() });

const classes: Record<string, string> = {
    'Audio/Sink': 'output',
    'Audio/Source': 'input',
    'Stream/Output/Audio': 'program that plays',
    'Stream/Input/Audio': 'program that records',
};

export const audio = tool({
    name: 'audio',
    description: 'Sound outputs and inputs with volume and mute, the default ones, and programs that play or record.',
    parameters: z.object({}),
    async run(_values, { machine, signal }, out) {
        const output = await machine.run('pw-dump', ['--no-colors'], { signal, limit: 16_777_216 });
        const objects = parseJson('pw-dump', dumpSchema, required(output, 'PipeWire', 'pw-dump'));
        const defaults = new Set(
            objects
                .flatMap(({ metadata = [] }) => metadata)
                .filter(({ key }) => key === 'default.audio.sink' || key === 'default.audio.source')
                .flatMap(({ value }) => defaultSchema.safeParse(value).data?.name ?? []),
        );
        const rows: string[] = [];
        for (const { info } of objects) {
            const property = (key: string) => {
                const value = info?.props[key];
                return typeof value === 'string' ? safeText(value, 100) : '';
            };
            const kind = classes[property('media.class')];
            if (info === undefined || info === null || kind === undefined) continue;
            const [props] = info.params?.Props ?? [];
            // Volumes are kept as cubes of what the slider shows: pipewire's volume.h.
            const loudest = Math.max(...(props?.channelVolumes ?? []), 0);
            const volume = props?.channelVolumes === undefined ? '' : `, volume ${percent(Math.cbrt(loudest))}`;
            const name = property('node.description') || property('application.name') || property('node.name');
            const isDefault = defaults.has(property('node.name')) ? ', default' : '';
            rows.push(
                `${kind} ${name}${isDefault}${volume}${props?.mute === true ? ', MUTED' : ''}, ${info.state ?? '?'}`,
            );
        }
        out.cite(fact('system', 'pw-dump', `${objects.length} objects, ${rows.length} of sound`));
        out.list('Sound', rows, row => row, 20);
    },
});
