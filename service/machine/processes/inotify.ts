import { open, readlink } from 'node:fs/promises';
import { join } from 'node:path';

import { isAbsence, listNames, ownerOf, readText } from '../machine.ts';
import type { Machine } from '../machine.ts';
import { listProcesses } from './processes.ts';

/** How much of inotify(7) a user's programs use, and how much the kernel allows each user. */
export type InotifyUse = { watches: number; instances: number; mostWatches: number; mostInstances: number };

const folder = '/proc/sys/fs/inotify';
/** A line for each watch, behind "pos:", "flags:", "mnt_id:" and "ino:": proc_pid_fdinfo(5). */
const watchLine = Buffer.from('\ninotify ');
const chunk = 65_536;

/**
 * Counts the watches of one user. The time grows with the number of watches, up to about a second for a million.
 *
 * @returns null where the kernel does not give its limits
 */
export async function readInotifyUse(machine: Machine, uid: number, signal: AbortSignal): Promise<InotifyUse | null> {
    const [mostWatches, mostInstances] = await Promise.all(
        ['max_user_watches', 'max_user_instances'].map(async name =>
            Number((await readText(machine, `${folder}/${name}`, 64)) ?? NaN),
        ),
    );
    if (!mostWatches || !mostInstances) return null;
    const use: InotifyUse = { watches: 0, instances: 0, mostWatches, mostInstances };
    for (const pid of await listProcesses(machine)) {
        signal.throwIfAborted();
        if ((await ownerOf(machine, `/proc/${pid}`)) !== uid) continue;
        for (const descriptor of await listNames(machine, `/proc/${pid}/fd`)) {
            if (!(await isInstance(machine, `/proc/${pid}/fd/${descriptor}`))) continue;
            use.instances += 1;
            use.watches += await countWatches(machine, `/proc/${pid}/fdinfo/${descriptor}`);
        }
    }
    return use;
}

async function isInstance(machine: Machine, path: string): Promise<boolean> {
    try {
        return (await readlink(join(machine.root, path))) === 'anon_inode:inotify';
    } catch (error) {
        if (isAbsence(error)) return false;
        throw error;
    }
}

async function countWatches(machine: Machine, path: string): Promise<number> {
    machine.onRead?.(path);
    try {
        await using file = await open(join(machine.root, path));
        const buffer = Buffer.allocUnsafe(watchLine.length + chunk);
        let kept = 0;
        let count = 0;
        for (;;) {
            const { bytesRead } = await file.read(buffer, kept, chunk);
            if (bytesRead === 0) return count;
            const end = kept + bytesRead;
            const text = buffer.subarray(0, end);
            for (let at = text.indexOf(watchLine); at >= 0; at = text.indexOf(watchLine, at + 1)) count += 1;
            // A line may begin at the end of what was read; of one that was counted less than all is left.
            kept = Math.min(watchLine.length - 1, end);
            buffer.copy(buffer, 0, end - kept, end);
        }
    } catch (error) {
        if (isAbsence(error)) return 0;
        throw error;
    }
}
