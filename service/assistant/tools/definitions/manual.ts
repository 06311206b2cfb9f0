import * as z from 'zod';

import { _ } from '../../../i18n/i18n.ts';
import { code, item } from '../../markup.ts';
import { safeText } from '../../../text/sanitise.ts';
import { fact } from '../../../machine/evidence.ts';
import { required, toldTool } from '../tool.ts';

/** Names of man-pages(7): no option, no path. */
const pageName = z
    .string()
    .max(128)
    .regex(/^[A-Za-z0-9_][\w.:+@-]*$/, 'is not the name of a manual page');
const around = 6;
const placesShown = 4;
const linesTold = 16;

export const manual = toldTool({
    name: 'manual',
    description: 'A manual page (man): its beginning, or the passages around a word.',
    parameters: z.object({
        page: pageName.describe('such as systemd.service or ls'),
        section: z.literal([1, 2, 3, 4, 5, 6, 7, 8, 9]).optional(),
        find: z.string().min(2).max(64).optional().describe('a word or option, such as Restart='),
    }),
    asked: {
        phrases: {
            en: [
                '[show] [me] [the] (man|manual) page (of|for|about) {name}',
                'man {name}',
                'what does the (manual|man page|manual page) (of|for) {name} say',
                'what does the (manual|man page|manual page) say about {name}',
                '[show] [me] [the] manual (of|for|about) {name}',
            ],
            de: [
                '[zeige|zeig] [mir] [die] (manpage|handbuchseite) (von|zu) {name}',
                'was steht (im handbuch|in der handbuchseite|in der manpage) (zu|über|von) {name}',
            ],
            ar: ['(اعرض|اظهر) (دليل|صفحة دليل) {name}', 'ماذا (تقول|يقول) صفحة دليل {name}'],
        },
        example: () => _('What does the manual page of {command} say?', { command: 'chmod' }),
        values: ({ name = '' }) => ({ page: name }),
    },
    absent: () => _('The program man, which shows manual pages, is not installed here.'),
    async find({ page, section }, { machine, signal }, cite) {
        // Written to a pipe, man(1) needs neither a pager nor a terminal.
        const argv = ['--encoding=UTF-8', '--', ...(section === undefined ? [] : [String(section)]), page];
        const output = required(await machine.run('man', argv, { signal, limit: 8_388_608 }), 'The manual', 'man');
        // Bold and underlined letters are written twice, with a backspace in between.
        // eslint-disable-next-line no-control-regex -- it is what it removes
        const text = output.replace(/.\u0008/g, '').trim();
        if (text === '') return [];
        const lines = text.split('\n').map(line => safeText(line, 160).trimEnd());
        cite(fact('system', `man ${page}`, `${lines.length} lines`));
        return lines.filter((line, index) => line !== '' || lines[index - 1] !== '');
    },
    write(lines, out, { page, section, find }) {
        if (lines.length === 0) {
            out.line(`There is no manual page ${page}${section === undefined ? '' : ` in section ${section}`} here.`);
            return;
        }
        if (find === undefined) {
            out.block(lines.slice(0, 50).join('\n'));
            return;
        }
        const wanted = find.toLowerCase();
        const hits = lines.flatMap((line, index) => (line.toLowerCase().includes(wanted) ? [index] : []));
        // Where a line begins with the word, it is explained; elsewhere it is only mentioned.
        const best = hits.sort((a, b) => Number(begins(lines[b], wanted)) - Number(begins(lines[a], wanted)) || a - b);
        out.line(`${find} occurs in ${hits.length} lines of ${page}`);
        let last = -around;
        for (const index of best.slice(0, placesShown).sort((a, b) => a - b)) {
            if (index - last < around) continue;
            last = index;
            out.block(`…\n${lines.slice(Math.max(0, index - 1), index + around).join('\n')}`);
        }
    },
    *tell(lines, _format, { page }) {
        yield lines.length === 0
            ? `${_('There is no manual page {page} here.', { page: code(page) })}\n`
            : `${_('The manual page {page} begins like this:', { page: code(page) })}\n\n`;
        for (const line of lines.filter(each => each !== '').slice(0, linesTold)) yield item(code(line.trim()));
    },
});

const begins = (line: string | undefined, word: string) => line?.trim().toLowerCase().startsWith(word) === true;
