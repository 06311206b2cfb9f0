import type { LogEntry } from '../journal/logEntry.ts';
import { safeText } from '../text/sanitise.ts';

/** Entries about one subject at most this far apart report one occurrence. Microseconds, and lines of text. */
export const burstWindow = 10_000_000;
const burstLines = 40;

/** A place in a log: by its own clock, and the number of the line. */
export type Moment = { clock: number | null; line: number | null };

export function momentOf(entry: LogEntry): Moment {
    return { clock: entry.clock(), line: entry.line };
}

/** Whether the entry is in the same burst as `last`. */
export function isInBurst(last: Moment, entry: LogEntry): boolean {
    return areNear(last, momentOf(entry), burstWindow);
}

/** @param within microseconds */
export function areNear(one: Moment, other: Moment, within: number): boolean {
    if (one.clock !== null && other.clock !== null) return Math.abs(one.clock - other.clock) <= within;
    return one.line !== null && other.line !== null && other.line - one.line <= burstLines;
}

/** @see Finding.occurrence */
export function occurrenceOf(entry: LogEntry): string {
    const cursor = entry.field('__CURSOR');
    return entry.line === null || cursor !== null ? safeText(cursor ?? '', 512) : `line ${entry.line}`;
}
