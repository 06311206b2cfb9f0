/**
 * GET and POST, encrypted, with redirects. Proxies are those of the environment (https_proxy, no_proxy).
 */
import { Agent, type IncomingMessage } from 'node:http';
import { Agent as SecureAgent } from 'node:https';

import { ReeveError } from '../util/errors.ts';
import { _ } from '../i18n/i18n.ts';
import { readWhole, sendRequest, type HttpRequest as Request } from '../util/http.ts';

type HttpRequest = Omit<Request, 'gone' | 'agent'>;

const mostRedirects = 5;
const loopback = new Set(['127.0.0.1', '[::1]', 'localhost']);

/** The server is unreachable, or the connection broke. Trying again may help. */
export class ConnectionLost extends Error {}

/**
 * Speaks to one server and the targets of its redirects, encrypted. Plain HTTP is only allowed to this very machine, as
 * in tests.
 */
export class HttpClient implements Disposable {
    readonly #base: URL;
    readonly #plain = new Agent({ proxyEnv: process.env });
    readonly #secure = new SecureAgent({ proxyEnv: process.env });

    /** @param base "https://host" */
    constructor(base: string) {
        this.#base = new URL(base);
        if (!this.#isAllowed(this.#base)) throw new Error(`${base} is neither an https address nor on this machine`);
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

    async #once(url: URL, request: HttpRequest): Promise<IncomingMessage> {
        const gone = (host: string) => new ConnectionLost(_('{host} no longer answers', { host }));
        const agent = url.protocol === 'https:' ? this.#secure : this.#plain;
        try {
            return await sendRequest(url, { ...request, gone, agent });
        } catch (error) {
            throw lost(error as Error, request.signal);
        }
    }
}

/** A socket error in words for the user. */
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
    return readWhole(bodyOf(response, signal), limit, () => new ReeveError('Unavailable', _('The answer is too long')));
}
