import { stat } from 'node:fs/promises';
import { homedir } from 'node:os';
import { join } from 'node:path';

import { listNames, type Machine } from '../machine.ts';
import { measureFolders, type WalkLimits } from './folders.ts';

/** What can be deleted without a loss: it is fetched, written or made again when it is needed. */
export const freeable = ['packages', 'journal', 'thumbnails'] as const;
export type Freeable = (typeof freeable)[number];

const limits: WalkLimits = { entries: 100_000, milliseconds: 3000 };

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
        archivedJournals(machine),
    ]);
    return {
        packages: caches.reduce((sum, size) => sum + size, 0),
        journal: Math.max(0, journal - kept),
        thumbnails,
    };
}

/** Of archived journals alone, as journalctl(1) deletes no others: sd_journal_open(3) names them with an "@", or "~" at the end. */
async function archivedJournals(machine: Machine): Promise<number> {
    const root = join(machine.root, 'var/log/journal');
    const folders = await listNames(machine, '/var/log/journal');
    const sizes = await Promise.all(
        folders.map(async folder => {
            const names = await listNames(machine, `/var/log/journal/${folder}`);
            const archived = names.filter(name => name.includes('@') || name.endsWith('~'));
            const states = await Promise.all(archived.map(name => stat(join(root, folder, name)).catch(() => null)));
            return states.reduce((sum, state) => sum + (state?.blocks ?? 0) * 512, 0);
        }),
    );
    return sizes.reduce((sum, size) => sum + size, 0);
}
