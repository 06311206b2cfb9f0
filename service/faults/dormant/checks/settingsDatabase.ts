import { access, constants } from 'node:fs/promises';
import { join } from 'node:path';

import { _ } from '../../../i18n/i18n.ts';
import { isAbsence, readBytes } from '../../../machine/machine.ts';
import type { DormantCheck } from '../check.ts';

/** The first bytes of a GVDB file, in either byte order: gvdb-format.h of dconf. */
const signatures = ['GVariant', 'raVGtnai'];

/** dconf starts with empty settings if it cannot read its database, and says nothing. */
export const settingsDatabase = {
    kind: 'settings-database',
    scope: 'user',
    severity: 'high',
    cause: () => _('The desktop uses its default settings instead, and new settings may overwrite yours.'),
    advice: () =>
        _('Restore ~/.config/dconf/user from a backup, or make it readable again, before you change a setting.'),
    async find({ machine, home }) {
        const path = join(home, '.config/dconf/user');
        const title = _('The database of your settings cannot be read');
        const reason = await whyUnreadable(join(machine.root, path));
        if (reason === 'absent') return [];
        if (reason !== null) return [{ subject: path, title, detail: `${path}: ${reason}` }];
        const start = await readBytes(machine, path, 8);
        const isSound = start === null || signatures.includes(start.toString('latin1'));
        return isSound
            ? []
            : [{ subject: path, title, detail: _('{path} does not begin as such a database', { path }) }];
    },
} as const satisfies DormantCheck;

async function whyUnreadable(path: string): Promise<string | null> {
    try {
        await access(path, constants.R_OK);
        return null;
    } catch (error) {
        const { code = '' } = error as NodeJS.ErrnoException;
        if (code === 'ENOENT') return 'absent';
        if (isAbsence(error)) return code;
        throw error;
    }
}
