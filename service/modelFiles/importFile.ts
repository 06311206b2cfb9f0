/**
 * Copies a user's model file into the library. Not as a link: its target could be changed or deleted under a loaded
 * model, and its checksum would be worth nothing. Where the file system can share the blocks of two files (btrfs, XFS),
 * the copy takes no time and no space.
 */
import { createHash } from 'node:crypto';
import { constants, copyFile, open, statfs, type FileHandle } from 'node:fs/promises';
import { join } from 'node:path';

import { ReeveError } from '../util/errors.ts';
import { _ } from '../i18n/i18n.ts';
import { diskError } from './diskError.ts';
import { readFacts, type ModelFacts } from './gguf/facts.ts';
import { fileSource } from './gguf/source.ts';
import { modelFile } from './partial.ts';
import { diskReserve } from './recommend.ts';

export type Imported = { size: number; sha256: string; facts: ModelFacts };

const mebibyte = 1_048_576;

/**
 * @param path absolute; may be a symbolic link, as in the caches of other programs
 * @param folder where `model.gguf` is to be
 * @param received called with the bytes there and the total
 * @throws ReeveError NotFound, InvalidArgument, UnusableModel, NoSpace
 */
export async function importFile(
    path: string,
    folder: string,
    { received, signal }: { received: (bytes: number, of: number) => void; signal: AbortSignal },
): Promise<Imported> {
    await using source = await openRegular(path);
    const { size } = await source.stat();
    // Checked before the copy, so that a useless file costs nothing.
    await readFacts(fileSource(source, size));
    const target = join(folder, modelFile);
    const isShared = await share(source, target);
    if (!isShared) await assertSpace(folder, size);
    try {
        await using copy = await open(target, isShared ? 'r+' : 'wx+', 0o600);
        await copy.chmod(0o600);
        const sha256 = await (isShared ? digest(copy, null) : digest(source, copy));
        await copy.sync();
        const { size: copied } = await copy.stat();
        // The copy counts: somebody may have written to the file in the meantime.
        return { size: copied, sha256, facts: await readFacts(fileSource(copy, copied)) };
    } catch (error) {
        throw signal.aborted ? (signal.reason as Error) : diskError(error);
    }

    async function digest(from: FileHandle, to: FileHandle | null): Promise<string> {
        const hash = createHash('sha256');
        const buffer = Buffer.allocUnsafe(mebibyte);
        for (let position = 0; ;) {
            signal.throwIfAborted();
            const { bytesRead } = await from.read(buffer, 0, buffer.length, position);
            if (bytesRead === 0) return hash.digest('hex');
            const piece = buffer.subarray(0, bytesRead);
            hash.update(piece);
            if (to !== null) await writeAll(to, piece, position);
            position += bytesRead;
            received(position, size);
        }
    }
}

/** Opened without waiting, so that a pipe or a device does not hold us; then only a plain file will do. */
async function openRegular(path: string): Promise<FileHandle> {
    let file: FileHandle;
    try {
        file = await open(path, constants.O_RDONLY | constants.O_NONBLOCK | constants.O_NOCTTY);
    } catch (error) {
        const { code } = error as NodeJS.ErrnoException;
        if (code === 'ENOENT' || code === 'ENOTDIR')
            throw new ReeveError('NotFound', _('The file {path} does not exist', { path }), { cause: error });
        throw new ReeveError('InvalidArgument', _('{path} cannot be read: {code}', { path, code: code ?? '' }), {
            cause: error,
        });
    }
    if ((await file.stat()).isFile()) return file;
    await file.close();
    throw new ReeveError('InvalidArgument', _('{path} is not a regular file', { path }));
}

/** @returns whether the blocks are shared now; false where that is impossible */
async function share(source: FileHandle, target: string): Promise<boolean> {
    try {
        // The open file, even if its name leads elsewhere by now.
        const flags = constants.COPYFILE_FICLONE_FORCE | constants.COPYFILE_EXCL;
        await copyFile(`/proc/self/fd/${source.fd}`, target, flags);
        return true;
    } catch {
        return false;
    }
}

async function assertSpace(folder: string, size: number): Promise<void> {
    const { bavail, bsize } = await statfs(folder);
    const missing = size + diskReserve - bavail * bsize;
    if (missing <= 0) return;
    throw new ReeveError(
        'NoSpace',
        _('There is not enough disk space: {missing} MB more are needed', { missing: Math.ceil(missing / 1e6) }),
    );
}

async function writeAll(file: FileHandle, bytes: Buffer, position: number): Promise<void> {
    let written = 0;
    while (written < bytes.length)
        written += (await file.write(bytes, written, bytes.length - written, position + written)).bytesWritten;
}
