/** A change of what declares this computer: the edit of one file, and the system that is built of it. */
import { _ } from '../../i18n/i18n.ts';
import type { Machine } from '../../machine/machine.ts';
import { isNixos, readConfiguration, readGenerations, type ConfigurationFile } from '../../machine/nixos/nixos.ts';
import { ReeveError } from '../../util/errors.ts';
import { editSteps } from '../files/editedFile.ts';
import { programStep } from '../programStep.ts';
import type { Surroundings } from '../surroundings.ts';
import { requireRootsConfiguration } from './configurationOwner.ts';

type Asked = Surroundings & { signal: AbortSignal };
type Refusal = 'form' | 'present' | 'absent';

/** What NixOS gives its own service for this (nixos/modules/tasks/auto-upgrade.nix of nixpkgs), with the paths of its default channel. */
const environment = [
    'HOME=/root',
    'PATH=/run/wrappers/bin:/run/current-system/sw/bin',
    'NIX_PATH=nixpkgs=/nix/var/nix/profiles/per-user/root/channels/nixos:nixos-config=/etc/nixos/configuration.nix:/nix/var/nix/profiles/per-user/root/channels',
];

/** @throws ReeveError InvalidState anywhere else */
export async function requireNixos({ machine }: Pick<Surroundings, 'machine'>): Promise<Machine> {
    if (machine === null || !(await isNixos(machine)))
        throw new ReeveError('InvalidState', _('This computer does not run NixOS'));
    return machine;
}

/** nixos-rebuild(8): says what would be built, builds it and tries it, and only then makes it the one that is started. */
export function rebuildStep(description: string) {
    const run = (action: string) => ['nixos-rebuild', action] as const;
    return {
        description,
        ...programStep('system', run('switch'), { before: [run('dry-build'), run('test')], environment }),
    };
}

/** Returns to the generation before; without a build. */
export function rollbackStep(description: string) {
    return { description, ...programStep('system', ['nixos-rebuild', 'switch', '--rollback'], { environment }) };
}

/** The number of the current one; @throws ReeveError InvalidState without one before it */
export async function requireEarlier(machine: Machine): Promise<{ current: number; earlier: number }> {
    const all = await readGenerations(machine);
    const current = all.find(({ isCurrent }) => isCurrent)?.number;
    const earlier = all.find(({ number }) => current !== undefined && number < current)?.number;
    if (current === undefined || earlier === undefined)
        throw new ReeveError('InvalidState', _('There is no earlier generation of this system'));
    return { current, earlier };
}

/**
 * @param change.fits whether a file is the one that already declares this; configuration.nix is, where none does
 * @param change.edit the new text, or why there is none
 */
export async function planEdit(
    asked: Asked,
    change: {
        title: string;
        fits: (text: string) => boolean;
        edit: (text: string) => { text: string } | { refusal: Refusal };
        refusals: Record<Refusal, (path: string) => string>;
    },
) {
    const machine = await requireNixos(asked);
    const preconditions = await requireRootsConfiguration(machine);
    const { path, bytes } = chosen(await readConfiguration(machine), change.fits);
    const edited = change.edit(bytes.toString('utf8'));
    if ('refusal' in edited) throw new ReeveError('InvalidState', change.refusals[edited.refusal](path));
    const to = Buffer.from(edited.text);
    await requireReadable(asked, machine, path, to);
    const { step, undo } = await editSteps(
        'system',
        path,
        { from: bytes, to, permissions: '0:0 0644' },
        { description: _('Edit {path}', { path }), back: _('Restore {path}', { path }) },
        asked.contents,
    );
    return {
        title: change.title,
        steps: [step, rebuildStep(_('Build the system, try it, and switch to it'))],
        risk: 'medium' as const,
        riskText: _(
            'If the system cannot be built, nothing but the file has changed. Whatever else changed in the configuration since the last time takes effect, too. Services whose settings differ are restarted.',
        ),
        undo: {
            text: _('Restores {path}, and builds the system again', { path }),
            steps: [undo, { ...rebuildStep(_('Build the system again, and switch to it')), undoes: 1 }],
        },
        authentication: true,
        preconditions,
    };
}

/** @throws ReeveError InvalidState where there is no file, or it is no text */
function chosen(files: readonly ConfigurationFile[], fits: (text: string) => boolean): ConfigurationFile {
    const file = files.find(({ bytes }) => fits(bytes.toString('utf8'))) ?? files[0];
    if (file === undefined)
        throw new ReeveError(
            'InvalidState',
            _('There is no configuration of this system in {folder}', { folder: '/etc/nixos' }),
        );
    const { path, bytes } = file;
    if (!bytes.equals(Buffer.from(bytes.toString('utf8'))))
        throw new ReeveError('InvalidState', _('{path} cannot be read', { path }));
    return file;
}

/** Nix reads what is going to be written. */
async function requireReadable({ contents, signal }: Asked, machine: Machine, path: string, to: Buffer): Promise<void> {
    const draft = await contents.put(to);
    const complaint = await machine.run('nix-instantiate', ['--parse', contents.path(draft)], {
        signal,
        onlyFailing: true,
    });
    if (complaint === null)
        throw new ReeveError(
            'InvalidState',
            _('There is no {program} on this machine', { program: 'nix-instantiate' }),
        );
    if (complaint !== '')
        throw new ReeveError('InvalidState', _('{path} has a form that Reeve does not edit', { path }));
}
