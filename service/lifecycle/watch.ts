/** Work that runs until it is stopped and can be started again, one run at a time. */
export class Watch implements AsyncDisposable {
    readonly #body: (signal: AbortSignal) => Promise<void>;
    #abort: AbortController | null = null;
    #done: Promise<void> = Promise.resolve();

    /** @param body ends soon after its signal is aborted, and never rejects */
    constructor(body: (signal: AbortSignal) => Promise<void>) {
        this.#body = body;
    }

    start(): void {
        if (this.#abort !== null) return;
        const abort = new AbortController();
        this.#abort = abort;
        this.#done = this.#done.then(() => (abort.signal.aborted ? undefined : this.#body(abort.signal)));
    }

    /** Resolves once everything is released. */
    async stop(): Promise<void> {
        this.#abort?.abort();
        this.#abort = null;
        await this.#done;
    }

    [Symbol.asyncDispose](): Promise<void> {
        return this.stop();
    }
}
