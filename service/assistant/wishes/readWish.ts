import type { ProposedFix } from '../../actions/action.ts';
import type { Surroundings } from '../../actions/surroundings.ts';
import { ReeveError } from '../../util/errors.ts';
import { judge } from '../phrasing/classifier.ts';
import { verbOf } from '../phrasing/verbs.ts';
import { splitWords, type Word } from '../words.ts';
import { freeName, type WishReading } from './declaredWishes.ts';
import { isContradicted, isNoWish, likelyWishes, surelyLikely } from './likelyWishes.ts';
import { isLimiting, isQuestion, meant } from './order.ts';
import { fittingWishes, nearWishes, surelyNear } from './phraseWishes.ts';

/** What a wish asks for: one action, in one of several ways; none when its words mean nothing that is there. */
export type ReadWish = {
    isQuestion: boolean;
    /** What it can mean, the likeliest first: an action, and what the slots of its phrase hold. */
    readings: readonly WishReading[];
    /** @throws ReeveError why it cannot come true */
    ways: () => Promise<ProposedFix[]>;
    /** How likely it is, judged by examples, where no phrase was said. */
    probability?: number;
};

type System = Surroundings & { signal: AbortSignal };

/** What is to be removed is there under its name, or is not guessed. */
const removing =
    /^(?:remove|delete|uninstall|erase|entferne|entfernen|losche|loschen|deinstalliere|deinstallieren|احذف|ازل|امسح)$/;
const betweenClauses = /[,.!?؟،]\s+|\s[-–—]\s|\s(?:so|because|since|but|weil|damit|denn|aber|لان|لأن|لكن)\s/u;
const longestText = 300;
const mostClauses = 4;

/**
 * Reads a wish without a model: by the phrases that stand beside the actions, and by examples. Of several that fit, the one whose
 * phrase has most of the words, and whose slots name what is there.
 *
 * @returns null for what is no wish that any action knows
 */
export function readWish(text: string, system: System): ReadWish | null {
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
    return { ...(whole ?? first), ways: firstPossible([...(whole === null ? [] : [whole]), ...read]) };
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
    system: System,
    {
        asks = false,
        isNear = true,
        isForbidden = false,
        isLikely = isNear && !isForbidden,
    }: { asks?: boolean; isNear?: boolean; isLikely?: boolean; isForbidden?: boolean } = {},
): ReadWish | null {
    const { words } = meant(said);
    const fitting = fittingWishes(words).filter(({ wish }) => !asks || wish.isAlsoQuestion === true);
    if (words.length === 0 || (fitting.length === 0 && (asks || !isNear))) return null;
    const judgement = judge(said);
    const isNamed = fitting.every(reading => /^\D+$/.test(freeName(reading) ?? ''));
    if (isNamed && isNear && isNoWish(judgement)) return null;
    const guessed = asks || !isLikely ? null : likelyWishes(said, words, judgement);
    const likely = guessed && {
        ...guessed,
        isQuestion: false,
        ways: () => possibleWays(guessed.readings, system),
    };
    if (fitting.length === 0) {
        const readings = nearWishes(said, words);
        const [nearest] = readings;
        if (nearest === undefined || (likely !== null && isContradicted(nearest.id, judgement, likely))) return likely;
        const near = { isQuestion: false, readings, ways: () => possibleWays(readings, system) };
        return likely === null ? near : { ...near, ways: firstPossible([near, likely]) };
    }
    // “Remove cached packages” fits a phrase for programs of any name, and names none.
    if (likely !== null && likely.probability >= surelyLikely && isNamed)
        if (fitting.every(({ id }) => id !== likely.readings[0]?.id)) return likely;
    const likelihood = (label: string) => judgement.likely.find(one => one.label === label)?.probability ?? 0;
    // Of the same number of words, what is likelier counts, and then the order of the actions.
    fitting.sort(
        (one, other) => other.words - one.words || Math.round(likelihood(other.label) - likelihood(one.label)),
    );
    // “Klangeinstellungen öffnen” fits a phrase for applications, and none is called so.
    const isGuessed = !asks && isNear && !words.some(({ form }) => removing.test(form));
    const others = isGuessed ? nearWishes(said, words, surelyNear) : [];
    return {
        isQuestion: asks,
        readings: fitting,
        ways: async () => {
            const ways = await possibleWays([...fitting, ...others], system, { isForbidden });
            return ways.length > 0 || !isGuessed ? ways : ((await likely?.ways().catch(unlessRefused)) ?? []);
        },
    };
}

/**
 * The ways of the first reading that means something here.
 *
 * @throws ReeveError where one that names nothing of its own is impossible, or else one of the others and none is possible
 */
async function possibleWays(
    readings: readonly WishReading[],
    system: System,
    { isForbidden = false }: { isForbidden?: boolean } = {},
): Promise<ProposedFix[]> {
    let refusal: ReeveError | null = null;
    for (const reading of readings) {
        const { id: action, said, wish } = reading;
        try {
            const never = isForbidden ? wish.forbidden?.(said, system) : undefined;
            const ways = await (never ?? wish.parameters(said, system));
            if (ways.length > 0) return ways.map(parameters => ({ action, parameters, explanation: '' }));
        } catch (error) {
            // “Switch to dark theme” fits a phrase for networks, too: without NetworkManager it may still mean another thing.
            if (!(error instanceof ReeveError) || freeName(reading) === null) throw error;
            refusal ??= error;
        }
    }
    if (refusal !== null) throw refusal;
    return [];
}

const firstPossible = (wishes: readonly Pick<ReadWish, 'ways'>[]) => async () => {
    for (const wish of wishes) {
        const ways = await wish.ways();
        if (ways.length > 0) return ways;
    }
    return [];
};

/** What cannot come true is not said of what only may be meant. */
function unlessRefused(error: unknown): ProposedFix[] {
    if (error instanceof ReeveError) return [];
    throw error;
}
