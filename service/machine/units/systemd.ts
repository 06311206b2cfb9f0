import * as z from 'zod';
import type { Connection } from '../../dbus/connection.ts';
import { ReeveError } from '../../util/errors.ts';
import { _ } from '../../i18n/i18n.ts';
import type { Scope, UnitState } from '../../model/unit.ts';
import { safeText } from '../../text/sanitise.ts';
import { parseStopped, parseTimes, parseUnit, resultInterfaces } from './unitDetails.ts';
import type { UnitDetails, UnitTimes } from './unitDetails.ts';
import { isUnitName, numberedPattern, unitOfPath, unitPath, unitType } from '../../model/unitName.ts';

export type { UnitDetails } from './unitDetails.ts';

/** The manager's object, the same on both buses; org.freedesktop.systemd1(5), "The Manager Object". */
export const manager = {
    destination: 'org.freedesktop.systemd1',
    path: '/org/freedesktop/systemd1',
    interface: 'org.freedesktop.systemd1.Manager',
} as const;

/** Which bus the manager of a scope is on: the system's manager on the system bus, the user's on the session bus. */
export const busOf: Record<Scope, 'system' | 'session'> = { system: 'system', user: 'session' };

/** A manager answers from memory; one that takes longer hangs. Milliseconds. */
const readTimeout = 5000;
/** A manager runs or does not exist: the bus need not try to start one. */
const asItIs = { timeout: readTimeout, autoStart: false };

/** ListUnitsByPatterns: name, description, load, active and sub state, followed unit, path, job id, job type, job path. */
const listedUnits = z.tuple([
    z.array(
        z.tuple([
            z.string(),
            z.string(),
            z.string(),
            z.string(),
            z.string(),
            z.string(),
            z.string(),
            z.int(),
            z.string(),
            z.string(),
        ]),
    ),
]);
/** The properties that change with the state of a unit; a signal without them is about something else. */
const changedStates = z.object({
    ActiveState: z.string(),
    SubState: z.string(),
    StateChangeTimestamp: z.int().catch(0),
});
/** Of the manager itself; microseconds. */
const ofManager = z.object({ UserspaceTimestampMonotonic: z.int().catch(0) });
/** JobRemoved: number, path, unit, result. */
const removedJob = z.tuple([z.int(), z.string(), z.string(), z.string()]);
/** ListUnitFiles: path of the file, enablement state. */
const listedFiles = z.tuple([z.array(z.tuple([z.string(), z.string()]))]);

/**
 * Reads the service managers: systemd's own and that of the user. It changes nothing; what changes units is an approved
 * plan, and only service/execution carries those out.
 */
export class Systemd {
    readonly #connections: { readonly system: Connection | null; readonly session: Connection | null };
    readonly #subscriptions = new WeakMap<Connection, Promise<unknown>>();

    /** @param connections read again for each call, so that a bus may come and go */
    constructor(connections: { readonly system: Connection | null; readonly session: Connection | null }) {
        this.#connections = connections;
    }

    /** Whether there is a bus on which the manager of this scope could be. */
    isReachable(scope: Scope): boolean {
        return this.#connections[busOf[scope]] !== null;
    }

    /**
     * What the manager knows of a unit, which it loads from disk if need be.
     *
     * @param name a unit name or alias, with its suffix
     * @param name of the unit, or the `unnumbered` one of a D-Bus service, whose last start is meant
     * @returns null when there is no such unit
     * @throws ReeveError InvalidArgument for what cannot be a unit name; Unavailable without that manager's bus
     * @throws BusError when the manager does not answer
     */
    async unit(scope: Scope, name: string, { signal }: { signal?: AbortSignal } = {}): Promise<UnitDetails | null> {
        if (!isUnitName(name)) {
            throw new ReeveError('InvalidArgument', _('“{name}” is not a unit name', { name: safeText(name, 300) }));
        }
        const pattern = numberedPattern(name);
        if (pattern !== null) {
            const started = await this.list(scope, { patterns: [pattern], ...(signal && { signal }) });
            const last = started
                .map(one => one.name)
                .sort((one, other) => one.localeCompare(other, 'en', { numeric: true }))
                .at(-1);
            return last === undefined ? null : await this.unit(scope, last, { ...(signal && { signal }) });
        }
        // Reading the properties of an object path loads the unit: bus_unit_find() in systemd's src/core/dbus.c.
        const path = unitPath(name);
        const interfaceOfType = resultInterfaces[unitType(name)];
        const [unit, ofType] = await Promise.all([
            this.#properties(scope, path, 'org.freedesktop.systemd1.Unit', signal),
            interfaceOfType === undefined ? null : this.#properties(scope, path, interfaceOfType, signal),
        ]);
        const details = parseUnit(scope, unit, ofType);
        const isThere = details.loadState !== 'not-found' || details.activeState !== 'inactive';
        return isThere ? details : null;
    }

    /**
     * When a unit went from state to state.
     *
     * @throws as `unit`
     */
    async times(scope: Scope, name: string, { signal }: { signal?: AbortSignal } = {}): Promise<UnitTimes> {
        return parseTimes(await this.#properties(scope, unitPath(name), 'org.freedesktop.systemd1.Unit', signal));
    }

    /**
     * The units that stop when a unit does, running or not: those that need it or are part of it.
     *
     * @throws as `unit`
     */
    async stoppedWith(scope: Scope, name: string, { signal }: { signal?: AbortSignal } = {}): Promise<string[]> {
        return parseStopped(await this.#properties(scope, unitPath(name), 'org.freedesktop.systemd1.Unit', signal));
    }

    /**
     * When the manager was started, with the computer or at the log-in: microseconds of CLOCK_MONOTONIC, since the time of day may
     * be wrong so early; 0 where it does not say.
     *
     * @throws as `unit`
     */
    async startedAt(scope: Scope, { signal }: { signal?: AbortSignal } = {}): Promise<number> {
        const properties = await this.#properties(scope, manager.path, manager.interface, signal);
        return ofManager.parse(properties).UserspaceTimestampMonotonic;
    }

    /**
     * The units that a manager has loaded.
     *
     * @param filter.states load, active or sub states; one of them must hold
     * @param filter.patterns shell patterns for the name; one of them must match
     */
    async list(
        scope: Scope,
        filter: { states?: string[]; patterns?: string[]; signal?: AbortSignal } = {},
    ): Promise<UnitState[]> {
        const reply = await this.#call(scope, {
            member: 'ListUnitsByPatterns',
            signature: 'asas',
            arguments: [filter.states ?? [], filter.patterns ?? []],
            ...(filter.signal && { signal: filter.signal }),
        });
        const [units] = listedUnits.parse(reply);
        return units.map(([name, description, loadState, activeState, subState]) => ({
            scope,
            name,
            description: safeText(description, 512),
            loadState,
            activeState,
            subState,
        }));
    }

    /** The unit files on disk, loaded or not: the name and whether it is enabled. */
    async listFiles(
        scope: Scope,
        { signal }: { signal?: AbortSignal } = {},
    ): Promise<{ name: string; state: string }[]> {
        const reply = await this.#call(scope, { member: 'ListUnitFiles', ...(signal && { signal }) });
        const [files] = listedFiles.parse(reply);
        return files.map(([path, state]) => ({ name: path.slice(path.lastIndexOf('/') + 1), state }));
    }

    /** Calls `changed` whenever properties of the unit change, from before it resolves until it is disposed of. */
    async watch(scope: Scope, name: string, changed: () => void): Promise<AsyncDisposable> {
        const connection = this.#connection(scope);
        const subscription = await connection.subscribe(
            {
                sender: manager.destination,
                path: unitPath(name),
                interface: 'org.freedesktop.DBus.Properties',
                member: 'PropertiesChanged',
            },
            changed,
        );
        try {
            await this.#enableSignals(connection);
            return subscription;
        } catch (error) {
            await subscription[Symbol.asyncDispose]();
            throw error;
        }
    }

    /**
     * Follows every unit of a manager, from before it resolves until it is disposed of. A manager also reports healthy
     * units, many at a time: after a reload, and when a unit is loaded.
     */
    async watchAll(
        scope: Scope,
        handlers: {
            /** A unit is in this state, which need not be new: since `time`, microseconds since the Unix epoch, 0 where untold. */
            state: (unit: Pick<UnitState, 'name' | 'activeState' | 'subState'>, time: number) => void;
            /** A job ended: done, canceled, timeout, failed, dependency, skipped, …; org.freedesktop.systemd1(5), JobRemoved. */
            jobEnded: (unit: string, result: string) => void;
        },
    ): Promise<AsyncDisposable> {
        const connection = this.#connection(scope);
        await using subscriptions = new AsyncDisposableStack();
        subscriptions.use(
            await connection.subscribe(
                {
                    sender: manager.destination,
                    pathNamespace: `${manager.path}/unit`,
                    interface: 'org.freedesktop.DBus.Properties',
                    member: 'PropertiesChanged',
                    argument: 'org.freedesktop.systemd1.Unit',
                },
                ({ path, body }) => {
                    const changed = changedStates.safeParse(body[1]);
                    const name = unitOfPath(path);
                    if (!changed.success || name === null) return;
                    const { ActiveState: activeState, SubState: subState, StateChangeTimestamp: time } = changed.data;
                    handlers.state({ name, activeState, subState }, time);
                },
            ),
        );
        subscriptions.use(
            await connection.subscribe(
                { sender: manager.destination, path: manager.path, interface: manager.interface, member: 'JobRemoved' },
                ({ body }) => {
                    const ended = removedJob.safeParse(body);
                    if (ended.success && isUnitName(ended.data[2])) handlers.jobEnded(ended.data[2], ended.data[3]);
                },
            ),
        );
        await this.#enableSignals(connection);
        return subscriptions.move();
    }

    /** A manager emits signals once a client has asked for them; it forgets that when the client leaves the bus. */
    #enableSignals(connection: Connection): Promise<unknown> {
        let subscribed = this.#subscriptions.get(connection);
        if (subscribed === undefined) {
            subscribed = connection.call({ ...manager, member: 'Subscribe', ...asItIs });
            subscribed.catch(() => this.#subscriptions.delete(connection));
            this.#subscriptions.set(connection, subscribed);
        }
        return subscribed;
    }

    async #properties(scope: Scope, path: string, of: string, signal: AbortSignal | undefined): Promise<unknown> {
        const [properties] = await this.#connection(scope).call({
            destination: manager.destination,
            path,
            interface: 'org.freedesktop.DBus.Properties',
            member: 'GetAll',
            signature: 's',
            arguments: [of],
            ...asItIs,
            ...(signal && { signal }),
        });
        return properties;
    }

    #call(
        scope: Scope,
        call: { member: string; signature?: string; arguments?: unknown[]; signal?: AbortSignal },
    ): Promise<unknown[]> {
        return this.#connection(scope).call({ ...manager, ...call, ...asItIs });
    }

    #connection(scope: Scope): Connection {
        const connection = this.#connections[busOf[scope]];
        if (connection === null) {
            const text = scope === 'system' ? _('There is no system bus') : _('There is no session bus');
            throw new ReeveError('Unavailable', text);
        }
        return connection;
    }
}
