import GLib from 'gi://GLib';

const microsecondsInSecond = 1_000_000;

/** Null for a time that no calendar holds. Microseconds since the Unix epoch. */
export function localTime(microseconds: number): GLib.DateTime | null {
    return GLib.DateTime.new_from_unix_local(Math.floor(microseconds / microsecondsInSecond));
}
