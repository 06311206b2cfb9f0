import { caseBits, fileLiterals, gram, slot, stride } from './literalFilings.ts';
import type { Filings, Literals } from './literalFilings.ts';

/** ASCII letters in lower case, everything else as it is. */
const folded = Uint8Array.from({ length: 256 }, (_unused, byte) => (byte >= 0x41 && byte <= 0x5a ? byte | 0x20 : byte));

/**
 * Finds which of many literals occur in a text, ignoring the case of ASCII letters. It takes one pass, whose cost does not grow
 * with the number of literals: a filter of hashed q-grams (Kytöjoki, Salmela and Tarhio, Tuning string matching for huge
 * pattern sets, CPM 2003). Each literal is filed under the hashes of two overlapping groups of four of its characters, one
 * character apart. Therefore only every second position in a text has to be checked (q-samples; Sutinen and Tarhio, CPM 1996).
 * A 32-bit mask beside each hash says which fifth characters may follow, so that most positions cost a single lookup.
 */
export class AnchorIndex<T> {
    readonly #literals: Literals;
    readonly #filings: Filings;
    readonly #followers: Uint32Array;
    /** By literal. */
    readonly #values: readonly (readonly T[])[];

    /**
     * @param anchors ASCII literals of at least four characters, some thirty thousand at most, each with the value it stands
     * for
     * @param sample of the texts to be searched: literals are filed under what is rare in it
     */
    constructor(anchors: Iterable<readonly [string, T]>, sample: Uint8Array = new Uint8Array()) {
        const values = new Map<string, T[]>();
        for (const [text, value] of anchors) {
            const literal = text.toLowerCase();
            const known = values.get(literal);
            if (known === undefined) values.set(literal, [value]);
            else known.push(value);
        }
        this.#literals = joined([...values.keys()]);
        this.#filings = fileLiterals(this.#literals, sample);
        this.#followers = this.#filings.followers;
        this.#values = [...values.values()];
    }

    /**
     * The values of the literals that occur in a text, each once.
     *
     * @param bytes hold the text from `start` up to, and without, `end`
     * @returns null when there are none, which is by far the most frequent answer
     */
    find(bytes: Uint8Array, start = 0, end = bytes.length): T[] | null {
        if (end - start < gram) return null;
        const followers = this.#followers;
        let found: T[] | null = null;
        let window = ((bytes[start] ?? 0) << 8) | (bytes[start + 1] ?? 0);
        let position = start + stride;
        let next = bytes[position] ?? 0;
        // Never reads behind the bytes: V8 would make slower code for it.
        for (; position + stride < end; position += stride) {
            window = (window << 16) | (next << 8) | (bytes[position + 1] ?? 0);
            next = bytes[position + stride] ?? 0;
            const isPossible = (followers[slot(window | caseBits)] ?? 0) >>> next;
            if ((isPossible & 1) !== 0) {
                const begin = position + stride - gram;
                found = this.#addAt(begin, window | caseBits, { bytes, start, end }, found);
            }
        }
        if (position + 1 >= end) return found;
        // Only the end of a literal is left to be found, which may be followed by anything.
        window = (window << 16) | (next << 8) | (bytes[position + 1] ?? 0);
        return this.#addAt(position + stride - gram, window | caseBits, { bytes, start, end }, found);
    }

    /** Adds the values of the literals that have these four characters, which a text holds at `position`. */
    #addAt(
        position: number,
        window: number,
        { bytes, start, end }: { bytes: Uint8Array; start: number; end: number },
        found: T[] | null,
    ): T[] | null {
        const { first, windows, literals, offsets } = this.#filings;
        const hash = slot(window);
        const last = first[hash + 1] ?? 0;
        let all = found;
        for (let filing = first[hash] ?? 0; filing < last; filing++) {
            if (windows[filing] !== window) continue;
            const literal = literals[filing] ?? 0;
            const begin = position - (offsets[filing] ?? 0);
            if (begin < start || !this.#occursAt(bytes, begin, end, literal)) continue;
            all ??= [];
            for (const value of this.#values[literal] ?? []) if (!all.includes(value)) all.push(value);
        }
        return all;
    }

    #occursAt(bytes: Uint8Array, position: number, end: number, literal: number): boolean {
        const { text, starts } = this.#literals;
        const begin = starts[literal] ?? 0;
        const length = (starts[literal + 1] ?? 0) - begin;
        if (end - position < length) return false;
        for (let index = 0; index < length; index++) {
            if (folded[bytes[position + index] ?? 0] !== text[begin + index]) return false;
        }
        return true;
    }
}

/** @param literals in lower case */
function joined(literals: readonly string[]): Literals {
    const starts = new Uint32Array(literals.length + 1);
    for (const [number, literal] of literals.entries()) {
        if (literal.length < gram) throw new RangeError(`${JSON.stringify(literal)} is too short`);
        starts[number + 1] = (starts[number] ?? 0) + literal.length;
    }
    const text = Buffer.from(literals.join(''));
    if (text.length !== starts.at(-1)) throw new RangeError('a literal is no plain ASCII');
    return { text: new Uint8Array(text), starts };
}
