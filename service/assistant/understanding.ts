import type { Phrases, SlotValues } from '../actions/wish.ts';
import { markHowTo } from './howTo.ts';
import { readTokens } from './lexicon.ts';
import type { Token } from './lexicon.ts';
import { findNames, shellProgram } from './names.ts';
import type { Names } from './names.ts';
import { empty } from './phrasing/features.ts';
import { judge, type Judgement } from './phrasing/classifier.ts';
import { findSlots } from './phrasing/slots.ts';
import { Phrasebook, type Reading, type SaidWord } from './phrasing/phrasebook.ts';
import { times, weekdays, type Concept } from './vocabulary/concepts.ts';
import { withoutUnclearDays } from './time/days.ts';
import { joinTimesOfDay, withoutTimesAhead } from './time/timesOfDay.ts';
import { findWindow, type TimeWindow } from './time/window.ts';
import { synonyms } from './phrasing/synonyms.ts';
import { splitWords, type Word } from './words.ts';

/** How people ask for an answer. */
export type Topic = {
    id: string;
    phrases: Phrases;
    /** Slots of the phrases that are no free text. */
    slots?: Readonly<Record<string, SlotValues>>;
    /** Its slot “name” holds a program or a package of this computer; “must” where nothing else is asked of it. */
    named?: 'may' | 'must';
    /** Which times it takes into account: any, or only the present and the last day. */
    times?: 'any' | 'today';
};

export type Match = {
    id: string;
    /** What the slots of its phrases hold. */
    said: Readonly<Record<string, string>>;
    /** How near the question comes to its phrase, 0 to 1. */
    score: number;
    /** The words that made it this topic. */
    keys: ReadonlySet<Token>;
    /** All words that the topic explains. */
    explained: ReadonlySet<Token>;
};

export type Understanding = {
    tokens: readonly Token[];
    /** Topics that explain enough, best first. */
    matches: readonly Match[];
    /** What the words are likely to ask for, judged by examples: a topic, an action, or “none”. */
    likely: { label: string; probability: number };
    /** No phrase comes near: the match is what is likely. */
    isLikely: boolean;
    /** The first two matches are of two questions in one. */
    asksForBoth: boolean;
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
    /** All words that are about that. */
    explained: ReadonlySet<Token>;
    /** The words are known to stand for units; else they are only words that we do not know. */
    known: boolean;
    /** The question is about the state of something, and of nothing else. */
    isState: boolean;
};

/** More than half of a question must be about its subject: with one word of ours and one that is not, it asks for something else. */
const threshold = 0.55;
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
    const tokens = tokensOf(question, now);
    const meaning = tokens.filter(token => !token.ignored);
    const names = findNames(tokens, known);
    const asked = askedKind(tokens);
    const whole = readPhrases(topics, tokens, names, asked);
    const both = whole.length > 0 ? null : readBoth(tokens, part => readPhrases(topics, part, names, asked));
    const judgement = judge(splitWords(question));
    const isOpen = both === null && (whole.length === 0 || isContradicted(whole, judgement));
    // What is no matter of ours, and what asks for a change, is no question for what only comes near.
    const [first] = judgement.likely;
    const isOther = isOpen && (first?.label === 'none' || !topics.some(({ id }) => id === first?.label));
    const likely = isOpen ? readLikely(topics, question, judgement, tokens, names, asked) : [];
    return {
        tokens,
        matches: both ?? (isOther ? [] : [...likely, ...whole]),
        likely: judgement.likely[0] ?? { label: 'none', probability: 0 },
        isLikely: likely.length > 0,
        asksForBoth: both !== null,
        asksForChange: asksForChange(tokens, meaning),
        subject: findSubject(meaning, asked),
        names: [...names.sure].map(({ text, units }) => units[0]?.toLowerCase() ?? text),
        mayName: names.possible,
        path: meaning.find(token => token.concepts.has('path'))?.text ?? null,
        window: findWindow(tokens, now),
    };
}

/** @param now as `understand` has it */
export function tokensOf(question: string, now: number): readonly Token[] {
    return withoutUnclearDays(withoutTimesAhead(joinTimesOfDay(markHowTo(readTokens(splitWords(question)))), now));
}

/** “CPU and memory usage”: two questions, which may have words in common, or follow each other. */
function readBoth(tokens: readonly Token[], read: (tokens: readonly Token[]) => readonly Match[]): Match[] | null {
    for (const [at, { and }] of tokens.entries()) {
        if (!and) continue;
        const before = tokens.slice(0, at);
        const after = tokens.slice(at + 1);
        const [last, first] = [before.findLast(isContent), after.find(isContent)];
        const withoutFirst = [...before, ...after.filter(token => token !== first)];
        const withoutLast = [...before.filter(token => token !== last), ...after];
        const isShared = [before, after].some(part => part.filter(isContent).length < 2);
        const following = [before, after] as const;
        const divisions = isShared ? [[withoutFirst, withoutLast] as const, following] : [following];
        for (const [one, other] of divisions) {
            const [[ofOne], [ofOther]] = [read(one), read(other)];
            if (ofOne !== undefined && ofOther !== undefined && ofOne.id !== ofOther.id) return [ofOne, ofOther];
        }
    }
    return null;
}

const isContent = ({ ignored, and }: Token) => !ignored && !and;

const definition = /^(?:what is|was ist|ما هو|ما هي)$/;
/** From these on, words count less that speak of something else, or that no example has. */
const despiteForeign = 0.6;
const despiteUnread = 0.4;
/** From this on, a topic that no phrase comes near to is likely enough, where the next likely is this much less so. */
const likelyTopics = { probability: 0.55, margin: 1.4 };

/** A phrase that is not quite said gives way to what the words are much likelier to ask for. */
function isContradicted(matches: readonly Match[], { likely: [first, ...others] }: Judgement): boolean {
    const [best] = matches;
    if (best === undefined || first === undefined || best.score >= surePhrase) return false;
    if (matches.some(({ id }) => id === first.label) || best.said.name !== undefined) return false;
    const own = others.find(({ label }) => label === best.id)?.probability ?? 0;
    return first.probability >= contradicting && own < contradicted;
}

/** Of so few, one more could make another question. */
const fewWords = 3;
const surePhrase = 0.97;
const contradicting = 0.7;
const contradicted = 0.15;
/** From this on, words that were not understood make no difference. */
const surelyLikely = 0.85;
/** Verbs decide on these: see choice.ts. */
const chosenOtherwise: ReadonlySet<string> = new Set(['request']);
const manuals =
    /^(?:man|manual|manuals|manpages?|docs?|documentation|handbuch|handbuchs?eiten?|anleitung|doku|dokumentation|help|hilfe|دليل|الدليل|توثيق|التوثيق|وثايق)$/;
const tellsHow: ReadonlySet<string> = new Set(['fact:manual', 'help']);

/** What the question is likely to ask for, judged by examples. */
function readLikely(
    topics: readonly Topic[],
    question: string,
    { likely, unknown }: Judgement,
    tokens: readonly Token[],
    names: Names,
    asked: ReadonlySet<Token>,
): Match[] {
    if (tokens.some(token => has(token, ['howto'])) && !tellsHow.has(likely[0]?.label ?? '')) return [];
    const words = splitWords(question);
    // “What is tar” asks for the page of that name.
    const [what, is, ...named] = words.filter(({ form }) => /[\p{L}\p{N}]/u.test(form));
    if (named.length === 1 && definition.test(`${what?.form} ${is?.form}`)) return [];
    const isName = (word: Word, among: Iterable<Token>) => [...among].some(({ text }) => text === word.written);
    const called = words.flatMap((word, index) => (isName(word, names.sure) ? [index] : []));
    const [best, second] = likely;
    if (best === undefined || best.probability < likelyTopics.probability) return [];
    if (best.probability < (second?.probability ?? 0) * likelyTopics.margin) return [];
    if (best.probability < despiteForeign && tokens.some(token => has(token, ['foreign']))) return [];
    const topic = topics.find(({ id }) => id === best.label);
    if (topic === undefined || chosenOtherwise.has(topic.id)) return [];
    // What a command means is told by the passage that fits.
    if (topic.id === 'fact:manual' && !words.some(({ form }) => manuals.test(form))) return [];
    const isSure = best.probability >= surelyLikely;
    const near = readTopics(topics, tokens, names, asked).find(({ reading }) => reading.declared.id === topic.id);
    const unread = words.flatMap((word, index) =>
        isName(
            word,
            tokens.filter(token => token.unknown),
        ) && !synonyms.has(word.form)
            ? [index]
            : [],
    );
    // “Which services are there”, and none of them is named.
    if (topic.id === 'unit' && (called.length > 0 || unread.length > 0)) return [];
    const strange = unknown.size + called.length > 0 ? [...unknown, ...called] : unread;
    const isOfAny = topic.named === 'must' && isSure && called.length === 0;
    const unknownWords = topic.named === undefined || isOfAny ? strange : called;
    const found = findSlots(topic.phrases, topic.slots ?? {}, words, {
        unknown: new Set(unknownWords),
        isGuessing: false,
    });
    const said = found[0] ?? near?.reading.slots;
    const unreadWord = words.some(
        (word, index) =>
            unknown.has(index) &&
            unread.includes(index) &&
            !Object.values(said ?? {})
                .join(' ')
                .includes(word.written),
    );
    const read = words.filter((word, index) => !empty.has(word.form) && !unknown.has(index));
    if (unreadWord && (best.probability < despiteUnread || read.length < fewWords)) return [];
    if (said === undefined || (isOfName(topic.named, said) && names.sure.size === 0 && !isOfAny)) return [];
    const own = new Set(tokens.filter(token => !token.unknown));
    return [{ id: topic.id, said, score: best.probability, keys: own, explained: own }];
}

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
/** From this score on, a phrase without a word of its own was said. */
const sureScore = 0.8;
/** What says when is read by time/window.ts. */
const timeWords: readonly Concept[] = [...times, 'since', 'now', 'untold'];

const covered = { any: times, today: ['recent', 'last', 'before', 'today'], none: [] } as const;
const isOfName = (named: Topic['named'], said: Readonly<Record<string, string>>) =>
    named === 'must' || (named === 'may' && said.name !== undefined);
/** “Who uses the Wi-Fi” is no question for its state. */
const asksFor = /^(?:who|whose|when|where|wer|wem|wen|wann|wo|woher|متي|اين)$/;

const books = new WeakMap<readonly Topic[], Phrasebook<Topic>>();

/** Why a phrase that a question comes near to is not what it asks. */
export type Lost = 'foreign-word' | 'too-far' | 'phrase-incomplete' | 'common-words' | 'no-name';
/** How a question can be read, and what speaks against it. */
export type TopicReading = {
    reading: Reading<Topic>;
    tokensOf: (indices: ReadonlySet<number>) => Set<Token>;
    lost: Lost | null;
};

/** The topics by what people say to ask for them. */
function readPhrases(...asked: Parameters<typeof readTopics>): Match[] {
    const [, tokens] = asked;
    return readTopics(...asked).flatMap(
        ({ reading: { declared, score, slots, matched, explained }, tokensOf, lost }) =>
            lost !== null
                ? []
                : [
                      {
                          id: declared.id,
                          said: slots,
                          score,
                          keys: tokensOf(matched),
                          explained: new Set([
                              ...tokensOf(explained),
                              ...tokens.filter(token => has(token, covered[declared.times ?? 'none'])),
                          ]),
                      },
                  ],
    );
}

/** All topics that the words come near to, the nearest first, also those that are not meant. */
function readTopics(
    topics: readonly Topic[],
    tokens: readonly Token[],
    names: Names,
    asked: ReadonlySet<Token>,
): TopicReading[] {
    let book = books.get(topics);
    if (book === undefined) {
        book = new Phrasebook(topics);
        books.set(topics, book);
    }
    const of: Token[] = [];
    const words = tokens.flatMap((token, index) =>
        splitWords(token.text).map((word): SaidWord => {
            of.push(token);
            return {
                ...word,
                isEmpty: token.ignored,
                isTime: has(token, timeWords) || isAmountOfTime(tokens, index),
                isForeign: has(token, ['foreign']),
                isOther: has(token, ['howto']),
                canName: names.sure.has(token) || has(token, ['command']),
            };
        }),
    );
    const kinds = new Set(
        of.flatMap((token, index) =>
            (asked.has(token) && !isAsking(token)) || (index < 2 && asksFor.test(words[index]?.form ?? ''))
                ? [index]
                : [],
        ),
    );
    const tokensOf = (indices: ReadonlySet<number>) =>
        new Set([...indices].flatMap(index => of[index] ?? []).filter(token => !token.ignored));
    return book.read(words, { kinds }).map(reading => ({ reading, tokensOf, lost: lostBy(reading, names) }));
}

function lostBy({ declared, isWhole, isTelling, recall, score, slots }: Reading<Topic>, names: Names): Lost | null {
    if (!isWhole) return 'foreign-word';
    if (recall < leastRecall) return 'phrase-incomplete';
    if (score < phraseThreshold) return 'too-far';
    if (!isTelling && score < sureScore && !(slots.name !== undefined && recall > 0.99)) return 'common-words';
    if (isOfName(declared.named, slots) && names.sure.size === 0) return 'no-name';
    return null;
}

/**
 * As `understand`, with all readings of the whole question and what speaks against them, for who asks how it was read.
 *
 * @returns the nearest first
 */
export function readingsOf(
    question: string,
    topics: readonly Topic[],
    now: number,
    known: ReadonlySet<string> = new Set(),
): TopicReading[] {
    const tokens = tokensOf(question, now);
    return readTopics(topics, tokens, findNames(tokens, known), askedKind(tokens));
}

/** What comes less near is no answer to offer. */
const offeredScore = 0.55;
const offeredMost = 3;
const offerable: readonly (Lost | null)[] = ['too-far', 'phrase-incomplete'];

/** The topics that a question which is not understood may be about, the nearest first; none where a word speaks against all. */
export function nearTopics(readings: readonly TopicReading[]): string[] {
    const near = readings.filter(
        ({ reading: { score, isTelling }, lost }) => isTelling && score >= offeredScore && offerable.includes(lost),
    );
    return near.slice(0, offeredMost).map(({ reading: { declared } }) => declared.id);
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

/** The number of “the last 10 minutes”. */
function isAmountOfTime(tokens: readonly Token[], index: number): boolean {
    const [number, unit] = [tokens[index], tokens[index + 1]];
    return number !== undefined && unit !== undefined && isNumber(number) && has(unit, timeWords);
}

const isNumber = (token: Token) => /^\p{N}+$/u.test(token.text);

/** An order begins with its verb, or in German ends with it; a question about the same verb begins otherwise. */
function asksForChange([opening]: readonly Token[], tokens: readonly Token[]): boolean {
    if (opening === undefined) return false;
    if (has(opening, ['howto'])) return tokens.some(token => has(token, ['fix', 'undo']));
    if (opening.asking || asksToSee.test(opening.text)) return false;
    if (tokens.some(token => has(token, ['why', 'when', 'what', 'who']))) return false;
    const first = tokens[0];
    const last = tokens.at(-1);
    const germanOrder =
        last?.concepts.has('command') === true && !last.concepts.has('state') && last.text.endsWith('en');
    return (first !== undefined && has(first, ['command', 'fix', 'undo'])) || (germanOrder && tokens.length > 1);
}

const asksToSee =
    /^(?:which|welche[rsnm]?|أي|اي|am|bin|wie|show|list|display|print|see|zeige?n?|liste|nenne?|اعرض|أعرض|أظهر|اظهر|أرني|ارني)(?: |$)/;

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
        explained,
        known: known.length > 0,
        isState: score === 1 && (tokens.some(token => has(token, ['state', 'unit'])) || subject.some(isUnitName)),
    };
}

const isUnitName = ({ text }: Token) => /\.(?:service|socket|timer|mount|path|target)$/.test(text);
const isAsking = (token: Token) => [...token.concepts].some(concept => neutral.has(concept));
