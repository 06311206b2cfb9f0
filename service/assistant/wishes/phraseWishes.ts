import { wishLanguages } from '../../actions/wish.ts';
import { readTokens } from '../lexicon.ts';
import { initialsOf, initialsOfWord, matchPattern, parsePattern, type Pattern } from '../phrasing/pattern.ts';
import { Phrasebook, type Reading, type SaidWord } from '../phrasing/phrasebook.ts';
import { verbOf } from '../phrasing/verbs.ts';
import { splitWords, type Word } from '../words.ts';
import { declaredWishes, freeName, type DeclaredWish, type WishReading } from './declaredWishes.ts';
import { dropped, isInflected, isOrdered, meant } from './order.ts';

type Form = DeclaredWish & {
    phrase: string;
    pattern: Pattern;
    initials: ReadonlySet<string> | null;
    values: ReadonlyMap<string, ReadonlyMap<string, readonly Pattern[]>>;
};

/** A wish one of whose phrases the words fit. */
export type FittingWish = WishReading & { /** So many words of the phrase were said. */ words: number };

let forms: readonly Form[] | null = null;
let book: Phrasebook<DeclaredWish> | null = null;

/** From this score on, a wish that no phrase fits word for word is one that comes near to it. */
const nearScore = 0.62;
/** As `nearScore`, where a phrase fits word for word and names nothing that is there: it may well have been meant. */
export const surelyNear = 0.85;
/** So much of the phrase must be said. */
const leastRecall = 0.7;
/** Readings that come this much less near are tried as well, where the first means nothing that is there. */
const nearMargin = 0.1;
/** “Not”, “on” and “off” turn a wish into its contrary, where the phrase does not have them. */
const turning =
    /^(?:not|dont|never|no|without|nicht|kein|keine|keinen|nie|niemals|ohne|لا|بدون|ليس|لم|لن|on|off|up|down|an|aus|ein|ab|auf|zu|enable|disable|activate|deactivate)$/;

export const isTurning = (form: string) => turning.test(form);

/** The wishes whose phrases the words fit, each word. */
export function fittingWishes(words: readonly Word[]): FittingWish[] {
    const [first] = words;
    if (first === undefined) return [];
    forms ??= declaredWishes().flatMap(formsOf);
    const begins = initialsOfWord(first);
    return forms.flatMap(({ pattern, initials, values, ...declared }) => {
        if (initials !== null && !begins.some(initial => initials.has(initial))) return [];
        const match = matchPattern(pattern, words, values);
        return match === null || match.words === 0 ? [] : [{ ...declared, said: match.slots, words: match.words }];
    });
}

/** What a wish that fits word for word names in words of its own: “start docker” names “docker”. Null for other sentences. */
export function namedInWish(text: string): string | null {
    for (const fitting of fittingWishes(meant(splitWords(text)).words)) {
        const name = freeName(fitting);
        if (name !== null) return name;
    }
    return null;
}

/** The wishes that the words come nearest to, where no phrase fits word for word. */
export function nearWishes(written: readonly Word[], words: readonly Word[], least = nearScore): WishReading[] {
    const all = readNear(written, words).filter(({ reading, lost }) => lost === null && reading.score >= least);
    return all
        .map(({ reading }) => reading)
        .filter(({ score }) => score >= (all[0]?.reading.score ?? 0) - nearMargin)
        .map(({ declared, slots: said, phrase }) => ({ ...declared, said, phrase }));
}

/** Why a phrase that a wish comes near to is not meant. */
export type LostWish = 'contrary' | 'foreign-word' | 'phrase-incomplete' | 'common-words' | 'too-far';

/** All actions that the words come near to, the nearest first, also those that are not meant. */
export function readNear(
    written: readonly Word[],
    words: readonly Word[] = meant(written).words,
): { reading: Reading<DeclaredWish>; lost: LostWish | null }[] {
    const said = words.map(sayWord);
    if (words.length < 2 || !isOrdered(written, words) || isInflected(words[0])) return [];
    book ??= new Phrasebook(declaredWishes(), dropped);
    return book.read(said, { verb: verbOf(words) }).map(reading => ({ reading, lost: lostBy(reading, said) }));
}

function lostBy(
    { score, recall, matched, isTelling, isWhole }: Reading<DeclaredWish>,
    said: readonly SaidWord[],
): LostWish | null {
    if (said.some(({ form }, index) => isTurning(form) && !matched.has(index))) return 'contrary';
    if (!isWhole) return 'foreign-word';
    if (recall < leastRecall) return 'phrase-incomplete';
    if (!isTelling) return 'common-words';
    return score < nearScore ? 'too-far' : null;
}

export function sayWord(word: Word): SaidWord {
    const [token] = readTokens([word]);
    return { ...word, isEmpty: token?.ignored === true, isForeign: token?.concepts.has('foreign') === true };
}

function formsOf(declared: DeclaredWish): Form[] {
    const values = new Map(
        Object.entries(declared.slots ?? {}).map(([slot, of]) => [
            slot,
            new Map(
                Object.entries(of).map(([value, patterns]) => [
                    value,
                    patterns.map(pattern => parsePattern(pattern, dropped)),
                ]),
            ),
        ]),
    );
    return wishLanguages
        .flatMap(language => declared.phrases[language])
        .map(phrase => {
            const pattern = parsePattern(phrase, dropped);
            return { ...declared, phrase, pattern, values, initials: initialsOf(pattern, values) };
        });
}
