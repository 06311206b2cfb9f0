import { createHash } from 'node:crypto';
import { readdir } from 'node:fs/promises';
import { join } from 'node:path';

import { isAbsence } from '../machine.ts';

/** How many things lie in a folder for the trash, and a hash of their names; the Trash Specification of freedesktop.org. */
export async function readTrash(trash: string): Promise<{ count: number; hash: string }> {
    const names = await readdir(join(trash, 'files')).catch((error: unknown) => {
        if (isAbsence(error)) return [];
        throw error;
    });
    // Neither a slash nor a zero byte occurs in names.
    const hash = createHash('sha256').update(names.sort().join('/')).digest('hex');
    return { count: names.length, hash };
}
