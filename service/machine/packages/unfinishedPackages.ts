import { join } from 'node:path';

import { inodeOf, listNames, readText } from '../machine.ts';
import type { Machine } from '../machine.ts';

/** The unfinished work of dpkg. Names of packages may carry their architecture, as "libc6:i386". */
export type Unfinished = {
    /** It was interrupted: its journal is still there. */
    isInterrupted: boolean;
    /** Not unpacked, or unpacked and not configured. */
    unpacked: string[];
    /** Packages whose configuration failed. */
    halfConfigured: string[];
};

/** dpkg leaves numbered files there until it has finished: modstatdb_init() in dpkg's lib/dpkg/dbmodify.c. */
const notes = '/var/lib/dpkg/updates';
const locks = ['var/lib/dpkg/lock', 'var/lib/dpkg/lock-frontend'];
const format = '${db:Status-Abbrev}|${binary:Package}\\n';

/**
 * What dpkg has left to do, by its own account; null where there is no dpkg or it does not say.
 *
 * Not `dpkg --audit`: for anybody but root it ends without a word as soon as it has found something, because it may not open
 * the lock (audit() in dpkg's src/main/enquiry.c, modstatdb_is_locked()); and it names packages that only lack checksums.
 */
export async function readUnfinished(machine: Machine, signal: AbortSignal): Promise<Unfinished | null> {
    const listed = await machine.run('dpkg-query', ['--show', '--showformat', format], { signal, limit: 4_194_304 });
    // Every computer that has dpkg has packages.
    if (listed === null || listed.trim() === '') return null;
    const unfinished: Unfinished = {
        isInterrupted: (await listNames(machine, notes)).some(name => /^\d+$/.test(name)),
        unpacked: [],
        halfConfigured: [],
    };
    // Wanted, status and error, as dpkg-query(1) abbreviates them. Triggers that wait are nobody's concern.
    for (const [, status = '', error, name = ''] of listed.matchAll(/^.(.)(.)\|([a-z0-9][a-z0-9+.:-]*)$/gm)) {
        if (status === 'F' && error !== 'R') unfinished.halfConfigured.push(name);
        else if (error === 'R' || status === 'U' || status === 'H') unfinished.unpacked.push(name);
    }
    return unfinished;
}

export function isWhole({ isInterrupted, unpacked, halfConfigured }: Unfinished): boolean {
    return !isInterrupted && unpacked.length === 0 && halfConfigured.length === 0;
}

/** Whether dpkg, or a program that uses it, is running. */
export async function isDpkgBusy(machine: Machine): Promise<boolean> {
    return (await isLocked(machine)) || (await isRunning(machine, 'dpkg'));
}

/** Who holds a lock is in /proc/locks, by the file's inode: proc_locks(5). */
async function isLocked(machine: Machine): Promise<boolean> {
    const held = (await readText(machine, '/proc/locks', 262_144)) ?? '';
    for (const path of locks) {
        const inode = await inodeOf(join(machine.root, path));
        if (inode !== null && new RegExp(`:${inode} `).test(held)) return true;
    }
    return false;
}

/** In an overlay filesystem, the inode of a lock may differ from that of the file. */
async function isRunning(machine: Machine, name: string): Promise<boolean> {
    for (const pid of await listNames(machine, '/proc')) {
        if (!/^\d+$/.test(pid)) continue;
        if ((await readText(machine, `/proc/${pid}/comm`, 64))?.trim() === name) return true;
    }
    return false;
}
