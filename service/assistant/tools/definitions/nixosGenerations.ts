import * as z from 'zod';

import { fact } from '../../../machine/evidence.ts';
import { readGenerations } from '../../../machine/nixos/nixos.ts';
import { requireNixos } from '../onNixos.ts';
import { tool } from '../tool.ts';

export const nixosGenerations = tool({
    name: 'nixos_generations',
    description: 'The NixOS systems that were built and can be returned to, newest first, and which one is current.',
    parameters: z.object({}),
    async run(_values, { machine }, out) {
        await requireNixos(machine);
        const all = await readGenerations(machine);
        out.cite(fact('file', '/nix/var/nix/profiles', `${all.length} generations`));
        out.list('Generations', all, ({ number, built, version, isCurrent }) => {
            const words = [`${number}: NixOS ${version || 'of an unknown version'}`, built.toISOString().slice(0, 16)];
            return [...words, ...(isCurrent ? ['current'] : [])].join(', ');
        });
    },
});
