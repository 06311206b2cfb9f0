import { everyAction } from '../../actions/everyAction.ts';
import type { Action, ProposedFix } from '../../actions/action.ts';
import type { Surroundings } from '../../actions/surroundings.ts';
import { wishLanguages, type Wish } from '../../actions/wish.ts';
import { ReeveError } from '../../util/errors.ts';
import { isVerb, verbOf } from '../phrasing/verbs.ts';
import { splitWords, type Word } from '../words.ts';
import { readTokens } from '../lexicon.ts';
import { labelOf } from './labels.ts';
import {
    initialsOf,
    initialsOfWord,
    matchBeginning,
    matchPattern,
    parsePattern,
    type Pattern,
} from '../phrasing/pattern.ts';
import { judge, type Judgement } from '../phrasing/classifier.ts';
import { findSlots } from '../phrasing/slots.ts';
import { Phrasebook, type Declared, type Reading, type SaidWord } from '../phrasing/phrasebook.ts';

/** What a wish asks for: one action, in one of several ways; none when its words mean nothing that is there. */
export type ReadWish = {
    isQuestion: boolean;
    /** What it can mean, the likeliest first: an action, and what the slots of its phrase hold. */
    readings: readonly { action: string; slots: Readonly<Record<string, string>>; phrase: string }[];
    ways: () => Promise<ProposedFix[]>;
    /** How likely it is, judged by examples, where no phrase was said. */
    probability?: number;
};

type Form = {
    action: string;
    label: string;
    wish: Wish<Record<string, unknown>>;
    phrase: string;
    pattern: Pattern;
    initials: ReadonlySet<string> | null;
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
        'please pls plz thanks thx the a an my our now just kindly for me ' +
        'bitte danke der die das den dem des ein eine einen einem einer mein meine meinen meinem meiner jetzt mal doch einmal ' +
        'رجاء شكرا لطفا من فضلك الان لي'
    ).split(' '),
);

const please = new Set('please pls plz bitte رجاء لطفا'.split(' '));

/** At the end of a sentence, these are parts of a German verb. */
const particles = new Set(['ein', 'an']);
const dropped = new Set([...fillers].filter(word => !particles.has(word)));

let forms: readonly Form[] | null = null;
let book: Phrasebook<DeclaredWish> | null = null;

type DeclaredWish = Declared & { wish: Wish<Record<string, unknown>> };

/** From this score on, a wish that no phrase fits word for word is one that comes near to it. */
const nearScore = 0.62;
/** As `nearScore`, where a phrase fits word for word and names nothing that is there: it may well have been meant. */
const surelyNear = 0.85;
/** What is to be removed is there under its name, or is not guessed. */
const removing =
    /^(?:remove|delete|uninstall|erase|entferne|entfernen|losche|loschen|deinstalliere|deinstallieren|احذف|ازل|امسح)$/;
/** So much of the phrase must be said. */
const leastRecall = 0.7;
/** Readings that come this much less near are tried as well, where the first means nothing that is there. */
const nearMargin = 0.1;
/** “Not”, “on” and “off” turn a wish into its contrary, where the phrase does not have them. */
const turning =
    /^(?:not|dont|never|no|without|nicht|kein|keine|keinen|nie|niemals|ohne|لا|بدون|ليس|لم|لن|on|off|up|down|an|aus|ein|ab|auf|zu|enable|disable|activate|deactivate)$/;

/**
 * Reads a wish without a model: by the phrases that stand beside the actions. Of several that fit, the one whose phrase has
 * most of the words, and whose slots name what is there.
 *
 * @returns null for what is no wish that any action knows
 */
export function readWish(text: string, system: Surroundings & { signal: AbortSignal }): ReadWish | null {
    const words = splitWords(text);
    const whole = readWords(words, system, { asks: isQuestion(text, words) });
    const clauses =
        text.length > longestText || text.includes(';')
            ? []
            : text.split(betweenClauses).filter(clause => clause.trim() !== '');
    if (clauses.length < 2 || clauses.length > mostClauses || words.some(isLimiting)) return whole;
    // “It is too dark, make the screen brighter”: one clause wishes, and the others say why.
    const read = clauses.flatMap(clause => {
        const said = splitWords(clause);
        const isOrder = verbOf(meant(said).words) !== null && !isQuestion(clause, said);
        const wish = isOrder ? readWords(said, system) : null;
        return wish === null ? [] : [{ ...wish, ways: () => wish.ways().catch(unlessRefused) }];
    });
    const [first] = read;
    if (first === undefined) return whole;
    const ofClauses = async () => {
        const found = await Promise.all(read.map(wish => wish.ways()));
        return found.find(ways => ways.length > 0) ?? [];
    };
    if (whole === null) return { ...first, ways: ofClauses };
    return {
        ...whole,
        ways: async () => {
            const ways = await whole.ways();
            return ways.length > 0 ? ways : await ofClauses();
        },
    };
}

const betweenClauses = /[,.!?؟،]\s+|\s[-–—]\s|\s(?:so|because|since|but|weil|damit|denn|aber|لان|لأن|لكن)\s/u;
const longestText = 300;
const mostClauses = 4;

/** “Dark mode on?” and “is dark mode on” ask; “could you turn on dark mode?” does not. */
export function isQuestion(text: string, words: readonly Word[]): boolean {
    const { words: said, isPolite } = meant(words);
    return !isPolite && (/[?؟]\s*$/u.test(text) || asksFirst(said));
}

/**
 * As `readWish`, of words.
 *
 * @param how.asks whether they ask for something
 * @param how.isNear whether words that come near to a phrase are enough
 * @param how.isLikely whether words that are likely to ask for something are enough, judged by examples
 * @param how.isForbidden whether it is never to come true
 */
export function readWords(
    said: readonly Word[],
    system: Surroundings & { signal: AbortSignal },
    {
        asks = false,
        isNear = true,
        isForbidden = false,
        isLikely = isNear && !isForbidden,
    }: { asks?: boolean; isNear?: boolean; isLikely?: boolean; isForbidden?: boolean } = {},
): ReadWish | null {
    const { words } = meant(said);
    const [first] = words;
    if (first === undefined) return null;
    forms ??= everyAction.flatMap(formsOf);
    const begins = initialsOfWord(first);
    const fitting = forms.flatMap(form => {
        if (asks && form.wish.isAlsoQuestion !== true) return [];
        if (form.initials !== null && !begins.some(initial => form.initials?.has(initial))) return [];
        const match = matchPattern(form.pattern, words, form.slots);
        return match === null || match.words === 0 ? [] : [{ form, match }];
    });
    if (fitting.length === 0 && (asks || !isNear)) return null;
    const judgement = judge(said);
    const isNamed = fitting.every(({ form, match }) => /^\D+$/.test(freeSlot(form, match.slots) ?? ''));
    if (isNamed && isNear && isNoWish(judgement)) return null;
    const likely = asks || !isLikely ? null : likelyWish(said, words, judgement, system);
    if (fitting.length === 0) return nearWish(said, words, likely, judgement, system);
    if (likely !== null && likely.probability >= surelyLikely && isNamed) {
        // “Remove cached packages” fits a phrase for programs of any name, and names none.
        if (fitting.every(({ form }) => form.action !== likely.readings[0]?.action)) return likely;
    }
    const likelihood = ({ form }: (typeof fitting)[number]) =>
        judgement.likely.find(({ label }) => label === form.label)?.probability ?? 0;
    // Of the same number of words, what is likelier counts, and then the order of the actions.
    fitting.sort(
        (one, other) => other.match.words - one.match.words || Math.round(likelihood(other) - likelihood(one)),
    );
    return {
        isQuestion: asks,
        readings: fitting.map(({ form, match }) => ({ action: form.action, slots: match.slots, phrase: form.phrase })),
        ways: async () => {
            let refusal: ReeveError | null = null;
            for (const { form, match } of fitting) {
                try {
                    const never = isForbidden ? form.wish.forbidden?.(match.slots, system) : undefined;
                    const ways = await (never ?? form.wish.parameters(match.slots, system));
                    if (ways.length > 0)
                        return ways.map(parameters => ({ action: form.action, parameters, explanation: '' }));
                } catch (error) {
                    // “Switch to dark theme” fits a phrase for networks, too: without NetworkManager it may still mean another thing.
                    if (!(error instanceof ReeveError) || freeSlot(form, match.slots) === null) throw error;
                    refusal ??= error;
                }
            }
            // “Klangeinstellungen öffnen” fits a phrase for applications, and none is called so.
            const isGuessed = !asks && isNear && !words.some(({ form }) => removing.test(form));
            const near = !isGuessed ? [] : ((await nearestWish(said, words, system, surelyNear)?.ways()) ?? []);
            if (near.length > 0) return near;
            if (refusal !== null) throw refusal;
            return isGuessed ? ((await likely?.ways().catch(unlessRefused)) ?? []) : [];
        },
    };
}

/** What a wish that fits word for word names in words of its own: “start docker” names “docker”. Null for other sentences. */
export function namedInWish(text: string): string | null {
    const { words } = meant(splitWords(text));
    forms ??= everyAction.flatMap(formsOf);
    for (const form of words.length === 0 ? [] : forms) {
        const match = matchPattern(form.pattern, words, form.slots);
        const name = match === null || match.words === 0 ? null : freeSlot(form, match.slots);
        if (name !== null) return name;
    }
    return null;
}

/** What stands in a slot that can hold any words. */
function freeSlot({ slots: known }: Form, slots: Readonly<Record<string, string>>): string | null {
    return Object.entries(slots).find(([slot, said]) => !known.has(slot) && !/^\d/.test(said))?.[1] ?? null;
}

/** The wish that the words come nearest to, where no phrase fits word for word. */
function nearestWish(
    written: readonly Word[],
    words: readonly Word[],
    system: Surroundings & { signal: AbortSignal },
    least = nearScore,
): ReadWish | null {
    const all = readNear(written, words).filter(({ reading, lost }) => lost === null && reading.score >= least);
    const near = all
        .map(({ reading }) => reading)
        .filter(({ score }) => score >= (all[0]?.reading.score ?? 0) - nearMargin);
    if (near.length === 0) return null;
    return {
        isQuestion: false,
        readings: near.map(({ declared, slots, phrase }) => ({ action: declared.id, slots, phrase })),
        ways: async () => {
            for (const { declared, slots } of near) {
                const ways = await declared.wish.parameters(slots, system);
                if (ways.length > 0)
                    return ways.map(parameters => ({ action: declared.id, parameters, explanation: '' }));
            }
            return [];
        },
    };
}

/** What cannot come true is not said of what only may be meant. */
function unlessRefused(error: unknown): ProposedFix[] {
    if (error instanceof ReeveError) return [];
    throw error;
}

/** Whether the words are surely a question, or no matter of ours. */
const isNoWish = ({ likely: [first] }: Judgement) =>
    first !== undefined && first.probability >= surelyLikely && !wishesByLabel().has(first.label);

/** The wish that the words come nearest to; where that names nothing that is here, what the words are likely to ask for. */
function nearWish(
    written: readonly Word[],
    words: readonly Word[],
    likely: (ReadWish & { probability: number }) | null,
    judgement: Judgement,
    system: Surroundings & { signal: AbortSignal },
): ReadWish | null {
    const nearest = nearestWish(written, words, system);
    if (nearest === null || likely === null) return nearest ?? likely;
    const action = nearest.readings[0]?.action ?? '';
    const own = judgement.likely.filter(({ label }) => label.startsWith(`${action} `));
    const isLess = own.every(({ probability }) => probability < contradicted);
    if (likely.probability >= surelyLikely && isLess) return likely;
    return {
        ...nearest,
        ways: async () => {
            const ways = await nearest.ways();
            return ways.length > 0 ? ways : await likely.ways();
        },
    };
}

/** From this on, a wish that no phrase comes near to is likely enough, where the next likely is this much less so. */
const likelyWishes = { probability: 0.27, margin: 1.4 };
const othersShare = 0.3;
/** What forbids, limits or only tells of a wish: a phrase that is said has such words, and what is likely is not known to heed them. */
const limiting = new Set(
    (
        'not dont never no without if unless when whenever since only except until once wait told said say says heard read ' +
        'nicht kein keine keinen nie niemals ohne wenn falls sobald nur außer ausser bis seit sagt sagte gesagt gelesen ' +
        'لا بدون ليس لم لن اذا إذا عندما فقط حتى منذ الا إلا قال'
    ).split(' '),
);
const isLimiting = ({ form }: Word) => limiting.has(form);
/** From this on, words are more likely to ask for that than for what any name would fit. */
const surelyLikely = 0.55;
/** An action that is less likely than this is not meant where another surely is. */
const contradicted = 0.15;
/** What was done is no wish. */
const past = /^(?:yesterday|gestern|امس|البارحه|ago|did|was|were|wurde|war)$/;

/** What the words are likely to ask for, judged by examples. Whether what they name is here decides, too. */
function likelyWish(
    written: readonly Word[],
    words: readonly Word[],
    { likely, unknown }: Judgement,
    system: Surroundings & { signal: AbortSignal },
): (ReadWish & { probability: number }) | null {
    const [first] = words;
    if (first === undefined || words.length < 2 || !isOrder(written, words)) return null;
    if (written.some(word => isLimiting(word) || past.test(word.form) || /^[;&+]$/.test(word.form))) return null;
    const groups = [...Map.groupBy(likely, ({ label }) => groupOf(label))].map(([group, of]) => ({
        group,
        labels: of.map(({ label }) => label),
        probability: of.reduce((sum, one) => sum + one.probability, 0),
    }));
    groups.sort((one, other) => other.probability - one.probability);
    const [best, second] = groups;
    if (best === undefined || best.probability < likelyWishes.probability) return null;
    if (best.probability < (second?.probability ?? 0) * likelyWishes.margin) return null;
    // Of wishes that differ in what they name, the others are tried where they are not much less likely.
    const near = likely.filter(({ label }) => best.labels.includes(label));
    const least = (near[0]?.probability ?? 0) * othersShare;
    const declared = near.flatMap(({ label, probability }) =>
        (wishesByLabel().get(label) ?? []).map(one => ({ ...one, isLess: probability < least })),
    );
    if (best.probability < surelyLikely && written.map(sayWord).some(({ isForeign }) => isForeign === true))
        return null;
    const found = declared.flatMap(({ isLess, ...one }) => {
        const ways = findSlots(one.phrases, one.slots ?? {}, written, { unknown, isGuessing: true });
        const named = ways.filter(filled => Object.keys(filled).length > 0);
        // What a sentence names is not left out.
        const isNamed = isLess || (unknown.size > 0 && named.length > 0);
        return (isNamed ? named : ways).map(filled => ({ one, filled }));
    });
    // A number is said for a reason.
    const measured = found.filter(({ filled }) => filled.number !== undefined || filled.amount !== undefined);
    const slots = measured.length > 0 ? measured : found;
    if (slots.length === 0) return null;
    return {
        probability: best.probability,
        isQuestion: false,
        readings: slots.map(({ one, filled }) => ({ action: one.id, slots: filled, phrase: '' })),
        ways: async () => {
            let refusal: ReeveError | null = null;
            for (const { one, filled } of slots) {
                try {
                    const ways = await one.wish.parameters(filled, system);
                    if (ways.length > 0)
                        return ways.map(parameters => ({ action: one.id, parameters, explanation: '' }));
                } catch (error) {
                    if (!(error instanceof ReeveError)) throw error;
                    refusal ??= error;
                }
            }
            if (refusal !== null) throw refusal;
            return [];
        },
    };
}

/** Wishes that differ only in what they name are told apart by that. */
const groupOf = (label: string) => label.replace(/ \d+$/, '');

let byLabel: ReadonlyMap<string, readonly DeclaredWish[]> | null = null;

function wishesByLabel(): ReadonlyMap<string, readonly DeclaredWish[]> {
    if (byLabel === null) {
        const found = new Map<string, DeclaredWish[]>();
        for (const action of everyAction)
            for (const wish of action.wishes ?? [])
                found.set(labelOf(action, wish), [...(found.get(labelOf(action, wish)) ?? []), declare(action, wish)]);
        byLabel = found;
    }
    return byLabel;
}

const declare = ({ name }: Action, wish: Wish<Record<string, unknown>>): DeclaredWish => ({
    id: name,
    phrases: wish.phrases,
    slots: wish.slots ?? {},
    wish,
});

const declaredWishes = () => everyAction.flatMap(action => (action.wishes ?? []).map(wish => declare(action, wish)));

/** Why a phrase that a wish comes near to is not meant. */
export type LostWish = 'contrary' | 'foreign-word' | 'phrase-incomplete' | 'common-words' | 'too-far';

/** All actions that the words come near to, the nearest first, also those that are not meant. */
export function readNear(
    written: readonly Word[],
    words: readonly Word[] = meant(written).words,
): { reading: Reading<DeclaredWish>; lost: LostWish | null }[] {
    const said = words.map(sayWord);
    if (words.length < 2 || !isOrder(written, words) || isInflected(words[0])) return [];
    book ??= new Phrasebook(declaredWishes(), dropped);
    return book.read(said, { verb: verbOf(words) }).map(reading => ({ reading, lost: lostBy(reading, said) }));
}

/** “Dark theme” alone may ask; “dark theme please” wishes; “docker stopped” tells. */
function isOrder(written: readonly Word[], words: readonly Word[]): boolean {
    const verb = verbOf(words);
    if (verb !== null) return !isInflected(words[verb]);
    return written.some(({ form }) => please.has(form));
}

function lostBy(
    { score, recall, matched, isTelling, isWhole }: Reading<DeclaredWish>,
    said: readonly SaidWord[],
): LostWish | null {
    if (said.some(({ form }, index) => turning.test(form) && !matched.has(index))) return 'contrary';
    if (!isWhole) return 'foreign-word';
    if (recall < leastRecall) return 'phrase-incomplete';
    if (!isTelling) return 'common-words';
    return score < nearScore ? 'too-far' : null;
}

function sayWord(word: Word): SaidWord {
    const [token] = readTokens([word]);
    return { ...word, isEmpty: token?.ignored === true, isForeign: token?.concepts.has('foreign') === true };
}

/** “Restarted”, “sleeping” and “printer” describe or name something; they are no orders. */
function isInflected(first: Word | undefined): boolean {
    if (first === undefined || !/^[a-z]+(?:s|ed|ing|t|er)$/.test(first.form)) return false;
    return verbOf([first]) !== null && !isVerb(first.form);
}

/** It begins as a question does: “why …”, “is …”. */
function asksFirst([first, second]: readonly Word[]): boolean {
    if (first === undefined || first.quoted) return false;
    // “Am Bildschirm …” is German.
    return first.form === 'am' ? second?.form === 'i' : questionWords.test(first.form);
}

const questionWords =
    /^(?:is|are|was|were|does|did|has|have|which|what|who|whose|how|why|when|where|ist|sind|war|bin|hat|habe|gibt|lauft|wird|welche[rsnm]?|was|wer|wen|wem|wie|wieviel|warum|wieso|weshalb|wann|wo|woher|هل|ما|ماذا|من|اي|باي|كم|كيف|لماذا|متى|اين)$/;

function formsOf(action: Action): Form[] {
    const { name, wishes = [] } = action;
    return wishes.flatMap(wish => {
        const label = labelOf(action, wish);
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
        return phrases.map(phrase => {
            const pattern = parsePattern(phrase, dropped);
            return { action: name, label, wish, slots, phrase, pattern, initials: initialsOf(pattern, slots) };
        });
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
