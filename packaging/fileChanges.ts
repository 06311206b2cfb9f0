/** Replaces files atomically: a reader sees the old one or the new one, whole, and never half of either. */
import { constants } from 'node:fs';
import { cp, lstat, mkdir, rename, rm, rmdir, symlink, writeFile } from 'node:fs/promises';
import { dirname } from 'node:path';

/** A neighbour, so that it can be renamed into place. */
const draftOf = (path: string) => `${path}.new-${process.pid}`;

export async function exists(path: string): Promise<boolean> {
    return lstat(path).then(
        () => true,
        (error: unknown) => {
            if ((error as NodeJS.ErrnoException).code === 'ENOENT') return false;
            throw error;
        },
    );
}

export async function placeText(path: string, text: string): Promise<void> {
    await place(path, draft => writeFile(draft, text));
}

export async function placeLink(path: string, target: string): Promise<void> {
    await place(path, draft => symlink(target, draft));
}

/** @param finish completes the copy before it takes its place */
export async function placeTree(path: string, source: string, finish: (draft: string) => Promise<void>): Promise<void> {
    await place(path, async draft => {
        await cp(source, draft, { recursive: true, verbatimSymlinks: true, mode: constants.COPYFILE_FICLONE });
        await finish(draft);
    });
}

async function place(path: string, write: (draft: string) => Promise<void>): Promise<void> {
    const draft = draftOf(path);
    const old = `${draft}-old`;
    await mkdir(dirname(path), { recursive: true });
    try {
        await write(draft);
        // rename(2) replaces files, but of directories only empty ones.
        if ((await exists(path)) && (await lstat(path)).isDirectory()) await rename(path, old);
        await rename(draft, path);
    } finally {
        await rm(draft, { recursive: true, force: true });
        await rm(old, { recursive: true, force: true });
    }
}

/** Removes a directory unless something is in it. */
export async function removeIfEmpty(directory: string): Promise<void> {
    await rmdir(directory).catch((error: unknown) => {
        const { code } = error as NodeJS.ErrnoException;
        if (code !== 'ENOTEMPTY' && code !== 'ENOENT') throw error;
    });
}

/** The directories on the way to `path` that do not exist yet, outermost first. */
export async function missingDirectories(path: string): Promise<string[]> {
    const directory = dirname(path);
    if (directory === path || (await exists(directory))) return [];
    return [...(await missingDirectories(directory)), directory];
}
