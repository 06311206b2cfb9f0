import { hasWay } from './outage.ts';
import type { NetworkState } from './state.ts';

/** A switch restarts and a cable is plugged in elsewhere in less. Milliseconds. */
const usualPatience = 180_000;

/**
 * Waits whether a link that was in use comes back. Without NetworkManager, nothing reports that it does not. Has one timer, and
 * only while a link is down.
 */
export class LinkWatch implements Disposable {
    readonly #onLost: (name: string) => void;
    readonly #patience: number;
    /** Links that have had a carrier and an address, and since when they have had no carrier. */
    readonly #used = new Map<string, { since: number | null }>();
    #isConnected = false;
    #timer: NodeJS.Timeout | null = null;

    /** @param onLost is called when a link has been down for `patience` milliseconds and no default route works */
    constructor(onLost: (name: string) => void, { patience = usualPatience } = {}) {
        this.#onLost = onLost;
        this.#patience = patience;
    }

    [Symbol.dispose](): void {
        this.#stop();
    }

    /** Records the present state. */
    update(now: NetworkState): void {
        this.#isConnected = hasWay(now, 'inet') || hasWay(now, 'inet6');
        for (const address of now.addresses) {
            const name = address.split(' ')[0] ?? '';
            if (now.links[name]?.hasCarrier === true && !this.#used.has(name)) this.#used.set(name, { since: null });
        }
        for (const [name, used] of this.#used) {
            const link = now.links[name];
            if (link?.isUp !== true) this.#used.delete(name);
            else if (link.hasCarrier) used.since = null;
            else used.since ??= Date.now();
        }
        if ([...this.#used.values()].every(({ since }) => since === null)) this.#stop();
        else this.#timer ??= this.#wait(this.#patience);
    }

    #stop(): void {
        if (this.#timer !== null) clearTimeout(this.#timer);
        this.#timer = null;
    }

    #wait(time: number): NodeJS.Timeout {
        const began = Date.now();
        return setTimeout(() => {
            this.#timer = null;
            // A timer stands still while the computer sleeps; links need their time after the wake-up.
            const hasSlept = Date.now() - began > time + this.#patience;
            let next = Infinity;
            for (const [name, { since }] of this.#used) {
                if (since === null) continue;
                const left = hasSlept ? this.#patience : since + this.#patience - Date.now();
                if (left > 0) next = Math.min(next, left);
                else {
                    this.#used.delete(name);
                    if (!this.#isConnected) this.#onLost(name);
                }
            }
            if (next < Infinity) this.#timer = this.#wait(next);
        }, time);
    }
}
