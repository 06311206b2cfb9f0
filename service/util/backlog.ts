/** Microseconds for which entries may wait to be read. */
const longestWait = 30_000_000;
/** Milliseconds in which what has come meanwhile is caught up with, as after a suspend. */
const patience = 5000;

/** Notices that a journal grows faster than it can be read. */
export class Backlog {
    readonly #longestWait: number;
    readonly #patience: number;
    /** When entries began to wait too long; null while they do not. */
    #since: number | null = null;

    constructor(limits = { longestWait, patience }) {
        this.#longestWait = limits.longestWait;
        this.#patience = limits.patience;
    }

    /**
     * @param waited microseconds for which the entry that was read last had waited
     * @param now milliseconds of a clock that nobody sets
     */
    isTooMuch(waited: number, now = performance.now()): boolean {
        if (waited < this.#longestWait) {
            this.#since = null;
            return false;
        }
        this.#since ??= now;
        return now - this.#since >= this.#patience;
    }

    /** It was left behind. */
    clear(): void {
        this.#since = null;
    }
}
