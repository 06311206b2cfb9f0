import * as z from 'zod';

import type { UnitState } from '../../../model/unit.ts';
import { fact } from '../../../machine/evidence.ts';
import { notHere, tool } from '../tool.ts';
import { loadedUnits } from '../../../machine/units/units.ts';

export const units = tool({
    name: 'units',
    description: 'systemd units (services, mounts, timers, …) of the system and the user, by state and name.',
    parameters: z.object({
        state: z.enum(['failed', 'active', 'inactive', 'activating']).optional().describe('leave out for any state'),
        name: z.string().max(128).optional().describe('part of the name or description'),
    }),
    async run({ state, name }, { systemd, signal }, out) {
        const loaded = await loadedUnits(systemd, signal, state === undefined ? [] : [state]);
        if (loaded === null) throw notHere('systemd', 'org.freedesktop.systemd1');
        const wanted = name?.toLowerCase() ?? '';
        const found = loaded
            .filter(unit => `${unit.name} ${unit.description}`.toLowerCase().includes(wanted))
            .sort((a, b) => weight(a) - weight(b) || (a.name < b.name ? -1 : 1));
        out.cite(fact('systemd', 'ListUnits', `${loaded.length} units, ${found.length} fit`));
        out.line(`${found.length} units fit${state === undefined ? '' : `, state ${state}`}`);
        out.list(
            'Units',
            found,
            unit => {
                const scope = unit.scope === 'user' ? ' of the user' : '';
                return `${unit.name}${scope}: ${unit.activeState} (${unit.subState}), ${unit.description}`;
            },
            25,
        );
    },
});

/** Failed units come first, then services, then the rest. */
function weight({ activeState, name }: UnitState): number {
    if (activeState === 'failed') return 0;
    if (/\.(?:device|slice|target|swap|scope)$/.test(name)) return 4;
    return (name.endsWith('.service') ? 1 : 2) + (activeState === 'inactive' ? 1 : 0);
}
