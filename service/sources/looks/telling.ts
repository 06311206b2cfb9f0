import type { Change } from '../../model/timelineEntry.ts';
import type { Outlet, Surroundings } from '../definition.ts';

/**
 * Tells once of what lasts from look to look. Whether it is told is for the incident to say that came of it, as long as
 * there is one: its own check may have closed it at a moment at which all seemed well.
 */
export class Telling {
    readonly #source: string;
    readonly #standing: Surroundings['standing'];
    readonly #outlet: Outlet;
    readonly #told = new Map<string, Change>();

    constructor(source: string, { standing }: Pick<Surroundings, 'standing'>, outlet: Outlet) {
        this.#source = source;
        this.#standing = standing;
        this.#outlet = outlet;
    }

    /** Whether what goes by `key` is told of already; "over" when it was, and its incident has been closed since. */
    state(key: string): 'untold' | 'told' | 'over' {
        const change = this.#told.get(key);
        if (change === undefined) return 'untold';
        return this.#standing({ ...change, source: this.#source }) === 'over' ? 'over' : 'told';
    }

    /** Says nothing when an incident, which may be older than this run, tells of it already. */
    tell(key: string, change: Change): void {
        this.#told.set(key, change);
        if (this.#standing({ ...change, source: this.#source }) !== 'open') this.#outlet.emit(change);
    }

    /** It has gone, or must be proven once more: then it is told of anew. */
    forget(key: string): void {
        this.#told.delete(key);
    }

    /** Forgets all but these. */
    keepOnly(keys: { has(key: string): boolean }): void {
        for (const key of this.#told.keys()) if (!keys.has(key)) this.#told.delete(key);
    }
}
