import * as z from 'zod';

import { timelineKind } from '../../model/timelineEntry.ts';
import { amount } from '../amount.ts';
import { fact } from '../evidence.ts';
import { moment } from '../figures.ts';
import { tool } from '../tool.ts';

const hour = 3_600_000_000;

export const timeline = tool({
    name: 'timeline',
    description:
        'What happened on this computer, from Reeve’s own record: incidents, fixes, units, packages, newest first.',
    parameters: z.object({
        hours: amount(8760).optional().describe('how far back; default 24'),
        text: z.string().max(128).optional().describe('words that must occur'),
        kind: timelineKind.optional().describe('only this kind'),
    }),
    run({ hours = 24, text, kind }, { timeline: record, clock }, out) {
        const entries = record.query({
            since: clock() - hours * hour,
            limit: 60,
            ...(text !== undefined && { text }),
            ...(kind !== undefined && { kinds: [kind] }),
        });
        out.cite(fact('system', 'timeline', `${entries.length} entries of ${hours} hours`));
        out.list(
            `Last ${hours} hours`,
            entries,
            entry => {
                return `${moment(entry.time, clock())}: ${entry.kind} ${entry.subject}: ${entry.summary}`;
            },
            25,
        );
    },
});
