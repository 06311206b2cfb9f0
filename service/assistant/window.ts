import type { Token } from './lexicon.ts';
import { weekdays, type Concept } from './vocabulary/concepts.ts';

/** Microseconds since the Unix epoch; `until` is exclusive. */
export type TimeWindow = { since: number; until: number };

const microsecondsPerHour = 3_600_000_000;
/** Nobody who says three o'clock means that minute. */
const aroundAnHour = microsecondsPerHour / 2;

/** Arabic writers use two sets of digits of their own, U+0660 and U+06F0 onwards. */
const westernDigits = (text: string) =>
    text.replace(/[\u0660-\u0669\u06f0-\u06f9]/g, digit => String(digit.charCodeAt(0) & 0xf));

const timeOfDay = /^(?<hour>\d{1,2})(?:[:.](?<minute>\d{2}))?(?: ?(?<half>[ap]m|uhr|o['’]?clock))?$/;
/** A bare number after one of these is a time of the day too: “at 10”, “um 10”, “from 9 to 11”, “الساعة 3”. */
const atTime = /^(?:at|around|um|gegen|from|between|von|zwischen|(?:ال)?ساعة)$/;
const toTime = /^(?:to|until|till|and|bis|und|إلى|و)$/;
const sinceTime = /^(?:after|nach|بعد)$/;
const untilTime = /^(?:before|until|till|vor|bis|قبل)$/;
/** What is told as a number of something else. */
const counted: readonly Concept[] = [
    'processor',
    'memory',
    'swap',
    'disk',
    'battery',
    'temperature',
    'version',
    'measure',
];

/** The words of a question in which those of a time of the day, such as “3 am”, “15:30” and “3 Uhr”, are one. */
export function joinTimesOfDay(tokens: readonly Token[]): Token[] {
    const isOfTime = !tokens.some(({ concepts }) => counted.some(concept => concepts.has(concept)));
    const joined: Token[] = [];
    for (let index = 0; index < tokens.length; index += 1) {
        const token = tokens[index];
        if (token === undefined) continue;
        const pair = `${token.text} ${tokens[index + 1]?.text ?? ''}`;
        const isPair = parseTimeOfDay(pair) !== null;
        const text = isPair ? pair : token.text;
        const before = joined.at(-1)?.text ?? '';
        const isBare =
            isOfTime &&
            (atTime.test(before) || (toTime.test(before) && joined.at(-2)?.concepts.has('oclock') === true)) &&
            hoursOf(tokens[index + 1] ?? timeToken) === 0;
        const hasForm = isBare || /\d(?::\d|[ap]m|uhr)/.test(westernDigits(text));
        const isTime = isPair || (hasForm && parseTimeOfDay(text) !== null);
        // “الساعة 3” is a time, and no last hour.
        if (isTime && before.endsWith('ساعة')) joined.pop();
        joined.push(isTime ? { ...timeToken, text } : token);
        if (isPair) index += 1;
    }
    return joined;
}

const timeToken: Token = {
    text: '',
    concepts: new Set(['oclock']),
    units: [],
    ignored: false,
    asking: false,
    and: false,
    unknown: false,
    quoted: false,
};

/** The words without a time of today that is still to come: nothing can be told of it, and it must not pass for yesterday’s. */
export function withoutTimesAhead(tokens: readonly Token[], now: number): Token[] {
    if (!tokens.some(({ concepts }) => concepts.has('today'))) return [...tokens];
    return tokens.map(token => {
        if (!token.concepts.has('oclock') || timeToday(token.text, now) <= now) return token;
        return { ...token, concepts: new Set() };
    });
}

function parseTimeOfDay(text: string): { hour: number; minute: number } | null {
    const { hour = '', minute = '0', half } = timeOfDay.exec(westernDigits(text))?.groups ?? {};
    if (hour === '') return null;
    const isHalf = half === 'am' || half === 'pm';
    const parsed = { hour: (Number(hour) % (isHalf ? 12 : 24)) + (half === 'pm' ? 12 : 0), minute: Number(minute) };
    return Number(hour) > (isHalf ? 12 : 24) || parsed.minute > 59 ? null : parsed;
}

/**
 * “today”, “yesterday”, “on Monday”, “in the last 3 hours”, “letzte Woche”, “um 3 Uhr”, “from 9 am to 11 am”, “nach 9 Uhr”; null when the
 * question names no time.
 *
 * @param tokens as `joinTimesOfDay` leaves them
 * @param now microseconds since the Unix epoch
 */
export function findWindow(tokens: readonly Token[], now: number): TimeWindow | null {
    const count = (index: number) => {
        const number = Number.parseInt(westernDigits(tokens[index - 1]?.text ?? ''), 10);
        return Number.isSafeInteger(number) && number > 0 ? Math.min(number, 1000) : 1;
    };
    const says = (concept: Concept) => tokens.some(({ concepts }) => concepts.has(concept));
    const isSince = says('since');
    const weekday = weekdays.findIndex(says);
    // Who means today says “today”: a day of the week is the last one before.
    const daysBack = weekday >= 0 ? ((new Date(now / 1000).getDay() - weekday + 6) % 7) + 1 : says('yesterday') ? 1 : 0;
    if (says('oclock')) return windowOfTimes(tokens, now, isSince, daysBack);
    // From the evening to the morning, whatever of it is over; “gestern Nacht” is that too.
    if (says('night')) {
        const evening = Math.max(daysBack, 1);
        return { since: atHour(now, -evening, 18), until: isSince ? now : Math.min(now, atHour(now, 1 - evening, 9)) };
    }
    if (daysBack > 0) return { since: atHour(now, -daysBack, 0), until: isSince ? now : atHour(now, 1 - daysBack, 0) };
    for (const [index, token] of tokens.entries()) {
        if (token.concepts.has('today')) return { since: atHour(now, 0, 0), until: now };
        const hours = hoursOf(token);
        if (hours > 0) return { since: now - Math.round(count(index) * hours * microsecondsPerHour), until: now };
    }
    return null;
}

/** From one time to the other, from one on, up to one, or around one. */
function windowOfTimes(tokens: readonly Token[], now: number, isSince: boolean, daysBack: number): TimeWindow {
    const indices = [...tokens.keys()].filter(index => tokens[index]?.concepts.has('oclock') === true);
    const [first = 0, second] = indices;
    const text = tokens[first]?.text ?? '';
    if (second !== undefined) {
        const end = tokens[second]?.text ?? '';
        // “From 9 to 11 pm” is from 9 pm.
        const half = /^\d+$/.test(text) ? (/[ap]m$/.exec(end)?.[0] ?? '') : '';
        const since = momentOf(text + half, now, daysBack);
        const sameDay = timeToday(end, since);
        return { since, until: Math.min(now, sameDay > since ? sameDay : timeToday(end, since, 1)) };
    }
    const at = momentOf(text, now, daysBack);
    const before = tokens[first - 1]?.text ?? '';
    if (isSince || sinceTime.test(before))
        return { since: at, until: daysBack > 0 && !isSince ? atHour(now, 1 - daysBack, 0) : now };
    if (untilTime.test(before)) return { since: atHour(at, 0, 0), until: at };
    return { since: at - aroundAnHour, until: Math.min(now, at + aroundAnHour) };
}

/** So many days from a moment, at an hour by the clock, which is not always as many hours from midnight. */
function atHour(moment: number, days: number, hour: number, minute = 0): number {
    const date = new Date(moment / 1000);
    date.setDate(date.getDate() + days);
    return date.setHours(hour, minute, 0, 0) * 1000;
}

function timeToday(text: string, now: number, days = 0): number {
    const { hour, minute } = parseTimeOfDay(text) ?? { hour: 0, minute: 0 };
    return atHour(now, days, hour, minute);
}

/** The last time that it was so late, or so many days ago. */
function momentOf(text: string, now: number, daysBack: number): number {
    const today = timeToday(text, now);
    return timeToday(text, now, daysBack === 0 && today > now ? -1 : -daysBack);
}

/** How long the unit of time that a word names is; 0 for other words. */
function hoursOf({ concepts, text }: Token): number {
    if (concepts.has('hour')) return /^(?:min|دقي)/.test(text) ? 1 / 60 : 1;
    if (concepts.has('day')) return 24;
    return concepts.has('week') ? 168 : 0;
}
