import { EventEmitter } from 'node:events';
import { _ } from '../../i18n/i18n.ts';
import { safeText } from '../../text/sanitise.ts';
import type {
    Backend,
    BackendStatus,
    ChatRequest,
    EndReason,
    Generated,
    Generation,
    RequestOptions,
    Usage,
} from '../backend.ts';
import { InferenceError } from '../errors.ts';
import { Limits } from '../limits.ts';
import { Calls, fitting } from './calls.ts';
import { ask, askJson, garbled, stopped, type Server } from './http.ts';
import { isLoopback } from './loopback.ts';
import { chatBody, chatPiece, modelList, streamError, type ServerUsage } from './protocol.ts';
import { eventData } from './serverSentEvents.ts';

export type { Server } from './http.ts';

/** A server handles many requests at once by itself; this keeps us from flooding it. */
const mostAtOnce = 8;
/** Bytes of UTF-8 for a token, on the safe side: tokenisers make about four of English, fewer of anything else. */
const bytesPerToken = 2.5;
/** How many time-outs may pass with nothing but comments, by which servers signal that they still work. */
const patienceWithComments = 5;

/** Any server that speaks OpenAI's protocol. Its responses are checked like any outside data. */
export class RemoteBackend extends EventEmitter<{ changed: [] }> implements Backend {
    readonly #server: Server;
    readonly #running = new Set<Limits>();
    #model: string | null = null;
    #problem: string | null = null;

    constructor(server: Server) {
        super();
        this.#server = server;
    }

    get status(): BackendStatus {
        return {
            kind: 'remote',
            state: this.#running.size > 0 ? 'generating' : this.#problem === null ? 'ready' : 'failed',
            model: this.#model,
            accelerator: null,
            layers: null,
            context: null,
            memory: null,
            waiting: 0,
            problem: this.#problem,
            leavesMachine: !isLoopback(this.#server.url),
        };
    }

    async load(options: RequestOptions): Promise<void> {
        await this.#ask(options, async signal => {
            const { data } = await askJson(this.#server, '/models', null, modelList, signal);
            if (!data.some(({ id }) => id === options.model.name))
                throw new InferenceError(
                    'RemoteFailed',
                    _('The server has no model {model}. It has: {models}.', {
                        model: options.model.name,
                        models: safeText(data.map(({ id }) => id).join(', '), 300),
                    }),
                );
        });
    }

    /** A remote server leaves nothing to free. */
    unload(): Promise<void> {
        return Promise.resolve();
    }

    async *chat(request: ChatRequest): Generation & AsyncGenerator<Generated, void, void> {
        const calls = new Calls(request.tools ?? []);
        let hasCalls = false;
        let answer = '';
        yield* this.#generate(request, '/chat/completions', chatBody(request), {
            *read(value) {
                const { choices, usage } = chatPiece.parse(value);
                const delta = choices[0]?.delta;
                const thought = delta?.reasoning_content ?? delta?.reasoning ?? '';
                if (thought !== '') yield { type: 'thought', text: thought };
                const text = delta?.content ?? '';
                if (text !== '') {
                    if (request.schema !== undefined) answer += text;
                    yield { type: 'text', text };
                }
                for (const piece of delta?.tool_calls ?? []) {
                    hasCalls = true;
                    calls.add(piece);
                }
                return { finishReason: choices[0]?.finish_reason ?? null, usage: usage ?? null };
            },
            *finish(finishReason) {
                if (request.schema !== undefined && finishReason !== 'length') fitting(answer, request.schema);
                // Cut off in the middle, a call is none.
                if (hasCalls && finishReason !== 'length')
                    for (const call of calls.finish()) yield { type: 'call', call };
                return finishReason === 'length' ? 'limit' : hasCalls ? 'calls' : 'stop';
            },
        });
    }

    [Symbol.asyncDispose](): Promise<void> {
        for (const limits of this.#running)
            limits.end(new InferenceError('Unloaded', _('The service is stopping. Ask again later.')));
        return Promise.resolve();
    }

    async #ask<T>(options: RequestOptions, work: (signal: AbortSignal) => Promise<T>): Promise<T> {
        using limits = this.#begin(options);
        try {
            const result = await work(limits.signal);
            this.#problem = null;
            return result;
        } catch (error) {
            throw this.#fail(error);
        } finally {
            this.#end(limits);
        }
    }

    async *#generate(
        options: RequestOptions & { messages?: unknown },
        path: string,
        body: object,
        format: Format,
    ): AsyncGenerator<Generated, void, void> {
        using limits = this.#begin(options);
        const started = performance.now();
        let firstToken: number | null = null;
        let pieces = 0;
        let reported: ServerUsage | null = null;
        let finishReason: string | null = null;
        const { url, patience } = this.#server;
        const hung = setTimeout(() => {
            limits.end(stopped(new URL(url).host));
        }, patience * patienceWithComments);
        try {
            const stream = eventData(ask(this.#server, path, body, limits.signal));
            for await (const data of stream) {
                if (data === '[DONE]') break;
                hung.refresh();
                const value = parseEvent(data);
                const piece = yield* this.#count(readEvent(format, value), () => {
                    firstToken ??= performance.now() - started;
                    pieces += 1;
                });
                finishReason = piece.finishReason ?? finishReason;
                reported = piece.usage ?? reported;
            }
            if (finishReason === null) throw garbled(_('it ends too early'));
            const reason = yield* format.finish(finishReason);
            const usage: Usage = {
                promptTokens: reported?.prompt_tokens ?? Math.ceil(JSON.stringify(body).length / bytesPerToken),
                cachedTokens: reported?.prompt_tokens_details?.cached_tokens ?? 0,
                completionTokens: reported?.completion_tokens ?? pieces,
                contextTokens: null,
                waited: 0,
                firstToken,
                total: performance.now() - started,
            };
            this.#problem = null;
            yield { type: 'end', reason, usage };
        } catch (error) {
            throw this.#fail(error);
        } finally {
            clearTimeout(hung);
            limits.end(new InferenceError('Aborted', _('The question was cancelled.')));
            this.#end(limits);
        }
    }

    *#count<R>(events: Generator<Generated, R, void>, each: () => void): Generator<Generated, R, void> {
        for (;;) {
            const step = events.next();
            if (step.done) return step.value;
            each();
            yield step.value;
        }
    }

    #begin(options: RequestOptions): Limits {
        if (this.#running.size >= mostAtOnce)
            throw new InferenceError('Busy', _('Too many questions are waiting for the model. Ask again in a moment.'));
        const limits = new Limits(options);
        this.#running.add(limits);
        this.#model = options.model.name;
        this.emit('changed');
        return limits;
    }

    #end(limits: Limits): void {
        this.#running.delete(limits);
        this.emit('changed');
    }

    #fail(error: unknown): unknown {
        if (error instanceof InferenceError && error.problem !== 'Aborted' && error.problem !== 'TimedOut')
            this.#problem = error.message;
        return error;
    }
}

type Format = {
    /** @throws ZodError when the event is none of this kind */
    read: (value: unknown) => Generator<Generated, { finishReason: string | null; usage: ServerUsage | null }, void>;
    /** Checks what has come together, and says how it ended. */
    finish: (finishReason: string) => Generator<Generated, EndReason, void>;
};

function parseEvent(data: string): unknown {
    let value: unknown;
    try {
        value = JSON.parse(data);
    } catch (error) {
        throw garbled(_('it is not JSON of the expected form'), error);
    }
    const failure = streamError.safeParse(value);
    if (failure.success)
        throw new InferenceError(
            'RemoteFailed',
            _('The server failed: {reason}.', { reason: safeText(failure.data.error, 200) }),
        );
    return value;
}

function* readEvent(format: Format, value: unknown): ReturnType<Format['read']> {
    try {
        return yield* format.read(value);
    } catch (error) {
        throw error instanceof InferenceError ? error : garbled(_('it is not JSON of the expected form'), error);
    }
}
