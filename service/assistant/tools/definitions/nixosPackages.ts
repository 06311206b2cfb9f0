import * as z from 'zod';

import { fact } from '../../../machine/evidence.ts';
import { searchPackages } from '../../../machine/nixos/packages.ts';
import { safeText } from '../../../text/sanitise.ts';
import { requireNixos } from '../onNixos.ts';
import { required, tool } from '../tool.ts';

export const nixosPackages = tool({
    name: 'nixos_packages',
    description: 'Packages of nixpkgs whose name has a word. Not those that are installed.',
    parameters: z.object({ word: z.string().min(2).max(64).regex(/^\S+$/, 'is not one word') }),
    async run({ word: wanted }, { machine, signal }, out) {
        await requireNixos(machine);
        const found = required(await searchPackages(machine, wanted, signal), 'Nix', 'nix-instantiate');
        out.cite(fact('system', 'nixpkgs', `${found.length} packages like ${safeText(wanted, 64)}`));
        out.list('Packages', found, ({ name, version, summary }) =>
            [name, version, safeText(summary, 160)].filter(text => text !== '').join(' '),
        );
    },
});
