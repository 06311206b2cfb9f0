import type { Evidence } from '../../model/incident.ts';
import { fact } from '../evidence.ts';
import type { Machine } from '../machine.ts';
import type { Owner } from '../owner.ts';
import { readOwner, readProcesses } from './processes.ts';

export type RunningProgram = { owner: Owner; processes: number; evidence: Evidence };

/** Programs that run now and have all these words, in lower case, in their name or application ID. */
export async function findPrograms(
    machine: Machine,
    words: readonly string[],
    signal: AbortSignal,
): Promise<RunningProgram[]> {
    const found = new Map<string, RunningProgram>();
    for (const process of await readProcesses(machine, signal)) {
        const owner = await readOwner(machine, process);
        if (![process.name, owner.name].some(name => hasWords(name, words))) continue;
        const key = `${owner.kind} ${owner.name}`;
        const program = found.get(key);
        if (program === undefined) {
            const evidence = fact('file', `/proc/${process.pid}/stat`, `${process.name}, state ${process.state}`);
            found.set(key, { owner, processes: 1, evidence });
        } else program.processes += 1;
    }
    return [...found.values()];
}

function hasWords(name: string, words: readonly string[]): boolean {
    const own = wordsOf(name);
    return words.length > 0 && words.every(word => own.has(word));
}

/** The possible names of a program, in lower case: its whole name and each word in it. */
export function wordsOf(name: string): ReadonlySet<string> {
    const whole = name.toLowerCase();
    return new Set([whole, ...whole.split(/[^\p{L}\p{N}]+/u)]);
}
