import type { NetworkState } from './state.ts';

type Family = keyof NetworkState['defaultRoutes'];

/** Why the previous default route is gone, although its interface is still switched on. */
export type Outage = {
    interface: string;
    family: Family;
    /**
     * `carrier`: the link is gone; `route`: link and address are as they were, only the route is gone; `gateway`: the router
     * that the route leads to does not answer.
     */
    missing: 'carrier' | 'route' | 'gateway';
    /** The router's address, when it is missing. */
    gateway?: string;
};

/**
 * NetworkManager itself waits six seconds for a carrier to come back (CARRIER_WAIT_TIME_MS of its nm-device.c); a longer outage
 * does not end by itself. Milliseconds.
 */
const patience = 8000;

/**
 * What keeps the computer from the internet, compared with when it had a default route. Null while there is one, and for
 * intentional changes: an interface that was switched off or removed, a connection that was ended and lost its addresses.
 */
export function outageOf(before: NetworkState, now: NetworkState): Outage | null {
    for (const family of ['inet', 'inet6'] as const) {
        const [route] = before.defaultRoutes[family];
        // A loss of IPv6 alone is not noticeable.
        if (route === undefined || hasWay(now, family) || (family === 'inet6' && hasWay(now, 'inet'))) continue;
        const [, name = ''] = route.split(' ');
        const link = now.links[name];
        if (link?.isUp !== true) continue;
        if (!link.hasCarrier) {
            if (hasWay(now, 'inet6')) continue;
            return { interface: name, family, missing: 'carrier' };
        }
        const silent = now.silentRoutes.find(each => now.defaultRoutes[family].includes(each));
        if (silent !== undefined) {
            const [gateway = '', through = ''] = silent.split(' ');
            return { interface: through, family, missing: 'gateway', gateway };
        }
        const kept = before.addresses.filter(address => isOf(address, name, family) && now.addresses.includes(address));
        if (kept.length > 0) return { interface: name, family, missing: 'route' };
    }
    return null;
}

/** The kernel keeps routes through links without a carrier. Links that are not watched are assumed to have one. */
export function hasWay({ defaultRoutes, links, silentRoutes }: NetworkState, family: Family): boolean {
    return defaultRoutes[family].some(
        route => !silentRoutes.includes(route) && (links[route.split(' ')[1] ?? '']?.hasCarrier ?? true),
    );
}

function isOf(address: string, name: string, family: Family): boolean {
    return address.startsWith(`${name} `) && address.includes(':') === (family === 'inet6');
}

/** Waits whether a lost default route comes back. Has a timer only while one is lost. */
export class OutageWatch implements Disposable {
    readonly #onOutage: (outage: Outage) => void;
    readonly #patience: number;
    #before: NetworkState | null = null;
    #missing: { outage: Outage; timer: NodeJS.Timeout } | null = null;

    /** @param onOutage is called once for an outage, when it has lasted for `patience` milliseconds */
    constructor(onOutage: (outage: Outage) => void, { patience: limit = patience } = {}) {
        this.#onOutage = onOutage;
        this.#patience = limit;
    }

    [Symbol.dispose](): void {
        clearTimeout(this.#missing?.timer);
    }

    /** Whether the way out led through this link, so that its loss is an outage. */
    isOf(name: string): boolean {
        return this.#missing?.outage.interface === name;
    }

    /** Records the present state. */
    update(now: NetworkState): void {
        const outage = this.#before === null ? null : outageOf(this.#before, now);
        if (outage === null) {
            clearTimeout(this.#missing?.timer);
            this.#missing = null;
            this.#before = now;
        } else if (JSON.stringify(outage) !== JSON.stringify(this.#missing?.outage)) {
            clearTimeout(this.#missing?.timer);
            this.#missing = { outage, timer: this.#wait(outage) };
        }
    }

    #wait(outage: Outage): NodeJS.Timeout {
        const began = Date.now();
        return setTimeout(() => {
            // A timer stands still while the computer sleeps; links and routes need their time after the wake-up.
            const hasSlept = Date.now() - began > 2 * this.#patience;
            if (hasSlept) this.#missing = { outage, timer: this.#wait(outage) };
            else this.#onOutage(outage);
        }, this.#patience);
    }
}
