import * as z from 'zod';

import { fact } from '../evidence.ts';
import { notHere, tool } from '../tool.ts';
import { loadedUnits } from '../units.ts';

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
        const found = loaded.filter(unit => `${unit.name} ${unit.description}`.toLowerCase().includes(wanted));
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
