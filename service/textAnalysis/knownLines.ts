const setBits = 11;
/** How many lines of the same hash are remembered side by side. */
const ways = 4;
const slots = ways << setBits;
/** Longer lines are not remembered. */
const lengthLimit = 512;

type Line<T> = {
    readonly program: string;
    /** In bytes. */
    readonly length: number;
    readonly words: Int32Array;
    readonly value: T;
};

/**
 * Remembers what was made of lines that repeat, as programs say the same again and again: to recognise a line by its bytes costs
 * a fraction of searching and judging it. A cache of sets: a line replaces the oldest of those whose hash leads to its set. Most
 * lines of a log come only once, so a line is worth being remembered the second time.
 */
export class KnownLines<T> {
    readonly #lines = new Array<Line<T> | undefined>(slots);
    /** By slot, so that the lines themselves are seldom compared. */
    readonly #hashes = new Int32Array(slots);
    /** Of the last lines that were not found. */
    readonly #missed = new Int32Array(slots);
    /** By set, the slots that are used next. */
    readonly #nextKnown = new Uint8Array(1 << setBits);
    readonly #nextMissed = new Uint8Array(1 << setBits);
    /** The line that was looked for last: its bytes, four in a word, as every line is hashed and many are compared. */
    readonly #words = new Int32Array(lengthLimit / 4 + 1);
    #length = 0;
    #hash = 0;
    /** Where the last lines were, which mostly come from the same bytes. */
    #bytes: Uint8Array = new Uint8Array();
    #view: DataView = new DataView(this.#bytes.buffer);
    /** Whether the line that was not found just now came before. */
    isRepeated = false;

    /**
     * @param bytes hold the message from `start` up to, and without, `end`
     * @returns what was remembered; undefined when there is nothing
     */
    find(program: string, bytes: Uint8Array, start: number, end: number): T | undefined {
        this.isRepeated = false;
        if (end - start > lengthLimit) return undefined;
        const hash = this.#read(bytes, start, end);
        const first = setOf(hash) * ways;
        for (let slot = first; slot < first + ways; slot++) {
            if (this.#hashes[slot] !== hash) continue;
            const line = this.#lines[slot];
            if (line?.program === program && this.#isSame(line)) return line.value;
        }
        for (let slot = first; slot < first + ways; slot++) if (this.#missed[slot] === hash) this.isRepeated = true;
        if (!this.isRepeated) this.#missed[oldestIn(setOf(hash), this.#nextMissed)] = hash;
        return undefined;
    }

    /** Remembers the line that was not found just now. */
    learn(program: string, value: T): void {
        const slot = oldestIn(setOf(this.#hash), this.#nextKnown);
        this.#hashes[slot] = this.#hash;
        const words = this.#words.slice(0, (this.#length + 3) >> 2);
        this.#lines[slot] = { program, length: this.#length, words, value };
    }

    /** @returns the hash */
    #read(bytes: Uint8Array, start: number, end: number): number {
        if (this.#bytes !== bytes) {
            this.#bytes = bytes;
            this.#view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
        }
        const view = this.#view;
        const words = this.#words;
        let hash = (this.#length = end - start);
        let count = 0;
        let position = start;
        for (; position + 3 < end; position += 4) {
            const word = view.getInt32(position);
            words[count++] = word;
            hash = added(hash, word);
        }
        if (position < end) {
            let word = 0;
            for (; position < end; position++) word = (word << 8) | (bytes[position] ?? 0);
            words[count] = word;
            hash = added(hash, word);
        }
        return (this.#hash = hash);
    }

    #isSame({ length, words }: Line<T>): boolean {
        if (length !== this.#length) return false;
        for (let index = 0; index < words.length; index++) if (words[index] !== this.#words[index]) return false;
        return true;
    }
}

/** The slot of the set whose turn it is. */
function oldestIn(set: number, next: Uint8Array): number {
    const way = next[set] ?? 0;
    next[set] = (way + 1) % ways;
    return set * ways + way;
}

/** FxHash of Firefox and rustc: the upper bits depend on every bit before. */
function added(hash: number, word: number): number {
    return Math.imul(((hash << 5) | (hash >>> 27)) ^ word, 0x9e3779b1);
}

function setOf(hash: number): number {
    return hash >>> (32 - setBits);
}
