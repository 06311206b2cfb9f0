import { realpath } from 'node:fs/promises';
import { join, relative } from 'node:path';

import type { RecoveryCheck } from '../../diagnosis/recovery.ts';
import { unknown } from '../../diagnosis/recovery.ts';
import { _ } from '../../i18n/i18n.ts';
import { readText } from '../../machine/machine.ts';
import type { Machine } from '../../machine/machine.ts';
import { parseMounts } from '../../machine/storage/filesystems.ts';
import { fstab, requiredMounts } from '../../machine/storage/fstabMistakes.ts';
import { safeText } from '../../text/sanitise.ts';

/** A filesystem is mounted only if its check succeeded, too: systemd-fsck@.service(8). */
export const isAllMounted: RecoveryCheck = {
    about: 'everything that startup needs according to /etc/fstab is mounted',
    async check({ machine }) {
        const table = await readText(machine, fstab, 1_048_576);
        const mounted = await readText(machine, '/proc/self/mountinfo', 1_048_576);
        if (table === null || mounted === null) return unknown();
        const places = new Set(parseMounts(mounted).map(({ path }) => path));
        for (const path of requiredMounts(table)) {
            // systemd-fstab-generator(8) follows links on the way there.
            if (places.has(path) || places.has(await withoutLinks(machine, path))) continue;
            return { gone: false, detail: _('{path} is not mounted', { path: safeText(path, 256) }) };
        }
        return { gone: true, detail: _('Everything that startup needs is mounted') };
    },
};

async function withoutLinks({ root }: Machine, path: string): Promise<string> {
    const real = await realpath(join(root, path)).catch(() => join(root, path));
    return `/${relative(root, real)}`;
}
