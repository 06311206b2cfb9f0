import { constants } from 'node:fs';
import { lstat, open } from 'node:fs/promises';

import { holdsSecrets, isSecretPath } from '../../sources/files/secrets.ts';
import { permissionsOf } from '../../sources/files/fileChange.ts';

/** A plan carries the contents of its files, and people read them. Bytes. */
export const largestFile = 1024 * 1024;

/** Why the content of a path cannot be part of a plan. */
export type NotKept = 'special' | 'large' | 'secret' | 'unreadable';

export type KeptFile = {
    bytes: Buffer;
    /** As of a file that the user creates: nobody else may write it. */
    permissions: string;
};

/**
 * The content of a regular file; null when there is nothing of that name. Links are not followed.
 *
 * @param shown the path that people know it by, where it is a copy
 */
export async function keptFile(path: string, shown = path): Promise<KeptFile | NotKept | null> {
    try {
        const found = await lstat(path);
        if (!found.isFile()) return 'special';
        if (isSecretPath(shown)) return 'secret';
        // Something else may have replaced the file: a link is refused, and a FIFO does not block.
        await using file = await open(path, constants.O_RDONLY | constants.O_NOFOLLOW | constants.O_NONBLOCK);
        const stats = await file.stat();
        if (!stats.isFile()) return 'special';
        if (stats.size > largestFile) return 'large';
        const buffer = Buffer.alloc(stats.size);
        const { bytesRead } = await file.read(buffer, 0, buffer.length, 0);
        const bytes = buffer.subarray(0, bytesRead);
        if (holdsSecrets(bytes)) return 'secret';
        const { uid: owner, gid: group } = stats;
        return { bytes, permissions: permissionsOf({ mode: stats.mode & 0o755, owner, group }) };
    } catch (error) {
        if (isMissing(error)) return null;
        return 'unreadable';
    }
}

/** Whether `error` means that there is nothing of that name. */
export function isMissing(error: unknown): boolean {
    const { code } = error as NodeJS.ErrnoException;
    return code === 'ENOENT' || code === 'ENOTDIR';
}
