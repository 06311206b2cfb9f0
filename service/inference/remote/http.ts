/**
 * Requests to one server. Redirects are not followed: the key and the question go where the user said, and nowhere else.
 */
import type { IncomingMessage } from 'node:http';
import * as z from 'zod';
import { _ } from '../../i18n/i18n.ts';
import { safeText } from '../../text/sanitise.ts';
import { readWhole, sendRequest } from '../../util/http.ts';
import { InferenceError } from '../errors.ts';

export type Server = {
    /** With the path before "/chat/completions": "http://127.0.0.1:8080/v1". */
    url: string;
    /** Gives the key to send, null for none. Called again for each request; never logged. */
    key: () => Promise<string | null>;
    /** Milliseconds without a byte after which the server counts as hung. */
    patience: number;
};

/** An answer of a model is some kilobytes; its vectors a few megabytes. */
const mostBytes = 8 * 1024 * 1024;
const mostErrorBytes = 64 * 1024;

/** What servers say when they fail: OpenAI's way, and llama.cpp's and Ollama's variants of it. */
const errorBody = z.object({
    error: z.union([z.string(), z.object({ message: z.string() }).transform(({ message }) => message)]),
});

/**
 * @param path from the server's URL, beginning with "/"
 * @param body is sent as JSON by POST; null for GET
 * @returns the pieces of a successful answer's body, 8 MiB at most
 * @throws InferenceError; the signal's reason
 */
export async function* ask(
    { url, key, patience }: Server,
    path: string,
    body: unknown,
    signal: AbortSignal,
): AsyncGenerator<Buffer, void, void> {
    const secret = await key();
    signal.throwIfAborted();
    const { host } = new URL(url);
    const response = await sendRequest(new URL(`${url.replace(/\/+$/, '')}${path}`), {
        ...{ body: body ?? undefined, patience, signal, gone: stopped },
        // An unused connection would keep the service awake.
        agent: false,
        headers: secret === null ? {} : { authorization: `Bearer ${secret}` },
    }).catch((error: unknown) => {
        throw asInferenceError(error, host, signal);
    });
    try {
        const status = response.statusCode ?? 0;
        if (status < 200 || status >= 300) throw statusError(status, await readError(response), host);
        let length = 0;
        for await (const chunk of response as AsyncIterable<Buffer>) {
            length += chunk.length;
            if (length > mostBytes) throw new InferenceError('RemoteTooLarge', _('The server’s answer is too long.'));
            yield chunk;
        }
    } catch (error) {
        throw asInferenceError(error, host, signal);
    } finally {
        response.destroy();
    }
}

/** The whole body as JSON that fits `schema`. @throws as `ask`, RemoteGarbled */
export async function askJson<T>(
    server: Server,
    path: string,
    body: unknown,
    schema: z.ZodType<T>,
    signal: AbortSignal,
): Promise<T> {
    const chunks: Buffer[] = [];
    for await (const chunk of ask(server, path, body, signal)) chunks.push(chunk);
    try {
        return schema.parse(JSON.parse(Buffer.concat(chunks).toString('utf8')));
    } catch (error) {
        throw garbled(_('it is not JSON of the expected form'), error);
    }
}

/** @param detail in words, of what is wrong */
export function garbled(detail: string, cause?: unknown): InferenceError {
    return new InferenceError(
        'RemoteGarbled',
        _('The server’s answer is invalid: {detail}. Check that the address is that of an OpenAI-compatible server.', {
            detail,
        }),
        { cause },
    );
}

export function stopped(host: string): InferenceError {
    return new InferenceError('TimedOut', _('The server {host} has stopped answering. Ask again later.', { host }));
}

function asInferenceError(error: unknown, host: string, signal: AbortSignal): unknown {
    if (signal.aborted) return signal.reason;
    if (error instanceof InferenceError) return error;
    const reason =
        error instanceof Error ? safeText(error.message || ((error as { code?: string }).code ?? ''), 200) : '';
    return new InferenceError(
        'RemoteUnreachable',
        _('The server {host} cannot be reached: {reason}. Check that it runs, and its address in the configuration.', {
            host,
            reason,
        }),
        { cause: error },
    );
}

/** The server's own error message, as text from outside; empty when it is missing or unreadable. */
async function readError(response: IncomingMessage): Promise<string> {
    const tooLong = () => new InferenceError('RemoteTooLarge', _('The server’s answer is too long.'));
    const text = await readWhole(response, mostErrorBytes, tooLong).catch((error: unknown) => {
        if (error instanceof InferenceError) return '';
        throw error;
    });
    try {
        const parsed = errorBody.safeParse(JSON.parse(text));
        return parsed.success ? safeText(parsed.data.error, 200) : '';
    } catch {
        return '';
    }
}

function statusError(status: number, detail: string, host: string): InferenceError {
    const reason = detail === '' ? `HTTP ${status}` : detail;
    if (status === 401 || status === 403)
        return new InferenceError(
            'RemoteDenied',
            _('The server {host} refuses the key: {reason}. Set a different one.', { host, reason }),
        );
    if (status === 429 || status === 503)
        return new InferenceError(
            'RemoteBusy',
            _('The server {host} is busy: {reason}. Ask again in a moment.', { host, reason }),
        );
    return new InferenceError('RemoteFailed', _('The server {host} failed: {reason}.', { host, reason }));
}
