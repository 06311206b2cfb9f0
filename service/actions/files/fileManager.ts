import { constants } from 'node:fs';
import { access, lstat, realpath } from 'node:fs/promises';
import { dirname, isAbsolute, join, normalize } from 'node:path';

import * as z from 'zod';

import { ReeveError } from '../../util/errors.ts';
import { _ } from '../../i18n/i18n.ts';
import { safeText } from '../../text/sanitise.ts';
import type { Surroundings } from '../surroundings.ts';

/** PATH_MAX of linux/limits.h. */
const pathLimit = 4096;

/** The only files of root whose contents an action changes: packages put configuration nowhere else. */
const settings = ['/etc/'];
/** Programs that no package brings may be made executable, too: file-hierarchy(7), hier(7). */
export const programs = [...settings, '/usr/local/', '/opt/'];

/** The path of a file that an action changes. */
export const filePath = z.string().max(pathLimit).refine(isPlainPath, { error: 'is not a plain absolute path' });

/** Nobody can agree to a path that does not show as what it is: paths with invisible characters are refused. */
function isPlainPath(path: string): boolean {
    return isAbsolute(path) && normalize(path) === path && !path.endsWith('/') && safeText(path, pathLimit) === path;
}

/**
 * Who can change the file: the user's own service manager, or that of the system, which asks for a password.
 *
 * @param owner of the file; undefined when it does not exist
 * @param of.asRoot as in Surroundings
 * @param of.places where a file of root's may be
 * @throws ReeveError InvalidState when neither may
 */
export async function managerFor(
    path: string,
    owner: number | undefined,
    { asRoot = false, places = settings }: Pick<Surroundings, 'asRoot'> & { places?: readonly string[] } = {},
): Promise<'user' | 'system'> {
    const folder = dirname(path);
    // A replacement of another user's file would belong to this user.
    const isOwn = !asRoot && (owner === undefined || owner === process.getuid?.());
    if (isOwn && (await canWrite(folder))) return 'user';
    // Only root may be able to redirect what root writes.
    if (places.some(place => path.startsWith(place)) && (await isOnlyRoots(folder))) return 'system';
    throw new ReeveError('InvalidState', _('You do not have permission to write {path}', { path }));
}

/**
 * Whether a file or directory is where its path says, and only root can change that; false when it is gone.
 *
 * @param root what is "/" to the path. Its owner is root there.
 */
export async function isOnlyRoots(path: string, root = '/'): Promise<boolean> {
    try {
        const top = await realpath(root);
        const place = join(top, path);
        const owner = top === '/' ? 0 : (await lstat(top)).uid;
        return (await realpath(place)) === place && (await areOf(owner, place, top));
    } catch {
        return false;
    }
}

/** Whether only this user can change a file or directory and all above it. */
async function areOf(owner: number, path: string, top: string): Promise<boolean> {
    const { uid, mode } = await lstat(path);
    if (uid !== owner || (mode & 0o022) !== 0) return false;
    return path === top || (await areOf(owner, dirname(path), top));
}

async function canWrite(path: string): Promise<boolean> {
    try {
        await access(path, constants.W_OK);
        return true;
    } catch {
        return false;
    }
}
