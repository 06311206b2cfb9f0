/** Times of the bus, microseconds since the Unix epoch, as programs read them and people write them; 0 means unknown. */
import { localTime } from '../text/localTime.ts';

/** ISO 8601 in UTC with all six digits, such as "2026-11-21T02:14:05.123456Z"; null when unknown. */
export function jsonTime(microseconds: number): string | null {
    if (microseconds === 0) return null;
    const milliseconds = Math.floor(microseconds / 1000);
    return `${new Date(milliseconds).toISOString().slice(0, -1)}${String(microseconds - milliseconds * 1000).padStart(3, '0')}Z`;
}

const unitMilliseconds: Record<string, number> = {
    s: 1000,
    min: 60_000,
    m: 60_000,
    h: 3_600_000,
    d: 86_400_000,
    w: 604_800_000,
};

/**
 * Understands a duration before now ("90min", "2h", "3d", "1w"), "today", "yesterday", a local date or time ("2026-11-21",
 * "2026-11-21 03:14", "03:14") and ISO 8601.
 *
 * @returns microseconds since the Unix epoch, null for anything else
 */
export function parseTime(text: string, now = new Date()): number | null {
    const duration = /^(\d{1,9}) ?(s|min|m|h|d|w)$/.exec(text);
    if (duration) return (now.getTime() - Number(duration[1]) * (unitMilliseconds[duration[2] ?? ''] ?? NaN)) * 1000;
    const midnight = new Date(now.getFullYear(), now.getMonth(), now.getDate());
    if (text === 'today') return midnight.getTime() * 1000;
    if (text === 'yesterday') return new Date(midnight).setDate(midnight.getDate() - 1) * 1000;
    if (/^\d{1,2}:\d{2}(:\d{2})?$/.test(text)) {
        const day = localTime(midnight.getTime() * 1000).slice(0, 10);
        return toMicroseconds(`${day}T${text.padStart(text.replace(/^\d:/, '0$&').length, '0')}`);
    }
    if (!/^\d{4}-\d{2}-\d{2}([ T]\d{2}:\d{2}(:\d{2}(\.\d+)?)?(Z|[+-]\d{2}:\d{2})?)?$/.test(text)) return null;
    // A date alone would be read as UTC.
    return toMicroseconds(text.length === 10 ? `${text}T00:00` : text.replace(' ', 'T'));
}

function toMicroseconds(text: string): number | null {
    const time = Date.parse(text);
    return Number.isNaN(time) ? null : time * 1000;
}
