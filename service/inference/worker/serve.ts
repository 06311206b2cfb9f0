import { writeFileSync } from 'node:fs';
import { Decoder, encode, order, type Order, type Report } from '../local/protocol.ts';
import { Engine, EngineError } from './engine.ts';
import { messageOf } from '../../util/errors.ts';

/** A prompt fills a context at most; this is far above any. */
const longestOrder = 32 * 1024 * 1024;

/** The messages in both directions as they pass: tests inject faults here. */
export type Hooks = { take?: (order: Order) => Order; say?: (report: Report) => Report };

/**
 * Serves one model to the process at the other end of the pipes, and ends with them. It works on one order at a time;
 * meanwhile it obeys `abort` and `ping`.
 */
export async function serve(hooks: Hooks = {}): Promise<void> {
    dieFirst();
    const say = (report: Report) => {
        process.stdout.write(encode(hooks.say?.(report) ?? report));
    };
    const work = new Work(say);
    const decoder = new Decoder(order, longestOrder);
    say({ type: 'ready' });
    for await (const bytes of process.stdin)
        for (const message of decoder.push(bytes as Buffer)) work.take(hooks.take?.(message) ?? message);
    // Nobody is left to answer. An ordinary exit would wait for what llama.cpp is computing.
    process.kill(process.pid, 'SIGKILL');
}

/**
 * Asks the kernel to kill this process before any other, and to leave its memory out of core dumps: there are questions in it.
 * proc_pid_oom_score_adj(5), core(5) "Controlling which mappings are written to the core dump".
 */
function dieFirst(): void {
    for (const [file, value] of [
        ['/proc/self/oom_score_adj', '1000'],
        ['/proc/self/coredump_filter', '0'],
    ] as const) {
        try {
            writeFileSync(file, value);
        } catch (error) {
            process.stderr.write(`${file} cannot be written: ${String(error)}\n`);
        }
    }
}

class Work {
    readonly #say: (report: Report) => void;
    #engine: Engine | null = null;
    #current: { id: number; abort: AbortController } | null = null;
    #last: Promise<void> = Promise.resolve();

    constructor(say: (report: Report) => void) {
        this.#say = say;
    }

    take(message: Order): void {
        if (message.type === 'ping') this.#say({ type: 'pong' });
        else if (message.type === 'abort') {
            if (this.#current?.id === message.id) this.#current.abort.abort();
        } else this.#last = this.#last.then(() => this.#carryOut(message));
    }

    async #carryOut(message: Exclude<Order, { type: 'ping' | 'abort' }>): Promise<void> {
        const { id } = message;
        const abort = new AbortController();
        this.#current = { id, abort };
        try {
            await this.#do(message, abort.signal);
        } catch (error) {
            const failure = error instanceof EngineError ? error.failure : abort.signal.aborted ? 'aborted' : 'other';
            this.#say({ type: 'failed', id, failure, detail: messageOf(error) });
        } finally {
            this.#current = null;
        }
    }

    async #do(message: Exclude<Order, { type: 'ping' | 'abort' }>, signal: AbortSignal): Promise<void> {
        const { id } = message;
        if (message.type === 'load') {
            await this.#engine?.[Symbol.asyncDispose]();
            this.#engine = await Engine.load(message, signal, () => {
                this.#say({ type: 'progress', id });
            });
            this.#say({ type: 'loaded', id, ...this.#engine.loaded });
            return;
        }
        const engine = this.#engine;
        if (engine === null) throw new EngineError('bad-request', 'No model has been loaded');
        switch (message.type) {
            case 'chat':
            case 'complete': {
                const emit = (piece: Parameters<Parameters<Engine['chat']>[1]>[0]) => {
                    this.#say({ id, ...piece });
                };
                const ended =
                    message.type === 'chat'
                        ? await engine.chat(message, emit, signal)
                        : await engine.complete(message, emit, signal);
                this.#say({ type: 'done', id, ...ended });
                break;
            }
            case 'embed':
                await engine.embed(
                    message.texts,
                    values => {
                        this.#say({ type: 'vector', id, values: [...values] });
                    },
                    signal,
                );
                this.#say({ type: 'embedded', id });
                break;
        }
    }
}
