import * as z from 'zod';

import { _, ngettext } from '../../../i18n/i18n.ts';
import { fact } from '../../../machine/evidence.ts';
import { trashFolder } from '../../../machine/storage/freeable.ts';
import { readTrash } from '../../../machine/storage/trash.ts';
import { safeText } from '../../../text/sanitise.ts';
import { code } from '../../markup.ts';
import { listed } from '../listed.ts';
import { toldTool } from '../tool.ts';

const shown = 15;

export const trash = toldTool({
    name: 'trash',
    description: 'What lies in the user’s trash, by name.',
    parameters: z.object({}),
    asked: {
        phrases: {
            en: [
                'how (big|large) is [the|my] (trash|bin|recycle bin)',
                'what is in [the|my] (trash|bin|trash can|recycle bin|wastebasket)',
                'is [the|my] (trash|bin|trash can|recycle bin|wastebasket) (empty|full)',
                'is [there] anything in [the|my] (trash|bin|recycle bin|wastebasket)',
                '(show|list) [me] [the|my] (trash|bin|recycle bin|wastebasket)',
                '(how much|how many files) (is|are) in [the|my] (trash|bin|recycle bin|wastebasket)',
            ],
            de: [
                'wie groß ist [der|mein] papierkorb',
                'was (ist|liegt) im papierkorb',
                'ist [der|mein] papierkorb (leer|voll)',
                '(zeig|zeige) [mir] [den] papierkorb',
                '(wie viel|wie viele dateien) (ist|liegt|sind|liegen) im papierkorb',
            ],
            ar: [
                'كم حجم سلة المهملات',
                'ماذا [يوجد] في سلة المهملات',
                'هل سلة المهملات (فارغة|ممتلئة)',
                'اعرض سلة المهملات',
            ],
        },
        example: () => _('What is in the trash?'),
    },
    async find(_values, { machine }, cite) {
        const folder = trashFolder();
        machine.onRead?.(folder);
        const { names } = await readTrash(folder);
        cite(fact('file', folder, `${names.length} entries`));
        return names.map(name => safeText(name, 120));
    },
    write(names, out) {
        out.list('In the trash', names, name => name, 30);
    },
    *tell(names, format) {
        const count = names.length;
        if (count === 0) {
            yield `${_('The trash is empty.')}\n`;
            return;
        }
        yield `${ngettext('{count} file or folder is in the trash:', '{count} files and folders are in the trash:', count, { count })}\n\n`;
        yield* listed(names, shown, format, code);
    },
});
