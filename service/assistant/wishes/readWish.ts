import { everyAction } from '../../actions/everyAction.ts';
import type { Action, ProposedFix } from '../../actions/action.ts';
import type { Surroundings } from '../../actions/surroundings.ts';
import { wishLanguages, type Wish } from '../../actions/wish.ts';
import { splitWords, type Word } from '../words.ts';
import { matchBeginning, matchPattern, parsePattern, type Pattern } from './pattern.ts';

/** What a wish asks for: one action, in one of several ways; none when its words mean nothing that is there. */
export type ReadWish = { isQuestion: boolean; ways: () => Promise<ProposedFix[]> };

type Form = {
    action: string;
    wish: Wish<Record<string, unknown>>;
    pattern: Pattern;
    slots: ReadonlyMap<string, ReadonlyMap<string, readonly Pattern[]>>;
};

/** How people begin a wish, politely. */
const courtesies = [
    '(hey|hi|hello|ok|hallo) [reeve]',
    'reeve',
    '(can|could|would|will) you',
    'i (want|need|wish|like) [you] [to]',
    'i (would|d) like [you] [to]',
    'id like [you] [to]',
    'let s',
    'lets',
    'help me [to]',
    '(kannst|konntest|wurdest) du',
    '(konnen|konnten|wurden) sie',
    'ich (mochte|will|hatte gern|wunsche)',
    '(هل) (يمكنك|تستطيع) [ان]',
    '(اريد|اود) [ان] [منك]',
].map(courtesy => parsePattern(courtesy));

/** Words that mean nothing in a wish. */
const fillers = new Set(
    (
        'please the a an my our now just kindly for me ' +
        'bitte der die das den dem des ein eine einen einem einer mein meine meinen meinem meiner jetzt mal doch einmal ' +
        'رجاء لطفا من فضلك الان لي'
    ).split(' '),
);

/** At the end of a sentence, these are parts of a German verb. */
const particles = new Set(['ein', 'an']);
const dropped = new Set([...fillers].filter(word => !particles.has(word)));

let forms: readonly Form[] | null = null;

/**
 * Reads a wish without a model: by the phrases that stand beside the actions. Of several that fit, the one whose phrase has
 * most of the words, and whose slots name what is there.
 *
 * @returns null for what is no wish that any action knows
 */
export function readWish(text: string, system: Surroundings & { signal: AbortSignal }): ReadWish | null {
    const words = splitWords(text);
    return readWords(words, system, isQuestion(text, words));
}

/** “Dark mode on?” asks; “could you turn on dark mode?” does not. */
export function isQuestion(text: string, words: readonly Word[]): boolean {
    return /[?؟]\s*$/u.test(text) && !meant(words).isPolite;
}

/** As `readWish`, of words. @param asks whether they ask for something */
export function readWords(
    said: readonly Word[],
    system: Surroundings & { signal: AbortSignal },
    asks = false,
): ReadWish | null {
    const { words } = meant(said);
    if (words.length === 0) return null;
    forms ??= everyAction.flatMap(formsOf);
    const fitting = forms.flatMap(form => {
        if (asks && form.wish.isAlsoQuestion !== true) return [];
        const match = matchPattern(form.pattern, words, form.slots);
        return match === null || match.words === 0 ? [] : [{ form, match }];
    });
    if (fitting.length === 0) return null;
    // Of the same number of words, the order of the actions counts.
    fitting.sort((one, other) => other.match.words - one.match.words);
    return {
        isQuestion: asks,
        ways: async () => {
            for (const { form, match } of fitting) {
                const ways = await form.wish.parameters(match.slots, system);
                if (ways.length > 0)
                    return ways.map(parameters => ({ action: form.action, parameters, explanation: '' }));
            }
            return [];
        },
    };
}

function formsOf({ name, wishes = [] }: Action): Form[] {
    return wishes.flatMap(wish => {
        const slots = new Map(
            Object.entries(wish.slots ?? {}).map(([slot, values]) => [
                slot,
                new Map(
                    Object.entries(values).map(([value, patterns]) => [
                        value,
                        patterns.map(pattern => parsePattern(pattern, dropped)),
                    ]),
                ),
            ]),
        );
        const phrases = wishLanguages.flatMap(language => wish.phrases[language]);
        return phrases.map(phrase => ({ action: name, wish, slots, pattern: parsePattern(phrase, dropped) }));
    });
}

/** “2GB” is a number and its unit. */
function measured(word: Word): Word[] {
    const [, number, unit] = /^(\p{Nd}+(?:\.\p{Nd}+)?)([kmgt]i?b)$/u.exec(word.form) ?? [];
    if (word.quoted || number === undefined || unit === undefined) return [word];
    return [number, unit].map(form => ({ ...word, written: form, form }));
}

/** Without courtesies and what means nothing, unless that is all there is. */
export function meant(words: readonly Word[]): { words: Word[]; isPolite: boolean } {
    const spoken = words.filter(({ form }) => !/^[,?&;+]$/.test(form)).flatMap(measured);
    const said = spoken.filter(({ form, quoted }, index) => {
        return quoted || !fillers.has(form) || (particles.has(form) && index === spoken.length - 1);
    });
    let isPolite = false;
    for (;;) {
        const polite = Math.max(...courtesies.map(courtesy => matchBeginning(courtesy, said)));
        if (polite === 0 || polite === said.length) return { words: said, isPolite };
        said.splice(0, polite);
        isPolite = true;
    }
}
