import type { Machine } from '../machine/machine.ts';
import { readProcess } from '../machine/processes/processes.ts';

/** Parameters that say how things are at the moment, not what a change is about. */
const passing: readonly string[] = ['before', 'after', 'restart', 'amount'];

/**
 * The parameters of a change as a person would name them later on, too: a program by its name, which has another number
 * each time it runs.
 *
 * @returns null where nothing is left by which the change could be known again
 */
export async function lastingParameters(
    parameters: Readonly<Record<string, unknown>>,
    machine: Machine | null,
): Promise<Record<string, unknown> | null> {
    const { pid, started, ...others } = parameters;
    const lasting: Record<string, unknown> = Object.fromEntries(
        Object.entries(others).filter(([name]) => !passing.includes(name)),
    );
    if (typeof pid === 'number') {
        const program = machine === null ? null : await readProcess(machine, pid);
        if (program === null || program.started !== started) return null;
        lasting.program = program.name;
    }
    const isLost = Object.keys(lasting).length === 0 && Object.keys(parameters).length > 0;
    return isLost ? null : lasting;
}
