import type { Evidence } from '../model/incident.ts';
import type { Proposal } from '../model/proposal.ts';
import { answers } from './answers/index.ts';
import { readTokens, type Token } from './lexicon.ts';
import { matchPattern, parsePattern } from './phrasing/pattern.ts';
import { verbOf } from './phrasing/verbs.ts';
import { hoursOf } from './time/clock.ts';
import { numberOf } from './time/numbers.ts';
import { findWindow } from './time/window.ts';
import { joinTimesOfDay } from './time/timesOfDay.ts';
import { times, type Concept } from './vocabulary/concepts.ts';
import { readingsOf } from './understanding.ts';
import { meant } from './wishes/order.ts';
import { splitWords, type Word } from './words.ts';

/** What the last answer or plan of a conversation was about. */
export type Turn = {
    /** In full: what “it” stood for is said. */
    question: string;
    topic: string;
    evidence: readonly Evidence[];
    incidents: readonly number[];
    /** The best first. */
    proposals: readonly Pick<Proposal, 'id' | 'owner'>[];
    /** What “it” is: the name of a unit, a program, a package or a file. */
    thing: string | null;
    /** Questions that it offered to choose from. */
    choices: readonly string[];
};

/** What a sentence asks that only the last turn gives a meaning. */
export type FollowUp =
    /** It is this question or wish, in full. */
    | { kind: 'ask'; question: string }
    /** The plan at this place, from 0. */
    | { kind: 'plan'; index: number }
    | { kind: 'undo' | 'why' | 'how' | 'other' };

const fixed = Object.entries({
    undo: [
        '[please] undo [that|it|this|[the] last (one|change)] [please]',
        '(take|put|change|turn) (that|it|this) back [please]',
        '(revert|reverse) (that|it|this)',
        '[bitte] (mach|mache) (das|es) [bitte] [wieder] rückgängig',
        '[das] [wieder] rückgängig [machen] [bitte]',
        'nimm (das|es) [wieder] zurück',
        'تراجع [عن (ذلك|هذا)]',
        'ألغ (ذلك|هذا)',
    ],
    other: [
        '[no] not (this|that) [one]',
        '[no] [show|take|use] [me] [the] other [one|way|plan]',
        '[show] [me] another [one|way|plan]',
        '[nein] nicht (dieser|diese|diesen|dieses|das|der|den|die)',
        '[nein] [zeig|nimm] [mir] [lieber] (der|die|das|den) (andere|anderen)',
        '(ein|eine|einen) (anderer|andere|anderen|anderes)',
        'ليس (هذا|هذه)',
        '[أريد] (الآخر|الأخرى)',
    ],
    why: [
        'why [(is|was) (that|it|this)] [so]',
        'why that',
        'how come',
        '(warum|wieso|weshalb) [(ist das|denn)] [das|so]',
        'لماذا [ذلك|هذا]',
    ],
    how: [
        'how did you (find (that|this|it) out|find out [that]|know [that|this]|get (that|this))',
        'how do you know [that|this]',
        'where (do|did) you (know|get|have) (that|this) [from]',
        'what did you look at',
        'woher (weißt|hast) du das',
        'wie hast du das (herausgefunden|festgestellt|ermittelt)',
        'was hast du [dir] angesehen',
        'كيف (عرفت|علمت) [ذلك|هذا]',
        'من أين (عرفت|لك) [ذلك|هذا]',
    ],
} as const).map(([kind, phrases]) => ({
    kind: kind as 'undo' | 'other' | 'why' | 'how',
    patterns: phrases.map(phrase => parsePattern(phrase)),
}));

const ordinals: readonly (readonly string[])[] = [
    ['first', '1', '1st', 'erste', 'ersten', 'erster', 'erstes', 'eins', 'الاول', 'الاولي'],
    ['second', '2', '2nd', 'zweite', 'zweiten', 'zweiter', 'zweites', 'zwei', 'الثاني', 'الثانيه'],
    ['third', '3', '3rd', 'dritte', 'dritten', 'dritter', 'drittes', 'drei', 'الثالث', 'الثالثه'],
    ['fourth', '4', '4th', 'vierte', 'vierten', 'vierter', 'viertes', 'vier', 'الرابع', 'الرابعه'],
];
/** What may stand beside “second”. */
const besideOrdinals = new Set(
    'the one number no plan way please take use show me i mean want der die das den nummer plan bitte nimm zeig mir ich meine option رقم اختر اريد'.split(
        ' ',
    ),
);

const continuing = [
    '(and|und) [(what|how) about|was ist mit|wie ist es mit|for|with|bei|mit]',
    '(what|how) about',
    '(was ist|wie ist es|wie steht es) mit',
    '[و] ماذا عن',
].map(phrase => parsePattern(phrase));

const pronouns = new Set(['it', 'them', 'es', 'ihn']);
/** These are also articles: “restart this”, but not “restart this service”. */
const demonstratives = new Set(['this', 'that', 'das', 'den', 'sie', 'diesen', 'dieses']);
const afterDemonstrative = new Set(
    'neu an ab aus ein auf zu wieder again now please bitte jetzt mal doch off on up down anew'.split(' '),
);
/** “أعد تشغيله”: the pronoun is the end of the verb. */
const arabicPronouns: readonly [RegExp, string][] = [
    [/^تشغيله$/, 'تشغيل'],
    [/^تشغيلها$/, 'تشغيل'],
    [/^(?:اوقفه|اوقفها)$/, 'أوقف'],
    [/^(?:شغله|شغلها)$/, 'شغل'],
    [/^(?:احذفه|احذفها)$/, 'احذف'],
    [/^(?:ثبته|ثبتها)$/, 'ثبت'],
    [/^(?:افتحه|افتحها)$/, 'افتح'],
    [/^(?:اغلقه|اغلقها)$/, 'أغلق'],
];
const longest = 10;
const timeConcepts: readonly Concept[] = [...times, 'since', 'now', 'daypart'];

/** @param now microseconds since the Unix epoch */
export function readFollowUp(text: string, last: Turn, now: number): FollowUp | null {
    const words = splitWords(text).filter(({ form }) => !/^[,?&;+]$/.test(form));
    if (words.length === 0 || words.length > longest) return null;
    for (const { kind, patterns } of fixed)
        if (patterns.some(pattern => matchPattern(pattern, words) !== null)) return ofFixed(kind, last);
    return (
        ofOrdinal(words, last) ??
        ofContinuing(words, last, now) ??
        (meansNothing(text, words, last, now) ? null : ofPronoun(words, last))
    );
}

function ofFixed(
    kind: 'undo' | 'other' | 'why' | 'how',
    { choices, proposals, incidents, evidence }: Turn,
): FollowUp | null {
    switch (kind) {
        case 'undo':
            return proposals.length > 0 ? { kind } : null;
        case 'other': {
            const [, other] = choices;
            if (other !== undefined) return { kind: 'ask', question: other };
            return proposals.length > 0 ? { kind } : null;
        }
        case 'why':
            return proposals.length + incidents.length + evidence.length > 0 ? { kind } : null;
        case 'how':
            return { kind };
    }
}

function ofOrdinal(words: readonly Word[], { choices, proposals }: Turn): FollowUp | null {
    const [word, ...others] = words.filter(({ form }) => !besideOrdinals.has(form));
    const index = ordinals.findIndex(forms => word !== undefined && forms.includes(word.form));
    if (others.length > 0 || index < 0) return null;
    const question = choices[index];
    if (question !== undefined) return { kind: 'ask', question };
    return choices.length === 0 && index < proposals.length ? { kind: 'plan', index } : null;
}

/** “And yesterday?”, “and nginx?”: the last question, with another time or of another thing. */
function ofContinuing(words: readonly Word[], last: Turn, now: number): FollowUp | null {
    let begun = Math.max(
        ...continuing.map(
            pattern => words.findLastIndex((_word, end) => matchPattern(pattern, words.slice(0, end + 1)) !== null) + 1,
        ),
    );
    // In Arabic, “and” is the first letter of the next word.
    const isArabicAnd = begun === 0 && /^و\p{L}{2}/u.test(words[0]?.form ?? '');
    const rest = isArabicAnd
        ? words.map((word, index) => (index === 0 ? withoutFirst(word) : word))
        : words.slice(begun);
    if (isArabicAnd) begun = 1;
    if (rest.length === 0) return null;
    const tokens = joinTimesOfDay(readTokens(rest));
    const isTime =
        tokens.every((token, at) => token.ignored || isOfTime(token, at, tokens)) && findWindow(tokens, now) !== null;
    const saidRest = rest.map(({ written }) => written).join(' ');
    if (isTime) return { kind: 'ask', question: `${withoutTimes(last.question)} ${saidRest}` };
    if (begun === 0 || last.thing === null) return null;
    const names = tokens.filter(token => !token.ignored);
    const isName = names.length === 1 && names.every(token => token.unknown || token.units.length > 0 || token.quoted);
    const question = isName ? replaceThing(last.question, last.thing, names[0]?.text ?? '') : null;
    return question === null ? null : { kind: 'ask', question };
}

const withoutFirst = (word: Word): Word => ({ ...word, written: word.written.slice(1), form: word.form.slice(1) });
/** A number only before what it counts: in “what used port 8080 in the last 3 hours”, 3 is of the time. */
function isOfTime(token: Token, at: number, tokens: readonly Token[]): boolean {
    if (timeConcepts.some(concept => token.concepts.has(concept))) return true;
    const unit = tokens.slice(at + 1).find(({ text }) => !/^(?:of|an?|the)$/.test(text));
    return numberOf(token.text) > 0 && unit !== undefined && hoursOf(unit) > 0;
}

function withoutTimes(question: string): string {
    const tokens = joinTimesOfDay(readTokens(splitWords(question)));
    const kept = tokens.filter((token, at) => !isOfTime(token, at, tokens));
    return kept.map(({ text, quoted }) => (quoted ? `“${text}”` : text)).join(' ');
}

/** Null where the question does not name the thing. */
function replaceThing(question: string, thing: string, by: string): string | null {
    const names = new Set([thing, thing.replace(/\.\w+$/, '')].map(name => name.toLowerCase()));
    const words = splitWords(question);
    const index = words.findIndex(({ written }) => names.has(written.toLowerCase()));
    return index < 0 ? null : words.map(({ written }, at) => (at === index ? by : written)).join(' ');
}

/** From this score on, a sentence is a question of its own. */
const ownScore = 0.9;

/** “What time is it”, “why was it slow yesterday”: “it” is nothing that the last answer was about. */
function meansNothing(text: string, words: readonly Word[], { choices }: Turn, now: number): boolean {
    if (choices.includes(text)) return true;
    const said = new Set(words.flatMap(({ form }) => (pronouns.has(form) ? [form] : [])));
    if (said.size === 0 || verbOf(meant(words).words) !== null) return false;
    return readingsOf(text, answers, now).some(
        ({ lost, reading: { phrase, recall, score } }) =>
            lost === null &&
            recall >= ownScore &&
            score >= ownScore &&
            splitWords(phrase).some(({ form }) => said.has(form)),
    );
}

/** “Restart it”, “is it running”, “starte es neu”, “أوقفه”: the thing in the place of the pronoun. */
function ofPronoun(words: readonly Word[], { thing }: Turn): FollowUp | null {
    if (thing === null) return null;
    const name = thing.includes(' ') ? thing : `“${thing}”`;
    const arabic = words.flatMap(({ form }, index) => {
        const found = arabicPronouns.find(([pattern]) => pattern.test(form));
        return found === undefined ? [] : [{ index, said: `${found[1]} ${name}` }];
    });
    const isOrder = verbOf(meant(words).words) !== null;
    const other = words.flatMap(({ form }, index) => {
        const next = words[index + 1]?.form;
        const isMeant =
            pronouns.has(form) ||
            (isOrder && index > 0 && demonstratives.has(form) && (next === undefined || afterDemonstrative.has(next)));
        return isMeant ? [{ index, said: name }] : [];
    });
    const [found, ...more] = [...arabic, ...other];
    if (found === undefined || more.length > 0) return null;
    const question = words.map(({ written }, index) => (index === found.index ? found.said : written)).join(' ');
    return { kind: 'ask', question };
}
