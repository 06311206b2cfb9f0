import { stat } from 'node:fs/promises';
import { homedir } from 'node:os';
import { join } from 'node:path';

import { listNames, type Machine } from '../machine.ts';
import { measureFolders, type WalkLimits } from './folders.ts';

/**
 * What can be deleted, in the order of what is missed least. The first is fetched or made again when it is needed, and of the
 * others only the trash can hold what a person made.
 */
export const freeable = ['packages', 'thumbnails', 'dumps', 'journal', 'trash'] as const;
export type Freeable = (typeof freeable)[number];

const limits: WalkLimits = { entries: 100_000, milliseconds: 3000 };

/** Where systemd-coredump(8) keeps the memory of programs that crashed. */
export const dumpFolder = '/var/lib/systemd/coredump';

/** Where the thumbnails of the Thumbnail Managing Standard are. */
export function thumbnailFolder(): string {
    return join(homedir(), '.cache/thumbnails');
}

/** The trash of the home folder, as the Trash Specification has it. */
export function trashFolder(): string {
    return join(homedir(), '.local/share/Trash');
}

/** Bytes that each takes on the disk. @param kept bytes of the journal that would stay */
export async function readFreeable(
    machine: Machine,
    { kept, signal }: { kept: number; signal: AbortSignal },
): Promise<Record<Freeable, number>> {
    const folders = ['var/cache/apt/archives', 'var/cache/dnf', 'var/cache/libdnf5', 'var/cache/pacman/pkg'];
    const sizeOf = async (folder: string) => (await measureFolders(folder, limits, signal)).size;
    const [caches, thumbnails, dumps, journal, trash] = await Promise.all([
        Promise.all(folders.map(folder => sizeOf(join(machine.root, folder)))),
        sizeOf(thumbnailFolder()),
        sizeOf(join(machine.root, dumpFolder)),
        archivedJournals(machine),
        sizeOf(join(trashFolder(), 'files')),
    ]);
    return {
        packages: caches.reduce((sum, size) => sum + size, 0),
        thumbnails,
        dumps,
        journal: Math.max(0, journal - kept),
        trash,
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
