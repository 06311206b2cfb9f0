const slots = 4096;
/** Longer lines are not remembered. */
const lengthLimit = 512;

type Line<T> = { readonly program: string; readonly bytes: Uint8Array; readonly value: T };

/**
 * Remembers what was made of lines that repeat, as programs say the same again and again: to recognise a line by its bytes costs
 * a fraction of judging it. A direct-mapped cache: a line replaces another of the same hash. Most lines of a log come only once,
 * so a line is worth being remembered the second time.
 */
export class KnownLines<T> {
    readonly #lines = new Array<Line<T> | undefined>(slots);
    /** By slot, the hash of the last line that was not found. */
    readonly #missed = new Int32Array(slots);
    #hash = 0;
    /** Whether the line that was not found just now came before. */
    isRepeated = false;

    /**
     * @param bytes hold the message from `start` up to, and without, `end`
     * @returns what was remembered; undefined when there is nothing
     */
    find(program: string, bytes: Uint8Array, start: number, end: number): T | undefined {
        this.isRepeated = false;
        if (end - start > lengthLimit) return undefined;
        const hash = hashOf(bytes, start, end);
        const line = this.#lines[slotOf(hash)];
        if (line?.program === program && isSame(line.bytes, bytes, start, end)) return line.value;
        this.#hash = hash;
        this.isRepeated = this.#missed[slotOf(hash)] === hash;
        this.#missed[slotOf(hash)] = hash;
        return undefined;
    }

    /** Remembers the line that was not found just now. */
    learn(program: string, line: Uint8Array, value: T): void {
        this.#lines[slotOf(this.#hash)] = { program, bytes: Uint8Array.from(line), value };
    }
}

/** FNV-1a; RFC 9923. */
function hashOf(bytes: Uint8Array, start: number, end: number): number {
    let hash = 0x811c9dc5 | 0;
    for (let position = start; position < end; position++) hash = Math.imul(hash ^ (bytes[position] ?? 0), 0x01000193);
    return hash;
}

function slotOf(hash: number): number {
    return (hash ^ (hash >>> 16)) & (slots - 1);
}

function isSame(known: Uint8Array, bytes: Uint8Array, start: number, end: number): boolean {
    if (known.length !== end - start) return false;
    for (let index = 0; index < known.length; index++) if (known[index] !== bytes[start + index]) return false;
    return true;
}
