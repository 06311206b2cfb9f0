import * as z from 'zod';

import { _, ngettext } from '../../../i18n/i18n.ts';
import { code, plain } from '../../markup.ts';
import { safeText } from '../../../text/sanitise.ts';
import { fact } from '../../../machine/evidence.ts';
import { listed } from '../listed.ts';
import { required, toldTool } from '../tool.ts';

const shown = 25;

export const flatpaks = toldTool({
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
    absent: () => _('Flatpak is not installed here.'),
    async find({ name }, { machine, signal }, cite) {
        // flatpak-list(1): columns are separated by tabs.
        const argv = ['list', '--app', '--columns=name,application,version,branch,origin,installation'];
        const output = required(await machine.run('flatpak', argv, { signal }), 'Flatpak', 'flatpak');
        const wanted = name?.toLowerCase() ?? '';
        const rows = output.split('\n').filter(line => line.trim() !== '' && line.toLowerCase().includes(wanted));
        cite(fact('system', `flatpak ${argv.join(' ')}`, `${rows.length} applications`));
        return rows.map(line => {
            const [title = '', id = '', version = '', branch = '', origin = '', installation = ''] = line
                .split('\t')
                .map(field => safeText(field, 100));
            return { title, id, version: version || branch, origin, installation };
        });
    },
    write(found, out) {
        out.list(
            'Applications',
            found,
            ({ title, id, version, origin, installation }) =>
                `${title} (${id}) ${version} from ${origin}, ${installation}`,
            shown,
        );
    },
    *tell(found, format) {
        const count = found.length;
        yield count === 0
            ? `${_('No Flatpak application is installed.')}\n`
            : `${ngettext('{count} Flatpak application is installed:', '{count} Flatpak applications are installed:', count, { count })}\n\n`;
        yield* listed(found, shown, format, ({ title, id, version, origin }) => {
            const values = { application: plain(title), id: code(id), version: plain(version), origin: plain(origin) };
            return _('{application} {version} from {origin} ({id})', values);
        });
    },
});
