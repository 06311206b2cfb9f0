import type { Machine } from '../../machine/machine.ts';
import { readNeighbour } from '../../machine/network/network.ts';
import type { NetworkState } from './state.ts';

/** `ip -label monitor` prints neighbours like this: print_neigh() of iproute2's ip/ipneigh.c. */
const ofNeighbour = '[NEIGH]';
const lineLimit = 4096;

/** The states in which a neighbour counts as answering: NUD_VALID of include/net/neighbour.h. */
const answers = new Set(['REACHABLE', 'STALE', 'DELAY', 'PROBE', 'PERMANENT', 'NOARP']);

/**
 * Which routers do not answer. The kernel reports each computer nearby that comes, goes or is asked again; only reports about
 * routers are examined.
 */
export class Gateways {
    readonly #machine: Machine;
    #routes: readonly string[] = [];
    #silent = new Set<string>();
    #inDoubt = true;
    #rest = '';

    constructor(machine: Machine) {
        this.#machine = machine;
    }

    /** Takes note of what `ip monitor` prints. @returns whether the network has to be polled */
    parse(chunk: string): boolean {
        const lines = `${this.#rest}${chunk}`.split('\n');
        this.#rest = (lines.pop() ?? '').slice(0, lineLimit);
        let isWorthwhile = false;
        for (const line of lines) {
            if (!line.startsWith(ofNeighbour)) isWorthwhile = true;
            else if (this.#isOfRouter(line)) isWorthwhile = this.#inDoubt = true;
        }
        return isWorthwhile;
    }

    /** Something may have been missed. */
    doubt(): void {
        this.#inDoubt = true;
    }

    /** Queries the kernel about the routers that it reported. @returns the default routes that lead to a silent router */
    async poll({ defaultRoutes, links }: NetworkState, signal: AbortSignal): Promise<string[]> {
        const routes = [...defaultRoutes.inet, ...defaultRoutes.inet6];
        this.#inDoubt ||= routes.some(route => !this.#routes.includes(route));
        this.#routes = routes;
        this.#silent = new Set([...this.#silent].filter(route => routes.includes(route)));
        if (!this.#inDoubt) return [...this.#silent];
        this.#inDoubt = false;
        for (const route of routes) {
            const [address = '', name = ''] = route.split(' ');
            if (address === '' || links[name]?.hasCarrier !== true) continue;
            const { state } = await readNeighbour(this.#machine, address, name, signal);
            if (state === 'FAILED') this.#silent.add(route);
            else if (answers.has(state ?? '')) this.#silent.delete(route);
        }
        return [...this.#silent];
    }

    /** It failed, or it failed before and there is something new of it. */
    #isOfRouter(line: string): boolean {
        const [address = '', , name = ''] = line.slice(ofNeighbour.length).split(' ', 3);
        const route = `${address} ${name}`;
        return this.#silent.has(route) || (/ FAILED\s*$/.test(line) && this.#routes.includes(route));
    }
}
