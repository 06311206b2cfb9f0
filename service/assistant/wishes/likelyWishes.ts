import type { Judgement } from '../phrasing/classifier.ts';
import { isVerb } from '../phrasing/verbs.ts';
import { findSlots } from '../phrasing/slots.ts';
import { westernDigits } from '../time/numbers.ts';
import type { Word } from '../words.ts';
import { wishesByLabel, type WishReading } from './declaredWishes.ts';
import { isLimiting, isOrdered, isPast, mayWish } from './order.ts';
import { isTurning, sayWord } from './phraseWishes.ts';

export type LikelyWishes = {
    probability: number;
    /** The likeliest first. */
    readings: readonly WishReading[];
};

/** From this on, a wish that no phrase comes near to is likely enough, where the next likely is this much less so. */
const likelyEnough = { probability: 0.6, margin: 1.4 };
const othersShare = 0.3;
/** From this on, words are more likely to ask for that than for what any name would fit. */
export const surelyLikely = 0.55;
/** An action that is less likely than this is not meant where another surely is. */
const contradicted = 0.15;
/** What is less likely than this for a whole sentence is not meant by a part of it. */
const partly = 0.1;

/** From this on, words without the verb of an order are one: “sound off”, “I would like a dark desktop”. */
const orderless = 0.75;
/** From this on, a word that was not understood makes no difference. */
const despiteUnread = 0.8;

const surelyNoWish = 0.9;
/** Less than this, it is not meant at all. */
const hardly = 0.02;

/** Whether the words are surely a question, or no matter of ours. */
export const isNoWish = ({ likely }: Judgement, fitting: readonly WishReading[]) => {
    const [first] = likely;
    const isNear = fitting.some(({ label }) => (likely.find(one => one.label === label)?.probability ?? 0) > hardly);
    return first !== undefined && !isNear && first.probability >= surelyNoWish && !wishesByLabel().has(first.label);
};

/** Whether another wish than this one surely is meant. */
export function isContradicted(label: string, { likely }: Judgement, { probability }: LikelyWishes): boolean {
    return probability >= surelyLikely && probabilityOf(label, likely) < contradicted;
}

/** Whether a part of a sentence can mean this, where this is what the whole sentence is likely to ask for. */
export const isMeantBy = (label: string, { likely }: Judgement) =>
    likely.some(one => groupOf(one.label) === groupOf(label) && one.probability >= partly);

const probabilityOf = (label: string, likely: Judgement['likely']) =>
    likely.find(one => one.label === label)?.probability ?? 0;

/** What the words are likely to ask for, judged by examples; null where that is nothing, or not sure enough. */
export function likelyWishes(
    written: readonly Word[],
    words: readonly Word[],
    { likely, unknown }: Judgement,
): LikelyWishes | null {
    if (words.length < 2 || words.every(({ form }) => isVerb(form) || isTurning(form))) return null;
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
    if (!isOrdered(written, words) && (best.probability < orderless || !mayWish(written, words))) return null;
    // Of wishes that differ in what they name, the others are tried where they are not much less likely.
    const near = likely.filter(({ label }) => best.labels.includes(label));
    const least = (near[0]?.probability ?? 0) * othersShare;
    let isFirst = true;
    const found = near.flatMap(({ label, probability }) =>
        (wishesByLabel().get(label) ?? []).flatMap(declared => {
            const ways = findSlots(declared.phrases, declared.slots ?? {}, written, { unknown, isGuessing: true });
            const named = ways.filter(said => Object.keys(said).length > 0);
            const isPlain = named.length < ways.length;
            // Of those that name nothing, the likeliest is tried, too. What a sentence names is not left out.
            const isNamed = (probability < least && !(isPlain && isFirst)) || (unknown.size > 0 && named.length > 0);
            isFirst &&= !isPlain;
            return (isNamed ? named : ways).map((said): WishReading => ({ ...declared, said, phrase: '' }));
        }),
    );
    // A number is said for a reason: “in 900 hours” is not “in an hour”.
    const numbers = written.flatMap(({ form }) => /^(\p{Nd}+)%?$/u.exec(westernDigits(form))?.[1] ?? []);
    const isMeasured = numbers.length > 0;
    const readings = found.filter(
        ({ said, label }) =>
            (label.endsWith('}') || numbers.every(number => Object.values(said).join(' ').includes(number))) &&
            (best.probability >= despiteUnread || isRead(said, written, unknown)),
    );
    // A number that is out of range for one is none for another.
    const [first] = readings;
    if (first === undefined) return null;
    return {
        probability: best.probability,
        readings: isMeasured ? readings.filter(({ label }) => label === first.label) : readings,
    };
}

/** Whether each word that no example has stands in a slot: what is not understood beside an order may limit it. */
function isRead(said: WishReading['said'], written: readonly Word[], unknown: ReadonlySet<number>): boolean {
    const named = Object.values(said).join(' ');
    return [...unknown].every(index => named.includes(written[index]?.written ?? ''));
}

/** Wishes that differ only in what they name are told apart by that. */
const groupOf = (label: string) => label.replace(/ \d+$/, '');
