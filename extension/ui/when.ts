import GLib from 'gi://GLib';
import { formatTime } from 'resource:///org/gnome/shell/misc/dateUtils.js';

import { localTime } from '../text/localTime.js';

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
