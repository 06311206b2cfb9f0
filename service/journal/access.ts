import { constants } from 'node:fs';
import { access, readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';

export type JournalAccess = 'system' | 'own' | 'none';

/** Where journald keeps journals: persistent ones and those of this boot; systemd-journald.service(8), "Files". */
const roots = ['/var/log/journal', '/run/log/journal'];

/**
 * How much of this machine's journal the user may read: all of it ("system", for members of adm, systemd-journal or wheel on
 * most systems), only entries of their own programs ("own"), or nothing.
 */
export async function journalAccess(from: readonly string[] = roots): Promise<JournalAccess> {
    const own = `user-${process.getuid?.() ?? ''}.journal`;
    let best: JournalAccess = 'none';
    for (const folder of await foldersIn(from)) {
        const names = await readdir(folder).catch(() => [] as string[]);
        if (names.includes('system.journal') && (await isReadable(join(folder, 'system.journal')))) return 'system';
        if (names.includes(own) && (await isReadable(join(folder, own)))) best = 'own';
    }
    return best;
}

/** Whether this machine keeps a journal; a folder that may not be listed counts as one. */
export async function isJournalKept(from: readonly string[] = roots): Promise<boolean> {
    for (const folder of await foldersIn(from)) {
        try {
            if ((await readdir(folder)).some(name => name.endsWith('.journal'))) return true;
        } catch (error) {
            if ((error as NodeJS.ErrnoException).code !== 'ENOENT') return true;
        }
    }
    return false;
}

async function foldersIn(from: readonly string[]): Promise<string[]> {
    const machine = await readFile('/etc/machine-id', 'utf8').catch(() => '');
    return from.map(root => join(root, machine.trim()));
}

async function isReadable(path: string): Promise<boolean> {
    return access(path, constants.R_OK).then(
        () => true,
        () => false,
    );
}
