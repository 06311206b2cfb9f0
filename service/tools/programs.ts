import type { Evidence } from '../model/incident.ts';
import { fact } from './evidence.ts';
import type { Machine } from './machine.ts';
import type { Owner } from './owner.ts';
import { readOwner, readProcesses } from './processes.ts';

export type RunningProgram = { owner: Owner; processes: number; evidence: Evidence };

/** Programs that run now and go by this name: a process's own, or a part of an application's ID. */
export async function findPrograms(machine: Machine, name: string, signal: AbortSignal): Promise<RunningProgram[]> {
    const wanted = name.toLowerCase();
    const found = new Map<string, RunningProgram>();
    for (const process of await readProcesses(machine, signal)) {
        const owner = await readOwner(machine, process);
        const isNamed = [process.name, owner.name].some(known => known.toLowerCase() === wanted);
        const isPart = owner.kind === 'application' && owner.name.toLowerCase().split(/[._-]/).includes(wanted);
        if (!isNamed && !isPart) continue;
        const key = `${owner.kind} ${owner.name}`;
        const program = found.get(key);
        if (program === undefined) {
            const evidence = fact('file', `/proc/${process.pid}/stat`, `${process.name}, state ${process.state}`);
            found.set(key, { owner, processes: 1, evidence });
        } else program.processes += 1;
    }
    return [...found.values()];
}
