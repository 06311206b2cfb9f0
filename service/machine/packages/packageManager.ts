import * as z from 'zod';

import { readBytes, type Machine } from '../machine.ts';

/** Names of packages of Debian (deb-control(5)), RPM and Arch: no option, no pattern. */
export const packageName = z
    .string()
    .min(1)
    .max(128)
    .regex(/^[A-Za-z0-9][A-Za-z0-9+._-]*$/, 'is not the name of a package');

export type NativeManager = 'apt' | 'dnf' | 'pacman';

/** Where each has its database, in the order in which they are looked for: a computer may have the programs of another one. */
const databases: readonly [string, NativeManager][] = [
    ['/var/lib/dpkg/status', 'apt'],
    ['/var/lib/pacman/local/ALPM_DB_VERSION', 'pacman'],
    ['/usr/lib/sysimage/rpm/rpmdb.sqlite', 'dnf'],
    ['/var/lib/rpm/rpmdb.sqlite', 'dnf'],
];

/** The package manager whose packages this computer consists of; null where it is none of these. */
export async function nativeManager(machine: Machine): Promise<NativeManager | null> {
    for (const [path, manager] of databases) if ((await readBytes(machine, path, 1))?.length === 1) return manager;
    return null;
}
