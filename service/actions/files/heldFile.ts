import { lstat } from 'node:fs/promises';

import { examine, type Seen } from '../../sources/files/examine.ts';
import { permissionsOf } from '../../sources/files/fileChange.ts';
import { Contents } from '../../store/contents.ts';
import { isAbsence } from '../../machine/machine.ts';

/**
 * The content of a path now; null when the path does not exist, undefined when it is unreadable or is nothing that can
 * be kept.
 */
export async function heldFile(path: string): Promise<(Seen & { contents: Buffer }) | null | undefined> {
    const seen = await examine(path, { known: undefined, keep: true });
    if (seen === 'absent') return null;
    if (typeof seen !== 'object' || 'directory' in seen || seen.contents === null) return undefined;
    return { ...seen, contents: seen.contents };
}

/** The hash of a file's content; null and undefined as `heldFile`. */
export async function heldHash(path: string): Promise<string | null | undefined> {
    const held = await heldFile(path);
    return held && Contents.hashOf(held.contents);
}

/**
 * Owner, group and mode of a file, such as "0:0 0644"; null when it does not exist, undefined when it is no regular
 * file.
 */
export async function heldPermissions(
    path: string,
): Promise<{ permissions: string; owner: number } | null | undefined> {
    try {
        const found = await lstat(path);
        if (!found.isFile()) return undefined;
        const permissions = permissionsOf({ mode: found.mode & 0o7777, owner: found.uid, group: found.gid });
        return { permissions, owner: found.uid };
    } catch (error) {
        if (isAbsence(error)) return null;
        throw error;
    }
}
