import type { Judgement } from '../phrasing/classifier.ts';
import { findSlots } from '../phrasing/slots.ts';
import type { Word } from '../words.ts';
import { wishesByLabel, type WishReading } from './declaredWishes.ts';
import { isLimiting, isOrdered, isPast } from './order.ts';
import { sayWord } from './phraseWishes.ts';

export type LikelyWishes = {
    probability: number;
    /** The likeliest first. */
    readings: readonly WishReading[];
};

/** From this on, a wish that no phrase comes near to is likely enough, where the next likely is this much less so. */
const likelyEnough = { probability: 0.27, margin: 1.4 };
const othersShare = 0.3;
/** From this on, words are more likely to ask for that than for what any name would fit. */
export const surelyLikely = 0.55;
/** An action that is less likely than this is not meant where another surely is. */
const contradicted = 0.15;

/** Whether the words are surely a question, or no matter of ours. */
export const isNoWish = ({ likely: [first] }: Judgement) =>
    first !== undefined && first.probability >= surelyLikely && !wishesByLabel().has(first.label);

/** Whether another action than this one surely is meant. */
export function isContradicted(action: string, { likely }: Judgement, { probability }: LikelyWishes): boolean {
    const own = likely.filter(({ label }) => label.startsWith(`${action} `));
    return probability >= surelyLikely && own.every(one => one.probability < contradicted);
}

/** What the words are likely to ask for, judged by examples; null where that is nothing, or not sure enough. */
export function likelyWishes(
    written: readonly Word[],
    words: readonly Word[],
    { likely, unknown }: Judgement,
): LikelyWishes | null {
    if (words.length < 2 || !isOrdered(written, words)) return null;
    if (written.some(word => isLimiting(word) || isPast(word) || /^[;&+]$/.test(word.form))) return null;
    const groups = [...Map.groupBy(likely, ({ label }) => groupOf(label)).values()].map(of => ({
        labels: of.map(({ label }) => label),
        probability: of.reduce((sum, one) => sum + one.probability, 0),
    }));
    groups.sort((one, other) => other.probability - one.probability);
    const [best, second] = groups;
    if (best === undefined || best.probability < likelyEnough.probability) return null;
    if (best.probability < (second?.probability ?? 0) * likelyEnough.margin) return null;
    if (best.probability < surelyLikely && written.map(sayWord).some(({ isForeign }) => isForeign === true))
        return null;
    // Of wishes that differ in what they name, the others are tried where they are not much less likely.
    const near = likely.filter(({ label }) => best.labels.includes(label));
    const least = (near[0]?.probability ?? 0) * othersShare;
    const found = near.flatMap(({ label, probability }) =>
        (wishesByLabel().get(label) ?? []).flatMap(declared => {
            const ways = findSlots(declared.phrases, declared.slots ?? {}, written, { unknown, isGuessing: true });
            const named = ways.filter(said => Object.keys(said).length > 0);
            // What a sentence names is not left out.
            const isNamed = probability < least || (unknown.size > 0 && named.length > 0);
            return (isNamed ? named : ways).map((said): WishReading => ({ ...declared, said, phrase: '' }));
        }),
    );
    // A number is said for a reason.
    const measured = found.filter(({ said }) => said.number !== undefined || said.amount !== undefined);
    const readings = measured.length > 0 ? measured : found;
    return readings.length === 0 ? null : { probability: best.probability, readings };
}

/** Wishes that differ only in what they name are told apart by that. */
const groupOf = (label: string) => label.replace(/ \d+$/, '');
