import { readBytes, type Machine } from '../../machine/machine.ts';
import { apt } from './apt.ts';
import { dnf } from './dnf.ts';
import type { PackageManager } from './packageManager.ts';
import { pacman } from './pacman.ts';

/** Where each has its database, in the order in which they are looked for: a computer may have the programs of another one. */
const databases: readonly [string, PackageManager][] = [
    ['/var/lib/dpkg/status', apt],
    ['/var/lib/pacman/local/ALPM_DB_VERSION', pacman],
    ['/usr/lib/sysimage/rpm/rpmdb.sqlite', dnf],
    ['/var/lib/rpm/rpmdb.sqlite', dnf],
];

/** The package manager whose packages this computer consists of. */
export async function packageManagerOf(machine: Machine): Promise<PackageManager> {
    for (const [path, manager] of databases) if ((await readBytes(machine, path, 1))?.length === 1) return manager;
    return apt;
}
