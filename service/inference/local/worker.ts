import { spawn, type ChildProcessWithoutNullStreams } from 'node:child_process';
import { once } from 'node:events';
import { log } from '../../util/log.ts';
import { safeText } from '../../text/sanitise.ts';
import { readUnitEnd, type Launch } from './launch.ts';
import { Decoder, encode, report, type Order, type Report } from './protocol.ts';

/** Time limits after which the worker counts as hung, in milliseconds. */
export type Patience = {
    /** From its start to its first message. */
    start: number;
    /** Without any sign of life while it works; it gets a ping every third of this. */
    silence: number;
    /** Without progress while it works: some of a model read, some of a prompt evaluated, a token written. */
    progress: number;
    /** From the request to stop until it has stopped. */
    abort: number;
};

export const usualPatience: Patience = { start: 30_000, silence: 15_000, progress: 180_000, abort: 3000 };

/** How a worker ended that was not asked to. */
export type Ending = {
    /** `killed` is from outside, `starved` by a lack of memory: no driver is to blame for these. */
    kind: 'crashed' | 'hung' | 'killed' | 'starved';
    /** The signal or exit status, and its last output; for the log. */
    detail: string;
};

type WithoutId<T> = T extends { id: number } ? Omit<T, 'id'> : never;
/** An order before it has a number. */
export type Unnumbered = WithoutId<Exclude<Order, { type: 'abort' }>>;

/** The result of an order. */
export type Outcome = Extract<Report, { type: 'loaded' | 'done' | 'embedded' | 'failed' }>;

/** A vector of a large model is some hundred kilobytes of text. */
const longestReport = 4 * 1024 * 1024;
const lastWords = 2000;
/** What ggml, C++, V8 and drivers print before they abort because memory ran out. */
const wantOfMemory = /(?:insufficient|out of) memory|bad_alloc|failed to allocate|mem_buffer != NULL/i;

const outcomes: ReadonlySet<Report['type']> = new Set(['loaded', 'done', 'embedded', 'failed']);
const isOutcome = (message: Report): message is Outcome => outcomes.has(message.type);

type Running = {
    take: (report: Report) => void;
    resolve: (outcome: Outcome) => void;
    reject: (error: WorkerEnded) => void;
};

/** The worker ended before it had finished its order. */
export class WorkerEnded extends Error {
    readonly ending: Ending;

    constructor(ending: Ending) {
        super(`The worker ended (${ending.kind}): ${ending.detail}`);
        this.ending = ending;
    }
}

/** A process that runs one model, as long as this object lives. */
export class Worker implements AsyncDisposable {
    /** Resolves when the process has ended, for any reason. Never rejects. */
    readonly ended: Promise<void>;
    readonly #child: ChildProcessWithoutNullStreams;
    readonly #launch: Launch;
    readonly #patience: Patience;
    readonly #running = new Map<number, Running>();
    readonly #decoder = new Decoder(report, longestReport);
    readonly #ready = Promise.withResolvers<undefined>();
    #words = '';
    #nextId = 1;
    #kind: 'crashed' | 'hung' = 'crashed';
    #reason = '';
    #ending: Ending | null = null;
    #lastSign = 0;
    #lastProgress = 0;
    #watch: NodeJS.Timeout | undefined;

    private constructor(launch: Launch, patience: Patience) {
        this.#launch = launch;
        this.#patience = patience;
        const [program, ...argv] = launch.argv;
        this.#child = spawn(program, argv, { env: launch.environment, stdio: 'pipe' });
        this.#ready.promise.catch(() => undefined);
        this.#child.stdout.on('data', (bytes: Buffer) => {
            this.#receive(bytes);
        });
        this.#child.stderr.setEncoding('utf8').on('data', (text: string) => {
            this.#words = (this.#words + text).slice(-lastWords);
        });
        // The pipe breaks when the worker dies; its death is reported elsewhere.
        this.#child.stdin.on('error', () => undefined);
        this.ended = new Promise(resolve => {
            const end = (detail: string) => {
                this.#end(detail);
                resolve();
            };
            this.#child.once('error', error => {
                end(error.message);
            });
            // `close` and not `exit`: its last output has been read by then.
            this.#child.once('close', (code, signal) => {
                end(signal ?? `exit status ${code ?? '?'}`);
            });
        });
    }

    /**
     * Resolves once the worker is ready for orders.
     *
     * @throws WorkerEnded; the signal's reason
     */
    static async start(launch: Launch, patience: Patience, signal: AbortSignal): Promise<Worker> {
        const worker = new Worker(launch, patience);
        const limit = setTimeout(() => {
            worker.#kill('hung', 'it did not start');
        }, patience.start);
        const stop = Promise.withResolvers<never>();
        const abort = () => {
            stop.reject(signal.reason as Error);
        };
        signal.addEventListener('abort', abort, { once: true });
        try {
            signal.throwIfAborted();
            await Promise.race([worker.#ready.promise, stop.promise]);
            return worker;
        } catch (error) {
            void worker[Symbol.asyncDispose]();
            throw error;
        } finally {
            clearTimeout(limit);
            signal.removeEventListener('abort', abort);
        }
    }

    get isAlive(): boolean {
        return this.#ending === null;
    }

    /** null for a unit of its own: then the manager knows. */
    get pid(): number | null {
        return this.#launch.kill === null ? (this.#child.pid ?? null) : null;
    }

    /**
     * Carries out one order; the worker works on one at a time.
     *
     * Resolves with the result. After an abort it soon resolves with `failed` of `aborted`, or the worker ends.
     *
     * @throws WorkerEnded
     */
    async carryOut(order: Unnumbered, take: (report: Report) => void, signal: AbortSignal): Promise<Outcome> {
        if (this.#ending !== null) throw new WorkerEnded(this.#ending);
        const id = this.#nextId++;
        const { promise, resolve, reject } = Promise.withResolvers<Outcome>();
        this.#running.set(id, { take, resolve, reject });
        this.#watchOver();
        this.#send({ ...order, id });
        let limit: NodeJS.Timeout | undefined;
        const abort = () => {
            this.#send({ type: 'abort', id });
            limit = setTimeout(() => {
                this.#kill('hung', 'it did not stop when told to');
            }, this.#patience.abort);
        };
        if (signal.aborted) abort();
        else signal.addEventListener('abort', abort, { once: true });
        try {
            return await promise;
        } finally {
            clearTimeout(limit);
            signal.removeEventListener('abort', abort);
            this.#running.delete(id);
            if (this.#running.size === 0) clearInterval(this.#watch);
        }
    }

    /** Ends the process and waits until it has. */
    async [Symbol.asyncDispose](): Promise<void> {
        // It ends by itself when its input does; otherwise it is killed.
        this.#child.stdin.end();
        const limit = setTimeout(() => {
            this.#kill('hung', 'it did not end');
        }, this.#patience.abort);
        await this.ended;
        clearTimeout(limit);
    }

    #send(order: Order): void {
        if (this.#child.stdin.writable) this.#child.stdin.write(encode(order));
    }

    #receive(bytes: Buffer): void {
        this.#lastSign = performance.now();
        let reports: Report[];
        try {
            reports = this.#decoder.push(bytes);
        } catch (error) {
            log('warning', 'The inference worker sent an invalid message', { reason: safeText(String(error), 300) });
            this.#kill('crashed', 'it sent what it should not');
            return;
        }
        for (const message of reports) this.#take(message);
    }

    #take(message: Report): void {
        if (message.type === 'pong') return;
        this.#lastProgress = performance.now();
        if (message.type === 'ready') {
            this.#ready.resolve(undefined);
            return;
        }
        const running = this.#running.get(message.id);
        if (isOutcome(message)) {
            // Output up to now is no clue to a later end.
            this.#words = '';
            running?.resolve(message);
        } else running?.take(message);
    }

    /** Only while there is work: an idle model must wake nobody up. */
    #watchOver(): void {
        clearInterval(this.#watch);
        this.#lastSign = this.#lastProgress = performance.now();
        this.#watch = setInterval(() => {
            const now = performance.now();
            if (now - this.#lastSign > this.#patience.silence) this.#kill('hung', 'it gave no sign of life');
            else if (now - this.#lastProgress > this.#patience.progress) this.#kill('hung', 'it made no progress');
            else this.#send({ type: 'ping' });
        }, this.#patience.silence / 3);
    }

    #kill(kind: 'crashed' | 'hung', reason: string): void {
        if (this.#reason !== '') return;
        this.#kind = kind;
        this.#reason = reason;
        this.#child.kill('SIGKILL');
        if (this.#launch.kill === null) return;
        const [program, ...argv] = this.#launch.kill;
        const killer = spawn(program, argv, { stdio: 'ignore' });
        killer.once('error', error => {
            log('warning', 'The inference worker cannot be killed', { reason: error.message });
        });
        void once(killer, 'exit').catch(() => undefined);
    }

    #end(detail: string): void {
        clearInterval(this.#watch);
        const { end, words } = readUnitEnd(this.#words);
        const how = end?.how ?? detail;
        this.#ending ??= {
            kind: this.#reason !== '' ? this.#kind : kindOf(how, end?.isStarved ?? false, words),
            detail: [this.#reason, how, safeText(words.trim(), 500)].filter(part => part !== '').join('; '),
        };
        const error = new WorkerEnded(this.#ending);
        this.#ready.reject(error);
        for (const { reject } of this.#running.values()) reject(error);
    }
}

function kindOf(how: string, isStarved: boolean, words: string): Ending['kind'] {
    if (isStarved) return 'starved';
    if (how === 'SIGKILL') return 'killed';
    return wantOfMemory.test(words) ? 'starved' : 'crashed';
}
