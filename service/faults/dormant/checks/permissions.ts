import type { Stats } from 'node:fs';
import { lstat } from 'node:fs/promises';
import { join } from 'node:path';

import { _ } from '../../../i18n/i18n.ts';
import { isAbsence, listNames } from '../../../machine/machine.ts';
import type { Machine } from '../../../machine/machine.ts';
import { permissionsOf } from '../../../sources/files/fileChange.ts';
import type { DormantCheck, DormantFault } from '../check.ts';

const filesLimit = 100;
/** Everybody may write, and only the owner of a file may remove it: file-hierarchy(7). */
const temporary = 0o1777;

export const temporaryFolders = {
    kind: 'temporary-folder',
    scope: 'system',
    severity: 'high',
    cause: () =>
        _('Programs cannot make their temporary files there, or others may delete them. The next log-in may fail.'),
    advice: () => _('In a terminal: sudo chmod 1777 /tmp /var/tmp'),
    async find({ machine }) {
        const found: DormantFault[] = [];
        for (const path of ['/tmp', '/var/tmp']) {
            const status = await statusOf(machine, path);
            if (status === null || status.isSymbolicLink() || (status.mode & 0o7777) === temporary) continue;
            const title = _('The folder {path} has the wrong permissions', { path });
            found.push({ subject: path, title, detail: `${path}: ${textOf(status)}` });
        }
        return found;
    },
} as const satisfies DormantCheck;

/** ssh(1) ignores a private key, and sshd(8) the keys in ~/.ssh, that others may read or replace. */
export const keys = {
    kind: 'keys',
    scope: 'user',
    severity: 'medium',
    cause: () => _('Others on this computer can read or replace it, so SSH refuses it.'),
    advice: () => _('In a terminal: chmod -R go-rwx ~/.ssh'),
    async find({ machine, home, uid }) {
        const folder = join(home, '.ssh');
        const of = await statusOf(machine, folder);
        if (of === null || !of.isDirectory() || of.uid !== uid) return [];
        const found: DormantFault[] = [];
        if ((of.mode & 0o022) !== 0) {
            const title = _('Others can change your SSH keys');
            found.push({ subject: folder, title, detail: `${folder}: ${textOf(of)}` });
        }
        const names = (await listNames(machine, folder)).slice(0, filesLimit);
        for (const name of names) {
            const wanted = wantedMask(name, names);
            const path = join(folder, name);
            const status = wanted === 0 ? null : await statusOf(machine, path);
            if (status?.isFile() !== true || status.uid !== uid || (status.mode & wanted) === 0) continue;
            const needed = permissionsOf({
                mode: status.mode & 0o7777 & ~wanted,
                owner: status.uid,
                group: status.gid,
            });
            found.push({
                subject: path,
                title: _('Others can use or change {path}', { path }),
                detail: `${path}: ${textOf(status)}`,
                facts: { permissions: textOf(status), needed },
            });
        }
        return found;
    },
} as const satisfies DormantCheck;

/** The bits that a file in ~/.ssh must not have: sshkey_perm_ok() of authfile.c, safe_path() of misc.c in OpenSSH. */
function wantedMask(name: string, names: readonly string[]): number {
    if (/^id_\w+$/.test(name) || names.includes(`${name}.pub`)) return 0o077;
    return name === 'authorized_keys' || name === 'config' ? 0o022 : 0;
}

/** Others must not be able to put programs there; sshd_config(5) has StrictModes for the same reason. */
export const homeFolder = {
    kind: 'home-folder',
    scope: 'user',
    severity: 'high',
    cause: () => _('Others can put files there that run in your name, and SSH refuses your keys.'),
    advice: () => _('In a terminal: chmod go-w ~'),
    async find({ machine, home, uid }) {
        const status = await statusOf(machine, home);
        // A group of the user’s own is no other person.
        const isOpen =
            status !== null && ((status.mode & 0o002) !== 0 || ((status.mode & 0o020) !== 0 && status.gid !== uid));
        if (!isOpen || status.uid !== uid) return [];
        return [
            { subject: home, title: _('Others can change your home folder'), detail: `${home}: ${textOf(status)}` },
        ];
    },
} as const satisfies DormantCheck;

function textOf({ mode, uid, gid }: Stats): string {
    return permissionsOf({ mode: mode & 0o7777, owner: uid, group: gid });
}

async function statusOf({ root }: Machine, path: string): Promise<Stats | null> {
    try {
        return await lstat(join(root, path));
    } catch (error) {
        if (isAbsence(error)) return null;
        throw error;
    }
}
