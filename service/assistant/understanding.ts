import type { Phrases, SlotValues } from '../actions/wish.ts';
import { markHowTo } from './howTo.ts';
import { readTokens } from './lexicon.ts';
import type { Token } from './lexicon.ts';
import { findNames, shellProgram } from './names.ts';
import type { Names } from './names.ts';
import { Phrasebook, type Declared, type SaidWord } from './phrasing/phrasebook.ts';
import { times, weekdays, type Concept } from './vocabulary/concepts.ts';
import { withoutUnclearDays } from './time/days.ts';
import { joinTimesOfDay, withoutTimesAhead } from './time/timesOfDay.ts';
import { findWindow, type TimeWindow } from './time/window.ts';
import { splitWords } from './words.ts';

/** What a question must and may speak of, to be one for an answer. */
export type Topic = {
    id: string;
    /** How people ask for it; a topic that has them needs no keys. */
    phrases?: Phrases;
    /** Slots of the phrases that are no free text. */
    slots?: Readonly<Record<string, SlotValues>>;
    /** Sets of concepts; the question must have all of one set. */
    keys: readonly (readonly Concept[])[];
    /** Concepts that belong to the topic beside those. */
    also: readonly Concept[];
    /** Concepts that make it another question, about which we know nothing. */
    never?: readonly Concept[];
    /** It answers for a program or package that the question names, or only for one that it names. */
    named?: 'may' | 'must';
};

export type Match = {
    id: string;
    /** What the slots of its phrases hold. */
    said: Readonly<Record<string, string>>;
    /** Share of the question's meaning that the topic explains, 0 to 1. */
    score: number;
    /** From which score on it answers the question. */
    needed: number;
    /** It was read from a phrase, and so from the whole question. */
    isSaid: boolean;
    /** The words that made it this topic. */
    keys: ReadonlySet<Token>;
    /** All words that the topic explains. */
    explained: ReadonlySet<Token>;
};

export type Understanding = {
    tokens: readonly Token[];
    /** Topics that explain enough, best first. */
    matches: readonly Match[];
    /** The question asks for an action, not for information. */
    asksForChange: boolean;
    subject: Subject | null;
    /** The programs and packages that the question names; in lower case. */
    names: readonly string[];
    /** Words that stand where a program would, and are names if there is one of that name here. */
    mayName: readonly string[];
    /** The first path in the question, as it was written; it may begin with "~". */
    path: string | null;
    window: TimeWindow | null;
};

/** What could be the name of a unit or a program in the question. */
export type Subject = {
    /** In the person's words, in lower case. */
    words: readonly string[];
    /** Names of units that the words stand for. */
    units: readonly string[];
    /** Share of the question that is about the state of this subject, if it is one, 0 to 1. */
    score: number;
    /** All words that are about that. */
    explained: ReadonlySet<Token>;
    /** The words are known to stand for units; else they are only words that we do not know. */
    known: boolean;
    /** The question is about the state of something, and of nothing else. */
    isState: boolean;
};

/** More than half of what a question speaks of must be of a topic: with one word of ours and one that is not, it asks for something else. */
const threshold = 0.55;
/** A topic that has only words in common with it that go with anything must explain it all. */
const commonThreshold = 0.9;
/** A word of what we know nothing about, and a wish for instructions, outweighs several that happen to be ours. */
const foreignWeight = 3;

/** Concepts that say how something is asked, which every topic bears. */
const neutral = new Set<Concept>([
    'what',
    'how',
    'why',
    'when',
    'who',
    'list',
    'measure',
    'now',
    'computer',
    'help',
    'own',
    'needed',
    'doer',
    'before',
    'since',
]);

/** Words that questions about anything have. */
const common = new Set<Concept>([
    ...neutral,
    'application',
    'usage',
    'state',
    'full',
    'free',
    'large',
    'healthy',
    'begin',
    'automatic',
    'version',
    'help',
]);

/** Words that go with the state of a unit. */
const unitConcepts: readonly Concept[] = [
    'state',
    'unit',
    'broken',
    'failure',
    'healthy',
    'crash',
    'boot',
    'shutdown',
    'command',
    'begin',
    'log',
    'application',
    'recent',
    'last',
    'today',
    'yesterday',
    ...weekdays,
    'daypart',
    'fix',
    'change',
    'network',
];
/** Of these, at least one must be there to ask for a unit that has a name we do not know. */
const unitKeys: readonly Concept[] = ['state', 'unit', 'broken', 'failure', 'healthy', 'command', 'application'];

const has = (token: Token, concepts: readonly Concept[]) => concepts.some(concept => token.concepts.has(concept));

/**
 * @param now microseconds since the Unix epoch, for "today" and the like
 * @param known names of programs of this computer, in lower case
 */
export function understand(
    question: string,
    topics: readonly Topic[],
    now: number,
    known: ReadonlySet<string> = new Set(),
): Understanding {
    const tokens = withoutUnclearDays(
        withoutTimesAhead(joinTimesOfDay(markHowTo(readTokens(splitWords(question)))), now),
    );
    const meaning = tokens.filter(token => !token.ignored);
    const names = findNames(tokens, known);
    const asked = askedKind(tokens);
    const matches = [
        ...topics.map(topic => matchTopic(topic, meaning, names, asked)),
        ...readPhrases(topics, tokens, names, asked),
    ]
        .filter(match => match.score >= match.needed)
        .sort((a, b) => Number(isSure(b)) - Number(isSure(a)) || b.score - a.score || b.keys.size - a.keys.size);
    return {
        tokens,
        matches,
        asksForChange: tokens[0]?.asking !== true && asksForChange(meaning),
        subject: findSubject(meaning, asked),
        names: [...names.sure].map(({ text, units }) => units[0]?.toLowerCase() ?? text),
        mayName: names.possible,
        path: meaning.find(token => token.concepts.has('path'))?.text ?? null,
        window: findWindow(tokens, now),
    };
}

/** What was read from a phrase rests on all words of the question, and on their order. */
const isSure = ({ isSaid, score }: Match) => isSaid && score >= sureScore;

/** Words of the question that none of these explain, as they were written: an answer does not take them into account. */
export function unreadWords({ tokens }: Understanding, explained: readonly ReadonlySet<Token>[]): string[] {
    const unread = tokens.filter(
        token => !token.ignored && !isAsking(token) && token.text.length > 1 && !isNumber(token),
    );
    return unread.filter(token => !explained.some(set => set.has(token))).map(({ text }) => text);
}

/** From this score on, a question comes near enough to a phrase. */
const phraseThreshold = 0.7;
/** So much of the phrase must be said. */
const leastRecall = 0.85;
/** From this score on, a phrase is surer than words that belong to a topic. */
const sureScore = 0.8;

type PhrasedTopic = Topic & Declared;
const books = new WeakMap<readonly Topic[], Phrasebook<PhrasedTopic>>();

/** The topics by what people say to ask for them. */
function readPhrases(
    topics: readonly Topic[],
    tokens: readonly Token[],
    names: Names,
    asked: ReadonlySet<Token>,
): Match[] {
    let book = books.get(topics);
    if (book === undefined) {
        book = new Phrasebook(topics.filter((topic): topic is PhrasedTopic => topic.phrases !== undefined));
        books.set(topics, book);
    }
    const of: Token[] = [];
    const words = tokens.flatMap(token =>
        splitWords(token.text).map((word): SaidWord => {
            of.push(token);
            return {
                ...word,
                isEmpty: token.ignored,
                isTime: has(token, times),
                isForeign: has(token, ['foreign']),
                isOther: has(token, ['howto']),
                canName: names.sure.has(token) || has(token, ['command']),
            };
        }),
    );
    const kinds = new Set(of.flatMap((token, index) => (asked.has(token) && !isAsking(token) ? [index] : [])));
    const tokensOf = (indices: ReadonlySet<number>) =>
        new Set([...indices].flatMap(index => of[index] ?? []).filter(token => !token.ignored));
    return book
        .read(words, { kinds })
        .filter(
            ({ isWhole, isTelling, recall, score }) =>
                isWhole && recall >= leastRecall && (isTelling || (recall > 0.99 && score >= sureScore)),
        )
        .filter(({ declared }) => declared.named !== 'must' || names.sure.size > 0)
        .map(({ declared, score, slots, matched, explained }) => ({
            id: declared.id,
            said: slots,
            score,
            needed: phraseThreshold,
            isSaid: true,
            keys: tokensOf(matched),
            explained: tokensOf(explained),
        }));
}

function matchTopic(topic: Topic, tokens: readonly Token[], names: Names, asked: ReadonlySet<Token>): Match {
    const nothing = {
        id: topic.id,
        said: {},
        score: 0,
        needed: threshold,
        isSaid: false,
        keys: new Set<Token>(),
        explained: new Set<Token>(),
    };
    if (tokens.some(token => has(token, topic.never ?? []))) return nothing;
    const held = topic.keys.filter(set => set.every(concept => tokens.some(token => token.concepts.has(concept))));
    if (held.length === 0) return nothing;
    if (topic.named === 'must' && names.sure.size === 0) return nothing;
    const keyConcepts = held.flat();
    const keys = new Set(tokens.filter(token => has(token, keyConcepts)));
    const isOfName = (token: Token) => topic.named !== undefined && names.sure.has(token);
    const explained = new Set(tokens.filter(token => keys.has(token) || has(token, topic.also) || isOfName(token)));
    if (tokens.some(token => asked.has(token) && !isAsking(token) && !explained.has(token))) return nothing;
    const needed = keyConcepts.every(concept => common.has(concept)) ? commonThreshold : threshold;
    return { id: topic.id, said: {}, score: scoreOf(tokens, explained), needed, isSaid: false, keys, explained };
}

function scoreOf(tokens: readonly Token[], explained: ReadonlySet<Token>): number {
    let total = 0;
    let own = 0;
    for (const token of tokens) {
        const isNeutral = [...token.concepts].some(concept => neutral.has(concept));
        if (explained.has(token)) {
            own += 1;
            total += 1;
        } else if (!isNeutral && !isNumber(token) && !token.concepts.has('untold')) {
            total += weightOf(token);
        }
    }
    return total === 0 ? 0 : own / total;
}

/** Ignored words are reported; a time or a single letter is never the subject of a question. */
function weightOf(token: Token): number {
    if (has(token, ['foreign', 'howto'])) return foreignWeight;
    return has(token, times) || token.text.length === 1 ? 0.5 : 1;
}

/** Whether any word of the question can mean one of these. */
export function mentions({ tokens }: Pick<Understanding, 'tokens'>, ...concepts: Concept[]): boolean {
    return tokens.some(token => has(token, concepts));
}

/** The programs that a question may name; the Shell is one also by its other names. */
export function programsNamed(understanding: Understanding): readonly string[] {
    const { names } = understanding;
    return mentions(understanding, 'shell') && !names.includes(shellProgram) ? [...names, shellProgram] : names;
}

const isNumber = (token: Token) => /^\p{N}+$/u.test(token.text);

/** An order begins with its verb, or in German ends with it; a question about the same verb begins otherwise. */
function asksForChange(tokens: readonly Token[]): boolean {
    if (tokens.some(token => has(token, ['why', 'when', 'what', 'who']))) return false;
    const first = tokens[0];
    const last = tokens.at(-1);
    const germanOrder =
        last?.concepts.has('command') === true && !last.concepts.has('state') && last.text.endsWith('en');
    return (first !== undefined && has(first, ['command', 'fix', 'undo'])) || (germanOrder && tokens.length > 1);
}

/**
 * “Which keyboard layout is active” and “which process created this” ask for one of a kind: no unit is called so, and a topic
 * that leaves a word of the kind unread answers something else.
 */
function askedKind(tokens: readonly Token[]): ReadonlySet<Token> {
    const kind = new Set<Token>();
    for (const [index, { text }] of tokens.entries()) {
        if (!which.test(text)) continue;
        for (const token of tokens.slice(index + 1)) {
            if (token.ignored || (kind.size > 0 && has(token, verbs))) break;
            kind.add(token);
        }
    }
    return kind;
}

const which = /^(?:which|how many|welche[rsnm]?|wie ?viele|أي|اي)$/;
/** What may follow the kind without being a word of it. */
const verbs: readonly Concept[] = ['usage', 'state', 'begin', 'command', 'needed', 'fix', 'own'];

function findSubject(tokens: readonly Token[], asked: ReadonlySet<Token>): Subject | null {
    const known = tokens.filter(token => token.units.length > 0);
    const unknown = tokens.filter(token => token.unknown && !asked.has(token) && /\p{L}/u.test(token.text));
    const subject = known.length > 0 ? known : unknown;
    if (subject.length === 0 || subject.length > 4) return null;
    const about = tokens.filter(token => subject.includes(token) || has(token, unitConcepts));
    const isBare = about.length === subject.length && tokens.every(token => subject.includes(token) || isAsking(token));
    if (known.length === 0 && !isBare && !tokens.some(token => has(token, unitKeys))) return null;
    const explained = new Set(about);
    const score = scoreOf(tokens, explained);
    if (score < threshold) return null;
    return {
        words: subject.map(token => token.text),
        units: known.flatMap(token => token.units),
        score,
        explained,
        known: known.length > 0,
        isState: score === 1 && (tokens.some(token => has(token, ['state', 'unit'])) || subject.some(isUnitName)),
    };
}

const isUnitName = ({ text }: Token) => /\.(?:service|socket|timer|mount|path|target)$/.test(text);
const isAsking = (token: Token) => [...token.concepts].some(concept => neutral.has(concept));
