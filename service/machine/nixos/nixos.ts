/** NixOS: whether this is one, the files that declare it, and the systems that were built of them. */
import { lstat, readlink } from 'node:fs/promises';
import { join } from 'node:path';

import { isAbsence, listNames, readBytes, readText, type Machine } from '../machine.ts';

/** nixos-rebuild(8) takes its configuration from there, whether as a flake or not. */
export const configurationFolder = '/etc/nixos';
/** What is the case for one computer only, as nixos-generate-config(8) finds it out; its own words are not to edit it. */
const hardwareFile = 'hardware-configuration.nix';
const profiles = '/nix/var/nix/profiles';
const fileLimit = 1_048_576;

/** nixos-install and each start of NixOS make this empty file: nixos/modules/system/boot/stage-2-init.sh of nixpkgs. */
export async function isNixos(machine: Machine): Promise<boolean> {
    return (await readBytes(machine, '/etc/NIXOS', 1)) !== null;
}

export type ConfigurationFile = { path: string; bytes: Buffer };

/** Those that a person writes, configuration.nix first; only what lies in the folder itself. */
export async function readConfiguration(machine: Machine): Promise<ConfigurationFile[]> {
    const names = (await listNames(machine, configurationFolder))
        .filter(name => name.endsWith('.nix') && name !== hardwareFile)
        .sort((one, other) => Number(other === 'configuration.nix') - Number(one === 'configuration.nix'));
    const files = await Promise.all(
        names.map(async name => {
            const path = join(configurationFolder, name);
            const bytes = await readBytes(machine, path, fileLimit);
            return bytes === null || bytes.length === fileLimit ? [] : [{ path, bytes }];
        }),
    );
    return files.flat();
}

/** A system that was built. `version`: of NixOS; empty when it does not say. */
export type Generation = { number: number; built: Date; version: string; isCurrent: boolean };

/** The newest first. @throws what reading a link throws, but for its absence */
export async function readGenerations(machine: Machine): Promise<Generation[]> {
    const names = await listNames(machine, profiles);
    // Relative, to one of those beside it: nix-env(1), --switch-generation.
    const current = await readlink(join(machine.root, profiles, 'system')).catch(orNull);
    const all = names.flatMap(name => {
        const number = /^system-(\d+)-link$/.exec(name)?.[1];
        return number === undefined ? [] : [{ name, number: Number(number) }];
    });
    const found = await Promise.all(
        all.map(async ({ name, number }) => {
            const path = `${profiles}/${name}`;
            const state = await lstat(join(machine.root, path)).catch(orNull);
            const version = (await readText(machine, `${path}/nixos-version`, 128))?.trim() ?? '';
            return state === null ? [] : [{ number, built: state.mtime, version, isCurrent: name === current }];
        }),
    );
    return found.flat().sort((one, other) => other.number - one.number);
}

function orNull(error: unknown): null {
    if (isAbsence(error)) return null;
    throw error;
}
