import { changingVerbs, verbOf } from '../phrasing/verbs.ts';
import { splitWords } from '../words.ts';
import { isQuestion, meant } from './readWish.ts';

/** Longer texts are mostly pasted, and somebody else may have written them. */
const mostWords = 32;

/**
 * Whether a sentence asks for a change, by its words alone: it is one short line and no question, and it begins with such a verb after
 * its courtesies, or ends with one, as in German.
 */
export function isOrder(text: string): boolean {
    const words = splitWords(text);
    if (text.trim().includes('\n') || words.length > mostWords || isQuestion(text, words)) return false;
    return verbOf(meant(words).words, changingVerbs) !== null;
}
