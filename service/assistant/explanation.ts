import type { Surroundings } from '../actions/surroundings.ts';
import { ReeveError } from '../util/errors.ts';
import { _ } from '../i18n/i18n.ts';
import { safeText } from '../text/sanitise.ts';
import type { Answer } from './answer.ts';
import type { Choice } from './choice.ts';
import { readingsOf, type Lost, type Understanding } from './understanding.ts';
import { splitWords } from './words.ts';
import { isQuestion } from './wishes/order.ts';
import { readNear, type LostWish } from './wishes/phraseWishes.ts';
import { readWish } from './wishes/readWish.ts';
import { readSeveral } from './wishes/severalWishes.ts';

/** One way to read a sentence. */
export type ExplainedReading = {
    kind: 'wish' | 'question';
    /** The action, such as "unit.restart", or the answer, such as "fact:dns". */
    id: string;
    /** The phrase that it comes nearest to; empty where words other than a phrase's decide, as the name of a unit does, or where it is likely, judged by examples. */
    phrase: string;
    parameters: Readonly<Record<string, string>>;
    /** How near it comes, or how likely it is, 0 to 1. */
    score: number;
    /** Why it was not taken; null for what was. */
    lost: Lost | LostWish | 'less-near' | 'not-here' | 'is-wish' | null;
};

/** How Reeve read a sentence, without a model. */
export type Explanation = {
    /** What was taken, then the nearest others. */
    readings: readonly ExplainedReading[];
    /** Words that were ignored. */
    ignored: readonly string[];
};

const othersShown = 4;
/** What comes less near has nothing to do with the sentence. */
const leastShown = 0.3;

/** @param choice what was chosen for it as a question */
export async function explain(
    text: string,
    { understanding, choice }: { understanding: Understanding; choice: Choice },
    answers: readonly Answer[],
    now: number,
    system: (Surroundings & { signal: AbortSignal }) | null,
): Promise<Explanation> {
    const wishes = system === null ? [] : await explainWishes(text, system);
    const isWish = wishes.some(({ lost }) => lost === null);
    const chosen = new Set(isWish ? [] : choice.answers.map(({ id }) => id));
    const read = readingsOf(text, answers, now, new Set(understanding.names));
    const questions = read.map(({ reading: { declared, phrase, slots, score }, lost }): ExplainedReading => {
        const isChosen = chosen.delete(declared.id);
        const { isLikely, likely } = understanding;
        // Examples decided, and no phrase.
        if (isChosen && isLikely) return reading('question', declared.id, '', slots, likely.probability, null);
        const because = lost ?? (isWish ? 'is-wish' : 'less-near');
        return reading('question', declared.id, phrase, slots, score, isChosen ? null : because);
    });
    const named = Object.fromEntries(choice.units.slice(0, 1).map(({ name }) => ['unit', name]));
    const unspoken = [...chosen].map(id =>
        reading(
            'question',
            id,
            '',
            id === 'unit' ? named : {},
            understanding.isLikely && id === understanding.likely.label ? understanding.likely.probability : 1,
            null,
        ),
    );
    const all = [...wishes, ...unspoken, ...questions].filter(({ score }) => score >= leastShown);
    const others = all.filter(({ lost }) => lost !== null).sort((one, other) => other.score - one.score);
    const taken = all.filter(({ lost }) => lost === null);
    return {
        readings: [...taken, ...others.slice(0, othersShown)],
        ignored: isWish || taken.length === 0 ? [] : choice.unread,
    };
}

async function explainWishes(
    text: string,
    system: Surroundings & { signal: AbortSignal },
): Promise<ExplainedReading[]> {
    const several = await readSeveral(text, system);
    if (several !== null)
        return several.map(({ said, ways: [way] }) =>
            reading('wish', way?.action ?? '', said, way?.parameters ?? {}, 1, way === undefined ? 'not-here' : null),
        );
    const wish = readWish(text, system);
    const exact = new Map((wish?.readings ?? []).map(one => [one.id, one]));
    const words = splitWords(text);
    const near = isQuestion(text, words) ? [] : readNear(words);
    let action: string | null = null;
    let parameters: Readonly<Record<string, unknown>> = {};
    let isHere = true;
    try {
        const [way] = (await wish?.ways()) ?? [];
        action = way?.action ?? null;
        parameters = way?.parameters ?? {};
    } catch (error) {
        if (!(error instanceof ReeveError)) throw error;
        // It is understood, and the person hears why it is impossible.
        action = wish?.isQuestion === true ? null : ([...exact.keys()][0] ?? null);
        isHere = false;
    }
    const found = new Map<string, ExplainedReading>();
    const add = (
        id: string,
        phrase: string,
        slots: Readonly<Record<string, string>>,
        score: number,
        lost: LostWish | null,
    ) => {
        if (found.has(id)) return;
        const isTaken = id === action;
        const because = lost ?? (exact.has(id) && action === null ? 'not-here' : 'less-near');
        found.set(
            id,
            reading('wish', id, phrase, isTaken && isHere ? parameters : slots, score, isTaken ? null : because),
        );
    };
    const scoreOf = (id: string) =>
        wish?.probability ?? near.find(({ reading: { declared } }) => declared.id === id)?.reading.score ?? 1;
    for (const { id, phrase, said } of exact.values()) add(id, phrase, said, scoreOf(id), null);
    for (const {
        reading: { declared, phrase, slots, score },
        lost,
    } of near)
        add(declared.id, phrase, slots, score, lost);
    return [...found.values()];
}

function reading(
    kind: ExplainedReading['kind'],
    id: string,
    phrase: string,
    parameters: Readonly<Record<string, unknown>>,
    score: number,
    lost: ExplainedReading['lost'],
): ExplainedReading {
    const said = Object.entries(parameters).map(([name, value]): [string, string] => [
        name,
        safeText(typeof value === 'string' ? value : JSON.stringify(value), 128),
    ]);
    return { kind, id, phrase: safeText(phrase, 256), parameters: Object.fromEntries(said), score, lost };
}

/** Why a reading was not taken, in the user's language. */
export function lostText(lost: NonNullable<ExplainedReading['lost']>): string {
    switch (lost) {
        case 'foreign-word':
            return _('A word of weight has nothing to do with it.');
        case 'phrase-incomplete':
            return _('Too little of its phrase was said.');
        case 'common-words':
            return _('It shares only words that many others have.');
        case 'no-name':
            return _('No program or package of that name is here.');
        case 'contrary':
            return _('“Not”, “on” or “off” makes it something else.');
        case 'not-here':
            return _('Nothing here is called so.');
        case 'too-far':
            return _('It does not come near enough.');
        case 'less-near':
            return _('It comes less near.');
        case 'is-wish':
            return _('The sentence asks for a change.');
    }
}
