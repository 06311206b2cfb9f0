import { readlink, stat } from 'node:fs/promises';
import { join } from 'node:path';

import { _ } from '../../../i18n/i18n.ts';
import { isAbsence } from '../../../machine/machine.ts';
import { safeText } from '../../../text/sanitise.ts';
import type { DormantCheck } from '../check.ts';

const path = '/etc/resolv.conf';

/** resolv.conf(5) is mostly a link to what a network service writes, and dangles when that is removed. */
export const resolverLink = {
    kind: 'resolver-link',
    scope: 'system',
    severity: 'high',
    cause: () => _('Programs find no name server there, so web addresses stop working.'),
    advice: () => _('Restore the link, or turn on the service that writes the file that it points to.'),
    async find({ machine }) {
        const target = await readlink(join(machine.root, path)).catch((error: unknown) => {
            if (isAbsence(error)) return null;
            throw error;
        });
        if (target === null || !(await leadsNowhere(join(machine.root, path)))) return [];
        const missing = safeText(target, 256);
        const title = _('{path} is a link to a file that does not exist', { path });
        return [{ subject: path, title, detail: `${path} -> ${missing}`, facts: { missing } }];
    },
} as const satisfies DormantCheck;

/** What is hidden from this user, or cannot be read, is there all the same. */
async function leadsNowhere(path: string): Promise<boolean> {
    try {
        await stat(path);
        return false;
    } catch (error) {
        return error instanceof Error && 'code' in error && ['ENOENT', 'ENOTDIR', 'ELOOP'].includes(String(error.code));
    }
}
