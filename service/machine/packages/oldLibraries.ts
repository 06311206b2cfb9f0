import { safeText } from '../../text/sanitise.ts';
import { readText } from '../machine.ts';
import type { Machine } from '../machine.ts';
import { readProcesses } from '../processes/processes.ts';

/** A large program maps some thousand files. */
const mapsLimit = 2_097_152;
/** Of proc_pid_maps(5): deleted files stay mapped. Only files of packages, and only libraries. */
const replaced = /^\S+ ..x. \S+ \S+ \d+ +(\/(?:usr\/)?lib(?:32|64|x32)?\/.*\.so(?:\.[\d.]*)?) \(deleted\)$/gm;

/** This user's programs that still use a deleted library, with the library; those of other users are not readable. */
export async function findOldLibraries(machine: Machine, signal: AbortSignal): Promise<Map<string, string[]>> {
    const found = new Map<string, Set<string>>();
    for (const { pid, name } of await readProcesses(machine, signal)) {
        signal.throwIfAborted();
        const maps = await readText(machine, `/proc/${pid}/maps`, mapsLimit);
        const program = safeText(name, 64);
        for (const [, path = ''] of maps?.matchAll(replaced) ?? [])
            found.set(program, (found.get(program) ?? new Set()).add(safeText(path, 256)));
    }
    return new Map([...found].sort().map(([program, paths]) => [program, [...paths].sort()]));
}
