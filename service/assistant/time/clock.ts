import type { Token } from '../lexicon.ts';
import { numberWords, westernDigits } from './numbers.ts';

/** Times of the day as people write them, and moments by the clock. */

const timeOfDay = /^(?<hour>\d{1,2})(?:[:.](?<minute>\d{2}))?(?: ?(?<half>[ap]m|uhr|o['’]?clock))?$/;

export function parseTimeOfDay(text: string): { hour: number; minute: number } | null {
    // “Zehn Uhr”; a word alone counts something else.
    const digits = westernDigits(text).replace(/^\p{L}+(?= )/u, word => String(numberWords.get(word) ?? word));
    const { hour = '', minute = '0', half } = timeOfDay.exec(digits)?.groups ?? {};
    if (hour === '') return null;
    const isHalf = half === 'am' || half === 'pm';
    const parsed = { hour: (Number(hour) % (isHalf ? 12 : 24)) + (half === 'pm' ? 12 : 0), minute: Number(minute) };
    return Number(hour) > (isHalf ? 12 : 24) || parsed.minute > 59 ? null : parsed;
}

/** A number of days from a moment, at an hour by the clock, which is not always as many hours from midnight. */
export function atHour(moment: number, days: number, hour: number, minute = 0): number {
    const date = new Date(moment / 1000);
    date.setDate(date.getDate() + days);
    return date.setHours(hour, minute, 0, 0) * 1000;
}

export function timeToday(text: string, now: number, days = 0): number {
    const { hour, minute } = parseTimeOfDay(text) ?? { hour: 0, minute: 0 };
    return atHour(now, days, hour, minute);
}

/** The last occurrence of a time of day, or the one a number of days ago. */
export function momentOf(text: string, now: number, daysBack: number): number {
    const today = timeToday(text, now);
    return timeToday(text, now, daysBack === 0 && today > now ? -1 : -daysBack);
}

/** How long the unit of time that a word names is; 0 for other words. */
export function hoursOf({ concepts, text }: Token): number {
    const isTwo = /(?:تين|تان|ومين|ومان|وعين|وعان)$/.test(text);
    const part = /^(?:half|quarter|viertel|dreiviertel)(?=-?(?:hour|stunde))/.exec(text)?.[0] ?? '';
    const count = numberWords.get(part) ?? (isTwo ? 2 : 1);
    if (concepts.has('hour')) return (/^(?:min|(?:ال)?دق)/.test(text) ? 1 / 60 : 1) * count;
    if (concepts.has('day')) return 24 * count;
    return concepts.has('week') ? 168 * count : 0;
}
