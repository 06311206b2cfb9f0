/**
 * One clock for all polls of what the kernel announces to nobody. However many sources wait, the service wakes up once for all
 * of them, and while none waits not at all.
 */
export class PollClock implements Disposable {
    readonly clock: () => number;
    readonly #pause: () => number;
    readonly #waiting = new Set<() => void>();
    #timer: NodeJS.Timeout | null = null;
    /** The pause that the timer was set to. */
    #set = 0;

    /**
     * @param pause milliseconds from one poll to the next
     * @param clock milliseconds that the computer was awake, from any starting point
     */
    constructor(pause: () => number, clock: () => number = () => performance.now()) {
        this.#pause = pause;
        this.clock = clock;
    }

    /** Whether anybody waits for the next poll. */
    get isAwaited(): boolean {
        return this.#waiting.size > 0;
    }

    /** Resolves when it is time to poll, or once `signal` aborts. */
    async next(signal: AbortSignal): Promise<void> {
        if (signal.aborted) return;
        const { promise, resolve } = Promise.withResolvers<undefined>();
        const wake = () => {
            resolve(undefined);
        };
        this.#waiting.add(wake);
        if (this.#timer === null) this.#arm();
        signal.addEventListener('abort', wake, { once: true });
        await promise;
        signal.removeEventListener('abort', wake);
        this.#waiting.delete(wake);
        if (!this.isAwaited) this.#disarm();
    }

    /** Makes all who wait poll now. */
    now(): void {
        this.#disarm();
        for (const wake of this.#waiting) wake();
        this.#waiting.clear();
    }

    /** The user may have changed the pause. */
    reconsider(): void {
        if (this.#timer === null || this.#set === this.#pause()) return;
        this.#disarm();
        this.#arm();
    }

    [Symbol.dispose](): void {
        this.#disarm();
    }

    #arm(): void {
        this.#set = this.#pause();
        this.#timer = setTimeout(() => {
            this.now();
        }, this.#set).unref();
    }

    #disarm(): void {
        if (this.#timer !== null) clearTimeout(this.#timer);
        this.#timer = null;
    }
}
