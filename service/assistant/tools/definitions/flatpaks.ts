import * as z from 'zod';

import { _ } from '../../../i18n/i18n.ts';
import { safeText } from '../../../text/sanitise.ts';
import { fact } from '../../../machine/evidence.ts';
import { required, tool } from '../tool.ts';

export const flatpaks = tool({
    name: 'flatpaks',
    description: 'Installed Flatpak applications with version and origin.',
    parameters: z.object({ name: z.string().max(128).optional().describe('part of the name or ID') }),
    asked: {
        phrases: {
            en: [
                '(which|what) (flatpaks|flatpak apps|flatpak applications) (are installed|do i have|are there)',
                '(list|show) [all] [my] [installed] (flatpaks|flatpak apps)',
                '[my|installed] (flatpaks|flatpak apps)',
                'where do [my] flatpaks come from',
            ],
            de: [
                'welche (flatpaks|flatpak programme|flatpak apps) (sind installiert|habe ich|gibt es)',
                '[meine] (flatpaks|flatpak programme|flatpak apps) [anzeigen]',
            ],
            ar: ['(ما|ما هي|اعرض) تطبيقات (فلاتباك|flatpak) [المثبتة]'],
        },
        example: () => _('Which Flatpaks are installed?'),
    },
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
