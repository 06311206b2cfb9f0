import { isNear } from '../../text/editDistance.ts';
import { numberOf, numberWords, westernDigits } from '../time/numbers.ts';
import { spellings, stems, type Word } from '../words.ts';

/** A pattern of service/actions/wish.ts, taken apart. */
type Part =
    | { kind: 'word'; spellings: readonly string[] }
    | { kind: 'choice'; options: readonly Pattern[] }
    | { kind: 'slot'; name: string };
export type Pattern = readonly Part[];

/** What the slots of a pattern hold, as it was written, and how many words of the wish are words of the pattern; a misspelt one counts a little less. */
export type Match = { slots: Readonly<Record<string, string>>; words: number };

/** A slot without values is a name or a number, and no sentence. */
const slotWords = 8;
/** The slots of these names are a number, in digits or as a word; an amount may be a fraction. */
const numberSlots: Readonly<Record<string, RegExp>> = {
    number: /^\p{Nd}{1,9}$/u,
    amount: /^\p{Nd}{1,9}(?:\.\p{Nd}{1,3})?$/u,
};
/** “abschalten” comes near to “anschalten”, which is its contrary: a word as it is written counts more. */
const nearWord = 0.9;
const tokens = /\{\w+\}|[()[\]|]|[^\s()[\]|{}]+/g;

/**
 * @param leftOut words that are dropped from a wish before it is read, and so mean nothing in a pattern
 * @throws TypeError for a pattern that is no pattern, which is a defect of ours
 */
export function parsePattern(text: string, leftOut: ReadonlySet<string> = new Set()): Pattern {
    const rest = text.match(tokens) ?? [];
    const readOptions = (end: string | undefined): Pattern[] => {
        const options: Part[][] = [[]];
        for (;;) {
            const token = rest.shift();
            if (token === end) return options;
            if (token === undefined || token === ')' || token === ']')
                throw new TypeError(`The pattern “${text}” is unbalanced`);
            const option = options.at(-1) ?? [];
            if (token === '|') options.push([]);
            else if (token === '(') option.push({ kind: 'choice', options: readOptions(')') });
            else if (token === '[') option.push({ kind: 'choice', options: [...readOptions(']'), []] });
            else if (token.startsWith('{')) option.push({ kind: 'slot', name: token.slice(1, -1) });
            else if (!leftOut.has(token)) option.push({ kind: 'word', spellings: spellings(token) });
        }
    };
    const options = readOptions(undefined);
    return options.length === 1 ? (options[0] ?? []) : [{ kind: 'choice', options }];
}

/** Whether the words, all of them, are such a wish. @param slots the values of slots that have any */
export function matchPattern(
    pattern: Pattern,
    words: readonly Word[],
    slots: ReadonlyMap<string, ReadonlyMap<string, readonly Pattern[]>> = new Map(),
): Match | null {
    return match(pattern, { words, slots }, 0, (at, found) => (at === words.length ? found : null), {
        slots: {},
        words: 0,
    });
}

/**
 * The letters with which the first word of a wish of this pattern may begin, so that most patterns need not be tried; null for
 * any.
 */
export function initialsOf(
    pattern: Pattern,
    slots: ReadonlyMap<string, ReadonlyMap<string, readonly Pattern[]>>,
): ReadonlySet<string> | null {
    const initials = new Set<string>();
    return addInitials(pattern, slots, initials) === 'any' ? null : initials;
}

/** @returns whether a wish may also go on with what follows the pattern, or begin with anything */
function addInitials(
    pattern: Pattern,
    slots: ReadonlyMap<string, ReadonlyMap<string, readonly Pattern[]>>,
    initials: Set<string>,
): 'begun' | 'open' | 'any' {
    for (const part of pattern) {
        if (part.kind === 'word') {
            for (const spelling of part.spellings) initials.add(spelling.slice(0, 1));
            return 'begun';
        }
        const values = part.kind === 'slot' && !(part.name in numberSlots) ? slots.get(part.name) : undefined;
        const options = part.kind === 'choice' ? part.options : values && [...values.values()].flat();
        if (options === undefined) return 'any';
        const added = options.map(option => addInitials(option, slots, initials));
        if (added.includes('any')) return 'any';
        if (!added.includes('open')) return 'begun';
    }
    return 'open';
}

/** The letters of `initialsOf` with which a pattern has to begin to take this word first. */
export function initialsOfWord({ form }: Word): readonly string[] {
    return stems(form).map(stem => stem.slice(0, 1));
}

/** How many of the first words the pattern takes; 0 when it does not begin so. */
export function matchBeginning(pattern: Pattern, words: readonly Word[]): number {
    const given = { words, slots: new Map<string, never>() };
    let longest = 0;
    match(
        pattern,
        given,
        0,
        at => {
            longest = Math.max(longest, at);
            return null;
        },
        { slots: {}, words: 0 },
    );
    return longest;
}

/** What a slot has of a word: that of one name keeps capitals. */
export function slotText(slot: string, { typed, written }: Word): string {
    return slot === 'verbatim' ? typed : written;
}

type Given = {
    words: readonly Word[];
    slots: ReadonlyMap<string, ReadonlyMap<string, readonly Pattern[]>>;
};
type Next = (at: number, found: Match) => Match | null;

/** Tries each way to match the parts, from number `first` on, from word `at` on, and gives the first that `next` accepts. */
function match(parts: Pattern, given: Given, at: number, next: Next, found: Match, first = 0): Match | null {
    const part = parts[first];
    if (part === undefined) return next(at, found);
    const goOn: Next = (to, soFar) => match(parts, given, to, next, soFar, first + 1);
    switch (part.kind) {
        case 'word': {
            const word = given.words[at];
            if (word === undefined) return null;
            if (part.spellings.includes(word.form)) return goOn(at + 1, { ...found, words: found.words + 1 });
            if (!isWord(word, part.spellings, at === 0)) return null;
            return goOn(at + 1, { ...found, words: found.words + nearWord });
        }
        case 'choice':
            for (const option of part.options) {
                const result = match(option, given, at, goOn, found);
                if (result !== null) return result;
            }
            return null;
        case 'slot':
            return matchSlot(part.name, given, at, goOn, found);
    }
}

function matchSlot(name: string, given: Given, at: number, next: Next, found: Match): Match | null {
    const values = given.slots.get(name);
    const digits = numberSlots[name];
    if (digits !== undefined) {
        const word = given.words[at]?.form ?? '';
        if (!numberWords.has(word) && !digits.test(word)) return null;
        const number = numberWords.has(word) ? numberOf(word) : Number(westernDigits(word));
        return next(at + 1, { ...found, slots: { ...found.slots, [name]: String(number) } });
    }
    if (values === undefined) {
        for (let end = at + 1; end <= Math.min(given.words.length, at + slotWords); end += 1) {
            const text = given.words
                .slice(at, end)
                .map(word => slotText(name, word))
                .join(' ');
            const result = next(end, { ...found, slots: { ...found.slots, [name]: text } });
            if (result !== null) return result;
        }
        return null;
    }
    for (const [value, patterns] of values)
        for (const pattern of patterns) {
            const filled = { ...found, slots: { ...found.slots, [name]: value } };
            const result = match(pattern, given, at, next, filled);
            if (result !== null) return result;
        }
    return null;
}

/**
 * Long words may have one letter wrong; short ones are too similar to each other.
 *
 * @param isFirst whether the wish begins with it: then it is a verb, and another form such as “restarted” is no order
 */
function isWord({ form }: Word, wanted: readonly string[], isFirst: boolean): boolean {
    const isInflected = (spelling: string) => form.startsWith(spelling) || spelling.startsWith(form);
    return wanted.some(spelling => {
        if (isFirst && /^\p{Script=Latin}+$/u.test(form) && isInflected(spelling)) return false;
        if (stems(form).includes(spelling)) return true;
        return (
            spelling.length >= 5 &&
            form.length >= 5 &&
            form.startsWith(spelling.slice(0, 1)) &&
            isNear(form, spelling, 1)
        );
    });
}
