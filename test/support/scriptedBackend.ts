// A language model that says what a test wrote down for it.
import { EventEmitter } from 'node:events';

import type {
    Backend,
    BackendStatus,
    ChatRequest,
    Generated,
    Generation,
    Json,
    Usage,
} from '../../service/inference/backend.ts';

/** One answer: text, or calls by name; or what it throws. A function sees the request first. */
export type Turn =
    | string
    | {
          say?: string;
          calls?: [string, Readonly<Record<string, Json>>][];
          throws?: Error;
          hangs?: boolean;
          full?: boolean;
      };
export type Script = readonly (Turn | ((request: ChatRequest) => Turn))[];

const usage: Usage = {
    promptTokens: 100,
    cachedTokens: 0,
    completionTokens: 10,
    contextTokens: 8192,
    waited: 0,
    firstToken: 1,
    total: 2,
};

export const scriptedModel = { kind: 'remote', name: 'Scripted 1B' } as const;

/** Answers with the turns of the script, one for each request; beyond them it is a mistake to ask. */
export class ScriptedBackend extends EventEmitter<{ changed: [] }> implements Backend {
    readonly requests: ChatRequest[] = [];
    readonly status: BackendStatus;
    readonly #script: Script;
    #calls = 0;

    constructor(script: Script, { contextTokens = 8192 } = {}) {
        super();
        this.#script = script;
        this.status = {
            kind: 'local',
            state: 'ready',
            model: scriptedModel.name,
            accelerator: null,
            layers: null,
            context: { size: contextTokens, used: 0 },
            memory: null,
            waiting: 0,
            problem: null,
            leavesMachine: false,
        };
    }

    chat(request: ChatRequest): Generation {
        const scripted = this.#script[this.requests.length];
        this.requests.push(structuredClone({ ...request, signal: undefined }) as unknown as ChatRequest);
        const turn = typeof scripted === 'function' ? scripted(request) : scripted;
        if (turn === undefined) throw new Error(`The script has no turn ${this.requests.length}`);
        return this.#generate(typeof turn === 'string' ? { say: turn } : turn, request.signal);
    }

    async *#generate(turn: Exclude<Turn, string>, signal: AbortSignal): AsyncGenerator<Generated, void> {
        signal.throwIfAborted();
        await Promise.resolve();
        // In pieces, as a model would.
        for (const text of turn.say?.match(/[^]{1,7}/g) ?? []) yield { type: 'text', text };
        if (turn.hangs === true) {
            await new Promise((_resolve, reject) => {
                signal.addEventListener('abort', () => {
                    reject(signal.reason as Error);
                });
            });
        }
        if (turn.throws !== undefined) throw turn.throws;
        for (const [name, values] of turn.calls ?? []) {
            this.#calls += 1;
            yield { type: 'call', call: { id: `call-${this.#calls}`, name, arguments: values } };
        }
        const reason = turn.full === true ? 'context' : (turn.calls?.length ?? 0) > 0 ? 'calls' : 'stop';
        yield { type: 'end', reason, usage };
    }

    load = () => Promise.resolve();
    unload = () => Promise.resolve();
    [Symbol.asyncDispose] = () => Promise.resolve();
}
