import type { Action, ProposedFix } from '../../actions/action.ts';
import { everyAction } from '../../actions/everyAction.ts';
import type { Surroundings } from '../../actions/surroundings.ts';
import { ReeveError } from '../../util/errors.ts';
import { splitWords, type Word } from '../words.ts';
import { isQuestion } from './order.ts';
import { readWords } from './readWish.ts';

/** One of several wishes: in which ways it can be done, or why it cannot; neither where its words mean nothing to any action. */
export type WishPart = { said: string; ways: readonly ProposedFix[]; refusal: ReeveError | null };

type Read = WishPart & { words: readonly Word[] };
type Asked = Surroundings & { signal: AbortSignal; isNear: boolean };

/** What stands between two wishes. */
const joining = new Set('and und sowie then dann danach afterwards ثم و & ; + ,'.split(' '));
/** In Arabic, “and” is the first letter of the next word; so many such words are looked at. */
const arabicAnd = /^و\p{L}{2}/u;
const arabicLimit = 3;
const partsLimit = 8;

/**
 * The wishes of one sentence: “mute the sound and turn on night light”. What several of them have in common may be said
 * once: “install vlc and gimp”, “WLAN und Bluetooth ausschalten”.
 *
 * @returns in order; null for what is a single wish, or none
 */
export async function readSeveral(
    text: string,
    system: Surroundings & { signal: AbortSignal },
): Promise<readonly WishPart[] | null> {
    const words = splitWords(text);
    if (isQuestion(text, words)) return null;
    const divisions = divide(words);
    if (divisions.length === 0) return null;
    const exact = await readDivisions(divisions, { ...system, isNear: false });
    if (exact.complete !== undefined) return exact.complete;
    if (isPossible(await readPart(words, { ...system, isNear: false }))) return null;
    const shared = await exact.shared();
    if (shared.complete !== undefined) return shared.complete;
    const near = await readDivisions(divisions, { ...system, isNear: true });
    return near.complete ?? (await near.shared()).complete ?? shared.partly ?? null;
}

async function readDivisions(divisions: readonly (readonly Word[])[][], system: Asked) {
    const read = await Promise.all(divisions.map(parts => Promise.all(parts.map(part => readPart(part, system)))));
    return {
        complete: read.find(parts => parts.every(isPossible)),
        /** With the words that the parts share; or those of which the first at least is possible. */
        shared: async () => {
            const shared = await Promise.all(read.map(parts => share(parts, system)));
            return {
                complete: shared.find(parts => parts.every(isPossible)),
                partly: shared.find(([first]) => isPossible(first)),
            };
        },
    };
}

/** Those that one change does for all of them are one, and nothing is wished twice. */
export function joinedWishes(parts: readonly WishPart[]): WishPart[] {
    const joined = new Map<string, WishPart>();
    for (const part of parts) {
        const [way] = part.ways;
        const action: Action | undefined = everyAction.find(({ name }) => name === way?.action);
        if (way === undefined || action?.joined === undefined) {
            const key = JSON.stringify(way ?? part.said);
            if (!joined.has(key)) joined.set(key, part);
            continue;
        }
        const before = joined.get(way.action);
        const all = [...(before?.ways ?? []).slice(0, 1), way].map(({ parameters }) => parameters);
        joined.set(way.action, {
            said: before === undefined ? part.said : `${before.said}, ${part.said}`,
            ways: before === undefined ? part.ways : [{ ...way, parameters: action.joined(all) }],
            refusal: null,
        });
    }
    return [...joined.values()];
}

/** The ways to divide a sentence into wishes, as many as its words allow. */
function divide(words: readonly Word[]): (readonly Word[])[][] {
    const isBetween = ({ form, quoted }: Word) => !quoted && joining.has(form);
    const soft = words.filter(({ form, quoted }) => !quoted && arabicAnd.test(form)).slice(0, arabicLimit);
    const divisions = Array.from({ length: 2 ** soft.length }, (_none, chosen) => {
        const parts: Word[][] = [[]];
        for (const word of words) {
            const isSoft = soft.includes(word) && (chosen & (2 ** soft.indexOf(word))) > 0;
            if (isBetween(word) || isSoft) parts.push([]);
            if (isSoft)
                parts.at(-1)?.push({
                    ...word,
                    typed: word.typed.slice(1),
                    written: word.written.slice(1),
                    form: word.form.slice(1),
                });
            else if (!isBetween(word)) parts.at(-1)?.push(word);
        }
        return parts.filter(part => part.length > 0);
    });
    return divisions.filter(({ length }) => length > 1 && length <= partsLimit);
}

/** Gives each part that is no wish by itself the words that it shares with the one before it, or else with the one after it. */
async function share(parts: readonly Read[], system: Asked): Promise<Read[]> {
    const known = [...parts];
    const complete = async (index: number, candidates: (readonly Word[])[]) => {
        const part = known[index];
        if (part === undefined || isPossible(part)) return;
        for (const words of candidates) {
            const read = await readPart(words, system);
            if (isPossible(read)) {
                known[index] = { ...read, said: part.said };
                return;
            }
            if (read.refusal !== null && part.refusal === null) known[index] = { ...part, refusal: read.refusal };
        }
    };
    const shareable = (index: number) => (isPossible(known[index]) ? (known[index]?.words.slice(1) ?? []) : []);
    for (const [index, { words }] of parts.entries()) {
        const before = known[index - 1]?.words ?? [];
        await complete(
            index,
            shareable(index - 1).map((_word, count) => [...before.slice(0, count + 1), ...words]),
        );
    }
    for (const [index, { words }] of [...parts.entries()].toReversed()) {
        const after = known[index + 1]?.words ?? [];
        await complete(
            index,
            shareable(index + 1).map((_word, count) => [...words, ...after.slice(-count - 1)]),
        );
    }
    return known;
}

async function readPart(words: readonly Word[], system: Asked): Promise<Read> {
    const said = words.map(({ written }) => written).join(' ');
    try {
        return {
            words,
            said,
            ways: (await readWords(words, system, { isNear: system.isNear, isLikely: false })?.ways()) ?? [],
            refusal: null,
        };
    } catch (error) {
        if (!(error instanceof ReeveError)) throw error;
        return { words, said, ways: [], refusal: error };
    }
}

function isPossible(part: WishPart | undefined): boolean {
    return part !== undefined && part.ways.length > 0;
}
