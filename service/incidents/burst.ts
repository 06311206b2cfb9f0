import { log } from '../util/log.ts';

/** How long after a start or a wake-up incidents are held back. Milliseconds. */
const windowLength = 60_000;
/** Held incidents are released after this long without a further fault, and after the longest wait in any case. */
const quietTime = 3000;
/** The same for what is tried again at once: a connection needs a few seconds, and its address some more. */
const retryTime = 7000;
const longestWait = 20_000;

/**
 * A burst window: after a start and after a wake-up, much goes wrong at once, and most of it recovers by itself. What would be
 * reported during the window is collected and released together. So is what happens while anything is held back for another
 * reason.
 */
export class Burst implements Disposable {
    #isExpected = false;
    readonly #held = new Set<number>();
    #quietTime = quietTime;
    #window: NodeJS.Timeout | undefined;
    #quiet: NodeJS.Timeout | undefined;
    #limit: NodeJS.Timeout | undefined;
    readonly #release: (ids: number[]) => void;

    /** @param release gets the incidents that were held back */
    constructor(release: (ids: number[]) => void) {
        this.#release = release;
    }

    /** Opens the window for a minute. */
    begin(): void {
        this.#isExpected = true;
        clearTimeout(this.#window);
        this.#window = setTimeout(() => {
            this.#isExpected = false;
        }, windowLength);
    }

    /** Whether a burst window is open. */
    get isOn(): boolean {
        return this.#isExpected || this.#held.size > 0;
    }

    /** Holds the incident until the others are released. @param isRetried whether another attempt follows by itself */
    hold(id: number, { isRetried = false } = {}): void {
        this.#held.add(id);
        if (isRetried) this.#quietTime = retryTime;
        this.#limit ??= setTimeout(this.#end, longestWait);
        clearTimeout(this.#quiet);
        this.#quiet = setTimeout(this.#end, this.#quietTime);
    }

    [Symbol.dispose](): void {
        clearTimeout(this.#window);
        clearTimeout(this.#quiet);
        clearTimeout(this.#limit);
        this.#isExpected = false;
        this.#held.clear();
    }

    readonly #end = () => {
        clearTimeout(this.#quiet);
        clearTimeout(this.#limit);
        this.#limit = undefined;
        this.#quietTime = quietTime;
        const ids = [...this.#held];
        this.#held.clear();
        try {
            this.#release(ids);
        } catch (error) {
            log('error', 'Could not report problems that were collected', { reason: String(error) });
            // A full disk will have free space again some time.
            for (const id of ids) this.#held.add(id);
            this.#limit ??= setTimeout(this.#end, longestWait);
        }
    };
}
