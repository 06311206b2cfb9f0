/** `reeve update`: which way Reeve was installed, whether something newer is known, and what installs that. */
import { dirname } from 'node:path';

import * as z from 'zod';

import { _ } from '../../i18n/i18n.ts';
import { filesOf, type Machine } from '../../machine/machine.ts';
import type { NativeManager } from '../../machine/packages/packageManager.ts';
import { readPackageUpdates } from '../../machine/packages/packageUpdates.ts';
import { ReeveError } from '../../util/errors.ts';
import { readInstalled, type Installed } from '../../util/installed.ts';
import { rootPath } from '../../util/names.ts';
import { version } from '../../util/version.ts';
import type { Client } from '../client.ts';
import type { Context, Run } from '../command.ts';
import { CommandError, exit, type ExitCode } from '../exit.ts';
import { catalogueModelSchema, ownerOf, type CatalogueModel, type Models } from '../objects.ts';
import { approve } from './change.ts';
import { planFor } from './do.ts';

export const run: Run = async (context, { options }) => {
    const { terminal, json } = context;
    const installed = await readInstalled(dirname(import.meta.dirname));
    if (!json) terminal.line(`Reeve ${version}: ${wayText(installed.way, terminal.plain(installed.checkout ?? ''))}`);
    const update = await findUpdate(installed, filesOf('/'), AbortSignal.timeout(30_000)).catch((error: unknown) => {
        if (error instanceof ReeveError) throw new CommandError(exit.failed, error.code, error.message);
        throw error;
    });
    const models = await compareModels(context);
    const isCurrent = update.newer === null && (models ?? []).length === 0;
    if (json) {
        terminal.json({ version, ...installed, ...update, models });
        return isCurrent ? exit.ok : exit.notWell;
    }
    write(context, installed.way, update);
    for (const { id, name, replaces } of models ?? []) {
        const names = { model: terminal.plain(name, 80), old: terminal.plain(replaces, 80) };
        terminal.line(
            id === replaces
                ? _('The catalogue has a newer file of the model {model}.', names)
                : _('The catalogue has a stronger model than {old} that suits this computer: {model}', names),
        );
        terminal.line(`  reeve models download ${terminal.plain(id, 80)}`);
    }
    if (models === null) terminal.note(_('The service cannot be reached, so language models were not compared.'));
    if (update.newer === null || update.steps.length > 0 || options.check === true || !terminal.isInteractive)
        return isCurrent ? exit.ok : exit.notWell;
    return install(context);
};

type Update = {
    /** The version that the package manager knows; null when it knows of none, or another way gives none. */
    newer: string | null;
    /** For a person to run; none where Reeve makes a plan. */
    steps: readonly (readonly string[])[];
};

const managers: Partial<Record<Installed['way'], NativeManager>> = { deb: 'apt', rpm: 'dnf', pacman: 'pacman' };

/** Nothing of it asks the network. */
export async function findUpdate({ way, checkout }: Installed, machine: Machine, signal: AbortSignal): Promise<Update> {
    if (way === 'checkout' && checkout !== undefined)
        return {
            newer: null,
            steps: [
                ['git', '-C', checkout, 'pull', '--ff-only'],
                ['npm', '--prefix', checkout, 'run', 'install:user'],
            ],
        };
    const manager = managers[way];
    if (manager === undefined) return { newer: null, steps: [] };
    const known = await readPackageUpdates(machine, signal, manager);
    // openSUSE has these packages, too, and another program for them: zypper(8).
    if (known === null) return { newer: null, steps: way === 'rpm' ? [['zypper', 'update', 'reeve']] : [] };
    // dnf names the architecture, too.
    const own = known.updates.find(({ name }) => /^reeve(?:\.\w+)?$/.test(name));
    // Arch supports only updates of everything together, which Reeve makes no plan for a part of.
    const steps = manager === 'pacman' && own !== undefined ? [['pacman', '-Syu']] : [];
    return { newer: own?.to ?? null, steps };
}

type NewerModel = Pick<CatalogueModel, 'id' | 'name'> & {
    /** The installed one. */
    replaces: string;
};

/** @returns null where there is no service to ask */
async function compareModels({ client }: Context): Promise<NewerModel[] | null> {
    let service: Client;
    try {
        service = await client();
    } catch (error) {
        if (error instanceof CommandError && error.code === exit.unavailable) return null;
        throw error;
    }
    const [models, reply] = await Promise.all([
        service.models(),
        service.call(rootPath, 'Models.Catalogue', 'a{sv}', [{}]),
    ]);
    return newerModels(z.tuple([z.array(catalogueModelSchema)]).parse(reply)[0], models);
}

/** @param catalogue from the weakest to the strongest */
export function newerModels(
    catalogue: readonly Pick<CatalogueModel, 'id' | 'name' | 'sha256' | 'roles'>[],
    {
        installed,
        quick,
        hard,
    }: { installed: readonly Pick<Models['installed'][number], 'id' | 'sha256'>[] } & Pick<Models, 'quick' | 'hard'>,
): NewerModel[] {
    const has = (id: string) => installed.find(model => model.id === id);
    const rank = (id: string) => catalogue.findIndex(model => model.id === id);
    const changed = catalogue.filter(({ id, sha256 }) => {
        const own = has(id);
        return own !== undefined && sha256 !== '' && own.sha256 !== sha256;
    });
    const stronger = Object.entries({ quick, hard }).flatMap(([role, used]) => {
        const best = catalogue.find(({ id, roles }) => roles.includes(role) && has(id) === undefined);
        // Nothing is known of a model that is not in the catalogue.
        const isStronger = best !== undefined && rank(used) >= 0 && rank(best.id) > rank(used);
        return isStronger ? [{ id: best.id, name: best.name, replaces: used }] : [];
    });
    const all = [...changed.map(({ id, name }) => ({ id, name, replaces: id })), ...stronger];
    return all.filter(({ id }, index) => all.findIndex(other => other.id === id) === index);
}

function write({ terminal }: Context, way: Installed['way'], { newer, steps }: Update): void {
    if (newer !== null)
        terminal.line(_('The package lists have version {version}.', { version: terminal.plain(newer, 80) }));
    else if (managers[way] !== undefined && steps.length === 0)
        terminal.line(
            terminal.wrap(
                _(
                    'The package lists, as they were downloaded last, have no newer version of Reeve. If you installed it from a file, install a newer file in the same way.',
                ),
            ),
        );
    if (way === 'tarball')
        terminal.line(terminal.wrap(_('To update it, unpack a newer tarball and run bin/install in its folder.')));
    if (way === 'nix')
        terminal.line(terminal.wrap(_('To update it, update the flake or channel that has it, and rebuild.')));
    if (way === 'unknown')
        terminal.line(
            terminal.wrap(_('Reeve cannot tell how it was installed. Update it in the way you installed it.')),
        );
    if (steps.length > 0) terminal.line(_('To update it, run:'));
    for (const argv of steps) terminal.line(`  ${terminal.plain(argv.map(quoted).join(' '))}`);
}

function wayText(way: Installed['way'], checkout: string): string {
    switch (way) {
        case 'deb':
            return _('installed from a Debian package');
        case 'rpm':
            return _('installed from an RPM package');
        case 'pacman':
            return _('installed from an Arch package');
        case 'tarball':
            return _('installed from a tarball');
        case 'checkout':
            return _('installed from the sources in {folder}', { folder: checkout });
        case 'nix':
            return _('installed by Nix');
        case 'unknown':
            return _('not installed, or by an older version');
    }
}

/** As a shell reads it. */
function quoted(word: string): string {
    return /^[\w./:@=-]+$/.test(word) ? word : `'${word.replaceAll("'", "'\\''")}'`;
}

/** The package manager does it, by a plan that a person approves. */
async function install(context: Context): Promise<ExitCode> {
    const { proposal, refusal } = await planFor(
        await context.client(),
        'packages.upgrade',
        _('update the package reeve'),
    );
    if (proposal === null) throw new CommandError(exit.refused, 'InvalidState', refusal);
    try {
        return await approve(context, { id: ownerOf(proposal), isOpen: true, proposals: [proposal] });
    } catch (error) {
        // The scripts of the package do that before it is done.
        if (!(error instanceof CommandError) || error.reason !== 'ServiceLost') throw error;
        context.terminal.line(
            _('The update restarted the service. To see how it ended: {command}', { command: 'reeve tasks' }),
        );
        return exit.ok;
    }
}
