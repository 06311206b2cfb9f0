import { arabic } from './vocabulary/arabic.ts';
import { weekdays, type Concept, type Vocabulary } from './vocabulary/concepts.ts';
import { english } from './vocabulary/english.ts';
import { german } from './vocabulary/german.ts';
import { numberWords } from './time/numbers.ts';
import { things } from './vocabulary/things.ts';
import { isNear } from '../text/editDistance.ts';
import { isPath, spellings, stems } from './words.ts';
import type { Word } from './words.ts';

/** What a word can mean. */
type Entry = {
    concepts: Set<Concept>;
    /** Units that the word is a name for, without suffix. */
    units: string[];
    ignored: boolean;
    /** Begins a question rather than an order. */
    asking: boolean;
    /** Joins two questions. */
    and: boolean;
    /** Codes of the languages that have the word; names have none. */
    languages: ReadonlySet<string>;
};

/** A word of a question, or several that belong together, and what it can mean. */
export type Token = Readonly<Entry> & {
    /** As it was written. */
    text: string;
    /** Not in the vocabulary: at most a likely typo of a word that is. */
    unknown: boolean;
    /** It was in quotation marks. */
    quoted: boolean;
};

const place: Entry = {
    concepts: new Set(['folder', 'path']),
    units: [],
    ignored: false,
    asking: false,
    and: false,
    languages: new Set(),
};
const exact = new Map<string, Entry>();
const beginnings: { beginning: string; entry: Entry }[] = [];
/** Phrases by their first word, longest first. */
const phrases = new Map<string, { words: string[]; entry: Entry }[]>();

const nothing = { ignored: false, asking: false, and: false, languages: new Set<string>() };

function addWord(word: string, change: (entry: Entry) => void): void {
    for (const spelling of spellings(word)) {
        const entry: Entry = { ...nothing, concepts: new Set(), units: [] };
        if (spelling.includes('_')) {
            const words = spelling.split('_');
            const [first = ''] = words;
            const known = phrases.get(first)?.find(phrase => phrase.words.join('_') === spelling);
            if (known === undefined) phrases.set(first, [...(phrases.get(first) ?? []), { words, entry }]);
            change(known?.entry ?? entry);
        } else if (spelling.endsWith('*')) {
            const beginning = spelling.slice(0, -1);
            const known = beginnings.find(other => other.beginning === beginning);
            if (known === undefined) beginnings.push({ beginning, entry });
            change(known?.entry ?? entry);
        } else {
            const known = exact.get(spelling);
            if (known === undefined) exact.set(spelling, entry);
            change(known ?? entry);
        }
    }
}

const listed = (words: string) => words.split(/\s+/).filter(word => word !== '');

function addVocabulary({ language, ignored, asking, and, words }: Vocabulary): void {
    const add = (word: string, change: (entry: Entry) => void) => {
        addWord(word, entry => {
            if (language !== null) entry.languages = new Set([...entry.languages, language]);
            change(entry);
        });
    };
    for (const word of listed(ignored))
        add(word, entry => {
            entry.ignored = true;
        });
    for (const word of listed(asking))
        add(word, entry => {
            entry.asking = true;
        });
    for (const word of listed(and))
        add(word, entry => {
            entry.and = true;
        });
    for (const [concept, text] of Object.entries(words) as [Concept, string][])
        for (const word of listed(text)) add(word, entry => entry.concepts.add(concept));
}

for (const vocabulary of [english, german, arabic]) addVocabulary(vocabulary);
addVocabulary({ language: null, ignored: [...numberWords.keys()].join(' '), asking: '', and: '', words: {} });
for (const { words, units } of things)
    for (const word of listed(words)) addWord(word, entry => entry.units.push(...units));
for (const list of phrases.values()) list.sort((a, b) => b.words.length - a.words.length);

/**
 * Reads words by the vocabulary of every language at once: people mix languages, and no word is misleading in another.
 */
export function readTokens(words: readonly Word[]): Token[] {
    const tokens: Token[] = [];
    for (let index = 0; index < words.length;) {
        const phrase = findPhrase(words, index);
        const count = phrase?.words.length ?? 1;
        const text = words
            .slice(index, index + count)
            .map(({ written }) => written)
            .join(' ');
        const form = words[index]?.form ?? '';
        const entry = phrase?.entry ?? (isPath(text) ? place : findWord(form));
        const quoted = words[index]?.quoted === true;
        tokens.push({ ...toToken(text, entry ?? findSlip(form), entry === null), quoted });
        index += count;
    }
    return tokens;
}

function toToken(text: string, entry: Entry | null, unknown: boolean): Omit<Token, 'quoted'> {
    const separator = /^[,?&;+]$/.test(text);
    if (entry === null)
        return {
            text,
            concepts: new Set(),
            units: [],
            ignored: separator,
            asking: false,
            and: separator,
            languages: new Set(),
            unknown: !separator,
        };
    // A word that means something is not ignored, even if it can also be empty.
    const empty = entry.concepts.size === 0 && entry.units.length === 0;
    return { text, ...entry, ignored: empty, unknown };
}

function findPhrase(words: readonly Word[], index: number): { words: string[]; entry: Entry } | undefined {
    const candidates = stems(words[index]?.form ?? '').flatMap(form => phrases.get(form) ?? []);
    return candidates.find(phrase =>
        phrase.words.every((word, offset) => offset === 0 || isForm(words[index + offset], word)),
    );
}

function isForm(word: Word | undefined, form: string): boolean {
    return word !== undefined && stems(word.form).includes(form);
}

function findWord(form: string): Entry | null {
    for (const stem of stems(form)) {
        const entry = exact.get(stem);
        // In Arabic and German, a word with other endings or without its article is none of the week’s days: “الجمعية”, “Montage”.
        if (entry !== undefined && !(stem !== form && isWeekday(entry) && !isFormOfWeekday(form, stem))) return entry;
    }
    const beginning = beginnings.find(other => form.startsWith(other.beginning));
    if (beginning !== undefined) return beginning.entry;
    return findParts(form);
}

/** German writes “Montagabend” as one word. Alone, “Morgen” is also the day after today. */
const partOfWeekday = /^(?<day>.+(?:tag|woch|abend))(?:(?<part>vormittag|mittag|nachmittag|abend|nacht)|morgen)s?$/;

/** "cpu-usage" means what "cpu" and "usage" mean, if both mean something; so does “Montagabend”. */
function findParts(form: string): Entry | null {
    const { day, part = 'morgens' } = partOfWeekday.exec(form)?.groups ?? {};
    const words = day === undefined || !isWeekday(exact.get(day)) ? form.split('-') : [day, part];
    const parts = words.map(word => exact.get(word));
    if (parts.length < 2 || parts.includes(undefined)) return null;
    const concepts = new Set(parts.flatMap(part => [...(part?.concepts ?? [])]));
    const units = parts.flatMap(part => part?.units ?? []);
    return concepts.size + units.length === 0 ? null : { ...nothing, concepts, units };
}

/** “Mondays”, “freitags”; in Arabic only what stands before a word, as in “والثلاثاء”. */
const isFormOfWeekday = (form: string, day: string) => form === `${day}s` || form.endsWith(day);

function isWeekday(entry: Entry | undefined): boolean {
    return weekdays.some(day => entry?.concepts.has(day) === true);
}

/** People notice a wrong first letter at once: “trash” is no typo of “crash”. */
const beginsAlike = (form: string, word: string) =>
    word.startsWith(form.slice(0, 1)) || form.startsWith(`${word[1] ?? ''}${word[0] ?? ''}`);

/** Words of their own that only resemble a weekday: “الأحدث” is “the newest”, and German “Montage” is “assembly”. */
const isOtherThanWeekday = (form: string) =>
    /\p{Script=Arabic}/u.test(form) || /^(?:mon|diens|donners|frei|sams|sonn)tag/.test(form);

/** A word for a part of a computer, or for none, is not taken for a typo of another. */
const noSlips: readonly Concept[] = ['foreign', 'thing', 'peripheral'];

/** The likely word behind a typo: one letter off, in long words two. Short words are too similar to each other. */
function findSlip(form: string): Entry | null {
    if (form.length < 5 || /[\d._@:\\]/.test(form)) return null;
    const limit = form.length >= 8 ? 2 : 1;
    let found: Entry | null = null;
    for (const [word, entry] of exact) {
        if (word.length < 5 || !beginsAlike(form, word) || !isNear(form, word, found === null ? limit : 1)) continue;
        const isOurs = [...entry.concepts].some(concept => !noSlips.includes(concept)) || entry.units.length > 0;
        if (!isOurs || (isWeekday(entry) && isOtherThanWeekday(form))) continue;
        if (isNear(form, word, 1)) return entry;
        found = entry;
    }
    return found;
}
