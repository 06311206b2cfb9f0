import { lstatSync } from 'node:fs';
import { mkdir, rm } from 'node:fs/promises';

/** The existing entry in the place of the directory is not ours. */
export class NotOurs extends Error {}

/**
 * Makes a directory that only this user may look into, in the place of what an earlier run has left of its own. Others may
 * have been there first where anybody can write, such as in /tmp.
 *
 * @param path in a directory whose entries nobody else can replace: one of this user's own, or a sticky one
 * @throws NotOurs when something stands there that this user did not make, or no directory
 */
export async function makeOwnDirectory(path: string): Promise<void> {
    const stats = lstatSync(path, { throwIfNoEntry: false });
    if (stats !== undefined) {
        if (!stats.isDirectory() || stats.uid !== process.getuid?.()) throw new NotOurs(path);
        await rm(path, { recursive: true });
    }
    // Fails when another process was quicker.
    await mkdir(path, { mode: 0o700 });
}
