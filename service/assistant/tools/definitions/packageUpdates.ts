import * as z from 'zod';

import { fact } from '../../../machine/evidence.ts';
import { readPackageUpdates } from '../../../machine/packages/packageUpdates.ts';
import { required, tool } from '../tool.ts';

export const packageUpdates = tool({
    name: 'package_updates',
    description: 'Distribution packages with known updates. Does not check for new ones.',
    parameters: z.object({}),
    async run(_values, { machine, signal }, out) {
        const { manager, updates, command } = required(
            await readPackageUpdates(machine, signal),
            'A package manager',
            'apt, dnf or pacman',
        );
        out.cite(fact('system', command, `${updates.length} updates`));
        out.line(`${updates.length} updates are known to ${manager}`);
        out.list('Updates', updates, ({ name, from, to }) => `${name} ${from || '?'} -> ${to}`, 30);
    },
});
