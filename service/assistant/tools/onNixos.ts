import type { Machine } from '../../machine/machine.ts';
import { isNixos } from '../../machine/nixos/nixos.ts';
import { notHere } from './tool.ts';

/** @throws ReeveError Unavailable anywhere else */
export async function requireNixos(machine: Machine): Promise<void> {
    if (!(await isNixos(machine))) throw notHere('NixOS', '/etc/NIXOS');
}
