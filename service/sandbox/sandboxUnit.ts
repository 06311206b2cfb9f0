/** The unit of the user's service manager that a confined command runs in, and how it ended. */
import * as z from 'zod';

import { BusError, variant, type Connection, type Variant } from '../dbus/connection.ts';
import { _ } from '../i18n/i18n.ts';
import { readProperties } from '../machine/properties.ts';
import { followJob } from '../machine/units/unitJobs.ts';
import { manager } from '../machine/units/systemd.ts';
import { unitPath } from '../model/unitName.ts';
import { ReeveError } from '../util/errors.ts';
import { lazy } from '../util/lazy.ts';
import type { SandboxKind } from './confinement.ts';

/** Bounds of one run. */
export type RunLimits = { memory: number; tasks: number; seconds: number; fileSize: number };

export const usualRunLimits: RunLimits = {
    memory: 2 * 1024 ** 3,
    tasks: 512,
    seconds: 600,
    fileSize: 512 * 1024 ** 2,
};

/** How a command ended; `status` of exit(3), or 128 and the signal as a shell has it. */
export type Ended = { how: 'exit'; status: number } | { how: 'time' | 'memory' | 'stopped' | 'killed' };

/** Calls that no command needs to do its work: systemd.exec(5), "SystemCallFilter="; `systemd-analyze syscall-filter` lists the sets. */
const refusedCalls = [
    ...['@clock', '@cpu-emulation', '@debug', '@keyring', '@module', '@obsolete', '@raw-io', '@reboot', '@swap'],
    ...[
        'bpf',
        'fanotify_init',
        'io_uring_enter',
        'io_uring_register',
        'io_uring_setup',
        'kexec_load',
        'open_by_handle_at',
    ],
    ...['perf_event_open', 'userfaultfd', 'vhangup'],
];
/** There are no namespaces that hide other processes, and no capabilities to give up. */
const refusedWithLandlock = [
    '@mount',
    'kill',
    'tkill',
    'tgkill',
    'pidfd_send_signal',
    'rt_sigqueueinfo',
    'setns',
    'unshare',
];

/** EPERM of errno(3): a call that is refused fails, as it does for want of a right. */
const notPermitted = 1;
/** The number of SIGKILL in signal(7). */
const kill = 9;
const readingLimit = 5000;

const serviceSchema = lazy(() => z.object({ Result: z.string(), ExecMainCode: z.int(), ExecMainStatus: z.int() }));
/** si_code of sigaction(2): CLD_EXITED. */
const exited = 1;

type Confinement = { kind: SandboxKind; network: boolean; limits: RunLimits };

/** org.freedesktop.systemd1(5), systemd.exec(5), systemd.resource-control(5). Only what a user's manager can do without namespaces. */
function properties(
    argv: readonly string[],
    output: string,
    { kind, network, limits }: Confinement,
): [string, Variant][] {
    const [program = ''] = argv;
    const families = network
        ? ['AF_INET', 'AF_INET6', 'AF_NETLINK']
        : // bwrap(1) brings the loopback interface up by a netlink socket. Its network has nothing else, and no abstract Unix sockets.
          kind === 'bubblewrap'
          ? ['AF_UNIX', 'AF_INET', 'AF_INET6', 'AF_NETLINK']
          : [];
    const refused = kind === 'bubblewrap' ? refusedCalls : [...refusedCalls, ...refusedWithLandlock];
    return [
        ['Description', variant('s', 'Reeve: a command in a sandbox')],
        ['Type', variant('s', 'oneshot')],
        ['ExecStartEx', variant('a(sasas)', [[program, argv, ['no-env-expand']]])],
        ['StandardInput', variant('s', 'null')],
        ['StandardOutputFileToTruncate', variant('s', output)],
        ['StandardError', variant('s', 'inherit')],
        ['TimeoutStartUSec', variant('t', limits.seconds * 1_000_000)],
        ['TimeoutStopUSec', variant('t', 2_000_000)],
        ['MemoryMax', variant('t', limits.memory)],
        ['MemorySwapMax', variant('t', 0)],
        ['TasksMax', variant('t', limits.tasks)],
        ['CPUWeight', variant('t', 50)],
        ['OOMPolicy', variant('s', 'kill')],
        ['LimitCORE', variant('t', 0)],
        ['LimitFSIZE', variant('t', limits.fileSize)],
        ['NoNewPrivileges', variant('b', true)],
        ['RestrictRealtime', variant('b', true)],
        ['RestrictAddressFamilies', variant('(bas)', [true, families])],
        ['SystemCallArchitectures', variant('as', ['native'])],
        ['SystemCallFilter', variant('(bas)', [false, refused])],
        ['SystemCallErrorNumber', variant('i', notPermitted)],
    ];
}

/**
 * Runs a command to its end, or until `signal` aborts: then everything in the unit is killed.
 *
 * @param name of the unit
 * @param output a file that gets what the command writes
 * @param open a connection of its own to the session bus
 * @throws ReeveError Unavailable when the manager cannot start it
 */
export async function runInUnit(
    name: string,
    {
        argv,
        output,
        signal,
        ...confinement
    }: Confinement & { argv: readonly string[]; output: string; signal: AbortSignal },
    open: () => Promise<Connection>,
): Promise<Ended> {
    await using connection = await open();
    const make = () =>
        connection.call({
            ...manager,
            member: 'StartTransientUnit',
            signature: 'ssa(sv)a(sa(sv))',
            arguments: [name, 'fail', properties(argv, output, confinement), []],
        });
    const end = () => {
        void killUnit(connection, name);
    };
    signal.addEventListener('abort', end, { once: true });
    try {
        const queued = () => {
            if (signal.aborted) end();
        };
        const result = await followJob(connection, make, { queued, signal: new AbortController().signal });
        if (result === 'done') return { how: 'exit', status: 0 };
        const ended = await readEnd(connection, name);
        return signal.aborted ? { how: 'stopped' } : result === 'timeout' ? { how: 'time' } : ended;
    } catch (error) {
        if (!(error instanceof BusError)) throw error;
        throw new ReeveError(
            'Unavailable',
            _('The sandbox could not be started: {reason}', { reason: error.message }),
            { cause: error },
        );
    } finally {
        signal.removeEventListener('abort', end);
    }
}

/** Ends what is left of a run, and the manager forgets it. Succeeds also when there is nothing left. */
export async function stopUnit(name: string, open: () => Promise<Connection>): Promise<void> {
    await using connection = await open();
    await killUnit(connection, name);
    await forget(connection, name);
}

/** systemd keeps a unit that failed, with what it knows of it, until it is told to forget. */
async function readEnd(connection: Connection, name: string): Promise<Ended> {
    const service = {
        destination: manager.destination,
        path: unitPath(name),
        interface: 'org.freedesktop.systemd1.Service',
    };
    const read = await readProperties(connection, service, AbortSignal.timeout(readingLimit), { start: true });
    const { success, data } = serviceSchema().safeParse(read);
    await forget(connection, name);
    if (!success) return { how: 'killed' };
    if (data.Result === 'oom-kill') return { how: 'memory' };
    if (data.Result === 'timeout') return { how: 'time' };
    return data.ExecMainCode === exited ? { how: 'exit', status: data.ExecMainStatus } : { how: 'killed' };
}

async function killUnit(connection: Connection, name: string): Promise<void> {
    await unlessUnknown(
        connection.call({ ...manager, member: 'KillUnit', signature: 'ssi', arguments: [name, 'all', kill] }),
    );
}

async function forget(connection: Connection, name: string): Promise<void> {
    await unlessUnknown(connection.call({ ...manager, member: 'ResetFailedUnit', signature: 's', arguments: [name] }));
}

/** A unit that has ended well is not known any more. */
async function unlessUnknown(call: Promise<unknown>): Promise<void> {
    await call.catch((error: unknown) => {
        if (!(error instanceof BusError)) throw error;
    });
}
