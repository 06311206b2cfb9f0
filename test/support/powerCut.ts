// A disk that loses power: a file system on a loop device, of which only what has reached the device outlasts a cut.
import { spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, renameSync, rmSync, truncateSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { ensureHostPackages, isPresent } from './hostPackages.ts';

const megabyte = 1_048_576;
/** What makes each, how large it must be at least, and how it is mounted: nothing but fsync(2) should have it write for minutes. */
const kinds = {
    ext4: {
        make: ['mkfs.ext4', '-q', '-E', 'lazy_itable_init=0,lazy_journal_init=0'],
        brings: 'e2fsprogs',
        size: 64 * megabyte,
        options: 'loop,commit=300',
    },
    // The one before the cut may live on for a moment, where another program has just copied the table of mounts.
    xfs: { make: ['mkfs.xfs', '-q'], brings: 'xfsprogs', size: 300 * megabyte, options: 'loop,nouuid' },
    btrfs: {
        make: ['mkfs.btrfs', '--quiet'],
        brings: 'btrfs-progs',
        size: 128 * megabyte,
        options: 'loop,commit=300',
    },
} as const;
export type FileSystem = keyof typeof kinds;
export const fileSystems = Object.keys(kinds) as FileSystem[];

/** Why there can be no such disk here; null when there can. */
export function whyNoDisk(kind: FileSystem): string | null {
    if (process.getuid?.() !== 0) return 'only root can mount one';
    const missing = ensureHostPackages({ [kinds[kind].make[0]]: kinds[kind].brings });
    if (missing.length > 0 || !isPresent('losetup')) return `there is no ${[...missing, 'losetup'][0] ?? ''}`;
    try {
        new Disk(kind)[Symbol.dispose]();
        return null;
    } catch (error) {
        return String(error);
    }
}

export class Disk implements Disposable {
    readonly #kind: FileSystem;
    readonly #folder = mkdtempSync(join(tmpdir(), 'reeve-disk-'));
    readonly #image = join(this.#folder, 'image');
    /** Where it is mounted. */
    readonly path: string = join(this.#folder, 'mounted');
    #isMounted = false;

    constructor(kind: FileSystem) {
        this.#kind = kind;
        const { make, size } = kinds[kind];
        mkdirSync(this.path);
        writeFileSync(this.#image, '');
        truncateSync(this.#image, size);
        try {
            run([...make, this.#image]);
            this.#mount();
        } catch (error) {
            rmSync(this.#folder, { recursive: true });
            throw error;
        }
    }

    /** What has been written so far is on the device. */
    sync(): void {
        run(['sync', '--file-system', this.path]);
    }

    /** The power goes, and comes back: what had not reached the device is lost. No program may have a file of it open. */
    cut(): void {
        const left = `${this.#image}.left`;
        run(['cp', '--sparse=always', '--', this.#image, left]);
        this.#unmount();
        renameSync(left, this.#image);
        this.#mount();
    }

    [Symbol.dispose](): void {
        if (this.#isMounted) this.#unmount();
        rmSync(this.#folder, { recursive: true });
    }

    #mount(): void {
        run(['mount', '-o', kinds[this.#kind].options, this.#image, this.path]);
        this.#isMounted = true;
    }

    #unmount(): void {
        run(['umount', this.path]);
        this.#isMounted = false;
    }
}

function run([program = '', ...argv]: readonly string[]): void {
    const { status, stderr, error } = spawnSync(program, argv, { encoding: 'utf8' });
    if (status !== 0) throw new Error(`${program} failed: ${error?.message ?? stderr.trim()}`);
}
