import { readdir } from 'node:fs/promises';
import { join } from 'node:path';

import { isAbsence } from './machine.ts';

/** How many things lie in a folder for the trash; the Trash Specification of freedesktop.org. */
export async function countTrash(trash: string): Promise<number> {
    try {
        return (await readdir(join(trash, 'files'))).length;
    } catch (error) {
        if (isAbsence(error)) return 0;
        throw error;
    }
}
