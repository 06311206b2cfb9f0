import * as z from 'zod';

import { bytes, percent } from '../figures.ts';
import { readMemory } from '../../../machine/processes/memory.ts';
import { readMemoryUsers } from '../../../machine/processes/memoryUsers.ts';
import { required, tool } from '../tool.ts';

export const memory = tool({
    name: 'memory',
    description: 'How much memory and swap is used and free, and which programs use most of it.',
    parameters: z.object({}),
    async run(_values, { machine, signal }, out) {
        const total = required(await readMemory(machine), 'The kernel’s memory figures', '/proc/meminfo');
        out.cite(total.evidence);
        const used = total.total - total.available;
        out.line(`Memory: ${bytes(used)} of ${bytes(total.total)} used (${percent(used / total.total)})`);
        out.line(`Available to programs: ${bytes(total.available)}`);
        out.line(`Swap: ${bytes(total.swapTotal - total.swapFree)} of ${bytes(total.swapTotal)} used`);
        const { users, evidence } = await readMemoryUsers(machine, signal);
        out.cite(evidence);
        out.list('Largest users', users, ({ owner, processes, resident, swapped }) => {
            const also = swapped > 0 ? `, ${bytes(swapped)} swapped out` : '';
            return `${owner.name} (${owner.kind}, ${processes} processes): ${bytes(resident)}${also}`;
        });
    },
});
