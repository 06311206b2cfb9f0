const setBits = 11;
/** How many lines of the same hash are remembered side by side. */
const ways = 4;
const slots = ways << setBits;
/** Longer lines are not remembered. */
const lengthLimit = 512;

type Line<T> = {
    readonly program: string;
    readonly bytes: DataView;
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
    /** The line that was looked for last. */
    #start = 0;
    #length = 0;
    #hash = 0;
    /** Where the last lines were, which mostly come from the same bytes. */
    #bytes: Uint8Array = new Uint8Array();
    #view: DataView = viewOf(this.#bytes);
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
            if (line?.program === program && this.#isSame(line.bytes)) return line.value;
        }
        for (let slot = first; slot < first + ways; slot++) if (this.#missed[slot] === hash) this.isRepeated = true;
        if (!this.isRepeated) this.#missed[oldestIn(setOf(hash), this.#nextMissed)] = hash;
        return undefined;
    }

    /** Remembers the line that was not found just now. */
    learn(program: string, value: T): void {
        const slot = oldestIn(setOf(this.#hash), this.#nextKnown);
        this.#hashes[slot] = this.#hash;
        // A copy, so that it does not hold on to the bytes around it.
        const bytes = viewOf(Uint8Array.from(this.#bytes.subarray(this.#start, this.#start + this.#length)));
        this.#lines[slot] = { program, bytes, value };
    }

    /**
     * Hashes four bytes at a time, in two chains that the processor follows side by side.
     *
     * @returns the hash
     */
    #read(bytes: Uint8Array, start: number, end: number): number {
        if (this.#bytes !== bytes) {
            this.#bytes = bytes;
            this.#view = viewOf(bytes);
        }
        this.#start = start;
        const view = this.#view;
        let even = (this.#length = end - start);
        let odd = 0;
        let position = start;
        for (; position + 7 < end; position += 8) {
            even = added(even, view.getInt32(position, true));
            odd = added(odd, view.getInt32(position + 4, true));
        }
        for (; position < end; position++) even = added(even, view.getUint8(position));
        return (this.#hash = added(even, odd));
    }

    /** Compares eight bytes at a time, as numbers: other bytes are another number, but that of -0 and what is not a number. */
    #isSame(known: DataView): boolean {
        const length = known.byteLength;
        if (length !== this.#length) return false;
        const view = this.#view;
        const start = this.#start;
        let position = 0;
        for (; position + 7 < length; position += 8) {
            const number = known.getFloat64(position, true);
            if (number === 0 || number !== view.getFloat64(start + position, true)) return false;
        }
        for (; position < length; position++)
            if (known.getUint8(position) !== view.getUint8(start + position)) return false;
        return true;
    }
}

function viewOf({ buffer, byteOffset, byteLength }: Uint8Array): DataView {
    return new DataView(buffer, byteOffset, byteLength);
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
