/** What the kernel has counted up to a moment, and what it says of the time between two such moments. */
import { readTemperatures } from '../machine/hardware/temperatures.ts';
import { readKernelBattery } from '../machine/hardware/power.ts';
import { readText, type Machine } from '../machine/machine.ts';
import type { Owner } from '../machine/owner.ts';
import { readMemory } from '../machine/processes/memory.ts';
import { readStallTimes, type StallTimes } from '../machine/processes/pressure.ts';
import { compareSamples, parseProcessorTime, type ProcessorTime } from '../machine/processes/processor.ts';
import { readOwner, readProcesses, type Process } from '../machine/processes/processes.ts';

export type Reading = {
    /** Microseconds since the Unix epoch, and milliseconds that the computer was awake. */
    time: number;
    awake: number;
    processor: ProcessorTime | null;
    processes: Process[];
    /** Null on kernels without pressure stall information. */
    stalls: StallTimes | null;
    /** Bytes received and sent; 0 where nothing counts them. */
    network: number;
    battery: { level: number; discharging: boolean } | null;
};

/** How much the computer did in a while. Shares are from 0 to 1; what this computer does not measure is null. */
export type Usage = {
    /** Microseconds since the Unix epoch. */
    start: number;
    /** How long it was measured. */
    seconds: number;
    /** Of all processors together. */
    processor: number | null;
    /** Of the time, in which some program waited; without pressure stall information only how long processors waited for a disk. */
    waits: { processor: number | null; memory: number | null; disk: number | null };
    /** In use, and of that in swap. */
    memory: number | null;
    swap: number | null;
    /** Bytes a second. */
    network: number;
    /** Of the hottest sensor. */
    celsius: number | null;
    /** How full at the end, and how much it lost. */
    battery: number | null;
    drained: number;
    /** The three that used most of the processors; 1 is all of one. Their names alone. */
    programs: { owner: Owner; share: number }[];
};

export const programsKept = 3;
/** Of one processor. */
const worthKeeping = 0.005;

export async function takeReading(
    machine: Machine,
    { time, awake }: Pick<Reading, 'time' | 'awake'>,
    signal: AbortSignal,
): Promise<Reading> {
    const stat = await readText(machine, '/proc/stat');
    return {
        ...{ time, awake },
        processor: stat === null ? null : parseProcessorTime(stat),
        processes: await readProcesses(machine, signal),
        stalls: await readStallTimes(machine),
        network: countTraffic((await readText(machine, '/proc/net/dev')) ?? ''),
        battery: await readKernelBattery(machine),
    };
}

/** @returns null where the two are not of one start of the computer, or the same moment */
export async function usageBetween(machine: Machine, before: Reading, after: Reading): Promise<Usage | null> {
    const seconds = (after.awake - before.awake) / 1000;
    if (seconds <= 0 || after.network < 0) return null;
    const memory = await readMemory(machine);
    const [hottest] = await readTemperatures(machine);
    const use =
        before.processor === null || after.processor === null
            ? null
            : await compareSamples(
                  { time: before.processor, processes: before.processes },
                  { time: after.processor, processes: after.processes },
                  process => readOwner(machine, process),
              );
    const waited = (resource: keyof StallTimes) =>
        before.stalls === null || after.stalls === null
            ? null
            : asShare((after.stalls[resource] - before.stalls[resource]) / 1_000_000 / seconds);
    const drained =
        before.battery?.discharging === true && after.battery !== null ? before.battery.level - after.battery.level : 0;
    return {
        start: Math.round(after.time - seconds * 1_000_000),
        seconds: Math.round(seconds),
        processor: use === null ? null : asShare(use.busy),
        waits: {
            processor: waited('cpu'),
            memory: waited('memory'),
            disk: waited('io') ?? (use === null ? null : asShare(use.waitingForDisk)),
        },
        memory: memory === null ? null : asShare(1 - memory.available / memory.total),
        swap: memory === null || memory.swapTotal === 0 ? null : asShare(1 - memory.swapFree / memory.swapTotal),
        // An interface that has gone takes its counters with it.
        network: Math.max(0, Math.round((after.network - before.network) / seconds)),
        celsius: hottest === undefined ? null : Math.round(hottest.celsius),
        battery: after.battery === null ? null : asShare(after.battery.level),
        drained: asShare(drained),
        programs: (use?.users ?? [])
            .filter(({ share }) => share >= worthKeeping)
            .slice(0, programsKept)
            .map(({ owner, share }) => ({ owner, share: rounded(share) })),
    };
}

const rounded = (value: number) => Math.round(value * 1000) / 1000;
const asShare = (value: number) => rounded(Math.min(1, Math.max(0, value)));

/** /proc/net/dev, as proc_pid_net(5) describes it: bytes received come first, bytes sent ninth. The loopback interface does not count. */
function countTraffic(text: string): number {
    let bytes = 0;
    for (const [, name = '', counters = ''] of text.matchAll(/^ *([^\s:]+): *(.*)$/gm)) {
        if (name === 'lo') continue;
        const values = counters.split(/ +/).map(Number);
        bytes += (values[0] ?? 0) + (values[8] ?? 0);
    }
    return bytes;
}

/** By time, of what is known; null where nothing is. */
export function averageOf(all: readonly Usage[], of: (one: Usage) => number | null): number | null {
    const known = all.filter(one => of(one) !== null);
    const seconds = known.reduce((sum, one) => sum + one.seconds, 0);
    return seconds === 0 ? null : known.reduce((sum, one) => sum + (of(one) ?? 0) * one.seconds, 0) / seconds;
}

/** One for all of them: averages by time, of the temperature the highest, and of the battery the last. @param all in order, at least one */
export function joined(all: readonly [Usage, ...Usage[]]): Usage {
    const seconds = all.reduce((sum, one) => sum + one.seconds, 0);
    const average = (of: (one: Usage) => number | null) => {
        const exact = averageOf(all, of);
        return exact === null ? null : rounded(exact);
    };
    const temperatures = all.flatMap(({ celsius }) => celsius ?? []);
    return {
        start: all[0].start,
        seconds,
        processor: average(({ processor }) => processor),
        waits: {
            processor: average(({ waits }) => waits.processor),
            memory: average(({ waits }) => waits.memory),
            disk: average(({ waits }) => waits.disk),
        },
        memory: average(({ memory }) => memory),
        swap: average(({ swap }) => swap),
        network: Math.round(average(({ network }) => network) ?? 0),
        celsius: temperatures.length === 0 ? null : Math.max(...temperatures),
        battery: all.findLast(({ battery }) => battery !== null)?.battery ?? null,
        drained: rounded(all.reduce((sum, one) => sum + one.drained, 0)),
        programs: heaviest(all, one => one.seconds).map(({ owner, share }) => ({
            owner,
            share: rounded(share / seconds),
        })),
    };
}

/** The programs that used most of the processors. @param weight what a share in each counts @returns `share` is the sum of them */
export function heaviest(all: readonly Usage[], weight: (one: Usage) => number): Usage['programs'] {
    const sums = new Map<string, Usage['programs'][number]>();
    for (const one of all)
        for (const { owner, share } of one.programs) {
            const key = `${owner.kind} ${owner.name}`;
            const sum = sums.get(key) ?? { owner, share: 0 };
            sum.share += share * weight(one);
            sums.set(key, sum);
        }
    return [...sums.values()]
        .filter(({ share }) => share > 0)
        .sort((one, other) => other.share - one.share)
        .slice(0, programsKept);
}
