import * as z from 'zod';

import { fact } from '../../../machine/evidence.ts';
import { configurationFolder, readConfiguration } from '../../../machine/nixos/nixos.ts';
import { redact } from '../../../text/redact.ts';
import { safeText } from '../../../text/sanitise.ts';
import { ReeveError } from '../../../util/errors.ts';
import { requireNixos } from '../onNixos.ts';
import { tool } from '../tool.ts';

export const nixosConfig = tool({
    name: 'nixos_config',
    description: 'The files that declare a NixOS computer, and the text of one of them. Secrets are left out.',
    parameters: z.object({ file: z.string().max(255).optional().describe('default configuration.nix') }),
    async run({ file = 'configuration.nix' }, { machine }, out) {
        await requireNixos(machine);
        const files = await readConfiguration(machine);
        out.list(`In ${configurationFolder}`, files, ({ path }) => path);
        const path = `${configurationFolder}/${file}`;
        const text = files.find(each => each.path === path)?.bytes.toString('utf8');
        if (text === undefined) throw new ReeveError('NotFound', `no such file: ${safeText(path, 300)}`);
        const shown = redact(text);
        out.cite(fact('file', path, safeText(shown, 1000)));
        out.line(`${path}:`);
        out.block(shown);
    },
});
