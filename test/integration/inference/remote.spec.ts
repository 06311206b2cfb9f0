import { once } from 'node:events';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { ChatRequest, Model, Tool } from '../../../service/inference/backend.ts';
import type { InferenceError } from '../../../service/inference/errors.ts';
import { RemoteBackend } from '../../../service/inference/remote/remoteBackend.ts';
import { hear, question } from './support.ts';

const problem = (name: InferenceError['problem']) => jasmine.objectContaining({ problem: name });
const model: Model = { kind: 'remote', name: 'small' };

type Received = { path: string; authorization: string | undefined; body: Record<string, unknown> };
type Answer = (response: ServerResponse, request: IncomingMessage) => void;

/** A server that answers everything in one way, and the backend that asks it. */
async function openServer(answer: Answer, { key = null as string | null, patience = 60_000 } = {}) {
    const received: Received[] = [];
    const server = createServer((request, response) => {
        const chunks: Buffer[] = [];
        request.on('data', (chunk: Buffer) => chunks.push(chunk));
        request.once('end', () => {
            const text = Buffer.concat(chunks).toString();
            received.push({
                path: request.url ?? '',
                authorization: request.headers.authorization,
                body: text === '' ? {} : (JSON.parse(text) as Record<string, unknown>),
            });
            answer(response, request);
        });
    });
    server.listen(0, '127.0.0.1');
    await once(server, 'listening');
    const { port } = server.address() as AddressInfo;
    const url = `http://127.0.0.1:${port}/v1`;
    const backend = new RemoteBackend({ url, key: () => Promise.resolve(key), patience });
    return {
        backend,
        received,
        [Symbol.asyncDispose]: async () => {
            await backend[Symbol.asyncDispose]();
            server.closeAllConnections();
            server.close();
            await once(server, 'close');
        },
    };
}

const events = (...data: unknown[]) =>
    data.map(item => `data: ${typeof item === 'string' ? item : JSON.stringify(item)}\n\n`).join('');
const text = (content: string) => ({ choices: [{ index: 0, delta: { content } }] });
const call = (name: string, written: string, more: object = {}) => ({
    choices: [
        { index: 0, delta: { tool_calls: [{ index: 0, id: 'c1', function: { name, arguments: written }, ...more }] } },
    ],
});
const end = (finish_reason: string) => ({ choices: [{ index: 0, delta: {}, finish_reason }] });
const usage = {
    choices: [],
    usage: { prompt_tokens: 9, completion_tokens: 2, prompt_tokens_details: { cached_tokens: 4 } },
};

/** Sends the whole stream and ends. */
const streaming =
    (...data: unknown[]): Answer =>
    response => {
        response.writeHead(200, { 'content-type': 'text/event-stream' });
        response.end(events(...data));
    };

const listUnits: Tool = {
    name: 'list_units',
    description: 'Lists units',
    parameters: { type: 'object', properties: { state: { enum: ['failed', 'active'] } }, required: ['state'] },
};

async function ask(answer: Answer, more: Partial<ChatRequest> = {}, patience?: number) {
    await using server = await openServer(answer, patience === undefined ? {} : { patience });
    return await hear(server.backend.chat(question(model, more)));
}

describe('A model on an OpenAI-compatible server', () => {
    it('streams, and is sent what was asked, with the key', async () => {
        await using server = await openServer(streaming(text('The '), text('disk.'), end('stop'), usage, '[DONE]'), {
            key: 's3cret',
        });

        const { text: answer, end: ending } = await hear(server.backend.chat(question(model, { tools: [listUnits] })));

        expect(answer).toBe('The disk.');
        expect(ending).toEqual({
            type: 'end',
            reason: 'stop',
            usage: jasmine.objectContaining({
                promptTokens: 9,
                cachedTokens: 4,
                completionTokens: 2,
                contextTokens: null,
            }),
        });
        expect(server.received).toEqual([
            {
                path: '/v1/chat/completions',
                authorization: 'Bearer s3cret',
                body: jasmine.objectContaining({
                    model: 'small',
                    stream: true,
                    max_tokens: 40,
                    messages: [
                        { role: 'system', content: 'You answer questions about this computer.' },
                        { role: 'user', content: 'What failed?' },
                    ],
                    tools: [{ type: 'function', function: listUnits }],
                    tool_choice: 'auto',
                }),
            },
        ]);
        expect(server.backend.status).toEqual(
            jasmine.objectContaining({
                kind: 'remote',
                state: 'ready',
                model: 'small',
                leavesMachine: false,
                problem: null,
            }),
        );
    });

    it('is marked as leaving the machine unless it is on it', () => {
        const leaves = (url: string) =>
            new RemoteBackend({ url, key: () => Promise.resolve(null), patience: 1000 }).status.leavesMachine;

        expect(leaves('http://localhost:8080/v1')).toBeFalse();
        expect(leaves('http://127.0.0.2/v1')).toBeFalse();
        expect(leaves('http://[::1]:8080/v1')).toBeFalse();
        expect(leaves('http://192.168.1.9:8080/v1')).toBeTrue();
        expect(leaves('https://127.0.0.1.example.org/v1')).toBeTrue();
    });

    it('calls tools, with calls that come in pieces', async () => {
        const pieces = [
            call('list_units', '{"sta'),
            { choices: [{ delta: { tool_calls: [{ index: 0, function: { arguments: 'te":"failed"}' } }] } }] },
        ];

        const heard = await ask(streaming(...pieces, end('tool_calls'), '[DONE]'), { tools: [listUnits] });

        expect(heard.calls as unknown).toEqual([{ id: 'c1', name: 'list_units', arguments: { state: 'failed' } }]);
        expect(heard.end.reason).toBe('calls');
    });

    it('keeps thoughts apart from the answer', async () => {
        const generated = [];
        await using server = await openServer(
            streaming({ choices: [{ delta: { reasoning_content: 'Hm.' } }] }, text('Yes.'), end('length'), '[DONE]'),
        );

        for await (const piece of server.backend.chat(question(model))) generated.push(piece);

        expect(generated.slice(0, 2)).toEqual([
            { type: 'thought', text: 'Hm.' },
            { type: 'text', text: 'Yes.' },
        ]);
        expect(generated[2]).toEqual(jasmine.objectContaining({ type: 'end', reason: 'limit' }));
    });

    it('says whether it has a model', async () => {
        const answers: Record<string, Answer> = {
            '/v1/models': response => response.end(JSON.stringify({ data: [{ id: 'small' }] })),
        };
        await using server = await openServer((response, request) => answers[request.url ?? '']?.(response, request));
        const { backend } = server;

        await expectAsync(backend.load(question(model))).toBeResolved();
        await expectAsync(backend.load(question({ kind: 'remote', name: 'large' }))).toBeRejectedWith(
            problem('RemoteFailed'),
        );
    });
});

describe('A server that misbehaves', () => {
    const withUnits = { tools: [listUnits] };
    const schema = { type: 'object', properties: { cause: { type: 'string' } }, required: ['cause'] };
    const cases: [string, InferenceError['problem'], Answer, Partial<ChatRequest>?][] = [
        ['streams garbage', 'RemoteGarbled', streaming('<html>Welcome</html>')],
        ['streams other JSON', 'RemoteGarbled', streaming({ choices: 'many' })],
        ['answers with no events at all', 'RemoteGarbled', response => response.end('<html>Welcome</html>')],
        ['breaks off', 'RemoteGarbled', streaming(text('The '))],
        [
            'reports a failure in the middle',
            'RemoteFailed',
            streaming(text('The '), { error: { message: 'CUDA error' } }),
        ],
        [
            'calls a tool that was not offered',
            'RemoteGarbled',
            streaming(call('rm', '{}'), end('tool_calls')),
            withUnits,
        ],
        [
            'calls with what is no JSON',
            'RemoteGarbled',
            streaming(call('list_units', '{"state":'), end('tool_calls')),
            withUnits,
        ],
        [
            'calls with other arguments',
            'RemoteGarbled',
            streaming(call('list_units', '{"state":"sad"}'), end('stop')),
            withUnits,
        ],
        ['lies about its schema', 'RemoteGarbled', streaming(text('{"reason":1}'), end('stop')), { schema }],
        [
            'says nothing that fits a schema',
            'RemoteGarbled',
            streaming(text('Sure! Here it is'), end('stop')),
            { schema },
        ],
        [
            'returns ten megabytes',
            'RemoteTooLarge',
            streaming(...Array.from({ length: 160 }, () => text('x'.repeat(65_536)))),
        ],
        [
            'returns one line of ten megabytes',
            'RemoteGarbled',
            response => response.end(`data: ${'x'.repeat(10_000_000)}`),
        ],
        [
            'calls without an end',
            'RemoteGarbled',
            streaming(...Array.from({ length: 9 }, () => call('list_units', 'x'.repeat(65_536)))),
            withUnits,
        ],
        ['refuses the key', 'RemoteDenied', response => response.writeHead(401).end('{"error":"no"}')],
        ['is overloaded', 'RemoteBusy', response => response.writeHead(429).end()],
        ['fails', 'RemoteFailed', response => response.writeHead(500).end('x'.repeat(1_000_000))],
        [
            'sends us elsewhere',
            'RemoteFailed',
            response => response.writeHead(307, { location: 'http://example.org/' }).end(),
        ],
        ['hangs up', 'RemoteUnreachable', response => response.destroy()],
        [
            'hangs up in the middle',
            'RemoteUnreachable',
            response => {
                response.write(events(text('The ')));
                setImmediate(() => response.destroy());
            },
        ],
    ];
    for (const [what, expected, answer, more] of cases)
        it(`and ${what} gives ${expected}`, async () => {
            await expectAsync(ask(answer, more)).toBeRejectedWith(problem(expected));
        });

    it('and hangs is given up, before its first word and after', async () => {
        const silent: Answer = () => undefined;
        const stuck: Answer = response => {
            response.write(events(text('The ')));
        };

        await expectAsync(ask(silent, {}, 100)).toBeRejectedWith(problem('TimedOut'));
        await expectAsync(ask(stuck, {}, 100)).toBeRejectedWith(problem('TimedOut'));
        await expectAsync(ask(silent, { timeout: 50 })).toBeRejectedWith(problem('TimedOut'));
    });

    it('and only says that it is still at it is given up too', async () => {
        const dripping: Answer = response => {
            const timer = setInterval(() => response.write(': still at it\n\n'), 10);
            response.once('close', () => {
                clearInterval(timer);
            });
        };

        await expectAsync(ask(dripping, {}, 100)).toBeRejectedWith(problem('TimedOut'));
    });

    it('and is not there is said to be so', async () => {
        const { backend } = await (async () => {
            await using server = await openServer(() => undefined);
            return server;
        })();

        await expectAsync(hear(backend.chat(question(model)))).toBeRejectedWith(problem('RemoteUnreachable'));
        expect(backend.status.state).toBe('failed');
    });

    it('lets itself be cancelled', async () => {
        await using server = await openServer(response => {
            response.write(events(text('The ')));
        });
        const cancel = new AbortController();
        const generation = server.backend.chat(question(model, { signal: cancel.signal }));
        const running = (async () => {
            for await (const piece of generation) if (piece.type === 'text') cancel.abort();
        })();

        await expectAsync(running).toBeRejectedWith(problem('Aborted'));
        expect(server.backend.status.problem).toBeNull();
    });
});
