import GLib from 'gi://GLib';
import { formatTime } from 'resource:///org/gnome/shell/misc/dateUtils.js';

import { _, ngettext } from '../core/i18n.js';
import { latinDigits } from '../text/digits.js';
import { localTime } from '../text/localTime.js';

/** A time of day, with as much of the date as is needed, as the Shell writes it. Microseconds since the Unix epoch. */
export function timeText(microseconds: number): string {
    const time = localTime(microseconds);
    return time === null ? '' : latinDigits(formatTime(time).trim());
}

/** Whether a time of day is enough to say when it was. */
export function isToday(microseconds: number): boolean {
    return localTime(microseconds)?.format('%F') === GLib.DateTime.new_now_local().format('%F');
}

/** To the second, for what was logged. Empty for an unknown time, 0. */
export function exactTimeText(microseconds: number): string {
    if (microseconds === 0) return '';
    const time = localTime(microseconds);
    if (time === null) return '';
    const clock = withSeconds(formatTime(time, { timeOnly: true }).trim(), time.get_second());
    return latinDigits(isToday(microseconds) ? clock : `${time.format('%x') ?? ''} ${clock}`);
}

/** What the Shell makes of hours and minutes, "14:05" or "2:05 PM", with seconds after these in the same manner. */
function withSeconds(clock: string, second: number): string {
    return clock.replace(/(\p{Nd}+)(\P{Nd}+)(\p{Nd}+)/u, `$1$2$3$2${String(second).padStart(2, '0')}`);
}

/** Events of two sources may arrive in the wrong order by this much. */
const disorder = 2_000_000;

/** How long one thing came before another, both in microseconds, in the words of the service; empty when it did not. */
export function beforeText(earlier: number, later: number): string {
    if (earlier === 0 || later === 0 || earlier > later + disorder) return '';
    const seconds = Math.round(Math.max(0, later - earlier) / 1_000_000);
    return seconds === 0 ? _('A moment before') : _('{time} before', { time: span(seconds) });
}

function span(seconds: number): string {
    if (seconds < 100) return ngettext('{count} second', '{count} seconds', seconds);
    const minutes = Math.round(seconds / 60);
    if (minutes < 100) return ngettext('{count} minute', '{count} minutes', minutes);
    return ngettext('{count} hour', '{count} hours', Math.round(minutes / 60));
}
