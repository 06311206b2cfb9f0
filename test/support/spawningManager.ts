// A service manager on a bus of the test's own that runs transient units for real, as systemd does those of Type=oneshot. It bounds
// their time, the size of their files and where their output goes; memory and tasks are for the control groups of systemd.
import { spawn, type ChildProcess } from 'node:child_process';
import { closeSync, mkdtempSync, openSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { BusError, Connection, variant } from '../../service/dbus/connection.ts';
import { unwrap } from '../../service/dbus/variant.ts';
import { manager } from '../../service/machine/units/systemd.ts';
import { unitPath } from '../../service/model/unitName.ts';
import { startPrivateBus } from './privateBus.ts';

type Ended = { Result: string; ExecMainCode: number; ExecMainStatus: number };

export type SpawningManager = AsyncDisposable & {
    /** Of the bus. */
    address: string;
    /** The properties of each unit that was started, by its name. */
    units: ReadonlyMap<string, Readonly<Record<string, unknown>>>;
    running: () => number;
};

export async function startSpawningManager(): Promise<SpawningManager> {
    await using stack = new AsyncDisposableStack();
    const bus = stack.use(await startPrivateBus());
    const connection = stack.use(await Connection.open({ address: bus.address }));
    const units = new Map<string, Record<string, unknown>>();
    const children = new Map<string, ChildProcess>();
    const ends = new Map<string, Ended>();
    stack.defer(() => {
        for (const child of children.values()) killGroup(child);
    });
    let jobs = 0;
    const start = async (name: string, properties: Record<string, unknown>): Promise<string> => {
        const job = `/org/freedesktop/systemd1/job/${++jobs}`;
        units.set(name, properties);
        const result = await runPrograms(properties, child => children.set(name, child));
        children.delete(name);
        if (result.Result !== 'success') ends.set(name, result);
        const outcome = result.Result === 'success' ? 'done' : result.Result === 'timeout' ? 'timeout' : 'failed';
        const jobRemoved = { path: manager.path, interface: manager.interface, member: 'JobRemoved' };
        connection.emit({ ...jobRemoved, signature: 'uoss', body: [jobs, job, name, outcome] });
        return job;
    };
    connection.onCall = message => {
        const { path = '', member = '' } = message;
        const [name, second, third] = message.body.map(unwrap) as [string, unknown, unknown];
        switch (member) {
            case 'StartTransientUnit': {
                const properties = Object.fromEntries(third as [string, unknown][]);
                connection.reply(message, 'o', [`/org/freedesktop/systemd1/job/${jobs + 1}`]);
                void start(name, properties);
                return;
            }
            case 'KillUnit': {
                const child = children.get(name);
                if (child === undefined) break;
                killGroup(child);
                connection.reply(message, '', []);
                return;
            }
            case 'ResetFailedUnit':
                if (!ends.delete(name)) break;
                connection.reply(message, '', []);
                return;
            case 'GetAll': {
                const end = [...ends].find(([unit]) => unitPath(unit) === path)?.[1];
                if (end === undefined) break;
                const { Result, ExecMainCode, ExecMainStatus } = end;
                const shown = { Result: variant('s', Result), ExecMainCode: variant('i', ExecMainCode) };
                connection.reply(message, 'a{sv}', [{ ...shown, ExecMainStatus: variant('i', ExecMainStatus) }]);
                return;
            }
            case 'Subscribe':
                connection.reply(message, '', []);
                return;
        }
        connection.replyError(
            message,
            new BusError('org.freedesktop.systemd1.NoSuchUnit', `${member} ${String(second)}`),
        );
    };
    await connection.requestName(manager.destination);
    const everything = stack.move();
    return {
        address: bus.address,
        units,
        running: () => children.size,
        [Symbol.asyncDispose]: () => everything.disposeAsync(),
    };
}

type Command = [path: string, argv: string[], flags: string[]];

/** In order, as long as each succeeds; those of ExecStopPost after that. */
async function runPrograms(
    properties: Record<string, unknown>,
    started: (child: ChildProcess) => void,
): Promise<Ended> {
    const { ExecStartEx = [], ExecStopPostEx = [], StandardInputData, TimeoutStartUSec = 0 } = properties;
    const output = properties.StandardOutputFileToTruncate;
    const target = typeof output === 'string' ? openSync(output, 'w', 0o600) : 'ignore';
    const { LimitFSIZE: fileSize } = properties;
    const runOne = async ([, argv]: Command): Promise<Ended> => {
        const ended = Promise.withResolvers<Ended>();
        // setpriv(1): as NoNewPrivileges=. Each is the head of a group, so that all of it can be killed.
        const confined = [
            '--no-new-privs',
            'prlimit',
            `--fsize=${typeof fileSize === 'number' ? fileSize : 'unlimited'}`,
            '--',
            ...argv,
        ];
        const input = inputOf(StandardInputData);
        const child = spawn('setpriv', confined, { stdio: [input, target, target], detached: true });
        started(child);
        if (typeof input === 'number') closeSync(input);
        let isLate = false;
        const limit = Number(TimeoutStartUSec) / 1000;
        const timer = setTimeout(
            () => {
                isLate = true;
                killGroup(child);
            },
            limit > 0 ? limit : 60_000,
        );
        child.once('exit', (code, signal) => {
            clearTimeout(timer);
            if (isLate) ended.resolve({ Result: 'timeout', ExecMainCode: 2, ExecMainStatus: 9 });
            else if (signal !== null) ended.resolve({ Result: 'signal', ExecMainCode: 2, ExecMainStatus: 9 });
            else
                ended.resolve({
                    Result: code === 0 ? 'success' : 'exit-code',
                    ExecMainCode: 1,
                    ExecMainStatus: code ?? 1,
                });
        });
        return await ended.promise;
    };
    let result: Ended = { Result: 'success', ExecMainCode: 1, ExecMainStatus: 0 };
    for (const command of ExecStartEx as Command[]) {
        result = await runOne(command);
        if (result.Result !== 'success') break;
    }
    for (const command of ExecStopPostEx as Command[]) await runOne(command);
    return result;
}

/** A file that has no name any more: programs open /dev/stdin, which they cannot if it is a socket. */
function inputOf(data: unknown): number | 'ignore' {
    if (data === undefined) return 'ignore';
    const folder = mkdtempSync(join(tmpdir(), 'reeve-input-'));
    const path = join(folder, 'input');
    writeFileSync(path, data as Uint8Array);
    const input = openSync(path, 'r');
    rmSync(folder, { recursive: true });
    return input;
}

function killGroup({ pid }: ChildProcess): void {
    if (pid === undefined) return;
    try {
        process.kill(-pid, 'SIGKILL');
    } catch {
        // It has ended.
    }
}
