import { log } from '../util/log.ts';

/** So long after a start or a wake-up what goes wrong is held back. Milliseconds. */
const windowLength = 60_000;
/** It is told of once nothing more has gone wrong for so long, and after so long in any case. */
const quietTime = 3000;
const longestWait = 20_000;

/**
 * Times at which much goes wrong at once, and most of it puts itself right: after a start and after a wake-up. What would be
 * told of then is collected and handed over together. So is what happens while anything is held back for another reason.
 */
export class Burst implements Disposable {
    #isExpected = false;
    readonly #held = new Set<number>();
    #window: NodeJS.Timeout | undefined;
    #quiet: NodeJS.Timeout | undefined;
    #limit: NodeJS.Timeout | undefined;
    readonly #release: (ids: number[]) => void;

    /** @param release gets the incidents that were held back */
    constructor(release: (ids: number[]) => void) {
        this.#release = release;
    }

    /** From now on for a minute. */
    begin(): void {
        this.#isExpected = true;
        clearTimeout(this.#window);
        this.#window = setTimeout(() => {
            this.#isExpected = false;
        }, windowLength);
    }

    /** Whether this is such a time. */
    get isOn(): boolean {
        return this.#isExpected || this.#held.size > 0;
    }

    /** Hands the incident over with the others. */
    hold(id: number): void {
        this.#held.add(id);
        this.#limit ??= setTimeout(this.#end, longestWait);
        clearTimeout(this.#quiet);
        this.#quiet = setTimeout(this.#end, quietTime);
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
        const ids = [...this.#held];
        this.#held.clear();
        try {
            this.#release(ids);
        } catch (error) {
            log('error', 'What went wrong together could not be told of', { reason: String(error) });
            // A full disk has room again some time.
            for (const id of ids) this.#held.add(id);
            this.#limit ??= setTimeout(this.#end, longestWait);
        }
    };
}
