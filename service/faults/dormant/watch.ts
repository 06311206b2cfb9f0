import { relative } from 'node:path';

import { filesOf } from '../../machine/machine.ts';
import type { Change, TimelineEntry } from '../../model/timelineEntry.ts';
import type { Outlet, SourceDefinition, Surroundings } from '../../sources/definition.ts';
import { ReportOnce } from '../../sources/reportOnce.ts';
import { messageOf } from '../../util/errors.ts';
import { log } from '../../util/log.ts';
import type { DormantCheck, DormantFault, Place } from './check.ts';
import { everyCheck } from './checks/everyCheck.ts';
import type { WrittenFacts } from './facts.ts';

export const sourceName = 'dormant';

/**
 * What was changed is checked once nothing has changed for this long: by then, nobody is in the middle of it. But a file that
 * changes all the time must not put it off for ever. Milliseconds.
 */
const settled = 3_600_000;
const longestWait = 6 * settled;

/** Where the checks look on the watched computer. */
export function placeOf({ root, home }: Pick<Surroundings, 'root' | 'home'>, signal: AbortSignal): Place {
    return { machine: filesOf(root), home: `/${relative(root, home)}`, uid: process.getuid?.() ?? 0, signal };
}

/**
 * Runs all checks with the first poll after the start, a while after the log-in, and then only after something has changed and
 * settled. In between it waits for nothing that would wake up the service.
 */
export const standingChecks: SourceDefinition = {
    name: sourceName,
    async run(surroundings, outlet, signal) {
        const { pollClock, timeline } = surroundings;
        const reports = await ReportOnce.open(sourceName, surroundings, outlet);
        /** The first and the last change since the checks ran; null for none. */
        let changed: { first: number; last: number } | null = { first: -Infinity, last: -Infinity };
        let wake = Promise.withResolvers<undefined>();
        const awake = () => {
            wake.resolve(undefined);
        };
        const added = ({ kind, source }: TimelineEntry) => {
            if (source === sourceName || !['file', 'package'].includes(kind)) return;
            const now = pollClock.clock();
            changed = { first: changed?.first ?? now, last: now };
            awake();
        };
        const isStopped = () => signal.aborted;
        timeline.on('added', added);
        signal.addEventListener('abort', awake, { once: true });
        try {
            outlet.watching();
            while (!isStopped()) {
                if (changed === null) {
                    await wake.promise;
                    wake = Promise.withResolvers();
                    continue;
                }
                await pollClock.next(signal);
                const now = pollClock.clock();
                const isDue = now - changed.last >= settled || now - changed.first >= longestWait;
                if (isStopped() || !isDue) continue;
                changed = null;
                await runChecks(placeOf(surroundings, signal), reports, outlet);
            }
        } finally {
            timeline.off('added', added);
        }
    },
};

async function runChecks(place: Place, reports: ReportOnce, outlet: Outlet): Promise<void> {
    const found = new Map<string, [DormantCheck, DormantFault]>();
    const failed: string[] = [];
    for (const check of everyCheck) {
        try {
            for (const fault of await check.find(place)) found.set(`${check.kind} ${fault.subject}`, [check, fault]);
        } catch (error) {
            if (place.signal.aborted) return;
            // One file that cannot be read must not hide what the others have.
            failed.push(check.kind);
            log('warning', 'A standing check failed', { check: check.kind, error: messageOf(error) });
        }
    }
    reports.keepOnly({ has: key => found.has(key) || failed.some(kind => key.startsWith(`${kind} `)) });
    for (const [key, [check, fault]] of found) reports.report(key, toChange(check, fault));
    await outlet.kept();
}

function toChange({ kind, scope }: DormantCheck, { subject, title, detail, facts }: DormantFault): Change {
    return {
        time: Date.now() * 1000,
        // No change, which could be taken for the cause of a fault.
        kind: 'reeve',
        event: kind,
        subject,
        summary: title,
        detail,
        facts: { scope, ...facts } satisfies WrittenFacts,
    };
}
