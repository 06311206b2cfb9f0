import { stat } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';

import { _ } from '../i18n/i18n.ts';
import type { Change } from '../model/timelineEntry.ts';
import { SourceUnavailable } from './definition.ts';
import type { SourceDefinition } from './definition.ts';
import { Inotify } from './files/inotify.ts';
import { flatpak, rpm } from './packages/inventories.ts';
import { dpkg, pacman } from './packages/logs.ts';
import type { PackageEvent, PackageManager } from './packages/manager.ts';

const managers: readonly PackageManager[] = [dpkg, pacman, rpm, flatpak];

/** A transaction touches its directory many times; it is checked at most this often. Milliseconds. */
const pause = 1000;
/** How many are reported before waiting until they are stored. */
const batch = 500;

/** Packages that were installed, upgraded or removed, no matter by which program. */
export const packages: SourceDefinition = {
    name: 'packages',
    async run({ root, home, database }, outlet, signal) {
        using inotify = new Inotify();
        const directories = managers.flatMap(manager =>
            manager.directories({ root, home }).map(directory => ({ directory, manager })),
        );
        const touched = new Set<PackageManager>();
        let wake = Promise.withResolvers<undefined>();
        inotify.on('touched', (place, name) => {
            const isOnTheWay = (directory: string) => name !== null && isWithin(directory, join(place, name));
            for (const { directory, manager } of directories) if (directory === place) touched.add(manager);
            if (directories.some(({ directory }) => directory === place || isOnTheWay(directory)))
                wake.resolve(undefined);
        });
        inotify.on('overflow', () => {
            for (const manager of managers) touched.add(manager);
            wake.resolve(undefined);
        });
        signal.addEventListener('abort', () => {
            wake.resolve(undefined);
        });

        /** Watches the directories, or where the next one on the way to each will appear. */
        const enter = async () => {
            for (const { directory, manager } of directories) {
                if (inotify.has(directory)) continue;
                if ((await watchTowards(inotify, directory)) === directory) touched.add(manager);
            }
        };
        await enter();
        if (touched.size === 0) throw new SourceUnavailable(_('No known package manager is installed'));

        const poll = async (manager: PackageManager) => {
            const key = `packages-${manager.name}`;
            const found = await manager.poll({ root, home, remembered: database.getState(key), signal });
            if (found === null) return;
            for (const [index, event] of found.events.entries()) {
                outlet.emit(toChange(manager.name, event));
                if (index % batch === batch - 1) await outlet.kept();
            }
            await outlet.kept();
            database.setState(key, found.remember);
        };
        const isStopped = () => signal.aborted;
        for (let isFirst = true; !isStopped(); isFirst = false) {
            await enter();
            const due = [...touched];
            touched.clear();
            for (const manager of due) await poll(manager);
            if (isFirst) outlet.watching();
            if (touched.size === 0) await wake.promise;
            wake = Promise.withResolvers();
            if (isStopped()) return;
            await delay(pause, undefined, { signal }).catch(() => undefined);
        }
    },
};

function toChange(manager: string, { time, action, name, from, to }: PackageEvent): Change {
    const values = { name, from, to };
    const summaries: Record<PackageEvent['action'], string> = {
        installed: _('{name} {to} was installed', values),
        upgraded: _('{name} was upgraded from {from} to {to}', values),
        removed: _('{name} {from} was removed', values),
        changed: _('{name} {to} was installed or upgraded', values),
    };
    return {
        time,
        kind: 'package',
        event: action,
        subject: name,
        summary: summaries[action],
        detail: '',
        facts: { manager, from, to },
    };
}

function isWithin(path: string, directory: string): boolean {
    return path === directory || path.startsWith(`${directory}/`);
}

/** @returns the directory that is watched now: this one, or the innermost existing one above it; null when none may be */
async function watchTowards(inotify: Inotify, directory: string): Promise<string | null> {
    const nearest = await innermost(directory);
    if (nearest === null || inotify.watch(nearest.path, nearest.inode) === 'absent') return null;
    // The next one may have appeared before the watch began.
    const isCurrent = (await innermost(directory))?.path === nearest.path;
    return isCurrent ? nearest.path : await watchTowards(inotify, directory);
}

async function innermost(directory: string): Promise<{ path: string; inode: number } | null> {
    const inode = await inodeOf(directory);
    if (inode !== null) return { path: directory, inode };
    return directory === dirname(directory) ? null : await innermost(dirname(directory));
}

async function inodeOf(directory: string): Promise<number | null> {
    try {
        return (await stat(directory)).ino;
    } catch {
        // It does not exist, or we may not access it.
        return null;
    }
}
