import { homedir } from 'node:os';
import { join } from 'node:path';

import type { Machine } from '../machine.ts';
import { measureFolders, type WalkLimits } from './folders.ts';

/** What can be deleted without a loss: it is fetched, written or made again when it is needed. */
export const freeable = ['packages', 'journal', 'thumbnails'] as const;
export type Freeable = (typeof freeable)[number];

const limits: WalkLimits = { entries: 100_000, milliseconds: 3000 };
const units: Readonly<Record<string, number>> = { B: 1, K: 2 ** 10, M: 2 ** 20, G: 2 ** 30, T: 2 ** 40 };

/** Where the thumbnails of the Thumbnail Managing Standard are. */
export function thumbnailFolder(): string {
    return join(homedir(), '.cache/thumbnails');
}

/** Bytes that each takes on the disk. @param kept bytes of the journal that would stay */
export async function readFreeable(
    machine: Machine,
    { kept, signal }: { kept: number; signal: AbortSignal },
): Promise<Record<Freeable, number>> {
    const folders = ['var/cache/apt/archives', 'var/cache/dnf', 'var/cache/libdnf5', 'var/cache/pacman/pkg'];
    const sizeOf = async (folder: string) => (await measureFolders(folder, limits, signal)).size;
    const [caches, thumbnails, journal] = await Promise.all([
        Promise.all(folders.map(folder => sizeOf(join(machine.root, folder)))),
        sizeOf(thumbnailFolder()),
        journalSize(machine, signal),
    ]);
    return {
        packages: caches.reduce((sum, size) => sum + size, 0),
        journal: Math.max(0, journal - kept),
        thumbnails,
    };
}

/** "Archived and active journals take up 1.2G in the file system." */
async function journalSize(machine: Machine, signal: AbortSignal): Promise<number> {
    const text = await machine.run('journalctl', ['--disk-usage'], { signal, limit: 4096 });
    const { number = '0', unit = 'B' } = /take up (?<number>[\d.]+)(?<unit>[BKMGT])/.exec(text ?? '')?.groups ?? {};
    return Number(number) * (units[unit] ?? 1);
}
