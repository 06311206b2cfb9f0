import { once } from 'node:events';
import { access } from 'node:fs/promises';
import { join } from 'node:path';

import * as z from 'zod';

import type { Connection, Match, Signal } from '../../dbus/connection.ts';
import { _ } from '../../i18n/i18n.ts';
import type { Change } from '../../model/timelineEntry.ts';
import { SourceUnavailable } from '../definition.ts';
import type { Outlet, SourceDefinition, Surroundings } from '../definition.ts';

/** The result of a signal; null when it is irrelevant. */
export type ChangeDraft = Omit<Change, 'time' | 'detail'> & { detail?: string };
type Answer = ChangeDraft | null | Promise<ChangeDraft | null>;

export type SignalRule = {
    match: Omit<Match, 'sender'>;
    /** @throws ZodError for a malformed signal */
    toChange: (signal: Signal, connection: Connection) => Answer;
};

/** Queries again after this many milliseconds; a waiting query with the same key is postponed. */
export type Later = (key: string, milliseconds: number, toChange: () => Answer) => void;

const bus = { destination: 'org.freedesktop.DBus', path: '/org/freedesktop/DBus', interface: 'org.freedesktop.DBus' };
/** How many signals may wait for the one before them, while a service that hangs does not answer. */
const waitingLimit = 1000;
const names = z.tuple([z.array(z.string())]);

/**
 * A source that listens to one service on a message bus. It never starts that service: it listens to its name, and asks it only
 * what a rule asks after a signal, or `greet` when the service is there.
 *
 * @param options.make creates the rules for each run, with what they remember
 * @param options.greet asks a service that somebody else has started what it knows; at the beginning, and whenever it appears
 */
export function busSource(options: {
    name: string;
    bus: 'system' | 'session';
    service: string;
    make: (surroundings: Surroundings, later: Later) => readonly SignalRule[];
    greet?: (
        surroundings: Surroundings,
        connection: Connection,
        owner: string,
        later: Later,
    ) => Promise<readonly ChangeDraft[]>;
}): SourceDefinition {
    const { name, service, make, greet } = options;
    return {
        name,
        async run(surroundings, outlet, signal) {
            const connection = await connect(surroundings, options.bus, outlet, signal);
            const startable = await isStartable(connection, service);
            const isThere = startable || (await isInstalled(surroundings.root, service));
            await using subscriptions = new AsyncDisposableStack();
            let waiting = 0;
            let before = Promise.resolve();
            // A query about one signal must not let the next signal overtake it.
            const inTurn = (toChanges: () => Promise<readonly (ChangeDraft | null)[]>) => {
                if (waiting >= waitingLimit) {
                    outlet.lose(1);
                    return;
                }
                waiting += 1;
                before = before
                    .then(() => pass(toChanges, outlet, signal))
                    .finally(() => {
                        waiting -= 1;
                    });
            };
            const timers = new Map<string, NodeJS.Timeout>();
            subscriptions.defer(() => {
                for (const timer of timers.values()) clearTimeout(timer);
            });
            const later: Later = (key, milliseconds, toChange) => {
                // Nobody would end it.
                if (signal.aborted) return;
                clearTimeout(timers.get(key));
                const timer = setTimeout(() => {
                    timers.delete(key);
                    inTurn(async () => [await toChange()]);
                }, milliseconds);
                timers.set(key, timer);
            };
            for (const { match, toChange } of make(surroundings, later)) {
                const handle = (received: Signal) => {
                    inTurn(async () => [await toChange(received, connection)]);
                };
                subscriptions.use(await connection.subscribe({ ...match, sender: service }, handle));
            }
            // A name that nobody owns now may appear later, as the Shell does at a login.
            const reportState = (owner: string | null) => {
                if (owner !== null || startable) outlet.watching();
                else if (isThere) outlet.watching(_('{service} is not running', { service }));
                else outlet.unavailable(_('There is no {service} on this computer', { service }));
                if (owner === null || greet === undefined) return;
                inTurn(() => greet(surroundings, connection, owner, later));
            };
            subscriptions.use(await connection.watchName(service, reportState));
            const stopped = new Promise<void>(resolve => {
                signal.addEventListener('abort', () => {
                    resolve();
                });
                if (signal.aborted) resolve();
            });
            await Promise.race([connection.closed, stopped]);
            if (!signal.aborted) throw new Error(_('The connection to the message bus was closed'));
        },
    };
}

/** Whether an incident reports it already, or did until the user dismissed it. */
export function isKnown(change: ChangeDraft, source: string, { incidentStatus }: Surroundings): boolean {
    const known = incidentStatus({ detail: '', ...change, source, time: Date.now() * 1000 });
    return known === 'open' || known === 'dismissed';
}

async function pass(
    toChanges: () => Promise<readonly (ChangeDraft | null)[]>,
    outlet: Outlet,
    signal: AbortSignal,
): Promise<void> {
    if (signal.aborted) return;
    try {
        for (const change of await toChanges())
            if (change !== null) outlet.emit({ detail: '', ...change, time: Date.now() * 1000 });
    } catch {
        // A service that lies, or disappears before it can answer, costs only this event.
        outlet.lose(1);
    }
}

async function connect(
    { session, system }: Surroundings,
    which: 'system' | 'session',
    outlet: Outlet,
    signal: AbortSignal,
): Promise<Connection> {
    if (which === 'session' && session !== null) return session;
    if (which === 'session' || system === null) throw new SourceUnavailable(_('There is no message bus for it'));
    await system.tried;
    if (system.connection === null) outlet.waiting(_('There is no message bus for it'));
    while (system.connection === null) await once(system, 'connected', { signal });
    return system.connection;
}

/** Whether the service would be started on demand. */
async function isStartable(connection: Connection, service: string): Promise<boolean> {
    const [startable] = names.parse(await connection.call({ ...bus, member: 'ListActivatableNames' }));
    return startable.includes(service);
}

/**
 * Whether a service that is not started on demand is installed: then it has a policy; dbus-daemon(1), "INTEGRATING SYSTEM
 * SERVICES".
 */
async function isInstalled(root: string, service: string): Promise<boolean> {
    for (const folder of ['usr/share/dbus-1/system.d', 'etc/dbus-1/system.d']) {
        const path = join(root, folder, `${service}.conf`);
        const isThere = await access(path).then(
            () => true,
            () => false,
        );
        if (isThere) return true;
    }
    return false;
}

const changed = z.tuple([z.string(), z.record(z.string(), z.unknown()), z.array(z.string())]);

/** Properties of one interface that change. */
export function propertyRule(
    of: { path?: string; pathNamespace?: string; interface: string },
    toChanges: (values: Record<string, unknown>, signal: Signal, connection: Connection) => Answer,
): SignalRule {
    const { interface: argument, ...where } = of;
    return {
        match: { ...where, interface: 'org.freedesktop.DBus.Properties', member: 'PropertiesChanged', argument },
        toChange: (signal, connection) => toChanges(changed.parse(signal.body)[1], signal, connection),
    };
}

/** Queries the service that has just sent a signal; it is not restarted if it ended meanwhile. */
export async function readProperty(
    connection: Connection,
    { sender, path }: Signal,
    of: string,
    property: string,
): Promise<string> {
    const [value] = await connection.call({
        destination: sender,
        path,
        interface: 'org.freedesktop.DBus.Properties',
        member: 'Get',
        signature: 'ss',
        arguments: [of, property],
        autoStart: false,
        timeout: 5000,
    });
    return z.string().parse(value);
}
