/**
 * Estimates from journal cursors. Cursors are opaque by contract, so nothing here is exact: "s" is the sequence that "i", a
 * hexadecimal number, counts in, "b" is the boot, and "m" and "t" are its CLOCK_MONOTONIC and the time of the entry in hexadecimal
 * microseconds (sd_journal_get_cursor() in systemd's src/libsystemd/sd-journal/sd-journal.c).
 */
const counted = /^s=([0-9a-f]+);i=([0-9a-f]{1,12});/;

/** By how many entries one follows another, negative if it precedes it; null if unknown. */
export function distance(from: string, to: string): number | null {
    const [one, other] = [from, to].map(cursor => counted.exec(cursor));
    if (!one || !other || one[1] !== other[1]) return null;
    return parseInt(other[2] ?? '', 16) - parseInt(one[2] ?? '', 16);
}

/** How many entries lie between two; null if there are none, or if that is unknown. */
export function missingBetween(before: string, after: string): number | null {
    const missing = (distance(before, after) ?? 0) - 1;
    return missing > 0 ? missing : null;
}

/** Whether an entry follows another, as far as is known. */
export function isBehind(entry: string, other: string): boolean {
    return (distance(other, entry) ?? 0) > 0;
}

/** Microseconds since the Unix epoch. */
export function loggedAt(cursor: string): number | null {
    const [, time] = /;t=([0-9a-f]{1,13});/.exec(cursor) ?? [];
    return time === undefined ? null : parseInt(time, 16);
}

/** Microseconds of CLOCK_MONOTONIC; null for an entry of another boot. @param boot without dashes */
export function monotonicIn(boot: string, cursor: string): number | null {
    const [, of, monotonic] = /;b=([0-9a-f]{32});m=([0-9a-f]{1,13});/.exec(cursor) ?? [];
    return monotonic === undefined || of !== boot ? null : parseInt(monotonic, 16);
}
