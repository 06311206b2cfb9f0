import { _ } from '../../../i18n/i18n.ts';
import { filesOf } from '../../../machine/machine.ts';
import { readStalls } from '../../../machine/processes/pressure.ts';
import { SourceUnavailable } from '../../../sources/definition.ts';
import type { SourceDefinition } from '../../../sources/definition.ts';
import { followDisks } from './diskWaits.ts';
import { poll } from '../../../sources/poll.ts';
import { followMemory } from './memoryWaits.ts';

/** Shortages of memory and of disk throughput that make everything wait. */
export const pressure: SourceDefinition = pressureSource(process.getuid?.() ?? 0);

/** @param uid the user whose units are watched besides the system's */
export function pressureSource(uid: number): SourceDefinition {
    return {
        name: 'pressure',
        async run(surroundings, outlet, signal) {
            const machine = filesOf(surroundings.root);
            if ((await readStalls(machine, 'memory')) === null)
                throw new SourceUnavailable(_('This kernel does not measure how long programs wait (PSI)'));
            const pollMemory = await followMemory(machine, uid, surroundings, outlet);
            const pollDisks = await followDisks(machine, uid, surroundings, outlet);
            await poll(surroundings, outlet, signal, async () => {
                await pollMemory();
                await pollDisks();
            });
        },
    };
}
