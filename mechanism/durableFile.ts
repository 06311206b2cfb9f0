import { constants } from 'node:fs';
import { mkdir, open, rename } from 'node:fs/promises';
import { dirname } from 'node:path';

/** Writes a file that only root can read. When it resolves, the file, its content and its name are on disk. */
export async function writeDurably(path: string, text: string): Promise<void> {
    const folder = dirname(path);
    await mkdir(folder, { recursive: true, mode: 0o700 });
    const draft = `${path}.draft`;
    const file = await open(draft, constants.O_WRONLY | constants.O_CREAT | constants.O_TRUNC, 0o600);
    try {
        await file.writeFile(text);
        await file.sync();
    } finally {
        await file.close();
    }
    await rename(draft, path);
    await syncFolder(folder);
}

/** Has a folder's names on disk. */
export async function syncFolder(path: string): Promise<void> {
    const folder = await open(path);
    try {
        await folder.sync();
    } finally {
        await folder.close();
    }
}
