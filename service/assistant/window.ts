import type { Token } from './lexicon.ts';

/** Microseconds since the Unix epoch; `until` is exclusive. */
export type TimeWindow = { since: number; until: number };

const microsecondsPerHour = 3_600_000_000;
/** Nobody who says three o'clock means that minute. */
const aroundAnHour = microsecondsPerHour / 2;

/** Arabic writers use two sets of digits of their own, U+0660 and U+06F0 onwards. */
const westernDigits = (text: string) =>
    text.replace(/[\u0660-\u0669\u06f0-\u06f9]/g, digit => String(digit.charCodeAt(0) & 0xf));

const timeOfDay = /^(?<hour>\d{1,2})(?:[:.](?<minute>\d{2}))?(?: ?(?<half>[ap]m|uhr|o['’]?clock))?$/;

/** The words of a question in which those of a time of the day, such as “3 am”, “15:30” and “3 Uhr”, are one. */
export function joinTimesOfDay(tokens: readonly Token[]): Token[] {
    const joined: Token[] = [];
    for (let index = 0; index < tokens.length; index += 1) {
        const token = tokens[index];
        if (token === undefined) continue;
        const pair = `${token.text} ${tokens[index + 1]?.text ?? ''}`;
        const isPair = parseTimeOfDay(pair) !== null;
        const text = isPair ? pair : token.text;
        const isTime = isPair || (/\d(?::\d|[ap]m|uhr)/.test(text) && parseTimeOfDay(text) !== null);
        joined.push(isTime ? { ...timeToken, text } : token);
        if (isPair) index += 1;
    }
    return joined;
}

const timeToken: Omit<Token, 'text'> = {
    concepts: new Set(['oclock']),
    units: [],
    ignored: false,
    asking: false,
    and: false,
    unknown: false,
    quoted: false,
};

function parseTimeOfDay(text: string): { hour: number; minute: number } | null {
    const { hour = '', minute = '0', half } = timeOfDay.exec(westernDigits(text))?.groups ?? {};
    if (hour === '') return null;
    const isHalf = half === 'am' || half === 'pm';
    const parsed = { hour: (Number(hour) % (isHalf ? 12 : 24)) + (half === 'pm' ? 12 : 0), minute: Number(minute) };
    return Number(hour) > (isHalf ? 12 : 24) || parsed.minute > 59 ? null : parsed;
}

/**
 * “today”, “yesterday”, “in the last 3 hours”, “letzte Woche”, “um 3 Uhr”; null when the question names no time.
 *
 * @param tokens as `joinTimesOfDay` leaves them
 * @param now microseconds since the Unix epoch
 */
export function findWindow(tokens: readonly Token[], now: number): TimeWindow | null {
    const midnight = new Date(now / 1000).setHours(0, 0, 0, 0) * 1000;
    const count = (index: number) => {
        const number = Number.parseInt(westernDigits(tokens[index - 1]?.text ?? ''), 10);
        return Number.isSafeInteger(number) && number > 0 ? Math.min(number, 1000) : 1;
    };
    const says = (concept: 'since' | 'yesterday') => tokens.some(({ concepts }) => concepts.has(concept));
    const isSince = says('since');
    const time = tokens.find(({ concepts }) => concepts.has('oclock'));
    if (time !== undefined) {
        const at = momentOf(time, now, says('yesterday'));
        return isSince
            ? { since: at, until: now }
            : { since: at - aroundAnHour, until: Math.min(now, at + aroundAnHour) };
    }
    for (const [index, token] of tokens.entries()) {
        // From the evening to the morning, whatever of it is over.
        if (token.concepts.has('night'))
            return {
                since: midnight - 6 * microsecondsPerHour,
                until: isSince ? now : Math.min(now, midnight + 9 * microsecondsPerHour),
            };
        if (token.concepts.has('yesterday'))
            return { since: midnight - 24 * microsecondsPerHour, until: isSince ? now : midnight };
        if (token.concepts.has('today')) return { since: midnight, until: now };
        const hours = hoursOf(token);
        if (hours > 0) return { since: now - Math.round(count(index) * hours * microsecondsPerHour), until: now };
    }
    return null;
}

/** The last time that it was so late, or yesterday. */
function momentOf({ text }: Token, now: number, isYesterday: boolean): number {
    const { hour, minute } = parseTimeOfDay(text) ?? { hour: 0, minute: 0 };
    const moment = new Date(now / 1000);
    moment.setHours(hour, minute, 0, 0);
    if (isYesterday || moment.getTime() * 1000 > now) moment.setDate(moment.getDate() - 1);
    return moment.getTime() * 1000;
}

/** How long the unit of time that a word names is; 0 for other words. */
function hoursOf({ concepts, text }: Token): number {
    if (concepts.has('hour')) return /^(?:min|دقي)/.test(text) ? 1 / 60 : 1;
    if (concepts.has('day')) return 24;
    return concepts.has('week') ? 168 : 0;
}
