import { stat, statfs } from 'node:fs/promises';

import type { Evidence } from '../../model/incident.ts';
import { safeText } from '../../text/sanitise.ts';
import { fact } from '../evidence.ts';
import { isAbsence, readText } from '../machine.ts';
import type { Machine } from '../machine.ts';

/** A line of /proc/PID/mountinfo, as proc_pid_mountinfo(5) describes it. */
export type Mount = { device: string; root: string; path: string; readOnly: boolean; type: string; source: string };

/** In bytes; `available` is what a program without special rights may still write. */
export type Filesystem = {
    /** Where it is mounted; a path to show, made safe. */
    path: string;
    type: string;
    source: string;
    readOnly: boolean;
    size: number;
    used: number;
    available: number;
    /** Share of the inodes in use, 0 to 1; null for filesystems that have no fixed number of them. */
    inodesUsed: number | null;
    evidence: Evidence;
};

/** Asking these may wait for ever for a server that is away. */
const remoteTypes = new Set(['nfs', 'nfs4', 'cifs', 'smb3', 'ceph', 'afs', 'glusterfs', '9p']);
/** Images that are full by nature. */
const imageTypes = new Set(['squashfs', 'erofs', 'iso9660', 'udf', 'cramfs']);
/** Filesystems on disks whose mounts do not name a device node. */
const pooledTypes = new Set(['zfs', 'btrfs', 'bcachefs', 'virtiofs']);

export function parseMounts(text: string): Mount[] {
    const mounts: Mount[] = [];
    for (const line of text.split('\n')) {
        const [mountPart = '', sourcePart] = line.split(' - ');
        if (sourcePart === undefined) continue;
        const [, , device = '', root = '', path = '', options = ''] = mountPart.split(' ');
        const [type = '', source = '', ofFilesystem = ''] = sourcePart.split(' ');
        mounts.push({
            device,
            root: unescapeMount(root),
            path: unescapeMount(path),
            // The kernel makes a whole filesystem read-only after an error, and leaves the options of its mounts.
            readOnly: `${options},${ofFilesystem}`.split(',').includes('ro'),
            type,
            source: unescapeMount(source),
        });
    }
    return mounts;
}

/** Space, tab, line break and backslash are octal escapes in mountinfo and in fstab(5). */
export function unescapeMount(text: string): string {
    return text.replace(/\\([0-7]{3})/g, (_escape, digits: string) => String.fromCharCode(parseInt(digits, 8)));
}

const isRemote = ({ type }: Mount) => remoteTypes.has(type) || /^fuse\.(?:sshfs|rclone|davfs)/.test(type);

/**
 * One mount for each filesystem that people put files on: on a disk, or the root whatever it is. Of several mounts of one
 * filesystem the whole one with the shortest path counts.
 */
export function chooseMounts(mounts: readonly Mount[]): { local: Mount[]; remote: Mount[] } {
    const remote = mounts.filter(isRemote);
    const chosen = new Map<string, Mount>();
    for (const mount of mounts) {
        if (remote.includes(mount) || imageTypes.has(mount.type)) continue;
        const isRoot = mount.path === '/' && !(mount.type === 'overlay' && mount.readOnly);
        const isDisk = mount.source.startsWith('/dev/') || pooledTypes.has(mount.type);
        const isWhole = mount.root === '/' || mount.type === 'btrfs';
        if (!isRoot && !(isDisk && isWhole)) continue;
        const other = chosen.get(mount.device);
        if (other === undefined || mount.path.length < other.path.length) chosen.set(mount.device, mount);
    }
    return { local: [...chosen.values()], remote };
}

/** Filesystems of this computer, fullest first, and the remote ones, which are not asked. */
export async function readFilesystems(
    machine: Machine,
): Promise<{ filesystems: Filesystem[]; remote: Mount[] } | null> {
    const text = await readText(machine, '/proc/self/mountinfo', 1_048_576);
    if (text === null) return null;
    const { local, remote } = chooseMounts(parseMounts(text));
    const measured = await Promise.all(local.map(measure));
    const filesystems = measured.filter(filesystem => filesystem !== null);
    return { filesystems: filesystems.sort((a, b) => usedShare(b) - usedShare(a)), remote };
}

/**
 * The filesystem of this computer that holds a path, which need not be one of `readFilesystems`; null for a remote one,
 * which is not asked, and where it is unknown.
 *
 * @param path absolute, links followed
 */
export async function readFilesystemOf(machine: Machine, path: string): Promise<Filesystem | null> {
    const mounts = parseMounts((await readText(machine, '/proc/self/mountinfo', 1_048_576)) ?? '');
    const holding = mounts.filter(mount => `${path}/`.startsWith(mount.path === '/' ? '/' : `${mount.path}/`));
    // Of several at one place the last covers the others.
    const mount = holding.reduce<Mount | null>(
        (best, next) => (best !== null && best.path.length > next.path.length ? best : next),
        null,
    );
    return mount === null || isRemote(mount) ? null : measure(mount);
}

/** Parts of the kernel's and the service manager's own that are memory, and that no program saves anything in. */
const inner = /^\/(?:sys|proc|dev(?!\/shm$)|run\/(?:credentials|netns|lock))(?:\/|$)/;
/** Sticks and disks that people plug in, and fill on purpose. */
const removable = /^\/(?:run\/)?media\//;

/**
 * Filesystems that hurt when they get full: those of `readFilesystems` and those in memory, such as /tmp; not what was
 * plugged in, and not the system partition of the firmware, which is as large as what is in it.
 */
export async function readSpace(machine: Machine): Promise<Filesystem[]> {
    const mounts = parseMounts((await readText(machine, '/proc/self/mountinfo', 1_048_576)) ?? '');
    const inMemory = mounts.filter(({ type, path }) => type === 'tmpfs' && !inner.test(path));
    const wanted = [...chooseMounts(mounts).local, ...inMemory].filter(
        ({ type, path }) => type !== 'vfat' && !removable.test(path),
    );
    return (await Promise.all(wanted.map(measure))).filter(filesystem => filesystem !== null);
}

async function measure(mount: Mount): Promise<Filesystem | null> {
    try {
        if (!(await stat(mount.path)).isDirectory()) return null;
        const { bsize, blocks, bfree, bavail, files, ffree } = await statfs(mount.path);
        if (blocks === 0) return null;
        return {
            path: safeText(mount.path, 256),
            type: mount.type,
            source: safeText(mount.source, 256),
            readOnly: mount.readOnly,
            size: blocks * bsize,
            used: (blocks - bfree) * bsize,
            available: bavail * bsize,
            inodesUsed: files > 0 ? (files - ffree) / files : null,
            evidence: fact(
                'system',
                `statfs ${safeText(mount.path, 256)}`,
                `${mount.type} on ${mount.source}: ${blocks} blocks of ${bsize} B, ${bfree} free, ${bavail} available; ` +
                    `${files} inodes, ${ffree} free`,
            ),
        };
    } catch (error) {
        if (isAbsence(error)) return null;
        throw error;
    }
}

/** As df(1) reckons it: what is kept for root counts neither as used nor as available. */
export function usedShare({ used, available }: Pick<Filesystem, 'used' | 'available'>): number {
    return used + available === 0 ? 1 : used / (used + available);
}

/** What GNOME calls low disk space: free-percent-notify and free-size-gb-no-notify of gsd-disk-space.c. */
const lowShare = 0.05;
const lowSize = 2 * 1024 ** 3;
/** Nothing of use fits into less. Bytes. */
const smallest = 4 * 1024 ** 2;

/**
 * Whether little is left on a filesystem.
 *
 * @param margin how much more than little must be left; above 1 for one that was short, so that it does not flutter
 */
export function isShort(
    { size, available, readOnly }: Pick<Filesystem, 'size' | 'available' | 'readOnly'>,
    margin = 1,
): boolean {
    return !readOnly && size >= smallest && available < margin * Math.min(lowSize, size * lowShare);
}
