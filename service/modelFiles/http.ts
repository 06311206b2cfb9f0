/**
 * GET and POST, encrypted, with redirects. Not `fetch`: that of Node needs WebAssembly, which the service runs without.
 * Proxies are those of the environment (https_proxy, no_proxy).
 */
import { Agent, request as requestPlain, type IncomingMessage, type RequestOptions } from 'node:http';
import { Agent as SecureAgent, request as requestSecure } from 'node:https';

import { ReeveError } from '../util/errors.ts';
import { _ } from '../i18n/i18n.ts';
import { version } from '../util/version.ts';

export type HttpRequest = {
    headers?: Readonly<Record<string, string>>;
    /** Sent as JSON by POST; without it, GET. */
    body?: unknown;
    /** Milliseconds without a byte after which the other side counts as gone. */
    patience: number;
    signal: AbortSignal;
};

const mostRedirects = 5;
const loopback = new Set(['127.0.0.1', '[::1]', 'localhost']);

/** The other side cannot be reached, or broke off. Trying again may help. */
export class ConnectionLost extends Error {}

/**
 * Speaks to one server and to those that it refers to, encrypted. Only where the server itself is this very machine, as in
 * tests, may it be plain.
 */
export class HttpClient implements Disposable {
    readonly #base: URL;
    readonly #plain = new Agent({ proxyEnv: process.env });
    readonly #secure = new SecureAgent({ proxyEnv: process.env });

    /** @param base "https://host" */
    constructor(base: string) {
        this.#base = new URL(base);
        if (!this.#isAllowed(this.#base)) throw new Error(`${base} is neither https nor this machine`);
    }

    get host(): string {
        return this.#base.host;
    }

    [Symbol.dispose](): void {
        this.#plain.destroy();
        this.#secure.destroy();
    }

    /**
     * @param path from the base, beginning with "/"
     * @returns the answer, whatever its status, with its body unread: read it or destroy it
     * @throws ConnectionLost
     * @throws ReeveError Unavailable when a redirect leads to where nobody may go, or nowhere
     */
    async open(path: string, request: HttpRequest): Promise<IncomingMessage> {
        let url = new URL(path, this.#base);
        for (let redirects = 0; redirects <= mostRedirects; redirects += 1) {
            const response = await this.#once(url, request);
            const { statusCode = 0, headers } = response;
            if (![301, 302, 303, 307, 308].includes(statusCode) || headers.location === undefined) return response;
            response.destroy();
            const next = URL.parse(headers.location, url.href);
            if (next === null || !this.#isAllowed(next)) throw this.#badRedirect();
            url = next;
        }
        throw this.#badRedirect();
    }

    #isAllowed({ protocol, hostname, username, password }: URL): boolean {
        if (username !== '' || password !== '') return false;
        const isPlainBase = this.#base.protocol === 'http:';
        return protocol === 'https:' || (isPlainBase && protocol === 'http:' && loopback.has(hostname));
    }

    #badRedirect(): ReeveError {
        return new ReeveError('Unavailable', _('{host} redirects too often', { host: this.host }));
    }

    #once(url: URL, { headers, body, patience, signal }: HttpRequest): Promise<IncomingMessage> {
        const content = body === undefined ? null : JSON.stringify(body);
        const isSecure = url.protocol === 'https:';
        const options: RequestOptions = {
            method: content === null ? 'GET' : 'POST',
            agent: isSecure ? this.#secure : this.#plain,
            headers: {
                'user-agent': `reeve/${version}`,
                'accept-encoding': 'identity',
                ...headers,
                ...(content !== null && {
                    'content-type': 'application/json',
                    'content-length': Buffer.byteLength(content),
                }),
            },
            signal,
        };
        return new Promise((resolve, reject) => {
            const request = isSecure ? requestSecure(url, options) : requestPlain(url, options);
            request.setTimeout(patience, () => {
                request.destroy(new ConnectionLost(_('{host} no longer answers', { host: url.host })));
            });
            request.once('response', resolve);
            request.on('error', error => {
                reject(lost(error, signal));
            });
            request.end(content ?? undefined);
        });
    }
}

/** What an error of a socket means to those who wait. */
function lost(error: Error, signal: AbortSignal): Error {
    if (signal.aborted) return signal.reason as Error;
    return error instanceof ConnectionLost ? error : new ConnectionLost(error.message, { cause: error });
}

/** The body, piece by piece. @throws ConnectionLost, or the signal's reason */
export async function* bodyOf(response: IncomingMessage, signal: AbortSignal): AsyncGenerator<Buffer, void> {
    try {
        for await (const chunk of response as AsyncIterable<Buffer>) yield chunk;
    } catch (error) {
        throw lost(error as Error, signal);
    }
}

/**
 * The whole body, up to `limit` bytes.
 * @throws ConnectionLost
 * @throws ReeveError Unavailable when there is more
 */
export async function readBody(response: IncomingMessage, limit: number, signal: AbortSignal): Promise<string> {
    const chunks: Buffer[] = [];
    let length = 0;
    for await (const chunk of bodyOf(response, signal)) {
        length += chunk.length;
        if (length > limit) throw new ReeveError('Unavailable', _('The answer is too long'));
        chunks.push(chunk);
    }
    return Buffer.concat(chunks).toString('utf8');
}
