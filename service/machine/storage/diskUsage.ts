import { lstat, readdir } from 'node:fs/promises';
import { join } from 'node:path';

import { measureFolders } from './folders.ts';
import type { WalkLimits } from './folders.ts';
import { isAbsence } from '../machine.ts';
import { findOldKernels } from '../packages/oldKernels.ts';

/** Disk usage that nobody would miss; `folder` may hold anything. */
export type DiskUsage = {
    what: 'trash' | 'journal' | 'downloads' | 'kernels' | 'dumps' | 'caches' | 'folder';
    path: string;
    /** Bytes on the disk. */
    size: number;
};

/** Where each of them is, by systemd-journald(8), apt(8), dnf(8), pacman(8), PackageKit, coredump.conf(5), and the Trash and Base Directory specifications. */
const places: readonly { what: DiskUsage['what']; system?: string; ofHome?: string }[] = [
    { what: 'trash', ofHome: '.local/share/Trash' },
    { what: 'caches', ofHome: '.cache' },
    { what: 'journal', system: 'var/log/journal' },
    { what: 'downloads', system: 'var/cache/apt/archives' },
    { what: 'downloads', system: 'var/cache/dnf' },
    { what: 'downloads', system: 'var/cache/libdnf5' },
    { what: 'downloads', system: 'var/cache/pacman/pkg' },
    { what: 'downloads', system: 'var/cache/PackageKit' },
    { what: 'dumps', system: 'var/lib/systemd/coredump' },
];

const knownLimits = { entries: 50_000, milliseconds: 1000 };
/** So that a diagnosis ends in time. */
const folderLimits = { entries: 150_000, milliseconds: 4000 };
/** Below this it makes no difference. Bytes. */
const worthNaming = 100_000_000;
const named = 3;

/**
 * What uses the most space on a filesystem, largest first: what is known to grow, and where that is little, the largest folder.
 *
 * @param options.place where the filesystem is mounted
 * @param options.least what is not worth naming, in bytes
 */
export async function findDiskUsage(
    { root, home, place, least = worthNaming }: { root: string; home: string; place: string; least?: number },
    signal: AbortSignal,
): Promise<DiskUsage[]> {
    const device = await deviceOf(place);
    const found: DiskUsage[] = [];
    for (const { what, system, ofHome } of places) {
        const path = system === undefined ? join(home, ofHome ?? '') : join(root, system);
        if (device !== null && (await deviceOf(path)) === device)
            found.push({ what, path, size: await sizeOf(path, knownLimits, signal) });
    }
    found.push(...(await measureKernels(root, device, signal)));
    const worth = found.filter(({ size }) => size >= least).sort((one, other) => other.size - one.size);
    if (worth.length > 0) return worth.slice(0, named);
    const { folders } = await measureFolders(place, folderLimits, signal);
    return folders
        .filter(({ size }) => size >= least)
        .slice(0, named)
        .map(({ path, size }) => ({ what: 'folder', path, size }));
}

/** What the kernels take that no start needs. */
async function measureKernels(root: string, device: number | null, signal: AbortSignal): Promise<DiskUsage[]> {
    const old = await findOldKernels(root);
    const boot = join(root, 'boot');
    const files = (await namesIn(boot)).filter(name => old.some(version => name.endsWith(`-${version}`)));
    const paths = [...old.map(name => join(root, 'usr/lib/modules', name)), ...files.map(name => join(boot, name))];
    let size = 0;
    for (const path of paths) if ((await deviceOf(path)) === device) size += await sizeOf(path, knownLimits, signal);
    return size === 0 ? [] : [{ what: 'kernels', path: boot, size }];
}

async function sizeOf(path: string, limits: WalkLimits, signal: AbortSignal): Promise<number> {
    // A kernel may be removed meanwhile.
    const status = await unlessAbsent(() => lstat(path));
    if (status === null) return 0;
    return status.isDirectory() ? (await measureFolders(path, limits, signal)).size : status.blocks * 512;
}

async function deviceOf(path: string): Promise<number | null> {
    return unlessAbsent(async () => (await lstat(path)).dev);
}

async function namesIn(path: string): Promise<string[]> {
    return (await unlessAbsent(() => readdir(path))) ?? [];
}

async function unlessAbsent<T>(measure: () => Promise<T>): Promise<T | null> {
    try {
        return await measure();
    } catch (error) {
        if (isAbsence(error)) return null;
        throw error;
    }
}
