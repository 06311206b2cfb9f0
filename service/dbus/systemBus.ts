import { EventEmitter } from 'node:events';
import { setTimeout as delay } from 'node:timers/promises';
import { log } from '../util/log.ts';
import { Connection, type BusAddress } from './connection.ts';
import { messageOf } from '../util/errors.ts';

const firstPause = 1000;
const longestPause = 60_000;

/**
 * The connection to the system bus, opened again whenever it ends: part of the service works without it.
 *
 * Events: `connected`; `lost` with the reason, also when the first attempt fails.
 */
export class SystemBus extends EventEmitter<{ connected: [Connection]; lost: [string] }> {
    readonly #address: BusAddress;
    /** Resolves after the first attempt, successful or not. */
    readonly tried: Promise<void>;
    readonly #firstTried: (value: undefined) => void;
    #connection: Connection | null = null;
    #lastReason = '';

    constructor(address: BusAddress) {
        super();
        this.#address = address;
        const { promise, resolve } = Promise.withResolvers<undefined>();
        this.tried = promise;
        this.#firstTried = resolve;
    }

    get connection(): Connection | null {
        return this.#connection;
    }

    /** Keeps connected until `signal` aborts. Resolves once the connection is closed. */
    async run(signal: AbortSignal): Promise<void> {
        const isStopped = () => signal.aborted;
        let pause = firstPause;
        while (!isStopped()) {
            try {
                const connection = await Connection.open(this.#address);
                if (isStopped()) {
                    await connection[Symbol.asyncDispose]();
                    return;
                }
                pause = firstPause;
                await this.#use(connection, signal);
                if (!isStopped()) this.#lose('the connection was closed');
            } catch (error) {
                this.#lose(messageOf(error));
            }
            // An aborted delay rejects; the loop ends by its own condition.
            await delay(pause, undefined, { signal }).catch(() => undefined);
            pause = Math.min(pause * 2, longestPause);
        }
    }

    #lose(reason: string): void {
        // Once is enough: the notice stays, and a machine without that bus would fill its log with attempts.
        if (reason !== this.#lastReason) log('warning', 'No connection to the system bus', { reason });
        this.#lastReason = reason;
        this.#firstTried(undefined);
        this.emit('lost', reason);
    }

    async #use(connection: Connection, signal: AbortSignal): Promise<void> {
        const close = () => void connection[Symbol.asyncDispose]();
        signal.addEventListener('abort', close, { once: true });
        this.#connection = connection;
        this.#lastReason = '';
        this.#firstTried(undefined);
        this.emit('connected', connection);
        await connection.closed;
        this.#connection = null;
        signal.removeEventListener('abort', close);
    }
}
