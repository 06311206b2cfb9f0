import { BoundedMap } from '../util/boundedMap.ts';

/**
 * One word of a question. `typed` is as the person wrote it, `written` in lower case unless it is a path; `form` is what the
 * vocabulary is searched for; `quoted` says that it was written in quotation marks.
 */
export type Word = { typed: string; written: string; form: string; quoted: boolean };

const questionLimit = 2000;
/** Longer questions are none that we understand; looking for slips in all of their words would hold everybody up. */
const wordLimit = 64;

/**
 * Brings spellings of one word together: no case, no accents and vowel points, one form for the Arabic letters that people
 * interchange, "ß" as "ss", no apostrophes.
 */
function normalise(text: string): string {
    return text
        .toLowerCase()
        .normalize('NFKD')
        .replace(/[\p{M}ـ'’`´]/gu, '')
        .replaceAll('ß', 'ss')
        .replaceAll('ى', 'ي')
        .replaceAll('ة', 'ه')
        .replaceAll('ؤ', 'و')
        .replaceAll('ئ', 'ي')
        .replaceAll('ٱ', 'ا');
}

/** A path from the root or the home folder, as people write it in a sentence. */
const path = /(?<![^\s"'“„‘‚«(])(?:~?\/[^\s"'”“’‘»),;?!؟]*[^\s"'”“’‘»),;?!؟.:]|~?\/)/u;
const word = /[\p{L}\p{N}\p{M}](?:[\p{L}\p{N}\p{M}._@:\\'’-]*[\p{L}\p{N}\p{M}])?/u;
const wordsAndPaths = new RegExp(`${path.source}|${word.source}|[,?&;+]`, 'gu');

export const isPath = (written: string) => /^~?\//.test(written);

const quotation = /"[^"]{1,64}"|`[^`]{1,64}`|“[^”“]{1,64}[”“]|„[^“”]{1,64}[“”]|«[^»]{1,64}»/gu;

/** The words of a question; dots, dashes, "@" and "_" inside a word belong to it, as in "getty@tty1.service". */
export function splitWords(question: string): Word[] {
    return placeWords(question).map(({ typed, written, form, quoted }) => ({ typed, written, form, quoted }));
}

/** The same, each with where it begins and ends in the question, which is in the normal form NFC. */
export function placeWords(question: string): (Word & { begin: number; end: number })[] {
    const text = question.slice(0, questionLimit).normalize('NFC');
    const quotations = Array.from(text.matchAll(quotation), ({ 0: quoted, index }) => [index, index + quoted.length]);
    const isQuoted = (at: number) => quotations.some(([start = 0, end = 0]) => at > start && at < end);
    const matches = Array.from(text.matchAll(wordsAndPaths)).slice(0, wordLimit);
    return matches.map(({ 0: match, index }) => {
        const written = isPath(match) ? match : match.toLowerCase();
        const [begin, end] = [index, index + match.length];
        return { typed: match, written, form: normalise(written), quoted: isQuoted(index), begin, end };
    });
}

/** The other ways in which German writers spell umlauts; the accents themselves are dropped by `normalise`. */
export function spellings(word: string): string[] {
    const written = word.toLowerCase();
    const folded = normalise(written);
    const digraphs = normalise(written.replaceAll('ä', 'ae').replaceAll('ö', 'oe').replaceAll('ü', 'ue'));
    return folded === digraphs ? [folded] : [folded, digraphs];
}

const endings = ['ing', 'ed', 'es', 's', 'd', 'en', 'er', 'em', 'et', 'st', 'e', 'n', 't'];
const arabicPrefixes = ['وال', 'بال', 'فال', 'كال', 'لل', 'ال', 'و', 'ف', 'ب', 'ل', 'ك'];
const arabicSuffixes = ['ات', 'ين', 'ون', 'ها', 'ي', 'ه'];

/** Each word of a sentence is compared with those of many phrases. */
const knownStems = new BoundedMap<string, readonly string[]>(128);

/** Forms without the endings (and, in Arabic, the prefixes) that mostly do not change what a word means; the word first. */
export function stems(form: string): readonly string[] {
    return knownStems.getOrInsert(form, () => findStems(form));
}

function findStems(form: string): string[] {
    const found = [form];
    if (/\p{Script=Arabic}/u.test(form)) {
        const bare = arabicPrefixes
            .filter(prefix => form.startsWith(prefix) && form.length - prefix.length >= 2)
            .map(prefix => form.slice(prefix.length));
        for (const base of [form, ...bare]) {
            found.push(base);
            for (const suffix of arabicSuffixes)
                if (base.endsWith(suffix) && base.length - suffix.length >= 3)
                    found.push(base.slice(0, -suffix.length));
        }
        return found;
    }
    for (const ending of endings)
        if (form.endsWith(ending) && form.length - ending.length >= 4) found.push(form.slice(0, -ending.length));
    return found;
}
