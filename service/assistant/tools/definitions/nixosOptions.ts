import * as z from 'zod';

import { fact } from '../../../machine/evidence.ts';
import { readOptions, searchOptions } from '../../../machine/nixos/options.ts';
import { safeText } from '../../../text/sanitise.ts';
import { requireNixos } from '../onNixos.ts';
import { required, tool } from '../tool.ts';

export const nixosOptions = tool({
    name: 'nixos_options',
    description: 'Options of NixOS whose name or description has these words, with type and default.',
    parameters: z.object({ words: z.string().min(2).max(64).describe('such as firewall, or services.openssh') }),
    async run({ words }, { machine }, out) {
        await requireNixos(machine);
        const page = 'configuration.nix(5)';
        const all = required(await readOptions(machine), 'The manual page of NixOS', page);
        const found = searchOptions(all, words.split(/\s+/));
        out.cite(fact('system', page, `${found.length} of ${all.length} options`));
        out.list(
            'Options',
            found,
            ({ name, type, standard, description }) =>
                `${name} (${type}${standard === '' ? '' : `, default ${safeText(standard, 60)}`}): ${safeText(description, 160)}`,
        );
    },
});
