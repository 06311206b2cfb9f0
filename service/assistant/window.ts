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
const untilTime = /^(?:before|until|till|vor|bis|قبل|حتى)$/;
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
    const range = findRange(tokens);
    if (range !== null) return windowOfDays(tokens, range, now);
    const named = dayAsked(tokens);
    const introduced = introduction(tokens, named);
    const isSince = says('since') || isUntilNow(tokens, named);
    const daysBack = daysBackOf(tokens[named], now);
    if (sinceTime.test(introduced) && !says('oclock') && !says('night'))
        return { since: atHour(now, Math.min(0, 1 - daysBack), 0), until: now };
    if (says('oclock')) return windowOfTimes(tokens, now, isSince, daysBack);
    // From the evening to the morning, whatever of it is over; “gestern Nacht” is that too.
    if (says('night')) {
        // “In der Nacht zum Montag” is the one before; said on a Monday, the one that has just been.
        const evening = /^(?:zum|auf)$/.test(introduced) ? (daysBack % 7) + 1 : Math.max(daysBack, 1);
        return { since: atHour(now, -evening, 18), until: isSince ? now : Math.min(now, atHour(now, 1 - evening, 9)) };
    }
    const part = tokens.find(({ concepts }) => concepts.has('daypart'))?.text;
    if (daysBack > 0 && part !== undefined && !isSince) {
        const [, from, to] = partsOfDay.find(([words]) => words.test(part)) ?? anyPart;
        return { since: atHour(now, -daysBack, from), until: atHour(now, -daysBack, to) };
    }
    if (daysBack > 0) return { since: atHour(now, -daysBack, 0), until: isSince ? now : atHour(now, 1 - daysBack, 0) };
    for (const [index, token] of tokens.entries()) {
        if (token.concepts.has('today') || token.concepts.has('daypart'))
            return { since: atHour(now, 0, 0), until: now };
        const hours = hoursOf(token);
        if (hours > 0) return { since: now - Math.round(count(index) * hours * microsecondsPerHour), until: now };
    }
    return null;
}

const daysNamed: readonly Concept[] = ['today', 'yesterday', ...weekdays];
/** From and to which hour. */
const partsOfDay: readonly (readonly [RegExp, number, number])[] = [
    [/nachmittag|afternoon/, 12, 18],
    [/morning|morgen|früh|frueh|vormittag|صباح/, 5, 12],
    [/mittag/, 11, 14],
    [/evening|abends?$|مساء/, 17, 24],
];
const anyPart = [/./, 0, 24] as const;
/** What may stand between a day and the word that says what of it is meant: “until last Monday”, “قبل يوم الاثنين”. */
const ofDay = /^(?:the|this|last|dem|den|der|diesen|letzten|vergangenen|يوم)$/;
const rangeTime = /^(?:to|until|till|bis|إلى|الى|حتى)$/;
const betweenTime = /^(?:between|zwischen|بين)$/;
const andTime = /^(?:and|und|و)$/;
/** What makes another day of it than the last of that name: “two Mondays ago”, “vorletzten Freitag”, “next Sunday”. */
const otherDay =
    /^(?:\p{N}+|two|three|four|second|zwei|drei|vier|vorletzte[nrsm]?|every|each|next|jede[nrsm]?|nächste[nrsm]?|kommende[nrsm]?)$/u;
const otherDayAfter = /^(?:ago|before last|before the last|next|قبل (?:ال)?ماضي|القادم|المقبل)/;

const isDay = (token: Token | undefined) => daysNamed.some(day => token?.concepts.has(day) === true);

/** Where the day stands that is asked for, -1 for nowhere: “it worked on Friday, what changed today” asks for the second. */
function dayAsked(tokens: readonly Token[]): number {
    const asking = tokens.findIndex(
        ({ concepts }, index) =>
            tokens[index - 1]?.text === ',' &&
            (['what', 'why', 'when', 'who'] as const).some(concept => concepts.has(concept)),
    );
    // Of what is asked at once, the day is that of the first question.
    const first = tokens.findIndex(isDay);
    const opens = tokens[0]?.concepts;
    if (opens?.has('what') === true || opens?.has('why') === true || asking < 0) return first;
    const later = tokens.findIndex((token, index) => index > asking && isDay(token));
    return later < 0 ? first : later;
}

/** Who means today says “today”: a day of the week is the last one before. */
function daysBackOf(token: Token | undefined, now: number): number {
    if (token?.concepts.has('today') === true) return 0;
    const weekday = weekdays.findIndex(day => token?.concepts.has(day) === true);
    if (weekday >= 0) return ((new Date(now / 1000).getDay() - weekday + 6) % 7) + 1;
    return token?.concepts.has('yesterday') === true ? 1 : 0;
}

/** The word that says what of a day is meant: “until” of “until last Monday”. */
function introduction(tokens: readonly Token[], day: number): string {
    if (day < 0) return '';
    let index = day - 1;
    while (ofDay.test(tokens[index]?.text ?? '')) index -= 1;
    return tokens[index]?.text ?? '';
}

/** “From Monday until now”. */
function isUntilNow(tokens: readonly Token[], day: number): boolean {
    return day >= 0 && rangeTime.test(tokens[day + 1]?.text ?? '') && tokens[day + 2]?.concepts.has('now') === true;
}

/** Where the two days of “from Friday to Monday” and “between Monday and Wednesday” stand. */
function findRange(tokens: readonly Token[]): readonly [number, number] | null {
    const days = [...tokens.keys()].filter(index => isDay(tokens[index]));
    const [first, second] = days;
    if (first === undefined || second === undefined || tokens.some(({ concepts }) => concepts.has('night')))
        return null;
    const between = tokens.slice(first + 1, second).map(({ text }) => text);
    const isJoined = between.some(text => andTime.test(text)) || tokens[second]?.text.startsWith('و') === true;
    const isRange =
        between.some(text => rangeTime.test(text)) || (isJoined && betweenTime.test(introduction(tokens, first)));
    return isRange && !between.includes(',') ? [first, second] : null;
}

function windowOfDays(tokens: readonly Token[], [first, second]: readonly [number, number], now: number): TimeWindow {
    const [from, to] = [daysBackOf(tokens[first], now), daysBackOf(tokens[second], now)];
    // “From Friday to Monday” is from the Friday before that Monday.
    const isWeekday = weekdays.some(day => tokens[first]?.concepts.has(day) === true);
    const [start, end] = isWeekday ? [from > to ? from : from + 7, to] : [Math.max(from, to), Math.min(from, to)];
    return { since: atHour(now, -start, 0), until: Math.min(now, atHour(now, 1 - end, 0)) };
}

/** The words without a day of which no window can be told, such as “before Monday” and “two Mondays ago”: they are told as not read. */
export function withoutUntoldDays(tokens: readonly Token[]): Token[] {
    const day = dayAsked(tokens);
    if (day < 0 || isTold(tokens, day)) return [...tokens];
    const ofTime: readonly Concept[] = [...daysNamed, 'night', 'daypart', 'oclock', 'hour', 'day', 'week'];
    return tokens.map((token, index) => {
        const isOfTime = ofTime.some(concept => token.concepts.has(concept));
        const isOther = index === day - 1 && otherDay.test(token.text);
        return isOfTime || isOther
            ? { ...token, concepts: new Set(['untold']), ignored: false, unknown: false }
            : token;
    });
}

function isTold(tokens: readonly Token[], day: number): boolean {
    const says = (...concepts: Concept[]) =>
        tokens.some(token => concepts.some(concept => token.concepts.has(concept)));
    if (findRange(tokens) !== null) return !says('oclock', 'daypart', 'week');
    const introduced = introduction(tokens, day);
    const isWeekday = weekdays.some(name => tokens[day]?.concepts.has(name) === true);
    if (untilTime.test(introduced)) return false;
    if (!isWeekday) return true;
    const after = tokens
        .slice(day + 1, day + 4)
        .map(({ text }) => text)
        .join(' ');
    const isCounted =
        sinceTime.test(introduced) &&
        says('day', 'hour') &&
        tokens.some(({ text }) => /^days?$|^tage?n?$|^hours?$|^stunden?$|^(?:أيام|ساعات)$/.test(text));
    return !isCounted && !says('week') && !otherDay.test(tokens[day - 1]?.text ?? '') && !otherDayAfter.test(after);
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
