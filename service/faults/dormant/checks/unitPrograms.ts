import { join } from 'node:path';

import { _ } from '../../../i18n/i18n.ts';
import { listNames, readText } from '../../../machine/machine.ts';
import type { Machine } from '../../../machine/machine.ts';
import { findProgram, programOf } from '../../../machine/processes/programFile.ts';
import { safeText } from '../../../text/sanitise.ts';
import { environmentOf } from '../check.ts';
import type { DormantCheck, DormantFault } from '../check.ts';

const unitsLimit = 300;
/** Where a unit’s own file may be: systemd.unit(5). */
const unitFolders = ['/etc/systemd/system', '/usr/local/lib/systemd/system', '/usr/lib/systemd/system'];

/** Services that are enabled, so that the next start starts them, and whose program is gone or may not be run. */
export const unitPrograms = {
    kind: 'unit-program',
    scope: 'system',
    severity: 'medium',
    cause: () => _('It runs now, or was not needed yet; it cannot start the next time.'),
    advice: () => _('Install the program again, make it executable, or disable the service.'),
    async find(place) {
        const { machine } = place;
        const found: DormantFault[] = [];
        const enabled = new Set<string>();
        for (const folder of await listNames(machine, '/etc/systemd/system'))
            if (/\.(?:wants|requires)$/.test(folder))
                for (const name of await listNames(machine, join('/etc/systemd/system', folder))) enabled.add(name);
        for (const name of [...enabled].slice(0, unitsLimit)) {
            if (!name.endsWith('.service') || name.includes('@') || (await hasDropIns(machine, name))) continue;
            const text = await firstOf(
                unitFolders.map(folder => join(folder, name)),
                path => readText(machine, path),
            );
            // A unit that asks first whether something is there may be meant to do nothing.
            if (text === null || /^\s*(?:Condition|Assert)\w+=/m.test(text)) continue;
            for (const [, command = ''] of text.matchAll(/^\s*ExecStart=[@\-:+!|]*(.*)$/gm)) {
                const program = programOf(command);
                if (program === null || (await findProgram(machine, program, environmentOf(place))) !== null) continue;
                const missing = safeText(program, 256);
                found.push({
                    subject: name,
                    title: _('The program of {unit} is gone or cannot be run', { unit: name }),
                    detail: `${name}: ExecStart=${missing}`,
                    facts: { missing },
                });
                break;
            }
        }
        return found;
    },
} as const satisfies DormantCheck;

/** Drop-ins may give it another program, or a condition. */
async function hasDropIns(machine: Machine, name: string): Promise<boolean> {
    for (const folder of unitFolders) if ((await listNames(machine, join(folder, `${name}.d`))).length > 0) return true;
    return false;
}

async function firstOf<T, R>(from: readonly T[], read: (each: T) => Promise<R | null>): Promise<R | null> {
    for (const each of from) {
        const result = await read(each);
        if (result !== null) return result;
    }
    return null;
}
