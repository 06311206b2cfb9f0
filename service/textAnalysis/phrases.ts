import { AnchorIndex } from '../detection/anchorIndex.ts';
import type { TextLogEntry } from './textLogEntry.ts';

/** Phrases that say the same. */
export type PhraseGroup<Meaning extends string> = {
    /** For whoever reads the table. */
    says: string;
    meaning: Meaning;
    /**
     * In lower case, and of four characters at least: whole words, unless a `*` at an end tells that the word may go on there.
     * `(a|b)` stands for either, `(a|)` for that or nothing.
     */
    phrases: readonly string[];
    /** Texts of which a phrase is a part, and that say something else. They may end within a word. */
    except?: readonly string[];
    /** How what follows has to begin, at once or behind so many words; it may be of several words itself. */
    then?: { begins: readonly string[]; within: number };
};

/** What follows a phrase is looked for in so many characters. */
const reach = 128;

type Phrase = {
    literal: string;
    isFromWord: boolean;
    isToWord: boolean;
    except: readonly { text: string; offset: number }[];
    then: PhraseGroup<string>['then'];
};

/**
 * Tells which meanings the phrases of a text have, in one pass for all of them and another over the text for each that occurs:
 * linear in the length of the text whatever it holds.
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

    /** Literals one of which is in every text that has one of these meanings. */
    literalsOf(...meanings: Meaning[]): string[] {
        const looked = this.#phrases.filter(({ meaning }) => meanings.includes(meaning));
        return withoutLonger(looked.map(({ literal }) => literal));
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
                return phrase?.meaning === meaning && isSaid(phrase, folded);
            });
    }
}

/** Those that hold no other of them. */
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

/** Where a literal begins in a text that has it, or its beginning at the end; -1 when it does not. */
function offsetIn(text: string, literal: string): number {
    for (let offset = 0; offset < text.length; offset++) {
        const rest = text.slice(offset);
        if (rest.startsWith(literal) || literal.startsWith(rest)) return offset;
    }
    return -1;
}

/** Every text that a source with alternatives stands for; alternatives have none in them. */
function expanded(source: string): string[] {
    const [, before, alternatives, behind] = /^([^(]*)\(([^()]*\|[^()]*)\)(.*)$/s.exec(source) ?? [];
    if (before === undefined || alternatives === undefined || behind === undefined) return [source];
    const ends = expanded(behind);
    return alternatives.split('|').flatMap(one => ends.map(end => before + one + end));
}

function isSaid({ literal, isFromWord, isToWord, except, then }: Phrase, text: string): boolean {
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

/** Whether a word goes on there, or a name of which it is a part: `error` of `error.log`, `error/page` and `error-policy`. */
function goesOn(text: string, at: number): boolean {
    const code = text.charCodeAt(at);
    return isOfWord(text, at) || (code >= 0x2d && code <= 0x2f && isOfWord(text, at + 1));
}

/** A letter, a digit or "_". */
function isOfWord(text: string, at: number): boolean {
    const code = text.charCodeAt(at);
    return (code >= 0x61 && code <= 0x7a) || (code >= 0x30 && code <= 0x39) || code === 0x5f;
}
