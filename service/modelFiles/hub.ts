/**
 * The hub from which models come: Hugging Face's. What it says of a large file contains the file's SHA-256, because it is
 * the name of the file in Git LFS.
 *
 * Its HTTP interface, as its own clients use it (huggingface.js, packages/hub/src/lib/paths-info.ts and model-info.ts):
 * POST /api/models/REPOSITORY/paths-info/REVISION, GET /api/models/REPOSITORY/revision/REVISION, GET
 * /REPOSITORY/resolve/REVISION/FILE, which redirects to where the bytes are.
 */
import type { IncomingMessage } from 'node:http';

import * as z from 'zod';

import { ReeveError } from '../util/errors.ts';
import { _ } from '../i18n/i18n.ts';
import { ConnectionLost, HttpClient, readBody } from './http.ts';
import { sha256 } from './names.ts';

/** The wanted file of the hub. */
export type Wanted = {
    repository: string;
    file: string;
    /** null for the newest. */
    revision: string | null;
    /** Known beforehand; null to trust the hub. */
    sha256: string | null;
};

/** The pinned file: its bytes cannot change any more. */
export type Pinned = { repository: string; file: string; revision: string; size: number; sha256: string };

const commit = z.string().regex(/^[0-9a-f]{40}$/);
const modelInfo = z.object({ sha: commit });
const pathsInfo = z
    .array(z.object({ path: z.string(), lfs: z.object({ oid: sha256, size: z.int().positive() }).optional() }))
    .max(16);

const longestAnswer = 4_194_304;
const patience = 60_000;

const hubAddress = 'https://huggingface.co';

export class Hub implements Disposable {
    readonly #http: HttpClient;
    readonly #patience: number;

    /** @param options.base another hub of the same make, or a test's */
    constructor({ base = hubAddress, patience: milliseconds = patience }: { base?: string; patience?: number } = {}) {
        this.#http = new HttpClient(base);
        this.#patience = milliseconds;
    }

    [Symbol.dispose](): void {
        this.#http[Symbol.dispose]();
    }

    /**
     * Asks what the file is. If a revision is gone, the newest is searched for the file.
     *
     * @throws ReeveError NotFound, Unavailable; WrongChecksum when the hub has another file under that name now
     */
    async pin(wanted: Wanted, signal: AbortSignal): Promise<Pinned> {
        const { repository, file } = wanted;
        const found =
            (wanted.revision === null ? null : await this.#pinAt(repository, file, wanted.revision, signal)) ??
            (await this.#pinAt(repository, file, await this.#newest(repository, signal), signal));
        if (found === null)
            throw new ReeveError('NotFound', _('{host} does not have {file}', { host: this.#http.host, file }));
        if (wanted.sha256 !== null && wanted.sha256 !== found.sha256) {
            throw new ReeveError(
                'WrongChecksum',
                _('{host} now has a different {file} than expected. Nothing was downloaded.', {
                    host: this.#http.host,
                    file,
                }),
            );
        }
        return found;
    }

    /**
     * Begins to fetch the file.
     *
     * @param from bytes to skip at its beginning
     * @param etag of the file when they were fetched; null when unknown
     * @returns the answer with status 200, 206 or 416
     * @throws ConnectionLost when trying again may help
     * @throws ReeveError NotFound, Unavailable
     */
    async fetch(pinned: Pinned, from: number, etag: string | null, signal: AbortSignal): Promise<IncomingMessage> {
        const response = await this.#http.open(`/${pinned.repository}/resolve/${pinned.revision}/${pinned.file}`, {
            // If it is another file now, all of it is wanted (RFC 9110, If-Range).
            headers: from === 0 ? {} : { range: `bytes=${from}-`, ...(etag !== null && { 'if-range': etag }) },
            patience: this.#patience,
            signal,
        });
        if ([200, 206, 416].includes(response.statusCode ?? 0)) return response;
        response.destroy();
        throw this.#refusal(response, pinned.file);
    }

    async #newest(repository: string, signal: AbortSignal): Promise<string> {
        const path = `/api/models/${repository}/revision/main`;
        const info = await this.#ask(repository, path, modelInfo, undefined, signal);
        if (info === null)
            throw new ReeveError(
                'NotFound',
                _('{host} does not have {file}', { host: this.#http.host, file: repository }),
            );
        return info.sha;
    }

    async #pinAt(repository: string, file: string, revision: string, signal: AbortSignal): Promise<Pinned | null> {
        const path = `/api/models/${repository}/paths-info/${revision}`;
        const infos = await this.#ask(repository, path, pathsInfo, { paths: [file] }, signal);
        const lfs = infos?.find(info => info.path === file)?.lfs;
        return lfs === undefined ? null : { repository, file, revision, size: lfs.size, sha256: lfs.oid };
    }

    /** @returns null when it does not exist */
    async #ask<T>(
        repository: string,
        path: string,
        schema: z.ZodType<T>,
        body: unknown,
        signal: AbortSignal,
    ): Promise<T | null> {
        try {
            const response = await this.#http.open(path, { body, patience: this.#patience, signal });
            const text = await readBody(response, longestAnswer, signal);
            if (response.statusCode === 404) return null;
            if (response.statusCode !== 200) throw this.#refusal(response, repository);
            const { data } = schema.safeParse(parseJson(text));
            if (data !== undefined) return data;
        } catch (error) {
            if (!(error instanceof ConnectionLost)) throw error;
            throw this.unreachable(error);
        }
        throw new ReeveError('Unavailable', _('Unexpected answer from {host}', { host: this.#http.host }));
    }

    unreachable(cause: Error): ReeveError {
        const message = _('{host} cannot be reached: {reason}', { host: this.#http.host, reason: cause.message });
        return new ReeveError('Unavailable', message, { cause });
    }

    #refusal({ statusCode = 0 }: IncomingMessage, file: string): Error {
        const host = this.#http.host;
        if (statusCode === 401 || statusCode === 403) {
            // The hub gives the same answer for what does not exist.
            return new ReeveError('Unavailable', _('{host} requires a log-in for {file}', { host, file }));
        }
        if (statusCode === 404 || statusCode === 410)
            return new ReeveError('NotFound', _('{host} does not have {file}', { host, file }));
        const message = _('{host} answered with the error {status}', { host, status: statusCode });
        // Too many requests, or an error of the server itself: these pass.
        return statusCode === 408 || statusCode === 429 || statusCode >= 500
            ? new ConnectionLost(message)
            : new ReeveError('Unavailable', message);
    }
}

function parseJson(text: string): unknown {
    try {
        return JSON.parse(text);
    } catch {
        return undefined;
    }
}
