import type { Evidence } from '../../model/incident.ts';
import { fact } from '../evidence.ts';
import { readText } from '../machine.ts';
import type { Machine } from '../machine.ts';

export type Resource = 'cpu' | 'memory' | 'io';

export type Pressure = {
    resource: Resource;
    /** Share of the last minute, 0 to 1, in which some program waited for the resource. */
    waiting: number;
    /** The same for the last five minutes. */
    waitingBefore: number;
    evidence: Evidence;
};

/** Pressure stall information, as Documentation/accounting/psi.rst describes it; null on kernels without it. */
export async function readPressure(machine: Machine, resource: Resource): Promise<Pressure | null> {
    const path = `/proc/pressure/${resource}`;
    const text = await readText(machine, path);
    return text === null ? null : parsePressure(resource, text);
}

/** Shares of the last minute and of the last five minutes, 0 to 1. */
type Averages = { minute: number; fiveMinutes: number };

/** Below these shares of the last minute in which everything waited, programs get on again. */
export const relieved = { memory: 0.05, io: 0.3 } as const;

/** In how much of the time some programs waited for a resource, and in how much of it all that had something to do. */
export type Stalls = { some: Averages; full: Averages };

export function parseStalls(text: string): Stalls | null {
    const averages = (who: string): Averages | null => {
        const [, minute, fiveMinutes] =
            new RegExp(`^${who} avg10=\\S+ avg60=(\\d+\\.\\d+) avg300=(\\d+\\.\\d+) `, 'm').exec(text) ?? [];
        if (minute === undefined) return null;
        return { minute: Number(minute) / 100, fiveMinutes: Number(fiveMinutes) / 100 };
    };
    const some = averages('some');
    const full = averages('full');
    return some === null || full === null ? null : { some, full };
}

/** The whole machine's; null on kernels that do not count it. */
export async function readStalls(machine: Machine, resource: 'memory' | 'io'): Promise<Stalls | null> {
    const text = await readText(machine, `/proc/pressure/${resource}`, 4096);
    return text === null ? null : parseStalls(text);
}

export function parsePressure(resource: Resource, text: string): Pressure | null {
    const line = /^some avg10=\S+ avg60=(\d+\.\d+) avg300=(\d+\.\d+) .*$/m.exec(text);
    if (line === null) return null;
    return {
        resource,
        waiting: Number(line[1]) / 100,
        waitingBefore: Number(line[2]) / 100,
        evidence: fact('file', `/proc/pressure/${resource}`, line[0]),
    };
}

/** For how many microseconds some program has waited since the start of the computer. */
export type StallTimes = Record<Resource, number>;

/** Null on kernels that do not count it. */
export async function readStallTimes(machine: Machine): Promise<StallTimes | null> {
    const total = async (resource: Resource) =>
        Number(
            /^some .* total=(\d+)$/m.exec((await readText(machine, `/proc/pressure/${resource}`)) ?? '')?.[1] ?? NaN,
        );
    const times = { cpu: await total('cpu'), memory: await total('memory'), io: await total('io') };
    return Object.values(times).some(Number.isNaN) ? null : times;
}
