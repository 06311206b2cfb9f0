// Units as real managers reported them. recordedUnits/systemdN.json holds what GetAll answered for the properties that
// we read, in test desktops of Debian trixie (systemd 257.13) and sid (262.1), after units that fail in each known way
// were started with systemctl. 64-bit numbers too large for JSON are strings.
import { readFileSync } from 'node:fs';

import type { Connection } from '../../service/dbus/connection.ts';
import { Systemd } from '../../service/machine/units/systemd.ts';
import { unitPath } from '../../service/model/unitName.ts';

type Properties = Record<string, unknown>;
export type RecordedUnit = { unit: Properties; ofType: Properties | null };

export const versions = [257, 262] as const;
export type Version = (typeof versions)[number];

export function recordedUnits(version: Version): Record<string, RecordedUnit> {
    const file = new URL(`recordedUnits/systemd${version}.json`, import.meta.url);
    return JSON.parse(readFileSync(file, 'utf8'), (_key, value: unknown) =>
        value === '18446744073709551615' ? 2n ** 64n - 1n : value,
    ) as Record<string, RecordedUnit>;
}

/** What the manager does on a request: changes `units` and gives the result of the job, or throws a BusError. */
export type Behaviour = (member: string, name: string, units: Record<string, RecordedUnit>) => Promise<string> | string;

export type RecordedManager = {
    systemd: Systemd;
    /** What opens the connections that calls are made on. */
    open: () => Promise<Connection>;
    /** The calls that change something, such as "RestartUnit a.service". */
    calls: string[];
    /** Sends PropertiesChanged for a unit. */
    changed: (name: string) => void;
    /** How many connections were opened for changes and not closed. */
    openConnections: () => number;
};

type Handler = (signal: { body: unknown[] }) => void;

/** A manager that has these units, which a test may change at any time. */
export function managerOf(units: Record<string, RecordedUnit>, behaviour: Behaviour = () => 'done'): RecordedManager {
    const handlers = new Map<string, Set<Handler>>();
    const calls: string[] = [];
    let jobs = 0;
    let opened = 0;
    const emit = (key: string, body: unknown[]) => {
        for (const handler of handlers.get(key) ?? []) handler({ body });
    };
    const change = async (member: string, name: string): Promise<unknown[]> => {
        calls.push(`${member} ${name}`);
        const result = await behaviour(member, name, units);
        emit(unitPath(name), []);
        if (member === 'ResetFailedUnit' || member === 'KillUnit') return [];
        jobs += 1;
        const path = `/org/freedesktop/systemd1/job/${jobs}`;
        // The real one, too, may announce the end of a job before it has answered the call that queued it.
        if (jobs % 2 === 0) emit('JobRemoved', [jobs, path, name, result]);
        else setImmediate(emit, 'JobRemoved', [jobs, path, name, result]);
        return [path];
    };
    const connect = () => {
        const closed = Promise.withResolvers<undefined>();
        return {
            closed: closed.promise,
            call: async ({ path, member, arguments: args = [], signal }: FakeCall) => {
                signal?.throwIfAborted();
                if (member === 'Subscribe' || member === 'Cancel') return [];
                if (member === 'GetAll') {
                    const unit = Object.entries(units).find(([name]) => unitPath(name) === path)?.[1];
                    const properties = args[0] === 'org.freedesktop.systemd1.Unit' ? unit?.unit : unit?.ofType;
                    return [structuredClone(properties ?? notFound(args[0]))];
                }
                const aborted = new Promise<never>((_resolve, reject) => {
                    signal?.addEventListener('abort', () => {
                        reject(signal.reason as Error);
                    });
                });
                return await Promise.race([change(member, String(args[0])), aborted]);
            },
            subscribe: ({ path, member }: { path: string; member: string }, handler: Handler) => {
                const key = member === 'JobRemoved' ? member : path;
                const ofKey = handlers.get(key) ?? new Set();
                handlers.set(key, ofKey.add(handler));
                return Promise.resolve({
                    [Symbol.asyncDispose]: () => {
                        ofKey.delete(handler);
                        return Promise.resolve();
                    },
                });
            },
            [Symbol.asyncDispose]: () => {
                opened -= 1;
                closed.resolve(undefined);
                return Promise.resolve();
            },
        } as unknown as Connection;
    };
    const reading = connect();
    return {
        systemd: new Systemd({ system: reading, session: reading }),
        open: () => {
            opened += 1;
            return Promise.resolve(connect());
        },
        calls,
        changed: name => {
            emit(unitPath(name), []);
        },
        openConnections: () => opened,
    };
}

type FakeCall = { path: string; member: string; arguments?: unknown[]; signal?: AbortSignal };

/** Lets a unit run, as after a start that went well. */
export function run({ unit, ofType }: RecordedUnit): void {
    const now = Date.now() * 1000;
    // It has been up for long enough that nobody has to wait for it to settle.
    const since = Number(process.hrtime.bigint() / 1000n) - 60_000_000;
    Object.assign(unit, {
        ActiveState: 'active',
        SubState: 'running',
        StateChangeTimestamp: now,
        InactiveEnterTimestampMonotonic: since - 2_000_000,
        InactiveExitTimestampMonotonic: since,
        ActiveEnterTimestamp: now - 60_000_000,
        ActiveEnterTimestampMonotonic: since,
        WantedBy: [],
        RequiredBy: [],
        InvocationID: Array.from({ length: 16 }, () => 7),
    });
    if (ofType !== null) Object.assign(ofType, { Result: 'success', NRestarts: 0, ExecMainCode: 0, ExecMainStatus: 0 });
}

/** What a manager reports for a unit that does not exist; seen with 257 and 262. */
function notFound(of: unknown): Properties {
    const { unit, ofType } = recordedUnits(257)['sample-web.service'] ?? { unit: {}, ofType: {} };
    const missing = ['org.freedesktop.systemd1.NoSuchUnit', 'Unit not found.'];
    return of === 'org.freedesktop.systemd1.Unit'
        ? {
              ...unit,
              LoadState: 'not-found',
              LoadError: missing,
              ActiveState: 'inactive',
              SubState: 'dead',
              Requires: [],
          }
        : (ofType ?? {});
}

export function recorded(units: Record<string, RecordedUnit>, name: string): RecordedUnit {
    const unit = units[name];
    if (unit === undefined) throw new Error(`${name} was not recorded`);
    return unit;
}
