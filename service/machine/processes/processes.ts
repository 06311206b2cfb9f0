import { readFileSync } from 'node:fs';
import { readlink } from 'node:fs/promises';
import { basename, join } from 'node:path';
import { setImmediate as nextTurn } from 'node:timers/promises';

import { isAbsence, listNames, readText } from '../machine.ts';
import type { Machine } from '../machine.ts';
import { ownerOf } from '../owner.ts';
import type { Owner } from '../owner.ts';
import { safeText } from '../../text/sanitise.ts';

export type Process = {
    pid: number;
    /** The name the process gave itself: at most 15 bytes, chosen by the program, made safe to show. */
    name: string;
    /** Clock ticks after boot; with the pid it identifies a process, whose pid may be used again. */
    started: number;
    /** Clock ticks in user and kernel mode so far. */
    ticks: number;
    state: string;
    /** How many threads it has, itself included. */
    threads: number;
    /** Bytes of addresses that it has taken: what it holds, in memory and swapped out, is no more than that. */
    reserved: number;
};

/** proc_pid_stat(5) counts in clock ticks, of which there are a hundred a second for every program (USER_HZ). */
export const millisecondsPerTick = 10;

/** @see proc_pid_stat(5) */
export function parseStat(text: string): Process | null {
    // The name may hold any character, brackets and line breaks too; it ends at the last bracket.
    const [, pid, name] = /^(\d+) \((.*)\) /s.exec(text) ?? [];
    if (pid === undefined || name === undefined) return null;
    const fields = text.slice(text.lastIndexOf(')') + 2).split(' ');
    // Field 3 of proc_pid_stat(5), the state, comes first here.
    const field = (number: number) => fields[number - 3] ?? '';
    return {
        pid: Number(pid),
        name: safeText(name, 64),
        started: Number(field(22)),
        ticks: Number(field(14)) + Number(field(15)),
        state: field(3),
        threads: Number(field(20)),
        reserved: Number(field(23)),
    };
}

/** null once it has ended. */
export async function readProcess(machine: Machine, pid: number): Promise<Process | null> {
    return parseStat((await readText(machine, `/proc/${pid}/stat`, 4096)) ?? '');
}

/** The private memory of a process, in bytes: memory that is not backed by files, and its swapped part. */
export type ProcessMemory = { resident: number; swapped: number };

/** RssAnon and VmSwap of proc_pid_status(5): resident minus shared memory, as GNOME's System Monitor shows. */
export function parseStatus(text: string): ProcessMemory | null {
    const kilobytes = (name: string) => new RegExp(`^${name}:\\s+(\\d+) kB$`, 'm').exec(text)?.[1];
    const resident = kilobytes('RssAnon');
    if (resident === undefined) return null;
    return { resident: Number(resident) * 1024, swapped: Number(kilobytes('VmSwap') ?? 0) * 1024 };
}

/** How often a process gave up the processor or lost it; null for kernel threads and the like. */
export function parseSwitches(status: string): number | null {
    if (!/^VmSize:/m.test(status)) return null;
    const counts = [...status.matchAll(/^(?:non)?voluntary_ctxt_switches:\s+(\d+)$/gm)].map(([, count]) =>
        Number(count),
    );
    return counts.length === 0 ? null : counts.reduce((sum, count) => sum + count, 0);
}

const atOnce = 32;
/** Of one process; a server may have thousands. */
const threadLimit = 256;

/** The numbers of all processes. */
export async function listProcesses(machine: Machine): Promise<number[]> {
    return (await listNames(machine, '/proc')).filter(name => /^\d+$/.test(name)).map(Number);
}

/** Calls `read` for each process; those that end meanwhile, or for which it returns nothing, are left out. */
export async function eachProcess<Result>(
    machine: Machine,
    signal: AbortSignal,
    read: (directory: string) => Promise<Result | null>,
): Promise<Result[]> {
    const pids = await listProcesses(machine);
    const results: Result[] = [];
    for (let index = 0; index < pids.length; index += atOnce) {
        signal.throwIfAborted();
        const batch = await Promise.all(pids.slice(index, index + atOnce).map(pid => read(`/proc/${pid}`)));
        results.push(...batch.filter(result => result !== null));
    }
    return results;
}

export async function readProcesses(machine: Machine, signal: AbortSignal): Promise<Process[]> {
    const pids = await listProcesses(machine);
    return readStats(machine, pids.map(String), signal);
}

/** The threads of a process besides its first, each as a process: /proc has the same files for a thread's number. */
export async function readThreads(
    machine: Machine,
    { pid, threads }: Process,
    signal: AbortSignal,
): Promise<Process[]> {
    if (threads < 2) return [];
    const names = (await listNames(machine, `/proc/${pid}/task`)).filter(name => name !== String(pid));
    const paths = names.slice(0, threadLimit).map(name => `${pid}/task/${name}`);
    return readStats(machine, paths, signal);
}

/** Of processes and threads below /proc, so many at a time that nothing else has to wait for more than a moment. */
export async function readStats(machine: Machine, paths: readonly string[], signal: AbortSignal): Promise<Process[]> {
    const processes: Process[] = [];
    for (const [index, path] of paths.entries()) {
        if (index % atOnce === 0) {
            await nextTurn();
            signal.throwIfAborted();
        }
        processes.push(...readStat(machine, `/proc/${path}/stat`));
    }
    return processes;
}

/**
 * Read at once: the kernel only writes down what it knows, without a lock that a process which hangs could hold (do_task_stat()
 * in fs/proc/array.c), and to have that done elsewhere costs three times as much processor time. None when it has ended.
 */
function readStat(machine: Machine, path: string): Process[] {
    machine.onRead?.(path);
    try {
        return [parseStat(readFileSync(join(machine.root, path), 'utf8'))].filter(process => process !== null);
    } catch (error) {
        if (isAbsence(error)) return [];
        throw error;
    }
}

/** The owner of a process: an application, a unit, or the process itself. */
export async function readOwner(machine: Machine, process: Process): Promise<Owner> {
    const cgroup = await readText(machine, `/proc/${process.pid}/cgroup`, 8192);
    const owner = ownerOf(cgroup ?? '', process.name);
    return owner.kind === 'process' ? { ...owner, name: await readName(machine, process) } : owner;
}

/**
 * The name that people know a process by. The kernel's is cut after 15 bytes (TASK_COMM_LEN) and programs change it, as Node
 * does to "MainThread"; it is completed from the command line if that agrees, else it gives way to the program's file.
 */
async function readName(machine: Machine, { pid, name }: Process): Promise<string> {
    const commandLine = (await readText(machine, `/proc/${pid}/cmdline`, 4096)) ?? '';
    const [program = '', script = ''] = commandLine.split('\0').map(path => safeText(basename(path), 64));
    if (program.startsWith(name)) return program.replace(/[: ].*$/, '');
    if (script.startsWith(name)) return script;
    const file = await readExecutable(machine, pid);
    return file === null ? name : safeText(basename(file), 64);
}

/** The file that a process runs; null for those of other users, which are not ours to see, and threads of the kernel. */
export async function readExecutable(machine: Machine, pid: number): Promise<string | null> {
    try {
        return (await readlink(join(machine.root, `/proc/${pid}/exe`))).replace(/ \(deleted\)$/, '');
    } catch (error) {
        if (isAbsence(error)) return null;
        throw error;
    }
}
