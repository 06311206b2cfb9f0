import { constants, open, type FileHandle } from 'node:fs/promises';

/**
 * Opens a plain file and nothing else: a pipe or a device could block for ever, or act on being read. The open file is
 * checked and not its name, which may lead elsewhere by then.
 *
 * @param path with all links followed
 * @returns null for what is no plain file
 */
export async function openPlainFile(path: string): Promise<FileHandle | null> {
    const file = await open(
        path,
        constants.O_RDONLY | constants.O_NOFOLLOW | constants.O_NONBLOCK | constants.O_NOCTTY,
    );
    if ((await file.stat()).isFile()) return file;
    await file.close();
    return null;
}
