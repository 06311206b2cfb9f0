import type { Token } from '../lexicon.ts';
import { weekdays, type Concept } from '../vocabulary/concepts.ts';

/** Which day, or days, a question names. */

export const sinceTime = /^(?:after|nach|بعد)$/;
export const untilTime = /^(?:before|until|till|vor|bis|قبل|حتى)$/;

const daysNamed: readonly Concept[] = ['today', 'yesterday', ...weekdays];

/** Words allowed between a day and its preposition: “until last Monday”, “قبل يوم الاثنين”. */
const ofDay = /^(?:the|this|last|dem|den|der|diesen|letzten|vergangenen|يوم)$/;

const rangeTime = /^(?:to|until|till|bis|إلى|الى|حتى)$/;
const betweenTime = /^(?:between|zwischen|بين)$/;
const andTime = /^(?:and|und|و)$/;

/** Words that select another day than the last of that name: “two Mondays ago”, “vorletzten Freitag”, “next Sunday”. */
const otherDay =
    /^(?:\p{N}+|two|three|four|second|zwei|drei|vier|vorletzte[nrsm]?|every|each|next|jede[nrsm]?|nächste[nrsm]?|kommende[nrsm]?)$/u;
const otherDayAfter = /^(?:ago|before last|before the last|next|قبل (?:ال)?ماضي|القادم|المقبل)/;

const unitOfTime = /^days?$|^tage?n?$|^hours?$|^stunden?$|^(?:أيام|ساعات)$/;

const isDay = (token: Token | undefined) => daysNamed.some(day => token?.concepts.has(day) === true);

/** Whether a word names a day of the week. */
export function isWeekday(token: Token | undefined): boolean {
    return weekdays.some(day => token?.concepts.has(day) === true);
}

/**
 * The position of the day that the question is about, -1 for none: “it worked on Friday, what changed today” asks for
 * the second.
 */
export function dayAsked(tokens: readonly Token[]): number {
    const asking = tokens.findIndex(
        ({ concepts }, index) =>
            tokens[index - 1]?.text === ',' &&
            (['what', 'why', 'when', 'who'] as const).some(concept => concepts.has(concept)),
    );
    // With several questions at once, the day is that of the first.
    const first = tokens.findIndex(isDay);
    const opens = tokens[0]?.concepts;
    if (opens?.has('what') === true || opens?.has('why') === true || asking < 0) return first;
    const later = tokens.findIndex((token, index) => index > asking && isDay(token));
    return later < 0 ? first : later;
}

/** People say “today” for today: a day of the week is the last one before. */
export function daysBackOf(token: Token | undefined, now: number): number {
    if (token?.concepts.has('today') === true) return 0;
    const weekday = weekdays.findIndex(day => token?.concepts.has(day) === true);
    if (weekday >= 0) return ((new Date(now / 1000).getDay() - weekday + 6) % 7) + 1;
    return token?.concepts.has('yesterday') === true ? 1 : 0;
}

/** The preposition of a day: “until” of “until last Monday”. */
export function introduction(tokens: readonly Token[], day: number): string {
    if (day < 0) return '';
    let index = day - 1;
    while (ofDay.test(tokens[index]?.text ?? '')) index -= 1;
    return tokens[index]?.text ?? '';
}

/** “From Monday until now”. */
export function isUntilNow(tokens: readonly Token[], day: number): boolean {
    return day >= 0 && rangeTime.test(tokens[day + 1]?.text ?? '') && tokens[day + 2]?.concepts.has('now') === true;
}

/** The positions of the two days of “from Friday to Monday” and “between Monday and Wednesday”. */
export function findRange(tokens: readonly Token[]): readonly [number, number] | null {
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

/**
 * Words without a day that give no window, such as “before Monday” and “two Mondays ago”: the answer reports them as
 * not understood.
 */
export function withoutUnclearDays(tokens: readonly Token[]): Token[] {
    const day = dayAsked(tokens);
    if (day < 0 || isUnderstood(tokens, day)) return [...tokens];
    const ofTime: readonly Concept[] = [...daysNamed, 'night', 'daypart', 'oclock', 'hour', 'day', 'week'];
    return tokens.map((token, index) => {
        const isOfTime = ofTime.some(concept => token.concepts.has(concept));
        const isOther = index === day - 1 && otherDay.test(token.text);
        return isOfTime || isOther
            ? { ...token, concepts: new Set(['untold']), ignored: false, unknown: false }
            : token;
    });
}

function isUnderstood(tokens: readonly Token[], day: number): boolean {
    const hasConcept = (...concepts: Concept[]) =>
        tokens.some(token => concepts.some(concept => token.concepts.has(concept)));
    if (findRange(tokens) !== null) return !hasConcept('oclock', 'daypart', 'week');
    const introduced = introduction(tokens, day);
    if (untilTime.test(introduced)) return false;
    if (!isWeekday(tokens[day])) return true;
    const isCounted =
        sinceTime.test(introduced) && hasConcept('day', 'hour') && tokens.some(({ text }) => unitOfTime.test(text));
    return !isCounted && !hasConcept('week') && !isOtherDay(tokens, day);
}

/** Whether a day is another than the last of its name: “two Mondays ago”, “next Sunday”. */
function isOtherDay(tokens: readonly Token[], day: number): boolean {
    const after = tokens.slice(day + 1, day + 4).map(({ text }) => text);
    return otherDay.test(tokens[day - 1]?.text ?? '') || otherDayAfter.test(after.join(' '));
}
