import type { Stats } from 'node:fs';
import { chmod, mkdir, open, readdir, readFile, rename, rm, stat } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { syncFolder } from '../util/durableFiles.ts';
import { sha256 } from '../util/sha256.ts';

const hashPattern = /^[0-9a-f]{64}$/;

/** Configuration and a year of edits of it take far less; a daemon that writes all day must not fill the disk. Bytes. */
const usualLimit = 256 * 1024 * 1024;
/** A plan made this long ago may still need its stored content, to which nothing else refers yet. Milliseconds. */
const minimumAge = 60 * 60 * 1000;

/**
 * Contents of files, each under the SHA-256 of itself, in a folder of its own that is the user's alone. Equal contents
 * are kept once; content that no longer matches its name is not returned.
 */
export class Contents {
    readonly #folder: string;
    readonly #limit: number;
    /** What is kept, as the last sweep found it, and what was put since. */
    #bytes = 0;
    readonly #holders: (() => Iterable<string>)[] = [];

    /**
     * @param directory the state directory
     * @param limit in bytes
     */
    constructor(directory: string, limit = usualLimit) {
        this.#folder = join(directory, 'contents');
        this.#limit = limit;
    }

    static hashOf(bytes: Uint8Array): string {
        return sha256(bytes);
    }

    get isFull(): boolean {
        return this.#bytes >= this.#limit;
    }

    /** As `put`, but null when there is no room left for what is not kept yet. */
    async putWithinLimit(bytes: Uint8Array): Promise<string | null> {
        const hash = sha256(bytes);
        const isKept = async () => (await sizeOf(this.path(hash))) === bytes.length;
        return this.isFull && !(await isKept()) ? null : await this.#put(hash, bytes);
    }

    /** @returns the hash by which the contents can be read again */
    async put(bytes: Uint8Array): Promise<string> {
        return await this.#put(sha256(bytes), bytes);
    }

    async #put(hash: string, bytes: Uint8Array): Promise<string> {
        const path = this.path(hash);
        if ((await sizeOf(path)) === bytes.length) return hash;
        const folder = dirname(path);
        const isFirst = (await mkdir(folder, { recursive: true, mode: 0o700 })) !== undefined;
        await chmod(this.#folder, 0o700);
        // A kill leaves a partial file, which the next sweep deletes, and never one with the wrong contents.
        const partial = `${path}.${process.pid}.${Math.random().toString(36).slice(2)}.partial`;
        try {
            await write(partial, bytes);
            await rename(partial, path);
            // Without that, a power cut can take the name away: fsync(2).
            await syncFolder(folder);
            if (isFirst) await syncFolder(this.#folder);
        } catch (error) {
            await rm(partial, { force: true });
            throw error;
        }
        this.#bytes += bytes.length;
        return hash;
    }

    /** null when they are not stored, or were tampered with. */
    async get(hash: string): Promise<Buffer | null> {
        if (!hashPattern.test(hash)) return null;
        try {
            const bytes = await readFile(this.path(hash));
            return sha256(bytes) === hash ? bytes : null;
        } catch (error) {
            if ((error as NodeJS.ErrnoException).code === 'ENOENT') return null;
            throw error;
        }
    }

    path(hash: string): string {
        return join(this.#folder, hash.slice(0, 2), hash.slice(2));
    }

    /** @param hashes what no sweep deletes besides what is wanted there */
    hold(hashes: () => Iterable<string>): void {
        this.#holders.push(hashes);
    }

    /** Deletes all but `wanted` and what is held, except what was just stored. */
    async sweep(wanted: ReadonlySet<string>): Promise<void> {
        const held = new Set(this.#holders.flatMap(hashes => [...hashes()]));
        let left = 0;
        for (const prefix of await names(this.#folder)) {
            for (const rest of await names(join(this.#folder, prefix))) {
                const path = join(this.#folder, prefix, rest);
                const stats = await statIfThere(path);
                if (stats === null) continue;
                const isNew = Math.abs(Date.now() - stats.mtimeMs) < minimumAge;
                if (isNew || wanted.has(prefix + rest) || held.has(prefix + rest)) left += stats.size;
                else await rm(path, { force: true });
            }
        }
        this.#bytes = left;
    }
}

async function names(folder: string): Promise<string[]> {
    try {
        return await readdir(folder);
    } catch (error) {
        if ((error as NodeJS.ErrnoException).code === 'ENOENT') return [];
        throw error;
    }
}

async function sizeOf(path: string): Promise<number | null> {
    return (await statIfThere(path))?.size ?? null;
}

async function statIfThere(path: string): Promise<Stats | null> {
    try {
        return await stat(path);
    } catch (error) {
        if ((error as NodeJS.ErrnoException).code === 'ENOENT') return null;
        throw error;
    }
}

/** Resolves once the bytes are on disk: renamed before that, a file can be empty after a power cut, fsync(2). */
async function write(path: string, bytes: Uint8Array): Promise<void> {
    await using file = await open(path, 'wx', 0o600);
    await file.writeFile(bytes);
    await file.sync();
}
