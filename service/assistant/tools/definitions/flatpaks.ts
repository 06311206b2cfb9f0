import * as z from 'zod';

import { safeText } from '../../../text/sanitise.ts';
import { fact } from '../../../machine/evidence.ts';
import { required, tool } from '../tool.ts';

export const flatpaks = tool({
    name: 'flatpaks',
    description: 'Installed Flatpak applications with version and origin.',
    parameters: z.object({ name: z.string().max(128).optional().describe('part of the name or ID') }),
    async run({ name }, { machine, signal }, out) {
        // flatpak-list(1): columns are separated by tabs.
        const argv = ['list', '--app', '--columns=name,application,version,branch,origin,installation'];
        const output = required(await machine.run('flatpak', argv, { signal }), 'Flatpak', 'flatpak');
        const wanted = name?.toLowerCase() ?? '';
        const rows = output.split('\n').filter(line => line.trim() !== '' && line.toLowerCase().includes(wanted));
        out.cite(fact('system', `flatpak ${argv.join(' ')}`, `${rows.length} applications`));
        out.list(
            'Applications',
            rows,
            line => {
                const [title = '', id = '', version = '', branch = '', origin = '', installation = ''] =
                    line.split('\t');
                return safeText(`${title} (${id}) ${version || branch} from ${origin}, ${installation}`, 200);
            },
            25,
        );
    },
});
