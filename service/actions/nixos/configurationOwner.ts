import { lstat } from 'node:fs/promises';
import { join } from 'node:path';

import { _ } from '../../i18n/i18n.ts';
import { listNames, readBytes, type Machine } from '../../machine/machine.ts';
import { configurationFolder } from '../../machine/nixos/nixos.ts';
import { Contents } from '../../store/contents.ts';
import { ReeveError } from '../../util/errors.ts';
import { isOnlyRoots } from '../files/fileManager.ts';

const fileLimit = 16_777_216;

/**
 * Root runs what the configuration says, and writes beside its files: so nobody else may be able to change them, or to lead root elsewhere by
 * a link. What they import from outside the folder is not looked at.
 *
 * @returns the hash of each file, for a plan that others are made of once one has changed
 * @throws ReeveError InvalidState
 */
export async function requireRootsConfiguration(machine: Machine): Promise<Record<string, string>> {
    await requireRoots(machine, configurationFolder);
    const hashes: Record<string, string> = {};
    for (const name of (await listNames(machine, configurationFolder)).sort()) {
        if (!/\.(?:nix|lock)$/.test(name)) continue;
        const path = join(configurationFolder, name);
        await requireRoots(machine, path);
        const bytes = await readBytes(machine, path, fileLimit);
        if (bytes !== null) hashes[path] = Contents.hashOf(bytes);
    }
    return hashes;
}

async function requireRoots(machine: Machine, path: string): Promise<void> {
    const found = await lstat(join(machine.root, path)).catch(() => null);
    if (found === null)
        throw new ReeveError(
            'InvalidState',
            _('There is no configuration of this system in {folder}', { folder: configurationFolder }),
        );
    if (found.isSymbolicLink())
        throw new ReeveError(
            'InvalidState',
            _(
                '{path} is a link, which Reeve does not follow as root. Put there what it leads to, or change and build the configuration yourself.',
                { path },
            ),
        );
    if (!(await isOnlyRoots(path, machine.root)))
        throw new ReeveError(
            'InvalidState',
            _(
                'Root builds the system of {path}, but others than root can change it. Run “sudo chown root:root {path}” and “sudo chmod go-w {path}”, or change and build the configuration yourself.',
                { path },
            ),
        );
}
