import * as z from 'zod';

import { ReeveError } from '../../util/errors.ts';
import { _ } from '../../i18n/i18n.ts';
import { debianPackage } from '../../machine/packages/aptSimulation.ts';
import { isInstalled } from '../../machine/packages/aptSearch.ts';
import { defineAction } from '../action.ts';
import { aptStep, describeChanges, simulated } from './apt.ts';
import { installedMeant } from './packagesMeant.ts';

const parameters = z.strictObject({ name: z.string().regex(debianPackage) });

/** Of apt-get(8): no package is removed for it, and none becomes installed that was not asked for. */
const options = ['--only-upgrade', '--no-remove', 'install', '--'];

/** Updates one package to the version that the lists name, with what that version needs; apt-get(8). */
export const packagesUpgrade = defineAction({
    name: 'packages.upgrade',
    parameters,
    touches: ({ name }) => [`package ${name}`],
    wishes: [
        {
            phrases: {
                en: [
                    '(update|upgrade) [(program|app|application|package)] {name} [to] [latest|newest|new] [version]',
                    'install (latest|newest) version of {name}',
                ],
                de: [
                    '(aktualisiere|update) [sie] [(programm|anwendung|paket)] {name}',
                    '[(programm|anwendung|paket)] {name} (aktualisieren|updaten)',
                ],
                ar: ['(حدث|تحديث) [(برنامج|تطبيق|حزمة)] {name}'],
            },
            parameters: async ({ name = '' }, asked) => await installedMeant(name, asked),
        },
    ],
    async plan({ name }, { machine, signal }) {
        if (machine === null || !(await isInstalled(machine, name, signal)))
            throw new ReeveError('InvalidState', _('{name} is not installed', { name }));
        const changes = await simulated(machine, [...options, name], signal);
        const own = changes.installed.find(each => each.name === name);
        if (own === undefined || own.from === null)
            throw new ReeveError('InvalidState', _('The package lists have no update for {name}', { name }));
        return {
            title: _('Update {name} to {version}', { name, version: own.to }),
            // The version that was shown, whatever the lists say by then.
            steps: [{ description: describeChanges(changes), ...aptStep([...options, `${name}=${own.to}`]) }],
            risk: 'medium',
            riskText: _('The packages run their own scripts and may restart their services.'),
            undo: null,
            authentication: true,
            preconditions: { packages: JSON.stringify(changes) },
        };
    },
    async verify({ name }, { machine, signal }) {
        const { installed } = await simulated(machine, [...options, name], signal);
        const left = installed.find(each => each.name === name);
        const detail = left === undefined ? '' : _('{name} {version} is not installed yet', { name, version: left.to });
        return { gone: left === undefined, detail };
    },
});
