import { lstat, opendir } from 'node:fs/promises';
import { join } from 'node:path';

import { safeText } from '../../text/sanitise.ts';
import { isAbsence } from '../machine.ts';
import type { Machine } from '../machine.ts';

/** @property time microseconds since the Unix epoch */
export type RecentFile = { path: string; time: number };

export type RecentFiles = { files: RecentFile[]; complete: boolean };

const entriesLimit = 20_000;

/** What programs write by themselves, so that a new time means nothing: caches, links of old init scripts, backups. */
const selfWritten =
    /\/rc[0-6S]\.d\/|-$|\/(?:ld\.so\.cache|mtab|adjtime|\.updated|\.pwd\.lock|subscriptions\.conf(?:\.O)?|resolv\.conf)$/;

/**
 * Files and links below `directory` whose contents changed since `since` (microseconds), newest first. Package managers
 * keep the time at which the package was made, so that what is found was edited here or by a program.
 */
export async function findRecentFiles(
    machine: Machine,
    directory: string,
    since: number,
    signal: AbortSignal,
): Promise<RecentFiles> {
    const files: RecentFile[] = [];
    const queue = [directory];
    let entries = 0;
    for (let next = queue.pop(); next !== undefined && entries < entriesLimit; next = queue.pop()) {
        try {
            for await (const entry of await opendir(join(machine.root, next))) {
                signal.throwIfAborted();
                entries += 1;
                const path = join(next, entry.name);
                if (entry.isDirectory()) {
                    queue.push(path);
                    continue;
                }
                const time = Math.round((await lstat(join(machine.root, path))).mtimeMs * 1000);
                if (time >= since && !selfWritten.test(path)) files.push({ path: safeText(path, 512), time });
            }
        } catch (error) {
            if (!isAbsence(error)) throw error;
        }
    }
    return { files: files.sort((a, b) => b.time - a.time), complete: entries < entriesLimit };
}
