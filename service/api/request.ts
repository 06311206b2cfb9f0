/** org.reevedesktop.Reeve1.Request on the bus: one piece of work that takes a while, for one caller. */
import { ReeveError, stackOf } from '../util/errors.ts';
import { log } from '../util/log.ts';
import { reeveErrorName, type Exported, type ExportedObjects } from '../dbus/exportedObjects.ts';
import { requestTable, type Request as RequestInterface } from './generated/interfaces.ts';
import { unwrap, variant, type Dictionary } from '../dbus/variant.ts';

/** In the order of their numbers in Request.Finished. */
const outcomes = ['success', 'failed', 'cancelled', 'refused', 'not-cleared'] as const;
export type Outcome = (typeof outcomes)[number];
export type Finish = { outcome: Outcome; results: Dictionary };

/** Does the work; what it throws becomes the outcome. */
export type Work = (progress: {
    write: (text: string) => void;
    /** Reports a step, as Request.Step has it; a step replaces an earlier one with the same number. */
    step: (step: Dictionary) => void;
    signal: AbortSignal;
}) => Promise<Finish>;

/** A question, or a command in the sandbox, ends when its caller leaves the bus; a running change is finished. */
export type RequestKind = 'question' | 'command' | 'change';

/** Milliseconds between two chunks; the first is sent at once. */
const chunkEvery = 30;

export class Request implements Disposable {
    readonly path: string;
    readonly caller: string;
    readonly kind: RequestKind;
    /** Resolves with the outcome of the work, after Finished was sent; `error` when it threw. */
    readonly finished: Promise<Finish & { error: ReeveError | null }>;
    readonly #resolve: (finish: Finish & { error: ReeveError | null }) => void;
    readonly #cancellation = new AbortController();
    readonly #exported: Exported<RequestInterface>;
    #outcome: Outcome | null = null;
    #results: Dictionary = {};
    #text = '';
    readonly #steps = new Map<unknown, Dictionary>();
    #seq = 0;
    #unsent = '';
    #pause: NodeJS.Timeout | undefined;

    constructor(objects: ExportedObjects, path: string, caller: string, kind: RequestKind) {
        this.path = path;
        this.caller = caller;
        this.kind = kind;
        const { promise, resolve } = Promise.withResolvers<Finish & { error: ReeveError | null }>();
        this.finished = promise;
        this.#resolve = resolve;
        this.#exported = objects.export<RequestInterface>(
            path,
            requestTable,
            {
                properties: () => ({
                    version: 1,
                    State: this.#stateNumber(),
                    Text: this.#text,
                    Steps: [...this.#steps.values()],
                    Results: this.#results,
                }),
                methods: {
                    Cancel: () => {
                        this.cancel();
                    },
                },
            },
            { onlyFor: caller },
        );
    }

    get isRunning(): boolean {
        return this.#outcome === null;
    }

    /** All text that was sent. */
    get text(): string {
        return this.#text;
    }

    /** Asks the work to stop; it finishes as cancelled once it has. */
    cancel(): void {
        this.#cancellation.abort(new ReeveError('Cancelled', 'The request was cancelled'));
    }

    async perform(work: Work): Promise<void> {
        try {
            this.#cancellation.signal.throwIfAborted();
            const write = (text: string) => {
                this.#write(text);
            };
            const step = (lookup: Dictionary) => {
                this.#emitStep(lookup);
            };
            this.#finish(await work({ write, step, signal: this.#cancellation.signal }), null);
        } catch (error) {
            const reeveError = this.#cancellation.signal.aborted
                ? new ReeveError('Cancelled', 'The request was cancelled')
                : toReeveError(error);
            const results = {
                error: variant('s', reeveErrorName(reeveError)),
                message: variant('s', reeveError.message),
            };
            this.#finish({ outcome: reeveError.code === 'Cancelled' ? 'cancelled' : 'failed', results }, reeveError);
        }
    }

    [Symbol.dispose](): void {
        this.cancel();
        clearTimeout(this.#pause);
        this.#exported[Symbol.dispose]();
    }

    #write(text: string): void {
        if (text === '' || !this.isRunning) return;
        this.#unsent += text;
        if (this.#pause === undefined) this.#send();
    }

    #emitStep(step: Dictionary): void {
        if (!this.isRunning) return;
        // Keep the order of text and steps.
        this.#send();
        this.#steps.set(unwrap(step.number), step);
        this.#exported.emit('Step', { step });
    }

    #send(): void {
        clearTimeout(this.#pause);
        this.#pause = undefined;
        if (this.#unsent === '') return;
        const text = this.#unsent;
        this.#unsent = '';
        this.#text += text;
        this.#exported.emit('Chunk', { seq: this.#seq, text });
        this.#seq += 1;
        this.#pause = setTimeout(() => {
            this.#send();
        }, chunkEvery);
    }

    #finish(finish: Finish, error: ReeveError | null): void {
        this.#send();
        clearTimeout(this.#pause);
        this.#outcome = finish.outcome;
        this.#results = finish.results;
        this.#exported.changed();
        this.#exported.emit('Finished', { outcome: outcomes.indexOf(finish.outcome), results: finish.results });
        this.#resolve({ ...finish, error });
    }

    /** Request.State: 0 running, 1 finished, 2 failed, 3 cancelled. */
    #stateNumber(): number {
        switch (this.#outcome) {
            case null:
                return 0;
            case 'success':
            case 'not-cleared':
                return 1;
            case 'failed':
            case 'refused':
                return 2;
            case 'cancelled':
                return 3;
        }
    }
}

function toReeveError(error: unknown): ReeveError {
    if (error instanceof ReeveError) return error;
    const stack = stackOf(error);
    log('error', 'A request failed', { error: stack });
    return new ReeveError('Internal', 'The request failed with an internal error; see the journal of the service');
}
