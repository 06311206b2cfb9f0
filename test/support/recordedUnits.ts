// Units as real managers reported them. recordedUnits/systemdN.json holds what GetAll answered for the properties that
// we read, in test desktops of Debian trixie (systemd 257.13) and sid (262.1), after units that fail in each known way
// were started with systemctl. 64-bit numbers too large for JSON are strings.
import { readFileSync } from 'node:fs';
import { setImmediate } from 'node:timers/promises';

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
    /** What changes something, such as "RestartUnit a.service", by a call or a program of a transient unit. */
    calls: string[];
    /** The calls for which the system asks for a password where it must: several of `calls` may be one. */
    asked: string[];
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
    const asked: string[] = [];
    /** The commands of transient units that failed, as ExecStart has them: the start, the way and the status of the end. */
    const commands = new Map<string, unknown[]>();
    let jobs = 0;
    let opened = 0;
    const emit = (key: string, body: unknown[]) => {
        for (const handler of handlers.get(key) ?? []) handler({ body });
    };
    const carryOut = async (member: string, name: string): Promise<string> => {
        calls.push(`${member} ${name}`);
        const result = await behaviour(member, name, units);
        emit(unitPath(name), []);
        return result;
    };
    const queue = (name: string, result: Promise<string> | string): unknown[] => {
        jobs += 1;
        const number = jobs;
        const path = `/org/freedesktop/systemd1/job/${number}`;
        const end = (ended: string) => {
            emit('JobRemoved', [number, path, name, ended]);
        };
        // The real one, too, may announce the end of a job before it has answered the call that queued it.
        if (typeof result !== 'string') void result.then(end);
        else if (number % 2 === 0) end(result);
        else
            void setImmediate().then(() => {
                end(result);
            });
        return [path];
    };
    /**
     * Each systemctl(1) of a transient unit as the call that it makes, any other program as a call of its own. When the first
     * of them throws, the manager refuses the unit.
     */
    const runPrograms = async (name: string, properties: Map<string, { value: unknown }>): Promise<unknown[]> => {
        const programs = (properties.get('ExecStartEx')?.value as [string, string[]][]).map(([, argv]) => argv);
        const ended: unknown[] = programs.map(argv => [argv[0], argv, false, 0, 0, 0, 0, 0, 0, 0]);
        commands.set(unitPath(name), ended);
        const runs = async (index: number): Promise<boolean> => {
            const argv = programs[index] ?? [];
            const [program = '', verb = ''] = argv;
            const member = program.endsWith('/systemctl') ? (methods[verb] ?? verb) : program;
            const isDone = (await carryOut(member, argv.at(-1) ?? '')) === 'done';
            ended[index] = [program, argv, false, 1, 1, 2, 2, 3, 1, isDone ? 0 : 1];
            return isDone;
        };
        const rest = async (): Promise<string> => {
            await setImmediate();
            for (const index of programs.keys()) if (index > 0 && !(await runs(index))) return 'failed';
            return 'done';
        };
        return queue(name, (await runs(0)) ? rest() : 'failed');
    };
    const change = async (member: string, name: string, given: unknown): Promise<unknown[]> => {
        asked.push(`${member} ${name}`);
        const properties = new Map(Array.isArray(given) ? (given as [string, { value: unknown }][]) : []);
        if (properties.has('AddRef')) return await runPrograms(name, properties);
        const result = await carryOut(member, name);
        return member === 'ResetFailedUnit' || member === 'KillUnit' ? [] : queue(name, result);
    };
    const connect = () => {
        const closed = Promise.withResolvers<undefined>();
        return {
            closed: closed.promise,
            call: async ({ path, member, arguments: args = [], signal }: FakeCall) => {
                signal?.throwIfAborted();
                if (member === 'Subscribe' || member === 'Cancel') return [];
                if (member === 'ListUnitsByPatterns') return [listed(Object.keys(units), args[1] as string[])];
                if (member === 'ListUnitFiles')
                    return [Object.keys(units).map(name => [`/etc/systemd/system/${name}`, 'static'])];
                if (member === 'GetAll') {
                    const ended = commands.get(path);
                    if (ended !== undefined) return [{ ExecStart: ended }];
                    const unit = Object.entries(units).find(([name]) => unitPath(name) === path)?.[1];
                    const properties = args[0] === 'org.freedesktop.systemd1.Unit' ? unit?.unit : unit?.ofType;
                    return [structuredClone(properties ?? notFound(args[0]))];
                }
                const aborted = new Promise<never>((_resolve, reject) => {
                    signal?.addEventListener('abort', () => {
                        reject(signal.reason as Error);
                    });
                });
                return await Promise.race([change(member, String(args[0]), args[2]), aborted]);
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
        asked,
        changed: name => {
            emit(unitPath(name), []);
        },
        openConnections: () => opened,
    };
}

/** By the verb of systemctl(1). */
const methods: Record<string, string> = {
    start: 'StartUnit',
    stop: 'StopUnit',
    restart: 'RestartUnit',
    'reset-failed': 'ResetFailedUnit',
    kill: 'KillUnit',
    'daemon-reload': 'Reload',
};

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

/** @param patterns each with one asterisk */
function listed(names: readonly string[], patterns: readonly string[]): unknown[] {
    const isMeant = (name: string) =>
        patterns.some(pattern => {
            const [before = '', behind = ''] = pattern.split('*');
            return name.startsWith(before) && name.endsWith(behind);
        });
    return names.filter(isMeant).map(name => [name, name, 'loaded', 'failed', 'failed', '', '/', 0, '', '/']);
}
