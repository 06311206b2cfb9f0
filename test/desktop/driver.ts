// This side of the process that drives the Shell from inside (guest/driver.js). It lives as long as the session bus does,
// and is started again when it is needed after that.
import { createInterface } from 'node:readline';
import { whenPassed } from '../support/patience.ts';
import type { Child } from './hostCommand.ts';

type Reply = { id: number; result?: unknown; error?: string };
type Waiting = { resolve: (result: unknown) => void; reject: (error: Error) => void };

/** The Shell, or the way to it, went away while a request was under way. */
export class DriverEnded extends Error {
    override name = 'DriverEnded';
}

export class Driver {
    readonly #begin: () => Child;
    readonly #waiting = new Map<number, Waiting>();
    #child: Child | undefined;
    #lastId = 0;

    /** @param begin starts the process inside */
    constructor(begin: () => Child) {
        this.#begin = begin;
    }

    /** @param timeout milliseconds for the whole request, more on a busy machine */
    async request(verb: string, parameters: Record<string, unknown>, timeout: number): Promise<unknown> {
        this.#child ??= this.#start();
        const id = ++this.#lastId;
        const { promise, resolve, reject } = Promise.withResolvers<unknown>();
        const limit = whenPassed(timeout, () => {
            reject(new Error(`The desktop did not answer ${verb} within ${timeout} ms`));
        });
        this.#waiting.set(id, { resolve, reject });
        this.#child.stdin.write(`${JSON.stringify({ id, verb, ...parameters })}\n`);
        return promise.finally(() => {
            limit[Symbol.dispose]();
            this.#waiting.delete(id);
        });
    }

    stop(): void {
        this.#child?.stdin.end();
    }

    #start(): Child {
        const child = this.#begin();
        let complaints = '';
        child.stderr.on('data', (chunk: Buffer) => (complaints = (complaints + chunk.toString()).slice(-2000)));
        child.stdin.on('error', () => undefined);
        createInterface({ input: child.stdout }).on('line', line => {
            const { id, result, error } = JSON.parse(line) as Reply;
            const waiting = this.#waiting.get(id);
            if (error === undefined) waiting?.resolve(result);
            else waiting?.reject(new Error(error));
        });
        const ended = (reason: string) => {
            if (this.#child === child) this.#child = undefined;
            const error = new DriverEnded(`The driver inside the desktop ended (${reason}) ${complaints}`.trim());
            for (const { reject } of this.#waiting.values()) reject(error);
        };
        child.once('error', error => {
            ended(error.message);
        });
        child.once('exit', (code, signal) => {
            ended(`${code ?? signal ?? ''}`);
        });
        return child;
    }
}
