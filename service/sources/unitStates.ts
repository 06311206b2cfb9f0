import { EventEmitter, once } from 'node:events';

import type { Connection } from '../dbus/connection.ts';
import type { SystemBus } from '../dbus/systemBus.ts';
import { _ } from '../i18n/i18n.ts';
import { log } from '../util/log.ts';
import type { Scope, UnitState } from '../model/unit.ts';
import type { Systemd } from '../machine/units/systemd.ts';
import type { Source, SourceState, SourceStatus } from '../model/source.ts';
import { messageOf } from '../util/errors.ts';

export type UnitStatesHandler = {
    /** The manager is followed, perhaps again: its signals in between are not known. */
    connected(): void;
    state(unit: Pick<UnitState, 'name' | 'activeState' | 'subState'>): void;
    /** @param result as in JobRemoved of org.freedesktop.systemd1(5): done, failed, dependency, timeout, … */
    jobEnded(unit: string, result: string): void;
};

const names: Record<Scope, string> = { system: 'systemd-system', user: 'systemd-user' };

/** Follows the state of all units of one service manager through its D-Bus signals. */
export class UnitStates extends EventEmitter<{ status: [SourceStatus] }> implements Source {
    readonly status: SourceStatus;
    readonly scope: Scope;
    readonly #systemd: Systemd;
    readonly #bus: Connection | SystemBus | null;
    #wasConnected = false;
    /** When the newest state began, or the following did. A report about an older state does not show how long signals take. */
    #newest = 0;

    /** @param dependencies.bus the bus that the manager of the scope is on; null on a machine that has none */
    constructor(dependencies: { scope: Scope; systemd: Systemd; bus: Connection | SystemBus | null }) {
        super();
        this.scope = dependencies.scope;
        this.#systemd = dependencies.systemd;
        this.#bus = dependencies.bus;
        this.status = { name: names[this.scope], state: 'off', detail: '', events: 0, lost: 0 };
    }

    /** Follows the manager until `signal` aborts, over lost connections. */
    async run(handler: UnitStatesHandler, signal: AbortSignal): Promise<void> {
        const isStopped = () => signal.aborted;
        const { promise: stopped, resolve: stop } = Promise.withResolvers<undefined>();
        signal.addEventListener(
            'abort',
            () => {
                stop(undefined);
            },
            { once: true },
        );
        this.#setState('starting');
        while (!isStopped()) {
            const connection = await this.#connection(signal, stopped);
            if (connection !== null && !isStopped()) await this.#follow(connection, handler, stopped);
        }
        this.#setState('off');
    }

    /** Resolves once it is known whether the manager can be followed at this moment. */
    async whenSettled(): Promise<void> {
        while (this.status.state === 'starting') await once(this, 'status');
    }

    /** The open connection, or the next one. @returns null when `signal` aborts first */
    async #connection(signal: AbortSignal, stopped: Promise<undefined>): Promise<Connection | null> {
        if (this.#bus === null) {
            this.#setState('unavailable', _('There is no message bus for it'));
            await stopped;
            return null;
        }
        if (!('connection' in this.#bus)) return this.#bus;
        if (this.#bus.connection !== null) return this.#bus.connection;
        if (this.#wasConnected) this.#setState('waiting', _('There is no connection to the message bus'));
        else this.#setState('unavailable', _('There is no message bus for it'));
        // `once` rejects when the signal aborts, which is what ends the wait.
        await once(this.#bus, 'connected', { signal }).catch(() => undefined);
        return this.#bus.connection;
    }

    async #follow(connection: Connection, handler: UnitStatesHandler, stopped: Promise<undefined>): Promise<void> {
        this.#wasConnected = true;
        this.#newest = Date.now() * 1000;
        const closed = connection.closed.then(() => 'closed' as const);
        try {
            await using subscriptions = new AsyncDisposableStack();
            subscriptions.use(
                await this.#systemd.watchAll(this.scope, {
                    state: (unit, time) => {
                        this.#count();
                        this.#measure(time);
                        handler.state(unit);
                    },
                    jobEnded: (unit, result) => {
                        this.#count();
                        handler.jobEnded(unit, result);
                    },
                }),
            );
            this.#setState('watching');
            handler.connected();
            const ended = await Promise.race([closed, stopped]);
            if (ended === 'closed') this.#setState('waiting', _('The connection to the message bus was closed'));
        } catch (error) {
            // Without a manager on this bus there is nothing to wait for: it will not appear while we run.
            const reason = messageOf(error);
            log('notice', 'A service manager cannot be followed', { scope: this.scope, reason });
            this.#setState('unavailable', reason);
            await Promise.race([closed, stopped]);
        }
        // The session's connection is never opened again; without it the service ends.
        if (connection === this.#bus) await stopped;
    }

    #count(): void {
        this.status.events += 1;
        this.status.lastEvent = Date.now() * 1000;
    }

    #measure(time: number): void {
        if (time <= this.#newest) return;
        const now = Date.now() * 1000;
        this.status.lag = Math.max(0, now - time);
        // A clock that was ahead for a while must not make all later entries seem old.
        this.#newest = Math.min(time, now);
    }

    #setState(state: SourceState, detail = ''): void {
        if (this.status.state === state && this.status.detail === detail) return;
        this.status.state = state;
        this.status.detail = detail;
        this.emit('status', this.status);
    }
}
