import { constants, open, type FileHandle } from 'node:fs/promises';

/**
 * Opens what has to be a plain file: a pipe or a device could keep us waiting for ever, or do something when it is read. What
 * was opened is looked at and not its name, which may lead elsewhere by then.
 *
 * @param path of which all links have been followed
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
