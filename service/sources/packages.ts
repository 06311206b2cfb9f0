import { stat } from 'node:fs/promises';
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

/** A transaction touches its directory many times; that often it is looked into at most. Milliseconds. */
const pause = 1000;
/** What is told before it is waited for that it is kept. */
const batch = 500;

/** Packages that were installed, upgraded or removed, whoever had it done. */
export const packages: SourceDefinition = {
    name: 'packages',
    async run({ root, home, database }, outlet, signal) {
        using inotify = new Inotify();
        const managerOf = new Map<string, PackageManager>();
        const touched = new Set<PackageManager>();
        let wake = Promise.withResolvers<undefined>();
        inotify.on('touched', directory => {
            const manager = managerOf.get(directory);
            if (manager === undefined) return;
            touched.add(manager);
            wake.resolve(undefined);
        });
        signal.addEventListener('abort', () => {
            wake.resolve(undefined);
        });

        for (const manager of managers) {
            for (const directory of manager.directories({ root, home })) {
                const inode = await inodeOf(directory);
                if (inode === null || inotify.watch(directory, inode) === 'absent') continue;
                managerOf.set(directory, manager);
                touched.add(manager);
            }
        }
        if (managerOf.size === 0) throw new SourceUnavailable(_('There is no package manager here that is known'));

        const look = async (manager: PackageManager) => {
            const key = `packages-${manager.name}`;
            const found = await manager.look({ root, home, remembered: database.getState(key), signal });
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
            const due = [...touched];
            touched.clear();
            for (const manager of due) await look(manager);
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

async function inodeOf(directory: string): Promise<number | null> {
    try {
        return (await stat(directory)).ino;
    } catch {
        // Not there, or not for us.
        return null;
    }
}
