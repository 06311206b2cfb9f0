import { lstat } from 'node:fs/promises';
import { homedir } from 'node:os';
import { join, normalize } from 'node:path';

import { isAbsence, isNoName } from '../../machine/machine.ts';

/** The file or folder in the home folder that a person names by its path, such as “~/notes.txt”; none where it is not there. */
export async function fileMeant(said: string, kinds: readonly ('file' | 'folder')[]): Promise<string[]> {
    if (!/^~?\//.test(said)) return [];
    const path = normalize(said.replace(/^~(?=\/)/, homedir())).replace(/(?<=.)\/$/, '');
    if (!path.startsWith(join(homedir(), '/'))) return [];
    try {
        const found = await lstat(path);
        const kind = found.isFile() ? 'file' : found.isDirectory() ? 'folder' : null;
        return kind !== null && kinds.includes(kind) ? [path] : [];
    } catch (error) {
        if (isAbsence(error) || isNoName(error)) return [];
        throw error;
    }
}
