const newline = 0x0a;
const carriageReturn = 0x0d;

/** Longer lines are cut; what is behind is skipped without being gathered. */
export const lineLimit = 64 * 1024;

/** Splits a stream of bytes into lines, whatever they hold. Line breaks are LF or CRLF. */
export class LineSplitter {
    readonly #onLine: (line: Buffer, number: number) => void;
    #rest: Buffer = Buffer.alloc(0);
    #number = 0;
    #skip = false;

    /** @param onLine gets each line without its line break, valid only during the call, and its number from 1 */
    constructor(onLine: (line: Buffer, number: number) => void) {
        this.#onLine = onLine;
    }

    push(chunk: Buffer): void {
        let position = 0;
        for (;;) {
            const end = chunk.indexOf(newline, position);
            if (end < 0) break;
            if (this.#skip) this.#skip = false;
            else this.#emit(this.#joined(chunk, position, end));
            position = end + 1;
        }
        if (this.#skip || position === chunk.length) return;
        const rest = this.#joined(chunk, position, chunk.length);
        if (rest.length > lineLimit) {
            this.#emit(rest);
            this.#skip = true;
        } else {
            this.#rest = Buffer.from(rest);
        }
    }

    /** Ends the stream; a last line need not have a line break. */
    end(): void {
        if (this.#rest.length > 0) this.#emit(this.#rest);
    }

    #joined(chunk: Buffer, start: number, end: number): Buffer {
        const part = chunk.subarray(start, end);
        if (this.#rest.length === 0) return part;
        const joined = Buffer.concat([this.#rest, part]);
        this.#rest = Buffer.alloc(0);
        return joined;
    }

    #emit(line: Buffer): void {
        this.#rest = Buffer.alloc(0);
        this.#number += 1;
        const end = line.at(-1) === carriageReturn ? line.length - 1 : line.length;
        this.#onLine(line.subarray(0, Math.min(end, lineLimit)), this.#number);
    }
}
