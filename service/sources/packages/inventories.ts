import { readdir, readlink, stat } from 'node:fs/promises';
import { join } from 'node:path';

import * as z from 'zod';

import { isAbsence } from '../../machine/machine.ts';
import { parseRpmQuery } from '../../machine/packages/packages.ts';
import { run } from '../../machine/run.ts';
import type { PollContext, PackageEvent, PackageManager } from './manager.ts';
import { readJson } from '../../store/stored.ts';

/** Name → version of the installed packages. */
type Inventory = Record<string, string>;

const memory = z.object({ stamp: z.string(), packages: z.record(z.string(), z.string()) });

const rpmDirectories = ['usr/lib/sysimage/rpm', 'var/lib/rpm'];
/** The database in its formats: SQLite, Berkeley DB, ndb. */
const rpmFiles = ['rpmdb.sqlite', 'rpmdb.sqlite-wal', 'Packages', 'Packages.db'];

/** DNF, YUM and zypper keep logs in formats of their own; the database of rpm(8) has the installed packages. */
export const rpm = inventoried({
    name: 'rpm',
    directories: ({ root }) => rpmDirectories.map(directory => join(root, directory)),
    stamp: async ({ root }) => {
        const files = rpmDirectories.flatMap(directory => rpmFiles.map(file => join(root, directory, file)));
        return (await Promise.all(files.map(stampOf))).join(' ');
    },
    async read({ root, signal }) {
        const argv = ['--root', root, '-qa', '--queryformat', '%{INSTALLTIME} %{NAME} %{VERSION}-%{RELEASE}\\n'];
        const output = await run('rpm', argv, { signal, timeout: 30_000, limit: 4_194_304 });
        return Object.fromEntries(parseRpmQuery(output ?? '').map(({ name, to }) => [name, to]));
    },
});

/** Installations of Flatpak: it touches `.changed` in them after each change (flatpak_dir_mark_changed()). */
const flatpakDirectories = ({ root, home }: Pick<PollContext, 'root' | 'home'>) => [
    join(root, 'var/lib/flatpak'),
    join(home, '.local/share/flatpak'),
];

/** A version is the beginning of the commit that `active` in the folder of an application or runtime leads to. */
export const flatpak = inventoried({
    name: 'flatpak',
    directories: flatpakDirectories,
    stamp: async machine => {
        const files = flatpakDirectories(machine).map(directory => join(directory, '.changed'));
        return (await Promise.all(files.map(stampOf))).join(' ');
    },
    async read(machine) {
        const inventory: Inventory = {};
        for (const directory of flatpakDirectories(machine)) {
            for (const kind of ['app', 'runtime']) {
                for (const path of await below(join(directory, kind), 3)) {
                    const commit = await readlink(join(directory, kind, path, 'active')).catch(() => null);
                    const [id = '', , branch = ''] = path.split('/');
                    if (commit !== null) inventory[`${id}//${branch}`] = commit.slice(0, 12);
                }
            }
        }
        return inventory;
    },
});

function inventoried({
    name,
    directories,
    stamp,
    read,
}: {
    name: string;
    directories: PackageManager['directories'];
    /** Differs whenever something may have changed; only blanks when the manager is not there. */
    stamp: (machine: PollContext) => Promise<string>;
    read: (machine: PollContext) => Promise<Inventory>;
}): PackageManager {
    return {
        name,
        directories,
        async poll(context) {
            const now = await stamp(context);
            if (now.trim() === '') return null;
            const before = context.remembered === null ? null : readJson(context.remembered, memory, name);
            if (before?.stamp === now) return { events: [], remember: JSON.stringify(before) };
            const packages = await read(context);
            const events = before === null ? [] : compare(before.packages, packages);
            return { events, remember: JSON.stringify({ stamp: now, packages }) };
        },
    };
}

function compare(before: Inventory, after: Inventory): PackageEvent[] {
    const time = Date.now() * 1000;
    const names = new Set([...Object.keys(before), ...Object.keys(after)]);
    return [...names]
        .filter(name => before[name] !== after[name])
        .map(name => {
            const from = before[name] ?? '';
            const to = after[name] ?? '';
            const action = from === '' ? 'installed' : to === '' ? 'removed' : 'upgraded';
            return { time, action, name, from, to };
        });
}

async function stampOf(path: string): Promise<string> {
    try {
        const { ino, size, mtimeMs } = await stat(path);
        return `${ino}:${size}:${mtimeMs}`;
    } catch (error) {
        if (isAbsence(error)) return '';
        throw error;
    }
}

/** The paths this many levels below a directory. */
async function below(directory: string, levels: number): Promise<string[]> {
    if (levels === 0) return [''];
    try {
        const entries = await readdir(directory, { withFileTypes: true });
        const folders = entries.filter(entry => entry.isDirectory()).map(({ name }) => name);
        const paths = await Promise.all(
            folders.map(async name => (await below(join(directory, name), levels - 1)).map(rest => join(name, rest))),
        );
        return paths.flat();
    } catch (error) {
        if (isAbsence(error)) return [];
        throw error;
    }
}
