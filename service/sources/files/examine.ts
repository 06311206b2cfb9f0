import { constants } from 'node:fs';
import { lstat, open, readlink } from 'node:fs/promises';
import type { Stats } from 'node:fs';

import { holdsSecrets, isSecretPath } from './secrets.ts';

/** Contents larger than this are not kept: nobody wrote them by hand. */
export const sizeLimit = 256 * 1024;

/** Why the contents of a file are not known, "full" if there is no free space; for a link, its target. */
export type Note =
    '' | 'binary' | 'large' | 'secret' | 'unreadable' | 'special' | 'not-kept' | 'full' | `link ${string}`;

/** The state of a file at one moment. */
export type Seen = {
    /** Differs whenever the file may have changed: inode, size and times. */
    stamp: string;
    mode: number;
    owner: number;
    group: number;
    /** Microseconds since the Unix epoch: when its contents, name or permissions last changed. */
    changed: number;
    /** null when they are not stored, see `note`. */
    contents: Buffer | null;
    note: Note;
};

export function stampOf({ ino, size, mtimeMs, ctimeMs }: Stats): string {
    return `${ino} ${size} ${mtimeMs} ${ctimeMs}`;
}

/** The present stamp of a file, or why it has none. */
export async function readStamp(path: string): Promise<string> {
    const stats = await statIfReadable(path);
    return typeof stats === 'string' ? stats : stampOf(stats);
}

/**
 * What `examine` found: a file, a directory by its inode, nothing (any more), a file that is just being written, or a place
 * that we may not access, so that its existence is unknown.
 */
export type Examined = Seen | { directory: number } | 'absent' | 'changing' | 'unchanged' | 'closed';

/**
 * Examines a file without ever blocking on it: links are not followed, and only regular files are opened.
 *
 * @param known the earlier stamp of the file; if it still has that stamp, it is not read: 'unchanged'
 */
export async function examine(
    path: string,
    { known, keep }: { known: string | undefined; keep: boolean },
): Promise<Examined> {
    const stats = await statIfReadable(path);
    if (stats === 'absent' || stats === 'closed') return stats;
    if (stats.isDirectory()) return { directory: stats.ino };
    const stamp = stampOf(stats);
    if (stamp === known) return 'unchanged';
    const seen = {
        stamp,
        mode: stats.mode & 0o7777,
        owner: stats.uid,
        group: stats.gid,
        changed: Math.round(stats.ctimeMs * 1000),
        contents: null,
    };
    if (stats.isSymbolicLink()) return { ...seen, note: `link ${await readLinkIfThere(path)}` };
    if (!stats.isFile()) return { ...seen, note: 'special' };
    if (!keep) return { ...seen, note: 'not-kept' };
    if (isSecretPath(path)) return { ...seen, note: 'secret' };
    if (stats.size > sizeLimit) return { ...seen, note: 'large' };
    const read = await readSettled(path, stamp);
    if (read === 'changing' || read === 'absent') return read;
    if (read === 'unreadable') return { ...seen, note: 'unreadable' };
    if (read.includes(0)) return { ...seen, note: 'binary' };
    if (holdsSecrets(read)) return { ...seen, note: 'secret' };
    return { ...seen, contents: read, note: '' };
}

/** The contents of the file that had `stamp`; 'changing' when it got another stamp during the read. */
async function readSettled(path: string, stamp: string): Promise<Buffer | 'changing' | 'absent' | 'unreadable'> {
    try {
        // Something else may have replaced the file: a link is refused, and a FIFO does not block.
        await using file = await open(path, constants.O_RDONLY | constants.O_NOFOLLOW | constants.O_NONBLOCK);
        if (stampOf(await file.stat()) !== stamp) return 'changing';
        const buffer = Buffer.allocUnsafe(sizeLimit);
        let length = 0;
        while (length < sizeLimit) {
            const { bytesRead } = await file.read(buffer, length, sizeLimit - length, length);
            if (bytesRead === 0) break;
            length += bytesRead;
        }
        if (stampOf(await file.stat()) !== stamp) return 'changing';
        return Buffer.from(buffer.subarray(0, length));
    } catch (error) {
        const { code } = error as NodeJS.ErrnoException;
        if (code === 'ENOENT') return 'absent';
        if (code === 'ELOOP') return 'changing';
        return 'unreadable';
    }
}

async function statIfReadable(path: string): Promise<Stats | 'absent' | 'closed'> {
    try {
        return await lstat(path);
    } catch (error) {
        const { code } = error as NodeJS.ErrnoException;
        return code === 'ENOENT' || code === 'ENOTDIR' ? 'absent' : 'closed';
    }
}

async function readLinkIfThere(path: string): Promise<string> {
    try {
        return await readlink(path);
    } catch {
        return '';
    }
}
