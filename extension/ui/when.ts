import GLib from 'gi://GLib';
import { formatTime } from 'resource:///org/gnome/shell/misc/dateUtils.js';

const microsecondsInSecond = 1_000_000;

/** A time of day, with as much of the date as is needed, as the Shell writes it. Microseconds since the Unix epoch. */
export function timeText(microseconds: number): string {
    const time = localTime(microseconds);
    return time === null ? '' : formatTime(time).trim();
}

/** To the second, for what was logged. Empty for an unknown time, 0. */
export function exactTimeText(microseconds: number): string {
    if (microseconds === 0) return '';
    const time = localTime(microseconds);
    if (time === null) return '';
    const isToday = time.format('%F') === GLib.DateTime.new_now_local().format('%F');
    return time.format(isToday ? '%X' : '%x %X') ?? '';
}

/** Null for a time that no calendar holds. */
function localTime(microseconds: number): GLib.DateTime | null {
    return GLib.DateTime.new_from_unix_local(Math.floor(microseconds / microsecondsInSecond));
}
