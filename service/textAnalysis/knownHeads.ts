/** The writer of a line, according to its head. */
export type KnownHead = {
    readonly identifier: string;
    readonly pid: string | null;
    /** Whether no rule is about that program. */
    readonly isStranger: boolean;
};

type Entry = { readonly bytes: Uint8Array; readonly head: KnownHead };

const space = 0x20;
const colon = 0x3a;
const slots = 256;

/** Longer heads are not cached. */
export const headLimit = 128;

/** Every digit as 0, everything else as it is. */
const shapes = Uint8Array.from({ length: 256 }, (_unused, byte) => (byte >= 0x30 && byte <= 0x39 ? 0x30 : byte));

/**
 * Recognises by their bytes the heads of lines that begin like an earlier one, `Nov 21 02:00:00 host program[123]:`, since few
 * programs write most of a log, and decoding a line costs more than everything else. A direct-mapped cache: a head replaces
 * another of the same hash.
 */
export class KnownHeads {
    /** Of the time that was read last, with its digits as 0. */
    #shape = new Uint8Array();
    readonly #entries = new Array<Entry | undefined>(slots);
    /** Where the head that was found last ends, behind its colon. */
    end = 0;

    /** @param time as the line has it before the head; "" when it has to be read each time */
    learnTime(time: string): void {
        if (
            time.length === this.#shape.length &&
            this.#shape.every((byte, index) => shapes[time.charCodeAt(index)] === byte)
        )
            return;
        this.#shape = Uint8Array.from(time, character => shapes[character.charCodeAt(0)] ?? 0);
    }

    /** @param text what is between the time and the colon */
    learnHead(text: string, head: KnownHead): void {
        const slot = slotOfText(text);
        if (this.#entries[slot]?.head === head) return;
        const isPlain = text.length <= headLimit && /^[!-9;-~][ -9;-~]*$/.test(text);
        if (isPlain) this.#entries[slot] = { bytes: new Uint8Array(Buffer.from(text, 'latin1')), head };
    }

    /**
     * @param bytes hold the line from `start` up to, and without, `end`
     * @returns null when the line has to be parsed
     */
    find(bytes: Uint8Array, start: number, end: number): KnownHead | null {
        const begin = start + this.#shape.length + 1;
        if (begin === start + 1 || begin >= end || !this.#beginsWithTime(bytes, start)) return null;
        // No time continues with a small letter after the space, so this is the complete time.
        const first = bytes[begin] ?? 0;
        if (bytes[begin - 1] !== space || first < 0x61 || first > 0x7a) return null;
        const last = Math.min(end, begin + headLimit + 1);
        let stop = begin;
        while (stop < last && bytes[stop] !== colon) stop++;
        if (stop === last) return null;
        const known = this.#entries[slotOf(bytes, begin, stop)];
        if (known?.bytes.length !== stop - begin) return null;
        for (let index = 0; index < known.bytes.length; index++)
            if (known.bytes[index] !== bytes[begin + index]) return null;
        this.end = stop + 1;
        return known.head;
    }

    /** Another time of the same shape is as long, and the same kind of time. */
    #beginsWithTime(bytes: Uint8Array, start: number): boolean {
        const shape = this.#shape;
        for (let index = 0; index < shape.length; index++)
            if (shapes[bytes[start + index] ?? 0] !== shape[index]) return false;
        return true;
    }
}

/** The heads of a log mostly differ at the end: `…123]`. */
function slotOf(bytes: Uint8Array, start: number, end: number): number {
    const last = (bytes[end - 2] ?? 0) + 10 * (bytes[end - 3] ?? 0) + 100 * (bytes[end - 4] ?? 0);
    return (last + 7 * (bytes[end - 7] ?? 0) + (end - start)) & (slots - 1);
}

/** The same for a head that is already text. */
function slotOfText(text: string): number {
    const end = text.length;
    const last = text.charCodeAt(end - 2) + 10 * text.charCodeAt(end - 3) + 100 * text.charCodeAt(end - 4);
    return (last + 7 * text.charCodeAt(end - 7) + end) & (slots - 1);
}
