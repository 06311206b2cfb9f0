import { _ } from '../i18n/i18n.ts';
import { InferenceError } from './errors.ts';

type Waiting = { resolve: (turn: Disposable) => void };

/**
 * Lets one request in at a time. Clients take turns: one with many requests waits behind another's single one. Within a
 * client, first come, first served.
 */
export class Queue {
    readonly #limit: number;
    /** In the order of service. */
    readonly #clients = new Map<string, Waiting[]>();
    #isTaken = false;

    /** @param limit how many may wait */
    constructor(limit: number) {
        this.#limit = limit;
    }

    get waiting(): number {
        let count = 0;
        for (const requests of this.#clients.values()) count += requests.length;
        return count;
    }

    get isIdle(): boolean {
        return !this.#isTaken && this.#clients.size === 0;
    }

    /**
     * Resolves when it is this request's turn, which lasts until it is disposed of.
     *
     * @throws InferenceError Busy when too many wait already; the signal's reason
     */
    async enter(client: string, signal: AbortSignal): Promise<Disposable> {
        signal.throwIfAborted();
        if (!this.#isTaken) {
            this.#isTaken = true;
            return this.#turn();
        }
        if (this.waiting >= this.#limit)
            throw new InferenceError('Busy', _('Too many questions are waiting for the model. Ask again in a moment.'));
        return await new Promise<Disposable>((resolve, reject) => {
            const leave = () => {
                this.#remove(client, request);
                reject(signal.reason as Error);
            };
            const request: Waiting = {
                resolve: turn => {
                    signal.removeEventListener('abort', leave);
                    resolve(turn);
                },
            };
            signal.addEventListener('abort', leave, { once: true });
            const requests = this.#clients.get(client);
            if (requests === undefined) this.#clients.set(client, [request]);
            else requests.push(request);
        });
    }

    #remove(client: string, request: Waiting): void {
        const left = this.#clients.get(client)?.filter(other => other !== request) ?? [];
        if (left.length === 0) this.#clients.delete(client);
        else this.#clients.set(client, left);
    }

    #turn(): Disposable {
        let isOver = false;
        return {
            [Symbol.dispose]: () => {
                if (isOver) return;
                isOver = true;
                this.#next();
            },
        };
    }

    #next(): void {
        const next = this.#clients.entries().next();
        if (next.done) {
            this.#isTaken = false;
            return;
        }
        const [client, [request, ...rest]] = next.value;
        this.#clients.delete(client);
        // Behind everybody else who waits.
        if (rest.length > 0) this.#clients.set(client, rest);
        request?.resolve(this.#turn());
    }
}
