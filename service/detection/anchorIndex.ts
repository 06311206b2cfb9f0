const gram = 4;
const bits = 16;

/** ASCII letters in lower case, everything else as it is. */
const folded = Uint8Array.from({ length: 256 }, (_unused, byte) => (byte >= 0x41 && byte <= 0x5a ? byte | 0x20 : byte));

/**
 * Finds which of many literals occur in a text, whatever the case of their ASCII letters, in one pass whose cost does not
 * grow with their number: each literal is filed under the hash of its first four characters.
 */
export class AnchorIndex<T> {
    readonly #filed = new Uint8Array(1 << bits);
    readonly #byHash = new Map<number, { anchor: Buffer; value: T }[]>();

    /** @param anchors ASCII literals of at least four characters, each with what it stands for */
    constructor(anchors: Iterable<readonly [string, T]>) {
        for (const [text, value] of anchors) {
            const anchor = Buffer.from(text.toLowerCase());
            if (anchor.length < gram || anchor.length !== text.length)
                throw new RangeError(`${JSON.stringify(text)} is too short, or no plain ASCII`);
            const hash = slot(anchor.readUInt32BE(0));
            this.#filed[hash] = 1;
            const filed = this.#byHash.get(hash);
            if (filed === undefined) this.#byHash.set(hash, [{ anchor, value }]);
            else filed.push({ anchor, value });
        }
    }

    /**
     * What the literals that occur in `text` stand for, in the order of their first occurrence, each once.
     *
     * @returns null when there are none, which is by far the most frequent answer
     */
    find(text: Uint8Array): T[] | null {
        const filed = this.#filed;
        let found: T[] | null = null;
        let window = 0;
        for (let position = 0; position < text.length; position++) {
            window = (window << 8) | (folded[text[position] ?? 0] ?? 0);
            const hash = slot(window);
            if (filed[hash] === 0 || position < gram - 1) continue;
            for (const { anchor, value } of this.#byHash.get(hash) ?? []) {
                if (!startsWith(text, position + 1 - gram, anchor)) continue;
                if (found === null) found = [value];
                else if (!found.includes(value)) found.push(value);
            }
        }
        return found;
    }
}

/** Multiplicative hashing; Knuth, The Art of Computer Programming, volume 3, 6.4. */
function slot(window: number): number {
    return Math.imul(window, 0x9e3779b1) >>> (32 - bits);
}

function startsWith(text: Uint8Array, start: number, anchor: Buffer): boolean {
    if (text.length - start < anchor.length) return false;
    for (let index = 0; index < anchor.length; index++) {
        if (folded[text[start + index] ?? 0] !== anchor[index]) return false;
    }
    return true;
}
