import { likelihoods } from './likelihood.ts';

/**
 * How many characters of a literal it is filed by, and the interval of the positions in a text at which literals are searched
 * for.
 */
export const gram = 4;
export const stride = 2;

const bits = 13;
/** A 32-bit shift uses this many bits of a number. */
const followerBits = 5;
const followerMask = 31;

/** Bytes that differ in this bit alone are filed as one: a letter and its capital do. */
const caseBit = 0x20;
export const caseBits = 0x20202020;

/** Literals one after the other, in lower case; `starts` has where each begins, and where the last ends. */
export type Literals = { readonly text: Uint8Array; readonly starts: Uint32Array };

/** The table in which literals are found by the hash of four characters. */
export type Filings = {
    /** By hash: the first of its filings, which are neighbours. */
    readonly first: Uint16Array;
    /** By hash: a bit for the last five bits of each character that may follow. */
    readonly followers: Uint32Array;
    /** By filing: the four characters. */
    readonly windows: Int32Array;
    readonly literals: Uint16Array;
    /** By filing: where its characters begin in the literal; -1 if any character may precede the literal. */
    readonly offsets: Int16Array;
};

/** Multiplicative hashing; Knuth, The Art of Computer Programming, volume 3, 6.4. */
export function slot(window: number): number {
    return Math.imul(window, 0x9e3779b1) >>> (32 - bits);
}

/**
 * Files each literal under the four characters of it that are rarest in text, and under those one character further on.
 *
 * @param sample of the texts to be searched
 * @throws RangeError
 */
export function fileLiterals({ text, starts }: Literals, sample: Uint8Array): Filings {
    const costs = costsOf(text, sample);
    const windows: number[] = [];
    const literals: number[] = [];
    const offsets: number[] = [];
    const followers = new Uint32Array(1 << bits);
    const file = (window: number, literal: number, offset: number, isEnd: boolean) => {
        windows.push(window);
        literals.push(literal);
        offsets.push(offset);
        // What follows the end of a literal may be anything; a shift uses the last five bits.
        const bit = isEnd ? -1 : 1 << (text[(starts[literal] ?? 0) + offset + gram] ?? 0);
        followers[slot(window)] = (followers[slot(window)] ?? 0) | bit;
    };
    for (let literal = 0; literal + 1 < starts.length; literal++) {
        const start = starts[literal] ?? 0;
        const last = (starts[literal + 1] ?? 0) - gram;
        let best = start;
        let least = Infinity;
        let cost = costs[start] ?? 0;
        for (let position = start; position < last; position++) {
            const next = costs[position + 1] ?? 0;
            if (cost + next < least) [best, least] = [position, cost + next];
            cost = next;
        }
        file(windowAt(text, best), literal, best - start, best === last);
        if (start < last) file(windowAt(text, best + 1), literal, best + 1 - start, best + 1 === last);
        else for (const window of behindAnything(windowAt(text, start))) file(window, literal, -1, false);
    }
    if (windows.length > 0xffff) throw new RangeError(`${starts.length - 1} literals are too many`);
    return { ...inOrder(windows, literals, offsets), followers };
}

/** A literal of four characters has only one window, so it is also filed with every character that may precede it. */
function* behindAnything(window: number): Generator<number> {
    for (let front = 0; front < 256; front++) if ((front & caseBit) !== 0) yield (front << 24) | (window >>> 8);
}

/** Counting sort by hash; Knuth, The Art of Computer Programming, volume 3, 5.2. */
function inOrder(
    windows: readonly number[],
    literals: readonly number[],
    offsets: readonly number[],
): Omit<Filings, 'followers'> {
    const first = new Uint16Array((1 << bits) + 1);
    for (const window of windows) first[slot(window) + 1] = (first[slot(window) + 1] ?? 0) + 1;
    for (let hash = 0; hash < 1 << bits; hash++) first[hash + 1] = (first[hash + 1] ?? 0) + (first[hash] ?? 0);
    const next = first.slice();
    const sorted = {
        windows: new Int32Array(windows.length),
        literals: new Uint16Array(windows.length),
        offsets: new Int16Array(windows.length),
    };
    for (const [filing, window] of windows.entries()) {
        const place = next[slot(window)] ?? 0;
        next[slot(window)] = place + 1;
        sorted.windows[place] = window;
        sorted.literals[place] = literals[filing] ?? 0;
        sorted.offsets[place] = offsets[filing] ?? 0;
    }
    return { first, ...sorted };
}

/**
 * By position in the text of all literals: the estimated cost of filing one under the four characters there. The estimate
 * ignores that anything may follow the end of a literal, which only makes a few costs too small.
 */
function costsOf(text: Uint8Array, sample: Uint8Array): Float64Array {
    const places = countPlaces(sample);
    const hashes = new Uint16Array(text.length);
    const uses = new Uint16Array(1 << bits);
    for (let position = 0; position < text.length; position++) {
        const hash = slot(windowAt(text, position));
        hashes[position] = hash;
        uses[hash] = (uses[hash] ?? 0) + 1;
    }
    const costs = new Float64Array(text.length);
    for (let position = 0; position < text.length; position++) {
        const hash = hashes[position] ?? 0;
        const counted = places[(hash << followerBits) | ((text[position + gram] ?? 0) & followerMask)] ?? 0;
        const expected = (sample.length + 1) * likelihoodAt(text, position);
        costs[position] = (counted + expected) * (uses[hash] ?? 1);
    }
    return costs;
}

function likelihoodAt(text: Uint8Array, position: number): number {
    const first = (likelihoods[text[position] ?? 0] ?? 0) * (likelihoods[text[position + 1] ?? 0] ?? 0);
    return first * (likelihoods[text[position + 2] ?? 0] ?? 0) * (likelihoods[text[position + 3] ?? 0] ?? 0);
}

/** By hash and follower: at how many positions of the sample such a filing would have to be compared. */
function countPlaces(sample: Uint8Array): Uint32Array {
    const places = new Uint32Array(1 << (bits + followerBits));
    let window = 0;
    for (const byte of sample) {
        const place = (slot(window | caseBits) << followerBits) | (byte & followerMask);
        places[place] = (places[place] ?? 0) + 1;
        window = (window << 8) | byte;
    }
    return places;
}

/** Four characters in a row, as the search sees them. */
function windowAt(text: Uint8Array, position: number): number {
    const high = ((text[position] ?? 0) << 24) | ((text[position + 1] ?? 0) << 16);
    return high | ((text[position + 2] ?? 0) << 8) | (text[position + 3] ?? 0) | caseBits;
}
