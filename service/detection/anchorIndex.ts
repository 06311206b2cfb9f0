const gram = 4;

/**
 * Finds which of many literals occur in a text, in one pass whose cost does not grow with their number: each literal is
 * filed under the hash of its first four characters.
 */
export class AnchorIndex<T> {
    readonly #filed = new Uint8Array(0x10000);
    readonly #byHash = new Map<number, { anchor: string; value: T }[]>();

    /** @param anchors literals of at least four characters, each with what it stands for */
    constructor(anchors: Iterable<readonly [string, T]>) {
        for (const [anchor, value] of anchors) {
            if (anchor.length < gram) throw new RangeError(`the anchor ${JSON.stringify(anchor)} is too short`);
            const hash = hashAt(anchor, 0);
            this.#filed[hash] = 1;
            this.#byHash.set(hash, [...(this.#byHash.get(hash) ?? []), { anchor, value }]);
        }
    }

    /** What the literals that occur in `text` stand for, in the order of their first occurrence, each once. */
    find(text: string): T[] {
        const found: T[] = [];
        for (let position = 0; position + gram <= text.length; position++) {
            const hash = hashAt(text, position);
            if (this.#filed[hash] === 0) continue;
            for (const { anchor, value } of this.#byHash.get(hash) ?? []) {
                if (text.startsWith(anchor, position) && !found.includes(value)) found.push(value);
            }
        }
        return found;
    }
}

function hashAt(text: string, position: number): number {
    return (
        (text.charCodeAt(position) * 0x1003 +
            text.charCodeAt(position + 1) * 0x205 +
            text.charCodeAt(position + 2) * 0x41 +
            text.charCodeAt(position + 3)) &
        0xffff
    );
}
