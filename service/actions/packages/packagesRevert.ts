import * as z from 'zod';

import { ReeveError } from '../../util/errors.ts';
import { _ } from '../../i18n/i18n.ts';
import { debianPackage, debianVersion } from '../../machine/packages/aptSimulation.ts';
import { versionOf } from '../../machine/packages/packageOf.ts';
import { defineAction } from '../action.ts';
import { planStart, startedAgain } from '../units/startAgain.ts';
import { reloadStep } from '../units/unitPlan.ts';
import type { Surroundings } from '../surroundings.ts';
import { aptStep, isToBeHad, isVital, simulated, versionsToBeHad } from './apt.ts';
import { describeChanges } from './packageManager.ts';
import { installedMeant } from './packagesMeant.ts';

const revert = z.strictObject({
    name: z.string().regex(debianPackage),
    /** The version to install again. */
    before: z.string().regex(debianVersion),
    /** The version that is installed now; null when it was removed. */
    after: z.string().regex(debianVersion).nullable(),
    /** The unit that is started again afterwards. */
    restart: startedAgain,
});

/**
 * Installs the earlier version of a package, as long as its source still has it. apt-get(8) warns that a downgrade can
 * destroy a system: packages that everything else needs are refused, and the user must type the package's name.
 */
export const packagesRevert = defineAction({
    name: 'packages.revert',
    parameters: revert,
    touches: ({ name }) => [`package ${name}`],
    wishes: [
        {
            phrases: {
                en: [
                    'downgrade [package] {name}',
                    '(go back|return|revert) to (previous|earlier|older|last) version of [package] {name}',
                    'install (previous|earlier|older) version of [package] {name}',
                ],
                de: [
                    '(frühere|vorige|ältere) version von [paket] {name} [wieder] installieren',
                    'installiere [wieder] (frühere|vorige|ältere) version von [paket] {name}',
                    '[paket] {name} (downgraden|zurückstufen)',
                ],
                ar: ['(ارجع|عد) إلى إصدار سابق من [حزمة] {name}'],
            },
            parameters: async ({ name: said = '' }, asked) => {
                const installed = await installedMeant(said, asked);
                return (await Promise.all(installed.map(({ name }) => earlier(name, asked)))).flat();
            },
        },
    ],
    async plan({ name, before, after, restart }, system) {
        const { machine, signal } = system;
        const values = { name, version: before };
        const argv = ['--allow-downgrades', '--no-remove', 'install', '--', `${name}=${before}`];
        // On a busy computer each query takes seconds, and a plan has ten.
        const [changes, isNeeded, isKept] = await Promise.all([
            simulated(machine, argv, signal),
            machine !== null && after !== null && isVital(machine, name, signal),
            machine !== null && after !== null && isToBeHad(machine, name, after, signal),
        ]);
        const own = changes.installed.find(each => each.name === name);
        if (machine === null || own?.to !== before || own.from !== after)
            throw new ReeveError('InvalidState', _('{name} {version} cannot be installed instead', values));
        if (isNeeded)
            throw new ReeveError(
                'InvalidState',
                _('Too many packages depend on {name} to install an earlier version', values),
            );
        const starts = await planStart(restart, system);
        return {
            title: _('Install {name} {version} again', values),
            steps: [
                { description: describeChanges(changes), ...aptStep(argv) },
                ...(restart === null ? [] : [reloadStep(restart.scope)]),
                ...(starts?.steps ?? []),
            ],
            risk: after === null ? 'medium' : 'high',
            riskText:
                after === null
                    ? _('The packages run their own scripts and may restart their services.')
                    : _(
                          'The earlier version may be unable to read data that the newer one has converted. It lacks the newer version’s fixes, and the next update installs the newer version again.',
                      ),
            subject: name,
            undo: after !== null && isKept && changes.installed.length === 1 ? undo(name, after) : null,
            authentication: true,
            preconditions: { ...starts?.preconditions, packages: JSON.stringify(changes) },
        };
    },
});

/** The version that the sources name after the installed one; apt-cache(8), madison, begins with the newest. */
async function earlier(name: string, { machine, signal }: Pick<Surroundings, 'machine'> & { signal: AbortSignal }) {
    const after = machine === null ? null : await versionOf(machine.run, name, signal);
    if (machine === null || after === null) return [];
    const versions = await versionsToBeHad(machine, name, signal);
    const before = versions.slice(versions.indexOf(after) + 1).find(version => version !== after);
    if (!versions.includes(after) || before === undefined)
        throw new ReeveError('InvalidState', _('The package sources have no earlier version of {name}', { name }));
    return [{ name, before, after, restart: null }];
}

/** For a package that was updated further since, this is a downgrade, which apt-get(8) then refuses. */
function undo(name: string, after: string) {
    return {
        text: _('Installs {name} {version} again', { name, version: after }),
        steps: [
            {
                description: _('Install {names}', { names: `${name} ${after}` }),
                ...aptStep(['--no-remove', 'install', '--', `${name}=${after}`]),
            },
        ],
    };
}
