/** Downloads one file of the hub into a folder: resumable, and never anything but the pinned file. */
import { createHash, type Hash } from 'node:crypto';
import { constants, open, rm, type FileHandle } from 'node:fs/promises';
import type { IncomingMessage } from 'node:http';
import { join } from 'node:path';
import { setTimeout } from 'node:timers/promises';

import { ReeveError } from '../util/errors.ts';
import { _ } from '../i18n/i18n.ts';
import { GgufError } from './gguf/error.ts';
import { readFacts, type ModelFacts } from './gguf/facts.ts';
import { fileSource } from './gguf/source.ts';
import type { Hub, Pinned } from './hub.ts';
import { bodyOf, ConnectionLost } from './http.ts';
import { modelFile, readNote, writeNote } from './partial.ts';
import { diskError } from './diskError.ts';

export type Progress = {
    /** Called whenever more has arrived, with the bytes there. */
    received: (bytes: number) => void;
    /** Called when a stage begins, with its name in words. */
    step: (text: string) => void;
};

type Options = {
    hub: Hub;
    pinned: Pinned;
    /** Of the model, for people. */
    name: string;
    /** Holds nothing but this download, finished or not. */
    folder: string;
    /** Checks the header of the file as soon as that has arrived. What it throws ends the download. */
    check: (facts: ModelFacts) => void;
    progress: Progress;
    signal: AbortSignal;
    /** Milliseconds to wait after each failure in a row without progress; after the last, the download fails. */
    pauses?: readonly number[];
};

const mebibyte = 1_048_576;
const usualPauses = [1000, 2000, 5000, 10_000, 30_000];

/**
 * @returns the header of the finished file, which is in `folder`, complete, synced to the disk and with the right
 * checksum
 * @throws ReeveError WrongChecksum, UnusableModel, NoSpace: nothing is kept; Unavailable, Cancelled: the partial file
 * is kept, and the next call resumes there; and what `check` throws
 */
export async function download({ pauses = usualPauses, ...options }: Options): Promise<ModelFacts> {
    const { hub, folder, pinned, signal } = options;
    const before = await readNote(folder);
    const isSame = before !== null && before.sha256 === pinned.sha256 && before.size === pinned.size;
    const file = await open(
        join(folder, modelFile),
        constants.O_RDWR | constants.O_CREAT | constants.O_NOFOLLOW | (isSame ? 0 : constants.O_TRUNC),
        0o600,
    );
    try {
        const transfer = new Transfer(file, options, isSame ? before.etag : null);
        await transfer.takeUp();
        let failures = 0;
        while (!transfer.isComplete) {
            const had = transfer.received;
            try {
                await transfer.go();
            } catch (error) {
                if (!(error instanceof ConnectionLost)) throw error;
                failures = transfer.received > had ? 0 : failures + 1;
                const pause = pauses[failures];
                if (pause === undefined) throw hub.unreachable(error);
                options.progress.step(_('Interrupted; resuming in a moment'));
                await setTimeout(pause, undefined, { signal });
            }
        }
        return await transfer.finish();
    } catch (error) {
        const failure = signal.aborted ? (signal.reason as Error) : diskError(error);
        const code = failure instanceof ReeveError ? failure.code : null;
        // The partial file is wrong, or takes disk space that others need.
        if (code === 'WrongChecksum' || code === 'UnusableModel' || code === 'NoSpace' || code === 'DoesNotFit')
            await rm(folder, { recursive: true, force: true });
        throw failure;
    } finally {
        await file.close();
    }
}

/** The file while it arrives. */
class Transfer {
    readonly #file: FileHandle;
    readonly #options: Omit<Options, 'pauses'>;
    #hash: Hash = createHash('sha256');
    #etag: string | null;
    #received = 0;
    /** Bytes after which the header is parsed; it grows until the header is complete. */
    #headerCheckAt = mebibyte;

    constructor(file: FileHandle, options: Omit<Options, 'pauses'>, etag: string | null) {
        this.#file = file;
        this.#options = options;
        this.#etag = etag;
    }

    get received(): number {
        return this.#received;
    }

    get isComplete(): boolean {
        return this.#received === this.#options.pinned.size;
    }

    /** Reads what an earlier download has left, for the checksum. */
    async takeUp(): Promise<void> {
        const { pinned, progress, signal } = this.#options;
        const { size } = await this.#file.stat();
        if (size > pinned.size) await this.#startOver();
        else if (size > 0) progress.step(_('Checking what was already downloaded'));
        const buffer = Buffer.allocUnsafe(mebibyte);
        for (;;) {
            signal.throwIfAborted();
            const { bytesRead } = await this.#file.read(buffer, 0, buffer.length, this.#received);
            if (bytesRead === 0) break;
            this.#hash.update(buffer.subarray(0, bytesRead));
            this.#advance(bytesRead);
        }
    }

    /** Fetches the missing part, until the file is complete or the connection ends. */
    async go(): Promise<void> {
        const { hub, pinned, signal, progress } = this.#options;
        const response = await hub.fetch(pinned, this.#received, this.#etag, signal);
        try {
            progress.step(_('Downloading'));
            await this.#accept(response);
            for await (const chunk of bodyOf(response, signal)) await this.#take(chunk);
        } finally {
            response.destroy();
        }
        if (!this.isComplete) throw new ConnectionLost(_('the connection ended early'));
    }

    /** Whether the server resumes where we stand, or starts over. */
    async #accept(response: IncomingMessage): Promise<void> {
        const { statusCode, headers } = response;
        const { size } = this.#options.pinned;
        const range = /^bytes (\d+)-\d+\/(\d+|\*)$/.exec(headers['content-range'] ?? '');
        if (statusCode === 416 || (statusCode === 206 && Number(range?.[1]) !== this.#received)) {
            await this.#startOver();
            throw new ConnectionLost(_('the server cannot resume the download'));
        }
        // A whole file: the server supports no ranges, or has another file now.
        if (statusCode === 200) await this.#startOver();
        const length = Number(statusCode === 206 ? range?.[2] : headers['content-length']);
        if (Number.isFinite(length) && length !== size) throw this.#wrong();
        // Weak ones are useless for ranges (RFC 9110, If-Range).
        const etag = headers.etag?.startsWith('"') === true ? headers.etag : null;
        if (etag !== this.#etag || this.#received === 0) {
            this.#etag = etag;
            const { folder, name, pinned } = this.#options;
            await writeNote(folder, { ...pinned, name, etag });
        }
    }

    async #startOver(): Promise<void> {
        await this.#file.truncate(0);
        this.#hash = createHash('sha256');
        this.#received = 0;
        this.#headerCheckAt = mebibyte;
    }

    async #take(chunk: Buffer): Promise<void> {
        if (this.#received + chunk.length > this.#options.pinned.size) throw this.#wrong();
        let written = 0;
        while (written < chunk.length) {
            const position = this.#received + written;
            written += (await this.#file.write(chunk, written, chunk.length - written, position)).bytesWritten;
        }
        this.#hash.update(chunk);
        this.#advance(chunk.length);
        if (this.#received >= this.#headerCheckAt) await this.#checkHeader();
    }

    #advance(bytes: number): void {
        this.#received += bytes;
        this.#options.progress.received(this.#received);
    }

    /** Reject a useless file before the user has paid for all of it. */
    async #checkHeader(): Promise<void> {
        try {
            this.#options.check(await readFacts(fileSource(this.#file, this.#options.pinned.size)));
            this.#headerCheckAt = Infinity;
        } catch (error) {
            if (!(error instanceof GgufError) || error.problem !== 'truncated') throw error;
            this.#headerCheckAt *= 4;
        }
    }

    async finish(): Promise<ModelFacts> {
        const { pinned, progress, check } = this.#options;
        progress.step(_('Checking'));
        if (this.#hash.digest('hex') !== pinned.sha256) throw this.#wrong();
        const facts = await readFacts(fileSource(this.#file, pinned.size));
        check(facts);
        await this.#file.sync();
        return facts;
    }

    #wrong(): ReeveError {
        const { file } = this.#options.pinned;
        return new ReeveError('WrongChecksum', _('The downloaded file is not {file}; it was deleted', { file }));
    }
}
