import { createHash } from 'node:crypto';
import { readdir } from 'node:fs/promises';
import { join } from 'node:path';

import { isAbsence } from '../machine.ts';

/** What lies in a folder for the trash, by name and in order, and a hash of that; the Trash Specification of freedesktop.org. */
export async function readTrash(trash: string): Promise<{ names: string[]; hash: string }> {
    const entries = await readdir(join(trash, 'files')).catch((error: unknown) => {
        if (isAbsence(error)) return [];
        throw error;
    });
    const names = entries.sort();
    // Neither a slash nor a zero byte occurs in names.
    const hash = createHash('sha256').update(names.join('/')).digest('hex');
    return { names, hash };
}
