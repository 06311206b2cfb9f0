const gram = 4;
const bits = 16;

/** ASCII letters in lower case, everything else as it is. */
const folded = Uint8Array.from({ length: 256 }, (_unused, byte) => (byte >= 0x41 && byte <= 0x5a ? byte | 0x20 : byte));

type Filed<T> = { anchor: Buffer; offset: number; value: T };

/**
 * Finds which of many literals occur in a text, whatever the case of their ASCII letters, in one pass whose cost does not
 * grow with their number: each literal is filed under the hash of four characters of it, those that are rarest in text.
 */
export class AnchorIndex<T> {
    readonly #filed = new Uint8Array(1 << bits);
    readonly #byHash = new Map<number, Filed<T>[]>();

    /** @param anchors ASCII literals of at least four characters, each with what it stands for */
    constructor(anchors: Iterable<readonly [string, T]>) {
        const literals = Array.from(anchors, ([text, value]) => {
            const anchor = Buffer.from(text.toLowerCase());
            if (anchor.length < gram || anchor.length !== text.length)
                throw new RangeError(`${JSON.stringify(text)} is too short, or no plain ASCII`);
            return { anchor, value };
        });
        const uses = new Map<number, number>();
        for (const { anchor } of literals)
            for (const window of windows(anchor)) uses.set(window, (uses.get(window) ?? 0) + 1);
        for (const { anchor, value } of literals) {
            const costs = windows(anchor).map(window => commonness(window) * (uses.get(window) ?? 1));
            const offset = costs.indexOf(Math.min(...costs));
            const hash = slot(anchor.readUInt32BE(offset));
            this.#filed[hash] = 1;
            const filed = this.#byHash.get(hash);
            if (filed === undefined) this.#byHash.set(hash, [{ anchor, offset, value }]);
            else filed.push({ anchor, offset, value });
        }
    }

    /**
     * What the literals that occur in `text` stand for, in the order in which they are found, each once.
     *
     * @returns null when there are none, which is by far the most frequent answer
     */
    find(text: Uint8Array): T[] | null {
        const filed = this.#filed;
        const { length } = text;
        let found: T[] | null = null;
        let window = 0;
        for (let position = 0; position < length; position++) {
            window = (window << 8) | (folded[text[position] ?? 0] ?? 0);
            const hash = slot(window);
            if (filed[hash] === 0 || position < gram - 1) continue;
            for (const { anchor, offset, value } of this.#byHash.get(hash) ?? []) {
                if (!occursAt(text, position + 1 - gram - offset, anchor)) continue;
                if (found === null) found = [value];
                else if (!found.includes(value)) found.push(value);
            }
        }
        return found;
    }
}

/** How often a literal is to be expected in text, by its rarest four characters; infinite when it has no four. */
export function commonnessOf(literal: string): number {
    const anchor = Buffer.from(literal.toLowerCase());
    return Math.min(Infinity, ...windows(anchor).map(commonness));
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
    for (let shift = 0; shift < 32; shift += 8) {
        const character = String.fromCharCode((window >>> shift) & 0xff);
        const rank = letters.indexOf(character);
        cost *= rank >= 0 ? 2 + (letters.length - rank) / 2 : character === ' ' ? 15 : 4;
    }
    return cost;
}

/** Multiplicative hashing; Knuth, The Art of Computer Programming, volume 3, 6.4. */
function slot(window: number): number {
    return Math.imul(window, 0x9e3779b1) >>> (32 - bits);
}

function occursAt(text: Uint8Array, start: number, anchor: Buffer): boolean {
    if (start < 0 || text.length - start < anchor.length) return false;
    for (let index = 0; index < anchor.length; index++) {
        if (folded[text[start + index] ?? 0] !== anchor[index]) return false;
    }
    return true;
}
