import type { Phrases, SlotValues } from '../../actions/wish.ts';
import { wishLanguages } from '../../actions/wish.ts';
import { numberOf, numberWords, westernDigits } from '../time/numbers.ts';
import { isPath, stems, type Word } from '../words.ts';
import { empty } from './features.ts';
import { matchPattern, parsePattern, type Pattern } from './pattern.ts';
import { synonyms } from './synonyms.ts';
import { everyVerb } from './verbs.ts';

export type Slots = Readonly<Record<string, string>>;

const mostTried = 8;
/** Which slots the phrases have, of each kind of phrase once; those with most first. */
const known = new WeakMap<Phrases, readonly (readonly string[])[]>();

/**
 * What the slots of phrases may hold, where it is clear what a sentence asks for and none of its phrases was said: numbers and
 * paths, values by their words, and names by what is in quotation marks or what no example has.
 *
 * @param unknown indices of the words that no example has
 * @param isGuessing whether any other word may be a name, too
 * @returns the likeliest first
 */
export function findSlots(
    phrases: Phrases,
    values: Readonly<Record<string, SlotValues>>,
    words: readonly Word[],
    { unknown, isGuessing }: { unknown: ReadonlySet<number>; isGuessing: boolean },
): Slots[] {
    const names = namesIn(words, unknown, isGuessing);
    const found = slotsOf(phrases)
        .filter(slots => slots.every(slot => !isCalledSo(slot, phrases) || words.some(({ form }) => form === slot)))
        .flatMap(slots => fill(slots, values, words, names));
    return found.slice(0, mostTried);
}

function fill(
    slots: readonly string[],
    values: Readonly<Record<string, SlotValues>>,
    words: readonly Word[],
    names: readonly string[],
): Slots[] {
    let filled: Slots[] = [{}];
    let free = 0;
    for (const slot of slots) {
        const ofSlot = values[slot];
        // A purpose can be any words.
        const isName = ofSlot === undefined && slot !== 'number' && slot !== 'amount' && slot !== 'path';
        const options = isName
            ? slot === 'purpose'
                ? []
                : names.slice(free, free + mostTried)
            : ofSlot === undefined
              ? words.flatMap(word => (slot === 'path' ? (isPath(word.written) ? [word.written] : []) : numberIn(word)))
              : valueIn(ofSlot, words);
        if (isName) free += 1;
        const chosen = isName ? options : options.slice(0, 1);
        filled = filled.flatMap(before => chosen.map(text => ({ ...before, [slot]: text })));
    }
    return filled;
}

function numberIn({ form }: Word): string[] {
    if (numberWords.has(form)) return [String(numberOf(form))];
    return /^\p{Nd}{1,9}%?$/u.test(form) ? [String(Number(westernDigits(form).replace('%', '')))] : [];
}

function valueIn(values: SlotValues, words: readonly Word[]): string[] {
    return Object.entries(values).flatMap(([value, patterns]) =>
        patterns.some(pattern => isSaid(parsePattern(pattern), words)) ? [value] : [],
    );
}

const isSaid = (pattern: Pattern, words: readonly Word[]) =>
    words.some((_word, begin) =>
        [1, 2, 3].some(length => matchPattern(pattern, words.slice(begin, begin + length)) !== null),
    );

/** In the order in which they are likely to be names. */
function namesIn(words: readonly Word[], unknown: ReadonlySet<number>, isGuessing: boolean): string[] {
    const runs: string[][] = [[]];
    for (const [index, { written, form, quoted }] of words.entries())
        if (quoted || unknown.has(index) || /[\d_@:\\]|\w\.\w/.test(form)) runs.at(-1)?.push(written);
        else runs.push([]);
    const sure = runs.filter(({ length }) => length > 0).map(run => run.join(' '));
    if (!isGuessing) return [...new Set([...sure, ...runs.flat()])];
    const single = words.filter(({ form }) => form.length > 2 && !empty.has(form)).toReversed();
    // A word with a meaning of its own is less likely to be a name.
    const others = [...single.filter(word => !isMeaning(word)), ...single.filter(isMeaning)];
    return [...new Set([...sure, ...runs.flat(), ...others.map(({ written }) => written)])];
}

const isMeaning = ({ form }: Word) => synonyms.has(form) || stems(form).some(stem => everyVerb.has(stem));

function slotsOf(phrases: Phrases): readonly (readonly string[])[] {
    const before = known.get(phrases);
    if (before !== undefined) return before;
    const all = wishLanguages.flatMap(language => phrases[language].flatMap(phrase => kindsOf(parsePattern(phrase))));
    const kinds = [...new Map(all.map(slots => [[...slots].sort().join(' '), slots])).values()];
    kinds.sort((one, other) => other.length - one.length);
    known.set(phrases, kinds);
    return kinds;
}

/** “UDP port 53”: each phrase with that slot says its name, so that another name is none for it. */
function isCalledSo(slot: string, phrases: Phrases): boolean {
    const marked = `{${slot}}`;
    const having = wishLanguages.flatMap(language => phrases[language].filter(phrase => phrase.includes(marked)));
    return having.every(phrase => phrase.toLowerCase().replaceAll(marked, '').includes(slot));
}

function kindsOf(pattern: Pattern): string[][] {
    let found: string[][] = [[]];
    for (const part of pattern) {
        if (part.kind === 'word') continue;
        const options = part.kind === 'slot' ? [[part.name]] : part.options.flatMap(kindsOf);
        const distinct = [...new Map(options.map(option => [option.join(' '), option])).values()];
        found = found.flatMap(before => distinct.map(option => [...before, ...option]));
    }
    return found;
}
