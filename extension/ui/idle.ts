import type Clutter from 'gi://Clutter';
import GLib from 'gi://GLib';

/** Work that waits until nothing more urgent is to be done, in steps that nobody notices. It ends with its actor. */
export class Idle {
    readonly #priority: number;
    /** The GLib source; 0 for none. */
    #source = 0;

    /** @param priority of GLib */
    constructor(actor: Clutter.Actor, priority: number) {
        this.#priority = priority;
        actor.connect('destroy', () => {
            this.stop();
        });
    }

    /** @param step does a part of the work, and returns whether there is more; it replaces what has not been done yet */
    start(step: () => boolean): void {
        this.stop();
        this.#source = GLib.idle_add(this.#priority, () => {
            // GLib drops the source also when a step throws.
            let isMore = false;
            try {
                isMore = step();
            } finally {
                if (!isMore) this.#source = 0;
            }
            return isMore ? GLib.SOURCE_CONTINUE : GLib.SOURCE_REMOVE;
        });
    }

    stop(): void {
        if (this.#source !== 0) GLib.source_remove(this.#source);
        this.#source = 0;
    }
}
