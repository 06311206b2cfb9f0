import * as z from 'zod';

import { percent } from '../figures.ts';
import { measureProcessor } from '../../../machine/processes/processor.ts';
import { required, tool } from '../tool.ts';

export const processor = tool({
    name: 'processor',
    description:
        'How busy the processors are at this moment, and which programs keep them busy. Measures for a second.',
    parameters: z.object({}),
    async run(_values, { machine, signal }, out) {
        const use = required(await measureProcessor(machine, signal), 'The kernel’s processor times', '/proc/stat');
        out.cite(...use.evidence);
        out.line(`${use.processors} processors, ${percent(use.busy)} busy together`);
        out.line(`Idle only because of waiting for disks: ${percent(use.waitingForDisk)}`);
        out.list('Busiest, as share of one processor', use.users, ({ owner, processes, share }) => {
            return `${owner.name} (${owner.kind}, ${processes} processes): ${percent(share)}`;
        });
    },
});
