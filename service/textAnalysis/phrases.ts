import { AnchorIndex } from '../detection/anchorIndex.ts';
import type { TextLogEntry } from './textLogEntry.ts';

/** Phrases with the same meaning. */
export type PhraseGroup<Meaning extends string> = {
    /** For readers of the table. */
    says: string;
    meaning: Meaning;
    /**
     * In lower case, with at least four characters: whole words, unless a `*` at an end says that the word may go on there.
     * `(a|b)` stands for either, `(a|)` for that or nothing.
     */
    phrases: readonly string[];
    /** Texts that contain a phrase but mean something else. They may end within a word. */
    except?: readonly string[];
    /** How the following text has to begin, at once or after this many words; it may have several words itself. */
    then?: { begins: readonly string[]; within: number };
};

/** How many characters after a phrase are searched for what may follow it. */
const reach = 128;

type Phrase = {
    literal: string;
    isFromWord: boolean;
    isToWord: boolean;
    except: readonly { text: string; offset: number }[];
    then: PhraseGroup<string>['then'];
};

/**
 * Finds the meanings of the phrases in a text, in one pass for all of them and another over the text for each that occurs:
 * linear in the length of any text.
 */
export class Phrasebook<Meaning extends string> {
    readonly #phrases: readonly (Phrase & { meaning: Meaning })[];
    #index: AnchorIndex<number> | null = null;

    constructor(groups: readonly PhraseGroup<Meaning>[]) {
        this.#phrases = groups.flatMap(({ meaning, phrases, except = [], then }) => {
            const around = except.flatMap(expanded);
            return phrases.flatMap(expanded).map(source => ({ meaning, ...phraseOf(source, around), then }));
        });
    }

    /** Every text with one of these meanings contains one of these literals. */
    literalsOf(...meanings: Meaning[]): string[] {
        const wanted = this.#phrases.filter(({ meaning }) => meanings.includes(meaning));
        return withoutLonger(wanted.map(({ literal }) => literal));
    }

    /** @param folded the message of the entry with its letters in lower case */
    read(entry: TextLogEntry, folded: string): (meaning: Meaning) => boolean {
        this.#index ??= new AnchorIndex(
            this.#phrases.map(({ literal }, index) => [literal, index] as const),
            entry.sample(),
        );
        const found = entry.find(this.#index) ?? [];
        return meaning =>
            found.some(index => {
                const phrase = this.#phrases[index];
                return phrase?.meaning === meaning && occurs(phrase, folded);
            });
    }
}

/** Those that contain no other of them. */
export function withoutLonger(literals: readonly string[]): string[] {
    const kept: string[] = [];
    for (const literal of [...new Set(literals)].sort((one, other) => one.length - other.length))
        if (!kept.some(shorter => literal.includes(shorter))) kept.push(literal);
    return kept;
}

function phraseOf(source: string, around: readonly string[]): Omit<Phrase, 'then'> {
    const literal = source.replace(/^\*|\*$/g, '');
    return {
        literal,
        isFromWord: isOfWord(literal, 0) && !source.startsWith('*'),
        isToWord: isOfWord(literal, literal.length - 1) && !source.endsWith('*'),
        except: around.flatMap(text => {
            const offset = offsetIn(text, literal);
            return offset < 0 ? [] : [{ text, offset }];
        }),
    };
}

/** The position of a literal in a text that has it, or of its beginning at the end; -1 if there is none. */
function offsetIn(text: string, literal: string): number {
    for (let offset = 0; offset < text.length; offset++) {
        const rest = text.slice(offset);
        if (rest.startsWith(literal) || literal.startsWith(rest)) return offset;
    }
    return -1;
}

/** Every text that a source with alternatives stands for; alternatives do not nest. */
function expanded(source: string): string[] {
    const [, before, alternatives, behind] = /^([^(]*)\(([^()]*\|[^()]*)\)(.*)$/s.exec(source) ?? [];
    if (before === undefined || alternatives === undefined || behind === undefined) return [source];
    const ends = expanded(behind);
    return alternatives.split('|').flatMap(one => ends.map(end => before + one + end));
}

function occurs({ literal, isFromWord, isToWord, except, then }: Phrase, text: string): boolean {
    for (let at = text.indexOf(literal); at >= 0; at = text.indexOf(literal, at + 1)) {
        const end = at + literal.length;
        if (isFromWord && isOfWord(text, at - 1)) continue;
        if (isToWord && goesOn(text, end)) continue;
        if (except.some(one => text.startsWith(one.text, at - one.offset))) continue;
        if (then === undefined || follows(text, end, then)) return true;
    }
    return false;
}

function follows(text: string, end: number, { begins, within }: NonNullable<Phrase['then']>): boolean {
    let rest = text.slice(end, end + reach).trimStart();
    for (let behind = 0; behind <= within; behind++) {
        if (begins.some(beginning => rest.startsWith(beginning))) return true;
        const blank = rest.indexOf(' ');
        if (blank < 0) return false;
        rest = rest.slice(blank + 1);
    }
    return false;
}

/** Whether a word continues there, or a name that contains it: `error` of `error.log`, `error/page` and `error-policy`. */
function goesOn(text: string, at: number): boolean {
    const code = text.charCodeAt(at);
    return isOfWord(text, at) || (code >= 0x2d && code <= 0x2f && isOfWord(text, at + 1));
}

/** A letter, a digit or "_". */
function isOfWord(text: string, at: number): boolean {
    const code = text.charCodeAt(at);
    return (code >= 0x61 && code <= 0x7a) || (code >= 0x30 && code <= 0x39) || code === 0x5f;
}
