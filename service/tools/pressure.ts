import type { Evidence } from '../model/incident.ts';
import { fact } from './evidence.ts';
import { readText } from './machine.ts';
import type { Machine } from './machine.ts';

export type Resource = 'cpu' | 'memory' | 'io';

export type Pressure = {
    resource: Resource;
    /** Share of the last minute, 0 to 1, in which some program waited for the resource. */
    waiting: number;
    evidence: Evidence;
};

/** Pressure stall information, as Documentation/accounting/psi.rst describes it; null on kernels without it. */
export async function readPressure(machine: Machine, resource: Resource): Promise<Pressure | null> {
    const path = `/proc/pressure/${resource}`;
    const text = await readText(machine, path);
    return text === null ? null : parsePressure(resource, text);
}

export function parsePressure(resource: Resource, text: string): Pressure | null {
    const line = /^some avg10=\S+ avg60=(\d+\.\d+) .*$/m.exec(text);
    if (line === null) return null;
    return {
        resource,
        waiting: Number(line[1]) / 100,
        evidence: fact('file', `/proc/pressure/${resource}`, line[0]),
    };
}
