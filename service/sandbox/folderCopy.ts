/** The copy of a folder that a command may change, and what it changed in there. */
import type { BigIntStats } from 'node:fs';
import { lstat, opendir, readlink } from 'node:fs/promises';
import { join } from 'node:path';

import type { FileChange } from '../actions/commands/commandRun.ts';
import { keptFile, type KeptFile, type NotKept } from '../actions/commands/keptFile.ts';
import { _ } from '../i18n/i18n.ts';
import type { Contents } from '../store/contents.ts';
import { safeText } from '../text/sanitise.ts';
import { ReeveError } from '../util/errors.ts';

export type CopyLimits = { entries: number; bytes: number };

/** What is copied within seconds, and does not fill a disk. */
const usualLimits: CopyLimits = { entries: 50_000, bytes: 1024 ** 3 };

/** Something that the command changed and that cannot be part of a plan, with the reason in words. */
export type LeftOut = { path: string; why: string };

type Kind = 'file' | 'folder' | 'link' | 'other';
type Entry = { name: string; kind: Kind; stamp: string; size: number };

/** PATH_MAX of linux/limits.h, less what is before the copy. */
const longestName = 3500;

/** Runs a program to its end. @throws ReeveError Unavailable when it fails */
export type RunToEnd = (program: string, argv: readonly string[], signal: AbortSignal) => Promise<void>;

export class FolderCopy {
    /** The folder itself. */
    readonly folder: string;
    /** Where its copy is. */
    readonly copy: string;
    readonly #before: ReadonlyMap<string, Entry>;
    readonly #limits: CopyLimits;

    private constructor(folder: string, copy: string, before: ReadonlyMap<string, Entry>, limits: CopyLimits) {
        this.folder = folder;
        this.copy = copy;
        this.#before = before;
        this.#limits = limits;
    }

    /**
     * Copies a folder; on filesystems that can, without copying the data (`--reflink`). Nothing of other filesystems in it is copied.
     *
     * @param copy a path of which nothing is there yet, in a folder that only the user can enter
     * @throws ReeveError TooLarge, Unavailable
     */
    static async make(
        folder: string,
        copy: string,
        { run, signal, limits = usualLimits }: { run: RunToEnd; signal: AbortSignal; limits?: CopyLimits },
    ): Promise<FolderCopy> {
        let [entries, bytes] = [0, 0];
        for await (const { size } of walk(folder, signal)) {
            entries += 1;
            bytes += size;
            if (entries > limits.entries || bytes > limits.bytes) throw tooLarge(folder, limits);
        }
        // Owners and permissions are left out: no copy of a program runs as its owner.
        const options = ['--recursive', '--no-dereference', '--preserve=timestamps,links', '--reflink=auto'];
        await run('cp', [...options, '--one-file-system', '--no-target-directory', '--', folder, copy], signal);
        const before = new Map<string, Entry>();
        for await (const entry of walk(copy, signal)) before.set(entry.name, entry);
        return new FolderCopy(folder, copy, before, limits);
    }

    /**
     * What is different from the folder now, in the order in which it can be done there. Nothing may be running in the copy any more.
     *
     * @throws ReeveError TooLarge when there are more files than the limits allow
     */
    async changes(contents: Contents, signal: AbortSignal): Promise<{ changes: FileChange[]; leftOut: LeftOut[] }> {
        const after = new Map<string, Entry>();
        for await (const entry of walk(this.copy, signal)) {
            after.set(entry.name, entry);
            if (after.size > 2 * this.#limits.entries) throw tooLarge(this.folder, this.#limits);
        }
        const result = new Changes(this, contents);
        for (const [name, { kind }] of [...this.#before].toReversed()) {
            const now = after.get(name);
            if (now?.kind !== kind) await result.deleted(name, kind);
        }
        for (const [name, { kind, stamp }] of after) {
            const old = this.#before.get(name);
            if (old?.kind !== kind) await result.created(name, kind);
            // Of a folder, the time of change says only that something in it was created or deleted.
            else if (old.stamp !== stamp && kind !== 'folder') await result.edited(name, kind);
        }
        return result;
    }
}

/** Collects the changes of one copy. */
class Changes {
    readonly changes: FileChange[] = [];
    readonly leftOut: LeftOut[] = [];
    readonly #of: FolderCopy;
    readonly #contents: Contents;

    constructor(of: FolderCopy, contents: Contents) {
        this.#of = of;
        this.#contents = contents;
    }

    async created(name: string, kind: Kind): Promise<void> {
        const path = this.#pathOf(name);
        if (path === null) return;
        if (kind === 'folder') this.changes.push({ kind, path, isThere: true });
        else if (kind === 'link')
            this.changes.push({ kind, path, target: await readlink(join(this.#of.copy, name)), isThere: true });
        else await this.#add(path, null, await keptFile(join(this.#of.copy, name), path));
    }

    async deleted(name: string, kind: Kind): Promise<void> {
        const path = this.#pathOf(name);
        if (path === null) return;
        if (kind === 'folder') this.changes.push({ kind, path, isThere: false });
        else if (kind === 'link') this.changes.push({ kind, path, target: await readlink(path), isThere: false });
        else await this.#add(path, await keptFile(path), null);
    }

    async edited(name: string, kind: Kind): Promise<void> {
        const path = this.#pathOf(name);
        if (path === null) return;
        const copy = join(this.#of.copy, name);
        if (kind === 'link') {
            if ((await readlink(copy)) === (await readlink(path))) return;
            await this.deleted(name, kind);
            await this.created(name, kind);
        } else await this.#add(path, await keptFile(path), await keptFile(copy, path));
    }

    /** null for a name that nobody could read in a plan. */
    #pathOf(name: string): string | null {
        const path = join(this.#of.folder, name);
        if (safeText(path, longestName) === path) return path;
        this.leftOut.push({ path: safeText(path, 256), why: _('its name has characters that do not show') });
        return null;
    }

    async #add(path: string, before: KeptFile | NotKept | null, after: KeptFile | NotKept | null): Promise<void> {
        if (typeof before === 'string' || typeof after === 'string') {
            const why = typeof before === 'string' ? before : after;
            if (typeof why === 'string') this.leftOut.push({ path, why: reason(why) });
            return;
        }
        const { permissions } = after ?? before ?? { permissions: '' };
        const [old, now] = [await this.#keep(before), await this.#keep(after)];
        if (old !== now) this.changes.push({ kind: 'file', path, before: old, after: now, permissions });
    }

    async #keep(file: KeptFile | null): Promise<string | null> {
        return file === null ? null : await this.#contents.put(file.bytes);
    }
}

function reason(of: NotKept): string {
    switch (of) {
        case 'special':
            return _('it is neither a file nor a folder nor a link');
        case 'large':
            return _('it is larger than 1 MiB');
        case 'secret':
            return _('it may hold a secret, and Reeve keeps no copy of one');
        case 'unreadable':
            return _('it cannot be read');
    }
}

/**
 * Everything in a folder, each folder before what is in it. Links are not followed, and other filesystems are not entered. What has no
 * valid name, or cannot be read, is left out.
 */
async function* walk(folder: string, signal: AbortSignal): AsyncGenerator<Entry, void> {
    const { dev } = await lstat(folder);
    const open = [''];
    for (let next = open.pop(); next !== undefined; next = open.pop()) {
        const entries = await opendir(join(folder, next)).catch(unlessGone);
        if (entries === null) continue;
        for await (const { name } of entries) {
            signal.throwIfAborted();
            const inner = join(next, name);
            const stats =
                inner.length > longestName
                    ? null
                    : await lstat(join(folder, inner), { bigint: true }).catch(unlessGone);
            if (stats?.dev !== BigInt(dev)) continue;
            const kind = kindOf(stats);
            const stamp = `${stats.ino} ${stats.size} ${stats.mtimeNs} ${stats.ctimeNs}`;
            yield { name: inner, kind, stamp, size: kind === 'file' ? Number(stats.size) : 0 };
            if (kind === 'folder') open.push(inner);
        }
    }
}

function kindOf(stats: BigIntStats): Kind {
    if (stats.isFile()) return 'file';
    if (stats.isDirectory()) return 'folder';
    return stats.isSymbolicLink() ? 'link' : 'other';
}

function unlessGone(error: unknown): null {
    const { code } = error as NodeJS.ErrnoException;
    if (['ENOENT', 'ENOTDIR', 'EACCES', 'ENAMETOOLONG', 'ELOOP'].includes(code ?? '')) return null;
    throw error;
}

function tooLarge(folder: string, { entries, bytes }: CopyLimits): ReeveError {
    return new ReeveError(
        'TooLarge',
        _('{folder} has more than {entries} files or {size} MiB. Choose a smaller folder', {
            folder,
            entries,
            size: bytes / 1024 ** 2,
        }),
    );
}
