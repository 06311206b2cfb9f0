const newline = 0x0a;
const carriageReturn = 0x0d;
/** A filesystem whose last writes were lost in a crash has blocks of these in a file, and the next line follows them. */
const hole = 0x00;

/** Longer lines are cut; the rest is skipped without buffering it. */
export const lineLimit = 64 * 1024;

/**
 * Gets a line without its line break: the part of `bytes` from `start` up to, and without, `end`. The bytes do not change
 * later.
 *
 * @param number of the line, from 1
 */
export type OnLine = (bytes: Buffer, start: number, end: number, number: number) => void;

/** Splits a stream of bytes into lines, whatever they hold. Line breaks are LF or CRLF. */
export class LineSplitter {
    readonly #onLine: OnLine;
    #rest: Buffer = Buffer.alloc(0);
    #number = 0;
    #skip = false;

    constructor(onLine: OnLine) {
        this.#onLine = onLine;
    }

    /** @param chunk must not change any more */
    push(chunk: Buffer): void {
        const position = this.#emitWhole(chunk, this.#finishRest(chunk));
        if (position >= chunk.length) return;
        if (chunk.length - position > lineLimit) {
            this.#emit(chunk, position, chunk.length);
            this.#skip = true;
        } else {
            // A copy, so that a short rest does not hold on to the whole chunk.
            this.#rest = Buffer.from(chunk.subarray(position));
        }
    }

    /** @returns where the line begins that goes on in the next chunk */
    #emitWhole(chunk: Buffer, start: number): number {
        let position = start;
        for (;;) {
            const end = chunk.indexOf(newline, position);
            if (end < 0) return position;
            this.#emit(chunk, position, end);
            position = end + 1;
        }
    }

    /** Ends the stream; a last line need not have a line break. */
    end(): void {
        if (this.#rest.length > 0) this.#emitRest(this.#rest);
    }

    /** @returns where in `chunk` the line ends that began before it; all of it when it does not end there */
    #finishRest(chunk: Buffer): number {
        if (this.#rest.length === 0 && !this.#skip) return 0;
        const end = chunk.indexOf(newline);
        if (!this.#skip) {
            const joined = Buffer.concat([this.#rest, end < 0 ? chunk : chunk.subarray(0, end)]);
            this.#rest = joined;
            if (end >= 0) this.#emitRest(joined);
            else if (joined.length > lineLimit) {
                this.#emitRest(joined);
                this.#skip = true;
            }
        }
        if (end < 0) return chunk.length;
        this.#skip = false;
        return end + 1;
    }

    #emitRest(line: Buffer): void {
        this.#rest = Buffer.alloc(0);
        this.#emit(line, 0, line.length);
    }

    #emit(bytes: Buffer, start: number, end: number): void {
        this.#number += 1;
        let first = start;
        while (first < end && bytes[first] === hole) first += 1;
        const last = end > first && bytes[end - 1] === carriageReturn ? end - 1 : end;
        this.#onLine(bytes, first, Math.min(last, first + lineLimit), this.#number);
    }
}
