import type { Machine } from '../../machine/machine.ts';
import { nativeManager } from '../../machine/packages/packageManager.ts';
import { apt } from './apt.ts';
import { dnf } from './dnf.ts';
import type { PackageManager } from './packageManager.ts';
import { pacman } from './pacman.ts';

const managers = { apt, dnf, pacman };

/** The package manager whose packages this computer consists of. */
export async function packageManagerOf(machine: Machine): Promise<PackageManager> {
    return managers[(await nativeManager(machine)) ?? 'apt'];
}
