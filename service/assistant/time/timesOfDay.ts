import type { Token } from '../lexicon.ts';
import type { Concept } from '../vocabulary/concepts.ts';
import { hoursOf, parseTimeOfDay, timeToday } from './clock.ts';
import { westernDigits } from './numbers.ts';

/** A bare number after one of these is a time of the day too: “at 10”, “um 10”, “from 9 to 11”, “الساعة 3”. */
const atTime = /^(?:at|around|um|gegen|from|between|von|zwischen|(?:ال)?ساعة)$/;
const toTime = /^(?:to|until|till|and|bis|und|إلى|و)$/;

/** Words after which a bare number counts something else than hours. */
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
        const [token, next] = [tokens[index], tokens[index + 1]];
        if (token === undefined) continue;
        const pair = `${token.text} ${next?.text ?? ''}`;
        const isPair = parseTimeOfDay(pair) !== null;
        const text = isPair ? pair : token.text;
        const mayBeBare = isOfTime && opensTime(joined) && (next === undefined || hoursOf(next) === 0);
        const isTime = isPair || ((mayBeBare || hasForm(text)) && parseTimeOfDay(text) !== null);
        // “الساعة 3” is a time, and no last hour.
        if (isTime && joined.at(-1)?.text.endsWith('ساعة') === true) joined.pop();
        joined.push(isTime ? { ...timeToken, text } : token);
        if (isPair) index += 1;
    }
    return joined;
}

/** Whether a bare number after these words is a time of the day. */
function opensTime(before: readonly Token[]): boolean {
    const text = before.at(-1)?.text ?? '';
    return atTime.test(text) || (toTime.test(text) && before.at(-2)?.concepts.has('oclock') === true);
}

/** Whether a word can only be a time of the day: “15:30”, “3pm”. */
function hasForm(text: string): boolean {
    return /\d(?::\d|[ap]m|uhr)/.test(westernDigits(text));
}

const timeToken: Token = {
    text: '',
    concepts: new Set(['oclock']),
    units: [],
    ignored: false,
    asking: false,
    and: false,
    languages: new Set(),
    unknown: false,
    quoted: false,
};

/**
 * The words without a time of today that is still to come: there is no answer for it yet, and it must not pass for
 * yesterday’s.
 */
export function withoutTimesAhead(tokens: readonly Token[], now: number): Token[] {
    if (!tokens.some(({ concepts }) => concepts.has('today'))) return [...tokens];
    return tokens.map(token => {
        if (!token.concepts.has('oclock') || timeToday(token.text, now) <= now) return token;
        return { ...token, concepts: new Set(['untold']) };
    });
}
