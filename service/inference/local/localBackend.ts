import { randomUUID } from 'node:crypto';
import { EventEmitter } from 'node:events';
import { mkdir, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { _ } from '../../i18n/i18n.ts';
import { log } from '../../util/log.ts';
import { untilAborted } from '../../util/untilAborted.ts';
import type {
    Accelerator,
    AcceleratorName,
    Backend,
    BackendState,
    BackendStatus,
    ChatRequest,
    Generated,
    Generation,
    Model,
    RequestOptions,
    UnloadReason,
} from '../backend.ts';
import { InferenceError } from '../errors.ts';
import { Limits } from '../limits.ts';
import { Queue } from '../queue.ts';
import { Stream } from '../stream.ts';
import { Accelerators, type Attempt, type Preference } from './accelerators.ts';
import { endingError, failureError, fileChangedError, noFileError, restingError, unloadedError } from './failures.ts';
import { strongestIsolation, type IsolationKind } from './isolation.ts';
import { launch, type Program } from './launch.ts';
import type { LoadedReport, Report } from './protocol.ts';
import { Rest } from './rest.ts';
import { usualPatience, Worker, WorkerEnded, type Outcome, type Patience, type Unnumbered } from './worker.ts';

export type LocalSettings = {
    /** Milliseconds without a request after which the model leaves memory. */
    idleAfter: number;
    accelerator: Preference;
    /** How many threads compute: as many as the processor has cores. */
    threads: number;
};

/**
 * Watches for reasons to unload, and reports them until it is disposed of; does not wait for `unload` to begin with.
 */
export type WatchConditions = (unload: (reason: UnloadReason) => Promise<void>) => Promise<AsyncDisposable>;

export type LocalOptions = {
    program: Program;
    /** The unit of the service, null when it is none. */
    unit: string | null;
    environment: NodeJS.ProcessEnv;
    /** Where verdicts on accelerators and evaluated prefixes are kept. */
    folder: string;
    settings: () => LocalSettings;
    watchConditions: WatchConditions;
    patience?: Patience;
    /** The root of the file system that is searched for drivers, `/` but in tests. */
    root?: string;
};

/** What computes here, as far as it is known. */
export type LocalComputing = {
    /** null before the first attempt. */
    accelerator: Accelerator | null;
    attempts: readonly Attempt[];
    /** Whether there is a GPU and the processor computes against the user's wish. */
    isGpuIdle: boolean;
    /** The loaded model and how it was loaded. */
    loaded: (Pick<LoadedReport, 'layers' | 'contextTokens' | 'memory'> & { path: string; threads: number }) | null;
};

type FileModel = Extract<Model, { kind: 'file' }>;

type Loaded = {
    worker: Worker;
    model: FileModel;
    /** Of the file, at the time of loading. */
    identity: string;
    accelerator: Accelerator;
    threads: number;
    report: LoadedReport;
    conditions: AsyncDisposable | null;
};

const mostWaiting = 32;
/** The reasons to unload that outlast one request. */
const lasting: ReadonlySet<UnloadReason> = new Set(['asked', 'memory-pressure', 'game', 'battery-saver', 'suspend']);

/** A model file, run by a child process that exists only while it is needed. */
export class LocalBackend extends EventEmitter<{ changed: [] }> implements Backend {
    readonly #options: LocalOptions;
    readonly #accelerators: Accelerators;
    readonly #patience: Patience;
    readonly #queue = new Queue(mostWaiting);
    #loaded: Loaded | null = null;
    #state: BackendState = 'idle';
    #model: string | null = null;
    #accelerator: Accelerator | null = null;
    #problem: string | null = null;
    #used = 0;
    #limits: Limits | null = null;
    readonly #waiting = new Set<Limits>();
    #loading: Promise<unknown> = Promise.resolve();
    #stopping: Promise<void> = Promise.resolve();
    readonly #rest = new Rest();
    /** Found out when the first worker is started. */
    #isolation: Promise<IsolationKind | null> | null = null;
    #idle: NodeJS.Timeout | undefined;
    #isClosed = false;

    constructor(options: LocalOptions) {
        super();
        this.#options = options;
        this.#patience = options.patience ?? usualPatience;
        this.#accelerators = new Accelerators({
            launch: model => this.#launch(model),
            patience: this.#patience,
            script: options.program.script,
            folder: options.folder,
            ...(options.root === undefined ? {} : { root: options.root }),
        });
    }

    get status(): BackendStatus {
        const report = this.#loaded?.report;
        return {
            kind: 'local',
            state: this.#state,
            model: this.#model,
            accelerator: this.#accelerator,
            layers: report?.layers ?? null,
            context: report === undefined ? null : { size: report.contextTokens, used: this.#used },
            memory: report?.memory ?? null,
            waiting: this.#queue.waiting,
            problem: this.#problem,
            leavesMachine: false,
        };
    }

    get computing(): LocalComputing {
        const loaded = this.#loaded;
        return {
            accelerator: this.#accelerator,
            attempts: this.#accelerators.attempts,
            isGpuIdle:
                this.#accelerator?.name === 'cpu' &&
                this.#accelerators.hasGpu &&
                this.#options.settings().accelerator !== 'cpu',
            loaded: loaded && { path: loaded.model.path, threads: loaded.threads, ...loaded.report },
        };
    }

    /** The process that holds the model; null without one, and where it is a unit of its own. */
    get workerPid(): number | null {
        return this.#loaded?.worker.pid ?? null;
    }

    async load(options: RequestOptions): Promise<void> {
        await this.#inTurn(options, async signal => {
            await this.#ready(options.model, signal);
        });
    }

    async unload(reason: UnloadReason): Promise<void> {
        this.#limits?.end(unloadedError(reason));
        // The next in the queue would only load it again.
        if (lasting.has(reason)) for (const limits of this.#waiting) limits.end(unloadedError(reason));
        // Even a half-loaded model must leave memory before a suspend goes on.
        await this.#loading;
        if (this.#loaded === null) return;
        log('info', 'Unloading the model', { reason });
        await this.#stop();
        this.#set('idle');
    }

    /**
     * Detects again what computes here. The loaded model stays unless another accelerator is to run it from now on.
     *
     * @param onAccelerator called with the accelerator under test
     */
    async tryAccelerators(
        options: Pick<RequestOptions, 'client' | 'signal'>,
        onAccelerator: (name: AcceleratorName) => void,
    ): Promise<void> {
        await this.#inTurn(options, async signal => {
            this.#rest.forget();
            await this.#accelerators.tryAll(onAccelerator, signal);
            const accelerator = await this.#accelerators.choose(this.#options.settings().accelerator, signal);
            this.#accelerator = accelerator;
            const used = this.#loaded?.accelerator;
            if (used !== undefined && !isSameWay(used, accelerator)) {
                await this.#stop();
                this.#set('idle');
            }
        });
    }

    chat(request: ChatRequest): Generation {
        return this.#generate(request, {
            type: 'chat',
            ...generationOptions(request),
            messages: request.messages.map(message =>
                message.role === 'assistant'
                    ? { ...message, calls: message.calls.map(call => ({ ...call, arguments: { ...call.arguments } })) }
                    : message,
            ),
            tools: (request.tools ?? []).map(tool => ({ ...tool, parameters: { ...tool.parameters } })),
            toolChoice: request.toolChoice ?? 'auto',
            schema: request.schema === undefined ? null : { ...request.schema },
        });
    }

    async [Symbol.asyncDispose](): Promise<void> {
        this.#isClosed = true;
        await this.unload('asked');
        await this.#stopping;
    }

    /** Waits for the request's turn, works, and tidies up afterwards. */
    async #inTurn<T>(
        options: Pick<RequestOptions, 'client' | 'signal' | 'timeout'>,
        work: (signal: AbortSignal) => Promise<T>,
    ): Promise<T> {
        using limits = new Limits(options);
        const turn = await this.#enter(options.client, limits);
        const working = work(limits.signal);
        try {
            return await untilAborted(working, limits.signal);
        } catch (error) {
            throw this.#fail(error);
        } finally {
            this.#leaveAfter(working, turn);
        }
    }

    async *#generate(options: RequestOptions, order: Unnumbered): AsyncGenerator<Generated, void, void> {
        const asked = performance.now();
        using limits = new Limits(options);
        const { signal } = limits;
        const turn = await this.#enter(options.client, limits);
        let work: Promise<unknown> = Promise.resolve();
        try {
            for (;;) {
                const loading = this.#ready(options.model, signal);
                work = loading;
                const loaded = await untilAborted(loading, signal);
                const waited = performance.now() - asked;
                this.#set('generating');
                const stream = new Stream<Report>();
                const stop = () => {
                    stream.fail(signal.reason as Error);
                };
                signal.addEventListener('abort', stop, { once: true });
                work = this.#carryOut(
                    loaded,
                    order,
                    report => {
                        stream.push(report);
                    },
                    signal,
                ).then(
                    outcome => {
                        stream.push(outcome);
                        stream.end();
                    },
                    (error: unknown) => {
                        stream.fail(error as Error);
                    },
                );
                let hasBegun = false;
                try {
                    for await (const report of stream) {
                        const generated = toGenerated(report, waited, loaded.model.name);
                        if (generated === null) continue;
                        hasBegun = true;
                        if (generated.type === 'end') {
                            const { promptTokens, completionTokens } = generated.usage;
                            this.#used = promptTokens + completionTokens;
                            this.#succeed();
                        }
                        yield generated;
                    }
                    return;
                } catch (error) {
                    // Nothing of the answer has been sent yet: the next best accelerator starts it over.
                    if (hasBegun || !(await this.#blame(error, loaded.accelerator)))
                        throw await this.#explain(error, loaded);
                } finally {
                    signal.removeEventListener('abort', stop);
                }
            }
        } catch (error) {
            throw this.#fail(error);
        } finally {
            limits.end(new InferenceError('Aborted', _('The question was cancelled.')));
            this.#leaveAfter(work, turn);
        }
    }

    async #enter(client: string, limits: Limits): Promise<Disposable> {
        if (this.#isClosed) throw unloadedError('asked');
        const entered = this.#queue.enter(client, limits.signal);
        this.#waiting.add(limits);
        this.emit('changed');
        const turn = await entered.finally(() => this.#waiting.delete(limits));
        clearTimeout(this.#idle);
        this.#limits = limits;
        return turn;
    }

    /** The caller learns at once that it is over; only the next request waits until the worker has noticed as well. */
    #leaveAfter(work: Promise<unknown>, turn: Disposable): void {
        const leave = () => {
            this.#leave(turn);
        };
        work.then(leave, leave);
    }

    #leave(turn: Disposable): void {
        this.#limits = null;
        turn[Symbol.dispose]();
        if (this.#state === 'generating') this.#set('ready');
        else this.emit('changed');
        if (!this.#queue.isIdle || this.#loaded === null) return;
        clearTimeout(this.#idle);
        this.#idle = setTimeout(() => {
            void this.unload('idle');
        }, this.#options.settings().idleAfter);
    }

    async #carryOut(
        loaded: Loaded,
        order: Unnumbered,
        take: (report: Report) => void,
        signal: AbortSignal,
    ): Promise<Outcome> {
        try {
            return await loaded.worker.carryOut(order, take, signal);
        } catch (error) {
            if (this.#loaded === loaded) await this.#stop();
            throw error;
        }
    }

    /** The worker with this model in its memory. */
    async #ready(model: Model, signal: AbortSignal): Promise<Loaded> {
        if (model.kind !== 'file')
            throw new InferenceError('BadRequest', _('{model} is not on this computer.', { model: model.name }));
        await this.#stopping;
        const identity = await identify(model);
        const present = this.#loaded;
        if (present?.worker.isAlive && isSame(present, model, identity)) return present;
        await this.#stop();
        const rest = this.#rest.left(model.path);
        if (rest > 0) throw restingError(model.name, Math.ceil(rest / 1000));
        this.#model = model.name;
        this.#set('loading');
        for (;;) {
            const accelerator = await this.#accelerators.choose(this.#options.settings().accelerator, signal);
            this.#accelerator = accelerator;
            signal.throwIfAborted();
            const loading = this.#load(model, identity, accelerator, signal);
            this.#loading = loading.catch(() => undefined);
            const outcome = await loading;
            if (outcome !== null) return outcome;
        }
    }

    /** null when the accelerator is to blame and was ruled out. */
    async #load(
        model: FileModel,
        identity: string,
        accelerator: Accelerator,
        signal: AbortSignal,
    ): Promise<Loaded | null> {
        const { folder, settings } = this.#options;
        const { threads } = settings();
        await using stack = new AsyncDisposableStack();
        try {
            // First, so that nothing is loaded only to be unloaded at once, and a suspend waits for a half-loaded
            // model.
            const conditions = stack.use(await this.#options.watchConditions(reason => this.unload(reason)));
            signal.throwIfAborted();
            const worker = stack.use(await Worker.start(await this.#launch(model.path), this.#patience, signal));
            const order: Unnumbered = {
                type: 'load',
                path: model.path,
                accelerator: accelerator.name,
                matrixUnits: accelerator.matrixUnits,
                contextTokens: model.contextTokens,
                threads,
                prefixes:
                    model.sha256 === null
                        ? null
                        : { folder: join(folder, 'prefixes'), model: `${model.sha256} ${identity}` },
            };
            const outcome = await worker.carryOut(order, () => undefined, signal);
            signal.throwIfAborted();
            if (outcome.type !== 'loaded')
                throw outcome.type === 'failed'
                    ? failureError(outcome.failure, outcome.detail, model.name)
                    : new InferenceError(
                          'WorkerCrashed',
                          _('{model} failed: {reason}', { model: model.name, reason: outcome.type }),
                      );
            stack.move();
            const loaded: Loaded = { worker, model, identity, accelerator, threads, report: outcome, conditions };
            this.#loaded = loaded;
            this.#used = 0;
            this.#set('ready');
            void worker.ended.then(() => {
                this.#noticeEnd(loaded);
            });
            log('info', 'A model was loaded', {
                accelerator: accelerator.name,
                layers: `${outcome.layers.accelerated}/${outcome.layers.total}`,
                context: outcome.contextTokens,
            });
            return loaded;
        } catch (error) {
            if (!(error instanceof WorkerEnded)) throw error;
            log('warning', 'The inference worker ended while it loaded a model', { reason: error.message });
            if (await this.#blame(error, accelerator)) return null;
            throw endingError(error.ending, model.name);
        }
    }

    /** Whether the accelerator was to blame for the error, and another will be used from now on. */
    async #blame(error: unknown, accelerator: Accelerator): Promise<boolean> {
        if (!(error instanceof WorkerEnded) || accelerator.name === 'cpu') return false;
        if (error.ending.kind === 'killed' || error.ending.kind === 'starved') return false;
        await this.#accelerators.blame(accelerator.name, error.ending.detail);
        return true;
    }

    /** How a worker ended, for people. */
    async #explain(error: unknown, { model, identity }: Loaded): Promise<unknown> {
        if (!(error instanceof WorkerEnded)) return error;
        log('warning', 'The inference worker ended', { reason: error.message });
        // The file is mapped into memory: a write to it kills the worker (SIGBUS, mmap(2)).
        const isChanged = (await identify(model).catch(() => null)) !== identity;
        return isChanged ? fileChangedError(model.name) : endingError(error.ending, model.name);
    }

    #succeed(): void {
        this.#rest.forget();
        this.#problem = null;
    }

    /** Records a failed request. */
    #fail(error: unknown): unknown {
        if (!(error instanceof InferenceError)) return error;
        const isOurs = ['WorkerCrashed', 'WorkerHung', 'ModelFileBad', 'OutOfMemory', 'NotInstalled', 'NoModel'];
        if (!isOurs.includes(error.problem)) {
            if (this.#state === 'loading') this.#set('idle');
            return error;
        }
        if (error.problem === 'WorkerCrashed' || error.problem === 'WorkerHung') this.#rest.failed();
        this.#problem = error.message;
        this.#set('failed');
        return error;
    }

    /** A worker that ends while idle, killed for its memory for example. */
    #noticeEnd(loaded: Loaded): void {
        if (this.#loaded !== loaded || this.#limits !== null) return;
        log('notice', 'The inference worker ended while it was idle');
        void this.unload('idle');
    }

    #stop(): Promise<void> {
        const loaded = this.#loaded;
        this.#loaded = null;
        clearTimeout(this.#idle);
        if (loaded === null) return this.#stopping;
        const last = this.#stopping;
        this.#stopping = (async () => {
            await last;
            await loaded.worker[Symbol.asyncDispose]();
            await loaded.conditions?.[Symbol.asyncDispose]();
        })();
        return this.#stopping;
    }

    async #launch(model: string) {
        const { program, unit, environment, folder } = this.#options;
        if (unit === null) return launch(program, unit, environment);
        this.#isolation ??= strongestIsolation();
        const kind = await this.#isolation;
        if (kind === null) return launch(program, unit, environment);
        const drivers = join(folder, 'drivers');
        const writes = [join(folder, 'prefixes'), drivers];
        for (const path of writes) await mkdir(path, { recursive: true, mode: 0o700 });
        // Other programs trust what they find in the usual caches.
        const caches = {
            MESA_SHADER_CACHE_DIR: drivers,
            __GL_SHADER_DISK_CACHE_PATH: drivers,
            CUDA_CACHE_PATH: drivers,
        };
        return launch(program, unit, { ...environment, ...caches }, { kind, reads: [model], writes });
    }

    #set(state: BackendState): void {
        this.#state = state;
        if (state === 'idle') this.#model = null;
        this.emit('changed');
    }
}

function generationOptions({ temperature, seed, maxTokens }: ChatRequest) {
    return { temperature: temperature ?? 0, seed: seed ?? null, maxTokens: maxTokens ?? null };
}

/** null for errors that do not concern the caller. */
function toGenerated(report: Report, waited: number, model: string): Generated | null {
    if (report.type === 'text' || report.type === 'thought') return { type: report.type, text: report.text };
    if (report.type === 'call')
        return { type: 'call', call: { id: randomUUID(), name: report.name, arguments: report.arguments } };
    if (report.type === 'done') return { type: 'end', reason: report.reason, usage: { ...report.usage, waited } };
    if (report.type === 'failed') throw failureError(report.failure, report.detail, model);
    return null;
}

function isSameWay(one: Accelerator, other: Accelerator): boolean {
    return one.name === other.name && one.matrixUnits === other.matrixUnits;
}

/** Changes when the file does. */
async function identify(model: FileModel): Promise<string> {
    try {
        const { dev, ino, size, mtimeNs } = await stat(model.path, { bigint: true });
        return `${dev} ${ino} ${size} ${mtimeNs}`;
    } catch (error) {
        throw noFileError(model.name, error);
    }
}

function isSame(loaded: Loaded, model: FileModel, identity: string): boolean {
    return (
        loaded.model.path === model.path &&
        loaded.model.contextTokens === model.contextTokens &&
        loaded.identity === identity
    );
}
