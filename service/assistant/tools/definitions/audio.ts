import * as z from 'zod';

import { fact } from '../../../machine/evidence.ts';
import { percent } from '../figures.ts';
import { dumpSound, soundNodes } from '../../../machine/hardware/sound.ts';
import type { SoundNode } from '../../../machine/hardware/sound.ts';
import { required, tool } from '../tool.ts';

const kinds: Record<SoundNode['kind'], string> = {
    output: 'output',
    input: 'input',
    playing: 'program that plays',
    recording: 'program that records',
};

export const audio = tool({
    name: 'audio',
    description: 'Sound outputs and inputs with volume and mute, the default ones, and programs that play or record.',
    parameters: z.object({}),
    async run(_values, { machine, signal }, out) {
        const objects = required(await dumpSound(machine, signal), 'PipeWire', 'pw-dump');
        const rows = soundNodes(objects).map(({ kind, name, isDefault, volume, isMuted, state }) => {
            const level = volume === null ? '' : `, volume ${percent(volume)}`;
            return `${kinds[kind]} ${name}${isDefault ? ', default' : ''}${level}${isMuted ? ', MUTED' : ''}, ${state}`;
        });
        out.cite(fact('system', 'pw-dump', `${objects.length} objects, ${rows.length} of sound`));
        out.list('Sound', rows, row => row, 20);
    },
});
