import type { FileHandle } from 'node:fs/promises';

import { GgufError } from './error.ts';
import { _ } from '../../i18n/i18n.ts';

/** The source of a file's bytes. */
export type ByteSource = {
    /** Of the whole file, in bytes, even while only part of it is there. */
    size: number;
    /** At most `length` bytes from `offset`; fewer at the end of what is there, none beyond it. */
    read: (offset: number, length: number) => Promise<Buffer>;
};

/** @param size of the whole file, when the handle holds only the beginning of it so far */
export function fileSource(file: FileHandle, size: number): ByteSource {
    return {
        size,
        read: async (offset, length) => {
            const buffer = Buffer.allocUnsafe(length);
            let filled = 0;
            while (filled < length) {
                const { bytesRead } = await file.read(buffer, filled, length - filled, offset + filled);
                if (bytesRead === 0) break;
                filled += bytesRead;
            }
            return buffer.subarray(0, filled);
        },
    };
}

/** Thrown inside of an item that does not fit into what has been read; never leaves `Window`. */
class Short extends Error {}

const step = 262_144;

/**
 * Reads a file from front to back through a window that is no larger than what is being read. The work on the bytes is
 * synchronous, because a header has hundreds of thousands of fields.
 */
export class Window {
    readonly #source: ByteSource;
    #bytes: Buffer = Buffer.alloc(0);
    /** Where in the file the window begins, and where in the window the next byte is. */
    #start = 0;
    #next = 0;

    constructor(source: ByteSource) {
        this.#source = source;
    }

    /** The position of the next byte, from the beginning of the file. */
    get position(): number {
        return this.#start + this.#next;
    }

    get remaining(): number {
        return this.#source.size - this.position;
    }

    /**
     * Runs `read`, which may take bytes, again with more of the file each time that it runs out of bytes.
     *
     * @param read without effects until it has all that it needs, and bounded in what it takes
     * @throws GgufError truncated at the end of the file
     */
    async item<T>(read: () => T): Promise<T> {
        for (;;) {
            const before = this.#next;
            try {
                return read();
            } catch (error) {
                if (!(error instanceof Short)) throw error;
                this.#next = before;
                await this.#more();
            }
        }
    }

    /** As `item`, any number of times, at no cost for those of which all bytes have been read. */
    async items(times: number, read: () => void): Promise<void> {
        let done = 0;
        while (done < times) {
            let before = this.#next;
            try {
                for (; done < times; done += 1) {
                    before = this.#next;
                    read();
                }
            } catch (error) {
                if (!(error instanceof Short)) throw error;
                this.#next = before;
                await this.#more();
            }
        }
    }

    async #more(): Promise<void> {
        const kept = this.#bytes.subarray(this.#next);
        const from = this.position + kept.length;
        // Doubled, so that a long string is not copied once for every step.
        const more = await this.#source.read(from, Math.min(Math.max(step, kept.length), this.#source.size - from));
        if (more.length === 0) throw truncated();
        this.#start = this.position;
        this.#bytes = kept.length === 0 ? more : Buffer.concat([kept, more]);
        this.#next = 0;
    }

    /** Goes on `length` bytes further. @throws GgufError truncated */
    skip(length: number): void {
        if (length > this.remaining) throw truncated();
        const inside = Math.min(length, this.#bytes.length - this.#next);
        this.#next += inside;
        if (length > inside) {
            this.#start = this.position + length - inside;
            this.#bytes = Buffer.alloc(0);
            this.#next = 0;
        }
    }

    /** The next bytes, which stay valid until more is taken. */
    take(length: number): Buffer {
        if (length > this.remaining) throw truncated();
        const end = this.#next + length;
        if (end > this.#bytes.length) throw new Short();
        const taken = this.#bytes.subarray(this.#next, end);
        this.#next = end;
        return taken;
    }
}

export function truncated(): GgufError {
    return new GgufError('truncated', _('The file is truncated'));
}
