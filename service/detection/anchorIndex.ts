const gram = 4;
const bits = 16;

/** ASCII letters in lower case, everything else as it is. */
const folded = Uint8Array.from({ length: 256 }, (_unused, byte) => (byte >= 0x41 && byte <= 0x5a ? byte | 0x20 : byte));

/**
 * Finds which of many literals occur in a text, whatever the case of their ASCII letters, in one pass whose cost does not
 * grow with their number: each literal is filed under the hash of four characters of it, those that are rarest in text.
 */
export class AnchorIndex<T> {
    /** By hash: one more than the number of the first literal that is filed there, 0 when there is none. */
    readonly #first = new Uint16Array(1 << bits);
    /** By literal: one more than the number of the next that is filed under the same hash, 0 when there is none. */
    readonly #next: Uint16Array;
    /** By literal: where it begins in `#text`, which holds one after the other; and in it, the four characters. */
    readonly #starts: Uint32Array;
    readonly #offsets: Uint16Array;
    readonly #text: Uint8Array;
    readonly #values: readonly T[];

    /** @param anchors at most 65,534 ASCII literals of at least four characters, each with what it stands for */
    constructor(anchors: Iterable<readonly [string, T]>) {
        const literals = Array.from(anchors, ([text, value]) => {
            const anchor = Buffer.from(text.toLowerCase());
            if (anchor.length < gram || anchor.length !== text.length)
                throw new RangeError(`${JSON.stringify(text)} is too short, or no plain ASCII`);
            return { anchor, value };
        });
        if (literals.length > 0xfffe) throw new RangeError(`${literals.length} literals are too many`);
        this.#values = literals.map(({ value }) => value);
        this.#text = new Uint8Array(Buffer.concat(literals.map(({ anchor }) => anchor)));
        this.#next = new Uint16Array(literals.length);
        this.#starts = new Uint32Array(literals.length + 1);
        this.#offsets = new Uint16Array(literals.length);
        const uses = new Map<number, number>();
        for (const { anchor } of literals)
            for (const window of windows(anchor)) uses.set(window, (uses.get(window) ?? 0) + 1);
        const last = new Map<number, number>();
        for (const [number, { anchor }] of literals.entries()) {
            const costs = windows(anchor).map(window => commonness(window) * (uses.get(window) ?? 1));
            const offset = costs.indexOf(Math.min(...costs));
            const hash = slot(anchor.readUInt32BE(offset));
            this.#offsets[number] = offset;
            this.#starts[number + 1] = (this.#starts[number] ?? 0) + anchor.length;
            const before = last.get(hash);
            if (before === undefined) this.#first[hash] = number + 1;
            else this.#next[before] = number + 1;
            last.set(hash, number);
        }
    }

    /**
     * What the literals that occur in `text` stand for, in the order in which they are found, each once.
     *
     * @returns null when there are none, which is by far the most frequent answer
     */
    find(text: Uint8Array): T[] | null {
        const first = this.#first;
        const { length } = text;
        let found: T[] | null = null;
        let window = 0;
        for (let position = 0; position < length; position++) {
            window = (window << 8) | (folded[text[position] ?? 0] ?? 0);
            let filed = first[slot(window)] ?? 0;
            if (filed === 0 || position < gram - 1) continue;
            for (; filed !== 0; filed = this.#next[filed - 1] ?? 0) {
                if (!this.#occursAt(text, position + 1 - gram, filed - 1)) continue;
                const value = this.#values[filed - 1] as T;
                if (found === null) found = [value];
                else if (!found.includes(value)) found.push(value);
            }
        }
        return found;
    }

    /** @param position in `text` of the four characters under which the literal is filed */
    #occursAt(text: Uint8Array, position: number, literal: number): boolean {
        const begin = this.#starts[literal] ?? 0;
        const length = (this.#starts[literal + 1] ?? 0) - begin;
        const start = position - (this.#offsets[literal] ?? 0);
        if (start < 0 || text.length - start < length) return false;
        for (let index = 0; index < length; index++) {
            if (folded[text[start + index] ?? 0] !== this.#text[begin + index]) return false;
        }
        return true;
    }
}

/**
 * How often a literal is to be expected in text, to compare it with others: the logarithm of what its characters come to
 * together, as it is found only as a whole. Infinite when it has less than four characters.
 */
export function likelihoodOf(literal: string): number {
    if (literal.length < gram) return Infinity;
    return Array.from(literal.toLowerCase(), character => Math.log(commonnessOf(character) / 64)).reduce(
        (all, one) => all + one,
    );
}

/** Every four characters in a row, as the scan sees them. */
function windows(anchor: Buffer): number[] {
    return Array.from({ length: Math.max(0, anchor.length - gram + 1) }, (_unused, offset) =>
        anchor.readUInt32BE(offset),
    );
}

/** The letters of English, the most frequent first. */
const letters = 'etaoinsrhldcumfpgwybvkxjqz';

/** Larger for characters that are common in text. */
function commonness(window: number): number {
    let cost = 1;
    for (let shift = 0; shift < 32; shift += 8) cost *= commonnessOf(String.fromCharCode((window >>> shift) & 0xff));
    return cost;
}

function commonnessOf(character: string): number {
    const rank = letters.indexOf(character);
    return rank >= 0 ? 2 + (letters.length - rank) / 2 : character === ' ' ? 15 : 4;
}

/** Multiplicative hashing; Knuth, The Art of Computer Programming, volume 3, 6.4. */
function slot(window: number): number {
    return Math.imul(window, 0x9e3779b1) >>> (32 - bits);
}
