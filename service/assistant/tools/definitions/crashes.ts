import * as z from 'zod';

import { amount } from '../amount.ts';
import { findCrashes } from '../../../machine/processes/crashes.ts';
import { moment } from '../figures.ts';
import { notHere, tool } from '../tool.ts';

const day = 86_400_000_000;

export const crashes = tool({
    name: 'crashes',
    description: 'Programs that crashed (core dumps, segmentation faults), newest first.',
    parameters: z.object({ days: amount(365).optional().describe('how far back; default 30') }),
    async run({ days = 30 }, { journal, clock, signal }, out) {
        if ((await journal.access()) === 'none') throw notHere('The journal', 'no permission, or no journald');
        const found = await findCrashes(journal.query, { since: clock() - days * day, until: clock() }, signal);
        out.cite(...found.map(({ evidence }) => evidence));
        out.list(
            `Crashes of the last ${days} days`,
            found,
            ({ program, signal: cause, pid, unit, time, hasDump }) => {
                const where = unit === null ? '' : `, unit ${unit}`;
                return `${moment(time, clock())}: ${program} (pid ${pid ?? '?'}) by ${cause ?? 'an unknown signal'}${where}${hasDump ? ', core dump kept' : ''}`;
            },
            15,
        );
    },
});
