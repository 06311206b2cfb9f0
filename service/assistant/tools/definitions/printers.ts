import * as z from 'zod';

import { safeText } from '../../../text/sanitise.ts';
import { fact } from '../../../machine/evidence.ts';
import { required, tool } from '../tool.ts';

export const printers = tool({
    name: 'printers',
    description: 'Printers, the default one, whether each accepts jobs, and waiting print jobs.',
    parameters: z.object({}),
    async run(_values, { machine, signal }, out) {
        // lpstat(1): scheduler, default printer, printers with their state, which accept jobs, jobs.
        const argv = ['-r', '-d', '-p', '-a', '-o'];
        const output = required(await machine.run('lpstat', argv, { signal }), 'CUPS', 'lpstat');
        const text = safeText(output.trim(), 3000, { multiline: true });
        out.cite(fact('system', `lpstat ${argv.join(' ')}`, text === '' ? 'nothing' : text));
        out.block(text === '' ? 'CUPS says nothing: it does not run, or there are no printers.' : text);
    },
});
