import * as z from 'zod';

import { timelineKind } from '../../../model/timelineEntry.ts';
import { amount } from '../amount.ts';
import { fact } from '../../../machine/evidence.ts';
import { moment } from '../figures.ts';
import { tool } from '../tool.ts';

const hour = 3_600_000_000;

export const timeline = tool({
    name: 'timeline',
    description:
        'What changed on this computer, newest first: edited configuration with its diff, packages, devices, network, incidents, fixes.',
    parameters: z.object({
        hours: amount(8760).optional().describe('how far back; default 24'),
        text: z.string().max(128).optional().describe('words that must occur'),
        kind: timelineKind.optional().describe('only this kind'),
        subject: z.string().max(512).optional().describe('only this path, package, unit, device or interface'),
    }),
    run({ hours = 24, text, kind, subject }, { timeline: record, clock }, out) {
        const entries = record.query({
            since: clock() - hours * hour,
            limit: 60,
            ...(text !== undefined && { text }),
            ...(kind !== undefined && { kinds: [kind] }),
            ...(subject !== undefined && { subject }),
        });
        out.cite(fact('system', 'timeline', `${entries.length} entries of ${hours} hours`));
        out.list(
            `Last ${hours} hours`,
            entries,
            entry => {
                const lines = entry.kind === 'file' ? changedLines(entry.detail) : '';
                return `${moment(entry.time, clock())}: ${entry.kind} ${entry.subject}: ${entry.summary}${lines}`;
            },
            25,
        );
    },
});

/** The first lines that an edit took out and put in. */
function changedLines(difference: string): string {
    const changed = difference.split('\n').filter(line => /^[-+](?![-+])/.test(line));
    return changed
        .slice(0, 4)
        .map(line => ` | ${line}`)
        .join('');
}
