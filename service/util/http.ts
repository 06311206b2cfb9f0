/** One HTTP request. Not `fetch`: that of Node needs WebAssembly, which the service runs without. */
import { request as requestPlain, type Agent, type IncomingMessage, type RequestOptions } from 'node:http';
import { request as requestSecure } from 'node:https';

import { version } from './version.ts';

export type HttpRequest = {
    headers?: Readonly<Record<string, string>>;
    /** Sent as JSON by POST; without it, GET. */
    body?: unknown;
    /** Milliseconds without a byte after which the other side counts as gone. */
    patience: number;
    /** What then ends the request, or the body that is being read. */
    gone: (host: string) => Error;
    signal: AbortSignal;
    /** false for a connection of its own. */
    agent: Agent | false;
};

/**
 * @returns the answer, whatever its status, with its body unread: read it or destroy it
 * @throws what `gone` makes, the signal's reason, or what the socket says
 */
export function sendRequest(url: URL, request: HttpRequest): Promise<IncomingMessage> {
    const { headers, body, patience, gone, signal, agent } = request;
    const content = body === undefined ? null : JSON.stringify(body);
    const options: RequestOptions = {
        method: content === null ? 'GET' : 'POST',
        agent,
        signal,
        headers: {
            'user-agent': `reeve/${version}`,
            'accept-encoding': 'identity',
            ...headers,
            ...(content !== null && {
                'content-type': 'application/json',
                'content-length': Buffer.byteLength(content),
            }),
        },
    };
    const sent = (url.protocol === 'https:' ? requestSecure : requestPlain)(url, options);
    const { promise, resolve, reject } = Promise.withResolvers<IncomingMessage>();
    let answer: IncomingMessage | undefined;
    sent.setTimeout(patience, () => {
        (answer ?? sent).destroy(gone(url.host));
    });
    sent.once('response', response => {
        answer = response;
        resolve(response);
    });
    sent.on('error', error => {
        reject(signal.aborted ? (signal.reason as Error) : error);
    });
    sent.end(content ?? undefined);
    return promise;
}

/**
 * The whole body.
 *
 * @param tooLong what is thrown when it has more than `limit` bytes
 */
export async function readWhole(body: AsyncIterable<Buffer>, limit: number, tooLong: () => Error): Promise<string> {
    const chunks: Buffer[] = [];
    let length = 0;
    for await (const chunk of body) {
        length += chunk.length;
        if (length > limit) throw tooLong();
        chunks.push(chunk);
    }
    return Buffer.concat(chunks).toString('utf8');
}
