import { setTimeout } from 'node:timers/promises';

import type { Evidence } from '../../model/incident.ts';
import { fact } from '../evidence.ts';
import { readText } from '../machine.ts';
import type { Machine } from '../machine.ts';
import type { Owner } from '../owner.ts';
import { readOwner, readProcesses } from './processes.ts';
import type { Process } from './processes.ts';

/** Time of all processors together since boot, in clock ticks. */
export type ProcessorTime = {
    busy: number;
    /** Of that, in the kernel: for programs, for its own threads and for interrupts. */
    inKernel: number;
    total: number;
    waitingForDisk: number;
    processors: number;
};

/** How much a program used of one processor (1 is all of one, 2 all of two). */
export type ProcessorUser = { owner: Owner; processes: number; share: number };

export type ProcessorUse = {
    /** Share of all processors together that was in use, 0 to 1. */
    busy: number;
    /** Share of the time in which processors idled only because of outstanding disk work. */
    waitingForDisk: number;
    processors: number;
    /** Most busy first, idle ones left out. */
    users: ProcessorUser[];
    evidence: Evidence[];
};

/** The first line of /proc/stat, as proc_stat(5) describes it. `guest` is left out: the kernel counts it in `user` too. */
export function parseProcessorTime(text: string): ProcessorTime | null {
    const line = /^cpu +(.*)$/m.exec(text)?.[1];
    if (line === undefined) return null;
    const [user = 0, nice = 0, system = 0, idle = 0, iowait = 0, irq = 0, softirq = 0, steal = 0] = line
        .split(' ')
        .map(Number);
    const inKernel = system + irq + softirq;
    const busy = user + nice + inKernel + steal;
    const processors = text.match(/^cpu\d+ /gm)?.length ?? 1;
    return { busy, inKernel, total: busy + idle + iowait, waitingForDisk: iowait, processors };
}

type Sample = { time: ProcessorTime; processes: Process[] };

async function takeSample(machine: Machine, signal: AbortSignal): Promise<Sample | null> {
    const text = await readText(machine, '/proc/stat');
    const time = text === null ? null : parseProcessorTime(text);
    return time === null ? null : { time, processes: await readProcesses(machine, signal) };
}

/** What processors did over the next `milliseconds`; null where /proc/stat cannot be read. */
export async function measureProcessor(
    machine: Machine,
    signal: AbortSignal,
    milliseconds = 1000,
): Promise<ProcessorUse | null> {
    const before = await takeSample(machine, signal);
    if (before === null) return null;
    await setTimeout(milliseconds, undefined, { signal });
    const after = await takeSample(machine, signal);
    if (after === null) return null;
    return compareSamples(before, after, process => readOwner(machine, process));
}

/** Ticks are the same unit on both sides, so that their length does not matter. */
export async function compareSamples(
    before: Sample,
    after: Sample,
    ownerOf: (process: Process) => Promise<Owner>,
): Promise<ProcessorUse> {
    const total = Math.max(1, after.time.total - before.time.total);
    const { processors } = after.time;
    const earlier = new Map(before.processes.map(process => [process.pid, process]));
    const users = new Map<string, ProcessorUser>();
    for (const process of after.processes) {
        const then = earlier.get(process.pid);
        const used = process.ticks - (then?.started === process.started ? then.ticks : 0);
        if (used <= 0) continue;
        const owner = await ownerOf(process);
        const key = `${owner.kind} ${owner.name}`;
        const user = users.get(key) ?? { owner, processes: 0, share: 0 };
        user.processes += 1;
        user.share += (used / total) * processors;
        users.set(key, user);
    }
    const sorted = [...users.values()].sort((a, b) => b.share - a.share);
    const ticks = `${after.time.busy - before.time.busy} of ${total} clock ticks busy, ${processors} processors`;
    const top = sorted.slice(0, 5).map(user => `${user.owner.name} ${(user.share * 100).toFixed(1)} %`);
    return {
        busy: Math.max(0, after.time.busy - before.time.busy) / total,
        waitingForDisk: Math.max(0, after.time.waitingForDisk - before.time.waitingForDisk) / total,
        processors,
        users: sorted,
        evidence: [
            fact('file', '/proc/stat', ticks),
            fact('file', '/proc/*/stat', `${after.processes.length} processes read twice; ${top.join('; ')}`),
        ],
    };
}
