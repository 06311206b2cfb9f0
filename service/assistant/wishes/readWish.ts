import type { ProposedFix } from '../../actions/action.ts';
import type { Surroundings } from '../../actions/surroundings.ts';
import { ReeveError } from '../../util/errors.ts';
import { judge } from '../phrasing/classifier.ts';
import { verbOf } from '../phrasing/verbs.ts';
import { splitWords, type Word } from '../words.ts';
import { freeName, type WishReading } from './declaredWishes.ts';
import { isContradicted, isMeantBy, isNoWish, likelyWishes, surelyLikely } from './likelyWishes.ts';
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

/** What is to be removed, installed or updated is there under its name, or is not guessed: “update reeve” never updates everything. */
const installing = /^(?:install|installiere|installieren|update|upgrade|aktualisiere|aktualisieren|ثبت|نزل|حدث)$/;
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
    // “It is too dark, make the screen brighter”: one clause wishes, and the others say why, or what “it” is.
    const judgement = judge(words);
    const read = clauses.flatMap(clause => {
        const said = splitWords(clause);
        const isOrder = verbOf(meant(said).words) !== null && !isQuestion(clause, said);
        const wish = isOrder ? readWords(said, system) : null;
        const isMeant = wish?.readings.some(({ label }) => isMeantBy(label, judgement)) ?? false;
        return wish === null || !isMeant ? [] : [wish];
    });
    const [first] = read;
    if (first === undefined) return whole;
    const nothing = { ways: () => Promise.resolve([]) };
    return { ...(whole ?? first), ways: firstPossible([whole ?? nothing, ...read]) };
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
    if (isNamed && isNear && isNoWish(judgement, fitting)) return null;
    const guessed = asks || !isLikely ? null : likelyWishes(said, words, judgement);
    // “Start model server ears” is not about the one that is there.
    const isLess = (reading: WishReading) =>
        Object.keys(reading.said).length === 0 &&
        fitting.some(fits => fits.id === reading.id && freeName(fits) !== null);
    const readings = guessed?.readings.filter(reading => !isLess(reading)) ?? [];
    const likely =
        guessed === null || readings.length === 0
            ? null
            : { ...guessed, readings, isQuestion: false, ways: () => possibleWays(readings, system) };
    if (fitting.length === 0) {
        const nearest = nearWishes(said, words);
        const [first] = nearest;
        if (first === undefined || (likely !== null && isContradicted(first.label, judgement, likely))) return likely;
        const near = { isQuestion: false, readings: nearest, ways: () => possibleWays(nearest, system) };
        return likely === null ? near : { ...near, ways: firstPossible([near, likely]) };
    }
    const likelihood = (label: string) => judgement.likely.find(one => one.label === label)?.probability ?? 0;
    // Of the same number of words, what is likelier counts, and then the order of the actions.
    fitting.sort(
        (one, other) => other.words - one.words || Math.round(likelihood(other.label) - likelihood(one.label)),
    );
    // “Klangeinstellungen öffnen” fits a phrase for applications, and none is called so.
    const isInstalling = words.some(({ form }) => installing.test(form));
    const isGuessed = !asks && isNear && !isInstalling && !words.some(({ form }) => removing.test(form));
    const others = isGuessed ? nearWishes(said, words, surelyNear) : [];
    const fits = {
        isQuestion: asks,
        readings: fitting,
        ways: () => possibleWays([...fitting, ...others], system, { isForbidden }),
    };
    if (likely === null) return fits;
    // “Remove cached packages” fits a phrase for programs of any name, and names none.
    const isOther = isNamed && !isInstalling && likely.probability >= surelyLikely;
    return isGuessed || isOther ? { ...fits, ways: firstPossible([fits, likely]) } : fits;
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

/** The ways of the first wish that is possible; why the first is not, where none is. What only may be meant is not said to be impossible. */
const firstPossible =
    ([first, ...others]: readonly [Pick<ReadWish, 'ways'>, ...Pick<ReadWish, 'ways'>[]]) =>
    async () => {
        const refused: ReeveError[] = [];
        for (const wish of [first, ...others]) {
            try {
                const ways = await wish.ways();
                if (ways.length > 0) return ways;
            } catch (error) {
                if (!(error instanceof ReeveError)) throw error;
                if (wish === first) refused.push(error);
            }
        }
        if (refused[0] !== undefined) throw refused[0];
        return [];
    };
