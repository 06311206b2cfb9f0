/** Files and folders that survive a crash at any moment. */
import { mkdir, open, rename } from 'node:fs/promises';
import { dirname } from 'node:path';

/** Makes sure that names which were added to or taken from the folder are on the disk. */
export async function syncFolder(path: string): Promise<void> {
    await using folder = await open(path, 'r');
    await folder.sync();
}

/** The old content or the new one, never a part, in a file and a folder that only its owner can read. */
export async function writeAtomically(path: string, text: string): Promise<void> {
    await mkdir(dirname(path), { recursive: true, mode: 0o700 });
    const draft = `${path}.new`;
    {
        await using file = await open(draft, 'w', 0o600);
        await file.writeFile(text);
        await file.sync();
    }
    await rename(draft, path);
    await syncFolder(dirname(path));
}
