/** Failures in a row before the next attempt has to wait, and for how long at first and at most. */
const patientFailures = 2;
const firstRest = 5000;
const longestRest = 300_000;

/** Pauses a model that fails repeatedly, so that it does not keep the computer busy with failing. */
export class Rest {
    readonly #clock: () => number;
    #path = '';
    #failures = 0;
    #until = 0;

    /** @param clock milliseconds, from any start */
    constructor(clock: () => number = () => performance.now()) {
        this.#clock = clock;
    }

    /** Milliseconds until the model at `path` may be tried. The failure of one model says nothing about another. */
    left(path: string): number {
        if (path !== this.#path) this.forget();
        this.#path = path;
        return Math.max(0, this.#until - this.#clock());
    }

    failed(): void {
        this.#failures += 1;
        const excess = this.#failures - patientFailures;
        if (excess >= 0) this.#until = this.#clock() + Math.min(firstRest * 2 ** excess, longestRest);
    }

    /** It works, or the cause of its failure may be gone. */
    forget(): void {
        this.#failures = 0;
        this.#until = 0;
    }
}
