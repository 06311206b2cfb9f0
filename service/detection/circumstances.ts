import type { LogEntry } from '../journal/logEntry.ts';
import type { Circumstance } from './faultRule.ts';
import { areNear, burstWindow } from './moment.ts';
import type { Moment } from './moment.ts';
import type { EntryReference } from './verdict.ts';

/**
 * How long before and after a suspend or a resume devices come and go. For lines of text without times: as many as in a burst.
 */
export const aroundSleep = 30_000_000;
/** How much may be reported before the circumstance that explains it. */
const explainedLimit = 32;

/** When the log last reported a circumstance, and the earlier reports that only this circumstance explains. */
type Known = { last: Moment | null; before: (Moment & EntryReference)[] };

/** What makes entries around it ordinary. */
export class Circumstances {
    readonly #known: Readonly<Record<Circumstance, Known>> = {
        sleep: { last: null, before: [] },
        correction: { last: null, before: [] },
        removal: { last: null, before: [] },
        cancellation: { last: null, before: [] },
    };

    /** The entry reports the circumstance. @returns the reports just before it, which are ordinary because of it */
    note(circumstance: Circumstance, entry: LogEntry): EntryReference[] {
        const known = this.#known[circumstance];
        const now = kernelMoment(entry);
        known.last = now;
        const isExplained = (report: Moment) => areNear(report, now, burstWindow);
        const others = new Set(known.before.filter(report => !isExplained(report)).map(({ occurrence }) => occurrence));
        // Of a burst that began long before, only these entries are ordinary.
        const explained = known.before
            .filter(isExplained)
            .map(report => (others.has(report.occurrence) ? { ...report, occurrence: '' } : report));
        known.before = [];
        return explained;
    }

    /** Whether the circumstance makes the entry ordinary. An entry that is not ordinary yet is remembered. */
    excuses(circumstance: Circumstance, entry: LogEntry, occurrence: () => string): boolean {
        const { last, before } = this.#known[circumstance];
        const after = circumstance === 'sleep' ? aroundSleep : burstWindow;
        if (last !== null && areNear(last, kernelMoment(entry), after)) return true;
        before.push({ ...kernelMoment(entry), occurrence: occurrence() });
        if (before.length > explainedLimit) before.shift();
        return false;
    }
}

/** When the kernel said it. Messages from the way into sleep may be logged after the wake-up. */
function kernelMoment(entry: LogEntry): Moment {
    return { clock: entry.uptime() ?? entry.clock(), line: entry.line };
}
