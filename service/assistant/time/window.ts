import type { Token } from '../lexicon.ts';
import type { Concept } from '../vocabulary/concepts.ts';
import { atHour, hoursOf, momentOf, timeToday } from './clock.ts';
import { dayAsked, daysBackOf, findRange, introduction, isUntilNow, isWeekday, sinceTime, untilTime } from './days.ts';
import { numberOf } from './numbers.ts';

/** Microseconds since the Unix epoch; `until` is exclusive. */
export type TimeWindow = { since: number; until: number };

const microsecondsPerHour = 3_600_000_000;
/** Three o'clock never means just that minute. */
const aroundAnHour = microsecondsPerHour / 2;

/** What a question says about time. */
type Question = {
    /** As `joinTimesOfDay` leaves them. */
    tokens: readonly Token[];
    /** Microseconds since the Unix epoch. */
    now: number;
    hasConcept: (concept: Concept) => boolean;
    /** The preposition of the day, such as “until”. */
    introduced: string;
    /** Whether the time in question ends now. */
    isSince: boolean;
    /** How many days ago the day was; 0 for today, and for none. */
    daysBack: number;
};

/** null when the question names no time in this way. */
type Reading = (question: Question) => TimeWindow | null;

/** In the order in which they are tried. */
const readings: readonly Reading[] = [
    fromDayToDay,
    afterDay,
    atTimesOfDay,
    atNight,
    duringPartOfDay,
    duringDay,
    duringLastHours,
];

/**
 * “today”, “yesterday”, “on Monday”, “in the last 3 hours”, “letzte Woche”, “um 3 Uhr”, “from 9 am to 11 am”, “nach 9 Uhr”; null when the
 * question names no time.
 *
 * @param tokens as `joinTimesOfDay` leaves them
 * @param now microseconds since the Unix epoch
 */
export function findWindow(tokens: readonly Token[], now: number): TimeWindow | null {
    const day = dayAsked(tokens);
    const hasConcept = (concept: Concept) => tokens.some(({ concepts }) => concepts.has(concept));
    const question = {
        ...{ tokens, now, hasConcept },
        introduced: introduction(tokens, day),
        isSince: hasConcept('since') || isUntilNow(tokens, day),
        daysBack: daysBackOf(tokens[day], now),
    };
    for (const reading of readings) {
        const window = reading(question);
        if (window !== null) return window;
    }
    return null;
}

/** “From Friday to Monday”: from the Friday before that Monday. */
function fromDayToDay({ tokens, now }: Question): TimeWindow | null {
    const range = findRange(tokens);
    if (range === null) return null;
    const [first, second] = range.map(index => tokens[index]);
    const [from, to] = [daysBackOf(first, now), daysBackOf(second, now)];
    const [start, end] = isWeekday(first)
        ? [from > to ? from : from + 7, to]
        : [Math.max(from, to), Math.min(from, to)];
    return { since: atHour(now, -start, 0), until: Math.min(now, atHour(now, 1 - end, 0)) };
}

/** “After Monday”. */
function afterDay({ now, hasConcept, introduced, daysBack }: Question): TimeWindow | null {
    if (!sinceTime.test(introduced) || hasConcept('oclock') || hasConcept('night')) return null;
    return { since: atHour(now, Math.min(0, 1 - daysBack), 0), until: now };
}

/** From one time to the other, from one on, up to one, or around one. */
function atTimesOfDay({ tokens, now, isSince, daysBack }: Question): TimeWindow | null {
    const [first, second] = [...tokens.keys()].filter(index => tokens[index]?.concepts.has('oclock') === true);
    if (first === undefined) return null;
    const text = tokens[first]?.text ?? '';
    if (second !== undefined) return betweenTimes(text, tokens[second]?.text ?? '', now, daysBack);
    const at = momentOf(text, now, daysBack);
    const before = tokens[first - 1]?.text ?? '';
    if (isSince || sinceTime.test(before))
        return { since: at, until: daysBack > 0 && !isSince ? atHour(now, 1 - daysBack, 0) : now };
    if (untilTime.test(before)) return { since: atHour(at, 0, 0), until: at };
    return { since: at - aroundAnHour, until: Math.min(now, at + aroundAnHour) };
}

function betweenTimes(start: string, end: string, now: number, daysBack: number): TimeWindow {
    // “From 9 to 11 pm” is from 9 pm.
    const half = /^\d+$/.test(start) ? (/[ap]m$/.exec(end)?.[0] ?? '') : '';
    const since = momentOf(start + half, now, daysBack);
    const sameDay = timeToday(end, since);
    return { since, until: Math.min(now, sameDay > since ? sameDay : timeToday(end, since, 1)) };
}

/** From the evening to the morning, whatever of it is over; “gestern Nacht” is that too. */
function atNight({ now, hasConcept, introduced, isSince, daysBack }: Question): TimeWindow | null {
    if (!hasConcept('night')) return null;
    // “In der Nacht zum Montag” is the one before; said on a Monday, the one that has just been.
    const evening = /^(?:zum|auf)$/.test(introduced) ? (daysBack % 7) + 1 : Math.max(daysBack, 1);
    return { since: atHour(now, -evening, 18), until: isSince ? now : Math.min(now, atHour(now, 1 - evening, 9)) };
}

/** From and to which hour. */
const partsOfDay: readonly (readonly [RegExp, number, number])[] = [
    [/nachmittag|afternoon/, 12, 18],
    [/morning|morgen|früh|frueh|vormittag|صباح/, 5, 12],
    [/mittag/, 11, 14],
    [/evening|abends?$|مساء/, 17, 24],
];
const anyPart = [/./, 0, 24] as const;

/** “Yesterday morning”. */
function duringPartOfDay({ tokens, now, isSince, daysBack }: Question): TimeWindow | null {
    const part = tokens.find(({ concepts }) => concepts.has('daypart'))?.text;
    if (daysBack === 0 || part === undefined || isSince) return null;
    const [, from, to] = partsOfDay.find(([words]) => words.test(part)) ?? anyPart;
    return { since: atHour(now, -daysBack, from), until: atHour(now, -daysBack, to) };
}

/** “Yesterday”, “since Monday”. */
function duringDay({ now, isSince, daysBack }: Question): TimeWindow | null {
    if (daysBack === 0) return null;
    return { since: atHour(now, -daysBack, 0), until: isSince ? now : atHour(now, 1 - daysBack, 0) };
}

/** “Today”, “in the last 3 hours”: whichever is said first. */
function duringLastHours({ tokens, now }: Question): TimeWindow | null {
    for (const [index, token] of tokens.entries()) {
        if (token.concepts.has('today') || token.concepts.has('daypart'))
            return { since: atHour(now, 0, 0), until: now };
        const hours = hoursOf(token);
        if (hours > 0)
            return { since: now - Math.round(countBefore(tokens, index) * hours * microsecondsPerHour), until: now };
    }
    return null;
}

/** The number that stands before a word, or 1: “ten minutes”, “a quarter of an hour”, “a couple of days”. */
function countBefore(tokens: readonly Token[], index: number): number {
    let at = index - 1;
    while (/^(?:of|an?|the)$/.test(tokens[at]?.text ?? '')) at -= 1;
    const number = numberOf(tokens[at]?.text ?? '');
    return number > 0 && number < Number.MAX_SAFE_INTEGER ? Math.min(number, 1000) : 1;
}
