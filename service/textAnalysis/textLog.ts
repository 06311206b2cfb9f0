import { createHash } from 'node:crypto';
import { EventEmitter } from 'node:events';
import { createReadStream, watch } from 'node:fs';
import { stat } from 'node:fs/promises';
import { basename, dirname } from 'node:path';
import { TextDecoder } from 'node:util';

import { log } from '../util/log.ts';
import type { Source, SourceState, SourceStatus } from '../model/source.ts';
import { withoutSequences } from '../text/sanitise.ts';
import { LineSplitter } from './lineSplitter.ts';
import { TextLogEntry } from './textLogEntry.ts';
import { WrappedLines } from './wrappedLines.ts';
import { messageOf } from '../util/errors.ts';

const escape = 0x1b;

/** Makes an entry of each line of a stream. */
class EntryReader {
    readonly #splitter: LineSplitter;
    readonly #wrapped: WrappedLines;
    #areWrapped = false;
    #mayHaveColours = false;
    #file = '';

    /**
     * @param notAfter microseconds since the Unix epoch: when the log ended, for times without a year
     * @param inode of the file, if others follow it
     */
    constructor(take: (entry: TextLogEntry) => void, notAfter: () => number, inode: number | null = null) {
        this.#wrapped = new WrappedLines((line, number) => {
            take(new TextLogEntry(line, number, notAfter(), 0, line.length, this.#file));
        });
        this.#splitter = new LineSplitter((bytes, start, end, number) => {
            // A file that is cut keeps its inode, and that of a deleted one is used again.
            if (inode !== null && number === 1) this.#file = `${inode} ${hashOf(bytes.subarray(start, end))}`;
            // Next to colour codes, words would not be found.
            const plain = this.#mayHaveColours ? withoutSequences(bytes.subarray(start, end)) : null;
            if (this.#areWrapped) {
                this.#wrapped.push(plain ?? bytes.subarray(start, end), number);
                return;
            }
            const entry =
                plain === null
                    ? new TextLogEntry(bytes, number, notAfter(), start, end, this.#file)
                    : new TextLogEntry(plain, number, notAfter(), 0, plain.length, this.#file);
            take(entry);
        });
    }

    push(chunk: Buffer): void {
        // Checked once for many lines, since nearly none has any.
        this.#mayHaveColours ||= chunk.includes(escape);
        this.#splitter.push(chunk);
    }

    /** @param sample the beginning of a whole log, of which a mail program may have broken the lines */
    unwrap(sample: Buffer): void {
        this.#areWrapped = WrappedLines.areIn(sample);
    }

    end(): void {
        this.#splitter.end();
        this.#wrapped.end();
    }
}

/**
 * Hands over each line of a plain-text log.
 *
 * @param notAfter microseconds since the Unix epoch: when the log ended, for times without a year
 * @param pace called, and waited for, after each chunk
 */
export async function readTextLog(
    chunks: AsyncIterable<Buffer>,
    notAfter: number,
    take: (entry: TextLogEntry) => void,
    pace?: () => Promise<void>,
): Promise<void> {
    const reader = new EntryReader(take, () => notAfter);
    let isFirst = true;
    for await (const chunk of inUtf8(chunks)) {
        if (isFirst) reader.unwrap(chunk);
        isFirst = false;
        reader.push(chunk);
        await pace?.();
    }
    reader.end();
}

/**
 * Converts text that begins with a byte order mark of UTF-16, such as logs saved by Windows, to UTF-8; other text stays
 * unchanged.
 */
async function* inUtf8(chunks: AsyncIterable<Buffer>): AsyncGenerator<Buffer> {
    let decoder: TextDecoder | null | undefined;
    for await (const chunk of chunks) {
        if (decoder === undefined) {
            const mark = chunk.subarray(0, 2).toString('hex');
            decoder =
                mark === 'fffe' ? new TextDecoder('utf-16le') : mark === 'feff' ? new TextDecoder('utf-16be') : null;
        }
        yield decoder === null ? chunk : Buffer.from(decoder.decode(chunk, { stream: true }));
    }
}

/** How far a file has been read; a file of the same name with another inode is another file. */
type Place = { inode: number; offset: number; reader: EntryReader };

/**
 * A plain-text log that the service reads instead of the journal. It is read from its beginning and followed as it grows, even
 * if it is truncated or replaced, as logrotate(8) does.
 */
export class TextLog extends EventEmitter<{ status: [SourceStatus] }> implements Source {
    readonly status: SourceStatus = { name: 'text', state: 'off', detail: '', events: 0, lost: 0 };
    readonly #path: string;
    #place: Place | null = null;
    #take: (entry: TextLogEntry) => void = () => undefined;
    /** When the log was last written, in microseconds since the Unix epoch. */
    #written = 0;

    constructor(path: string) {
        super();
        this.#path = path;
    }

    /** Reads until `signal` aborts. A second run continues with new lines only. */
    async run(take: (entry: TextLogEntry) => void, signal: AbortSignal): Promise<void> {
        this.#setState('starting', '');
        let change = Promise.withResolvers<undefined>();
        const wake = () => {
            change.resolve(undefined);
        };
        signal.addEventListener('abort', wake, { once: true });
        try {
            // Watches the directory, as the file may be replaced by another.
            const watcher = watch(dirname(this.#path), (_event, name) => {
                if (name === basename(this.#path)) wake();
            });
            try {
                // Lines in between are skipped, but counted.
                if (this.#place !== null) await this.#read(signal);
                this.#take = take;
                while (!signal.aborted) {
                    change = Promise.withResolvers();
                    await this.#read(signal);
                    this.#setState('watching', '');
                    await change.promise;
                }
            } finally {
                watcher.close();
            }
            this.#setState('off', '');
        } catch (error) {
            if (signal.aborted) {
                this.#setState('off', '');
                return;
            }
            const reason = messageOf(error);
            log('error', 'A log cannot be read', { path: this.#path, reason });
            this.#setState('unavailable', reason);
        } finally {
            this.#take = () => undefined;
            signal.removeEventListener('abort', wake);
        }
    }

    /** Hands over what has come since the last time. */
    async #read(signal: AbortSignal): Promise<void> {
        const isFirst = this.#place === null;
        const file = await stat(this.#path).catch((error: unknown) => {
            // While it is being replaced there may be no file of this name.
            if (!isFirst && (error as NodeJS.ErrnoException).code === 'ENOENT') return null;
            throw error;
        });
        if (file === null) return;
        if (this.#place?.inode !== file.ino || file.size < this.#place.offset) this.#place = this.#beginning(file.ino);
        const place = this.#place;
        this.#written = Math.floor(file.mtimeMs * 1000);
        const chunks: AsyncIterable<Buffer> = createReadStream(this.#path, { start: place.offset, signal });
        for await (const chunk of chunks) {
            place.offset += chunk.length;
            place.reader.push(chunk);
        }
        // A log that has stopped growing need not end with a line break.
        if (isFirst) place.reader.end();
    }

    #beginning(inode: number): Place {
        const take = (entry: TextLogEntry) => {
            this.status.events += 1;
            this.#take(entry);
        };
        return { inode, offset: 0, reader: new EntryReader(take, () => this.#written, inode) };
    }

    #setState(state: SourceState, detail: string): void {
        if (this.status.state === state && this.status.detail === detail) return;
        this.status.state = state;
        this.status.detail = detail;
        this.emit('status', this.status);
    }
}

function hashOf(line: Buffer): string {
    return createHash('sha256').update(line).digest('hex').slice(0, 16);
}
