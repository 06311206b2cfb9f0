const gram = 4;
const stride = 2;
const bits = 15;
const bitsOfCount = 16;

/** Bytes that differ in this bit alone are filed as one: a letter and its capital do. */
const caseBit = 0x20;
const caseBits = 0x20202020;

/** ASCII letters in lower case, everything else as it is. */
const folded = Uint8Array.from({ length: 256 }, (_unused, byte) =>
    byte >= 0x41 && byte <= 0x5a ? byte | caseBit : byte,
);

/** Four characters of a literal; `offset` is where they begin in it, -1 when any character may be in front of it. */
type Filing = { window: number; literal: number; offset: number };

/**
 * Finds which of many literals occur in a text, whatever the case of their ASCII letters, in one pass whose cost does not
 * grow with their number: a filter of hashed q-grams (Kytöjoki, Salmela and Tarhio, Tuning string matching for huge pattern
 * sets, CPM 2003). Each literal is filed under the hash of four characters of it, those that are rarest in text, and of the
 * four one further on, so that only every second place in a text needs to be looked at (q-samples; Sutinen and Tarhio, CPM 1996).
 * Beside each hash, a word of 32 bits tells which fifth characters may follow, so that most places cost one look.
 */
export class AnchorIndex<T> {
    /** By hash: a bit for the last five bits of each character that follows one of the windows with that hash. */
    readonly #followers = new Uint32Array(1 << bits);
    /** By hash: the first of its filings; those of one hash are neighbours. */
    readonly #first = new Uint16Array((1 << bits) + 1);
    /** By filing: the four characters, the literal, and where they begin in it. */
    readonly #windows: Int32Array;
    readonly #literals: Uint16Array;
    readonly #offsets: Int16Array;
    /** By literal: where it begins in `#text`, which holds one after the other. */
    readonly #starts: Uint32Array;
    readonly #text: Uint8Array;
    readonly #values: readonly (readonly T[])[];

    /**
     * @param anchors ASCII literals of at least four characters, some thirty thousand at most, each with what it stands for
     * @param sample of the texts that are to be searched: literals are filed under what is rare in it
     */
    constructor(anchors: Iterable<readonly [string, T]>, sample: Uint8Array = new Uint8Array()) {
        const values = new Map<string, T[]>();
        for (const [text, value] of anchors) {
            const literal = text.toLowerCase();
            const known = values.get(literal);
            if (known === undefined) values.set(literal, [value]);
            else known.push(value);
        }
        const literals = Array.from(values.keys(), text => {
            const literal = Buffer.from(text);
            if (literal.length < gram || literal.length !== text.length)
                throw new RangeError(`${JSON.stringify(text)} is too short, or no plain ASCII`);
            return literal;
        });
        const filings = fileAll(literals, sample);
        if (filings.length > 0xffff) throw new RangeError(`${literals.length} literals are too many`);
        this.#values = [...values.values()];
        this.#text = new Uint8Array(Buffer.concat(literals));
        this.#starts = new Uint32Array(literals.length + 1);
        for (const [number, literal] of literals.entries())
            this.#starts[number + 1] = (this.#starts[number] ?? 0) + literal.length;
        filings.sort((one, other) => slot(one.window) - slot(other.window));
        this.#windows = Int32Array.from(filings, ({ window }) => window);
        this.#literals = Uint16Array.from(filings, ({ literal }) => literal);
        this.#offsets = Int16Array.from(filings, ({ offset }) => offset);
        for (const { window, literal, offset } of filings) {
            const follower = literals[literal]?.[offset + gram];
            const hash = slot(window);
            // What follows the end of a literal may be anything; a shift takes the last five bits.
            this.#followers[hash] = (this.#followers[hash] ?? 0) | (follower === undefined ? -1 : 1 << follower);
            this.#first[hash + 1] = (this.#first[hash + 1] ?? 0) + 1;
        }
        for (let hash = 0; hash < 1 << bits; hash++)
            this.#first[hash + 1] = (this.#first[hash + 1] ?? 0) + (this.#first[hash] ?? 0);
    }

    /**
     * What the literals that occur in a text stand for, each once.
     *
     * @param bytes hold the text from `start` up to, and without, `end`
     * @returns null when there are none, which is by far the most frequent answer
     */
    find(bytes: Uint8Array, start = 0, end = bytes.length): T[] | null {
        const followers = this.#followers;
        let found: T[] | null = null;
        let window = ((bytes[start] ?? 0) << 8) | (bytes[start + 1] ?? 0);
        for (let position = start + stride; position + 1 < end; position += stride) {
            window = (window << 16) | ((bytes[position] ?? 0) << 8) | (bytes[position + 1] ?? 0);
            const isCandidate = (followers[slot(window | caseBits)] ?? 0) >>> (bytes[position + 2] ?? 0);
            if ((isCandidate & 1) !== 0)
                found = this.#check(bytes, start, end, position - stride, window | caseBits, found);
        }
        return found;
    }

    /** Adds what stands behind the literals one of whose windows is at `position`. */
    #check(
        bytes: Uint8Array,
        start: number,
        end: number,
        position: number,
        window: number,
        found: T[] | null,
    ): T[] | null {
        const hash = slot(window);
        const last = this.#first[hash + 1] ?? 0;
        for (let filing = this.#first[hash] ?? 0; filing < last; filing++) {
            if (this.#windows[filing] !== window) continue;
            const literal = this.#literals[filing] ?? 0;
            const begin = position - (this.#offsets[filing] ?? 0);
            if (begin < start || !this.#occursAt(bytes, begin, end, literal)) continue;
            found ??= [];
            for (const value of this.#values[literal] ?? []) if (!found.includes(value)) found.push(value);
        }
        return found;
    }

    #occursAt(bytes: Uint8Array, position: number, end: number, literal: number): boolean {
        const begin = this.#starts[literal] ?? 0;
        const length = (this.#starts[literal + 1] ?? 0) - begin;
        if (end - position < length) return false;
        for (let index = 0; index < length; index++) {
            if (folded[bytes[position + index] ?? 0] !== this.#text[begin + index]) return false;
        }
        return true;
    }
}

/** Where each literal is filed. */
function fileAll(literals: readonly Buffer[], sample: Uint8Array): Filing[] {
    const counts = countGrams(sample);
    const uses = new Uint32Array(1 << bitsOfCount);
    for (const text of literals)
        for (let offset = 0; offset + gram <= text.length; offset++) {
            const number = counter(windowAt(text, offset));
            uses[number] = (uses[number] ?? 0) + 1;
        }
    const costAt = (text: Buffer, offset: number) => {
        const number = counter(windowAt(text, offset));
        return (counts[number] ?? 0) + commonness(text, offset) * (uses[number] ?? 1);
    };
    return literals.flatMap((text, literal) => {
        if (text.length === gram) return fileShort(text, literal);
        let best = 0;
        let least = Infinity;
        let before = costAt(text, 0);
        for (let offset = 0; offset + gram < text.length; offset++) {
            const after = costAt(text, offset + 1);
            if (before + after < least) [best, least] = [offset, before + after];
            before = after;
        }
        return [best, best + 1].map(offset => ({ window: windowAt(text, offset), literal, offset }));
    });
}

/** How often each four characters in a row occur, by `counter`. */
function countGrams(sample: Uint8Array): Uint32Array {
    const counts = new Uint32Array(1 << bitsOfCount);
    let window = 0;
    for (const byte of sample) {
        window = (window << 8) | byte;
        const number = counter(window | caseBits);
        counts[number] = (counts[number] ?? 0) + 1;
    }
    return counts;
}

/** Only one window lies within a literal of four characters, so it is filed with whatever may stand in front of it, too. */
function fileShort(text: Buffer, literal: number): Filing[] {
    const own = windowAt(text, 0);
    const filings = [{ window: own, literal, offset: 0 }];
    for (let front = 0; front < 256; front++) {
        if ((front & caseBit) === 0) continue;
        filings.push({ window: (front << 24) | (own >>> 8), literal, offset: -1 });
    }
    return filings;
}

/**
 * How often a literal is to be expected in text, to compare it with others: the logarithm of what its characters come to
 * together, as it is found only as a whole. Infinite when it has less than four characters.
 *
 * @param literal in lower case
 */
export function likelihoodOf(literal: string): number {
    if (literal.length < gram) return Infinity;
    let likelihood = 0;
    for (let index = 0; index < literal.length; index++)
        likelihood += Math.log((commonnesses[literal.charCodeAt(index)] ?? rare) / 64);
    return likelihood;
}

/** Four characters in a row, as the scan sees them. */
function windowAt(text: Buffer, offset: number): number {
    return text.readInt32BE(offset) | caseBits;
}

/** The letters of English, the most frequent first. */
const letters = 'etaoinsrhldcumfpgwybvkxjqz';
const rare = 4;

/** By byte; larger for characters that are common in text. */
const commonnesses = Float64Array.from({ length: 256 }, (_unused, byte) => {
    const rank = letters.indexOf(String.fromCharCode(byte));
    return rank >= 0 ? 2 + (letters.length - rank) / 2 : byte === 0x20 ? 15 : rare;
});

function commonness(text: Buffer, offset: number): number {
    let cost = 1;
    for (let index = offset; index < offset + gram; index++) cost *= commonnesses[text[index] ?? 0] ?? rare;
    return cost;
}

/** Multiplicative hashing; Knuth, The Art of Computer Programming, volume 3, 6.4. */
const multiplier = 0x9e3779b1;

function slot(window: number): number {
    return Math.imul(window, multiplier) >>> (32 - bits);
}

function counter(window: number): number {
    return Math.imul(window, multiplier) >>> (32 - bitsOfCount);
}
