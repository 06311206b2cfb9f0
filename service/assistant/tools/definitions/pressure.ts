import * as z from 'zod';

import { percent } from '../figures.ts';
import { readPressure } from '../../../machine/processes/pressure.ts';
import { notHere, tool } from '../tool.ts';

export const pressure = tool({
    name: 'pressure',
    description:
        'How much of the last minute programs had to wait for processor, memory or disk: why a computer is slow.',
    parameters: z.object({}),
    async run(_values, { machine }, out) {
        const resources = ['cpu', 'memory', 'io'] as const;
        const read = await Promise.all(resources.map(resource => readPressure(machine, resource)));
        if (read.every(pressure => pressure === null))
            throw notHere('Pressure stall information of the kernel', '/proc/pressure');
        for (const pressure of read) {
            if (pressure === null) continue;
            out.cite(pressure.evidence);
            out.line(`${pressure.resource}: waited for during ${percent(pressure.waiting)} of the last minute`);
        }
    },
});
