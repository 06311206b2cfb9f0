import * as z from 'zod';

import { fact } from '../evidence.ts';
import { percent } from '../figures.ts';
import { dumpSound, soundProperty } from '../sound.ts';
import { required, tool } from '../tool.ts';

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
        const objects = required(await dumpSound(machine, signal), 'PipeWire', 'pw-dump');
        const defaults = new Set(
            objects
                .flatMap(({ metadata = [] }) => metadata)
                .filter(({ key }) => key === 'default.audio.sink' || key === 'default.audio.source')
                .flatMap(({ value }) => defaultSchema.safeParse(value).data?.name ?? []),
        );
        const rows: string[] = [];
        for (const object of objects) {
            const { info } = object;
            const property = (key: string) => soundProperty(object, key);
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
