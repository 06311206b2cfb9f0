import { EventEmitter } from 'node:events';
import * as z from 'zod';
import { ReeveError } from '../util/errors.ts';
import { _ } from '../i18n/i18n.ts';
import type { Connection } from '../dbus/connection.ts';
import type { ExportedObjects } from '../dbus/exportedObjects.ts';
import { requestPath } from './paths.ts';
import { Request, type RequestKind, type Work } from './request.ts';

/** The options that every method which returns a Request has. */
export const requestOptions = {
    schema: z.object({
        handle_token: z
            .string()
            .regex(/^[A-Za-z0-9_]{1,64}$/, 'has to be 1 to 64 letters, digits and underscores')
            .optional(),
    }),
    signatures: { handle_token: 's' },
};

const runningPerCaller = 8;
const finishedPerCaller = 32;
/** Milliseconds that a finished request stays readable. */
const keptFor = 60_000;

/** The requests of all callers. Emits `changed` when one starts or finishes. */
export class Requests extends EventEmitter<{ changed: [] }> implements AsyncDisposable {
    readonly #objects: ExportedObjects;
    readonly #connection: Connection;
    readonly #clock: () => number;
    readonly #running = new Map<string, Request>();
    /** With the time at which each is forgotten, oldest first. */
    readonly #finished = new Map<string, { request: Request; until: number }>();
    #lastToken = 0;
    #forgetting: NodeJS.Timeout | undefined;
    #isDisposed = false;

    /** @param dependencies.clock milliseconds, monotonic */
    constructor(dependencies: {
        objects: ExportedObjects;
        connection: Connection;

        clock?: () => number;
    }) {
        super();
        this.#objects = dependencies.objects;
        this.#connection = dependencies.connection;
        this.#clock = dependencies.clock ?? (() => performance.now());
    }

    count(kind: RequestKind): number {
        return [...this.#running.values()].filter(request => request.kind === kind).length;
    }

    /**
     * Starts work for a caller. The request is on the bus when this resolves; the work begins after that.
     *
     * @throws ReeveError Busy with too many running, InvalidArgument for a token in use
     */
    async start(caller: string, kind: RequestKind, token: string | undefined, work: Work): Promise<Request> {
        if (this.#isDisposed) throw new ReeveError('Unavailable', _('The service is stopping'));
        const path = this.#pathFor(caller, token);
        const running = [...this.#running.values()].filter(request => request.caller === caller);
        if (running.length >= runningPerCaller) {
            throw new ReeveError('Busy', _('Too many requests are running. Wait for one to finish.'));
        }
        const request = new Request(this.#objects, path, caller, kind);
        this.#running.set(path, request);
        this.emit('changed');
        try {
            const watch = await this.#connection.watchName(caller, owner => {
                if (owner === null && kind !== 'change') request.cancel();
            });
            setImmediate(() => void this.#perform(request, work, watch));
        } catch (error) {
            this.#running.delete(path);
            request[Symbol.dispose]();
            this.emit('changed');
            throw error;
        }
        return request;
    }

    /** Asks all running work to stop. Resolves when it has. */
    async cancelAll(): Promise<void> {
        const running = [...this.#running.values()];
        for (const request of running) request.cancel();
        await Promise.all(running.map(request => request.finished));
    }

    /** Stops all work, then takes every request off the bus. */
    async [Symbol.asyncDispose](): Promise<void> {
        this.#isDisposed = true;
        await this.cancelAll();
        clearTimeout(this.#forgetting);
        for (const { request } of this.#finished.values()) request[Symbol.dispose]();
        this.#finished.clear();
    }

    async #perform(request: Request, work: Work, callerWatch: AsyncDisposable): Promise<void> {
        await request.perform(work);
        this.#running.delete(request.path);
        this.#keep(request);
        this.emit('changed');
        await callerWatch[Symbol.asyncDispose]();
    }

    #keep(request: Request): void {
        this.#finished.set(request.path, { request, until: this.#clock() + keptFor });
        const ofCaller = [...this.#finished.values()].filter(kept => kept.request.caller === request.caller);
        for (const { request: oldest } of ofCaller.slice(0, -finishedPerCaller)) this.#forget(oldest);
        this.#forgetting ??= setTimeout(() => {
            this.#forgetExpired();
        }, keptFor);
    }

    #forgetExpired(): void {
        this.#forgetting = undefined;
        const now = this.#clock();
        for (const { request, until } of this.#finished.values()) if (until <= now) this.#forget(request);
        const [oldest] = this.#finished.values();
        if (oldest === undefined) return;
        this.#forgetting = setTimeout(() => {
            this.#forgetExpired();
        }, oldest.until - now);
    }

    #forget(request: Request): void {
        this.#finished.delete(request.path);
        request[Symbol.dispose]();
    }

    #pathFor(caller: string, token: string | undefined): string {
        const isTaken = (path: string) => this.#running.has(path) || this.#finished.has(path);
        if (token !== undefined) {
            const path = requestPath(caller, token);
            if (isTaken(path)) throw new ReeveError('InvalidArgument', `handle_token: “${token}” is in use`);
            return path;
        }
        let path: string;
        do {
            this.#lastToken += 1;
            path = requestPath(caller, `reeve${this.#lastToken}`);
        } while (isTaken(path));
        return path;
    }
}
