// A hub of a test's own: a real HTTP server on this machine that can be made to fail in every way that servers fail.
import { createHash } from 'node:crypto';
import { once } from 'node:events';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { text } from 'node:stream/consumers';

export const revision = 'a'.repeat(40);
export const oldRevision = 'b'.repeat(40);

/** How one request for the bytes fails. */
export type Fault = {
    /** The connection is reset when so many bytes of the body are out. */
    cutAfter?: number;
    /** No more of the body comes after so many bytes. */
    stallAfter?: number;
    status?: number;
    redirect?: string;
    ignoresRange?: boolean;
    sendsWrongRange?: boolean;
    /** Sent after the body, whose length is not announced. */
    extra?: Buffer;
};

export type TestHub = AsyncDisposable & {
    base: string;
    /** Requests for the bytes, as they came. */
    fetched: { range: string | undefined; ifRange: string | undefined; url: string }[];
    /** For the requests to come, in order; those after them are served as they should. */
    faults: Fault[];
    /** What is asked of the interface answers with this status instead. */
    refuse: number | null;
    content: Buffer;
    etag: string;
    /** What it says of the content's checksum and size, when that is not the truth. */
    claimed: { sha256?: string; size?: number };
};

export const sha256Of = (content: Buffer): string => createHash('sha256').update(content).digest('hex');

/** Has one file, under whatever name it is asked for, at `revision`, which is also its newest. */
export async function startTestHub(content: Buffer): Promise<TestHub> {
    const server = createServer((request, response) => {
        answer(request, response).catch((error: unknown) => {
            response.destroy(error as Error);
        });
    });
    server.listen(0, '127.0.0.1');
    await once(server, 'listening');
    const { port } = server.address() as AddressInfo;
    const hub: TestHub = {
        base: `http://127.0.0.1:${port}`,
        fetched: [],
        faults: [],
        refuse: null,
        content,
        etag: '"first"',
        claimed: {},
        [Symbol.asyncDispose]: async () => {
            server.closeAllConnections();
            server.close();
            await once(server, 'close');
        },
    };
    return hub;

    async function answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
        const url = request.url ?? '';
        if (!url.startsWith('/api/')) {
            await sendBytes(url, request, response);
            return;
        }
        const body = await text(request);
        response.statusCode = hub.refuse ?? 200;
        if (url.endsWith('/revision/main')) {
            response.end(JSON.stringify({ sha: revision, siblings: [] }));
        } else if (request.method === 'POST' && url.endsWith(`/paths-info/${revision}`)) {
            const [path] = (JSON.parse(body) as { paths: string[] }).paths;
            const lfs = {
                oid: hub.claimed.sha256 ?? sha256Of(hub.content),
                size: hub.claimed.size ?? hub.content.length,
                pointerSize: 135,
            };
            response.end(JSON.stringify([{ type: 'file', path, size: lfs.size, oid: 'c'.repeat(40), lfs }]));
        } else {
            response.statusCode = 404;
            response.end('{"error":"Not found"}');
        }
    }

    async function sendBytes(url: string, request: IncomingMessage, response: ServerResponse): Promise<void> {
        const range = request.headers.range;
        const ifRange = request.headers['if-range'] as string | undefined;
        hub.fetched.push({ range, ifRange, url });
        const fault = hub.faults.shift() ?? {};
        if (fault.status !== undefined) {
            response.writeHead(fault.status).end();
            return;
        }
        if (fault.redirect !== undefined) {
            response.writeHead(302, { location: fault.redirect }).end();
            return;
        }
        const { length } = hub.content;
        const asked = /^bytes=(\d+)-$/.exec(range ?? '');
        const isHonoured =
            asked !== null && fault.ignoresRange !== true && (ifRange === undefined || ifRange === hub.etag);
        const from = isHonoured ? Number(asked[1]) : 0;
        if (from >= length) {
            response.writeHead(416, { 'content-range': `bytes */${length}` }).end();
            return;
        }
        const said = fault.sendsWrongRange === true ? from + 1 : from;
        response.writeHead(isHonoured ? 206 : 200, {
            etag: hub.etag,
            ...(fault.extra === undefined && { 'content-length': length - from }),
            ...(isHonoured && { 'content-range': `bytes ${said}-${length - 1}/${length}` }),
        });
        const whole = Buffer.concat([hub.content.subarray(from), fault.extra ?? Buffer.alloc(0)]);
        const limit = fault.cutAfter ?? fault.stallAfter ?? whole.length;
        await new Promise<void>(resolve => {
            response.write(whole.subarray(0, limit), () => {
                resolve();
            });
        });
        if (fault.stallAfter !== undefined) return;
        if (fault.cutAfter !== undefined) request.socket.destroy();
        else response.end();
    }
}
