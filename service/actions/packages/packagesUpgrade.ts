import * as z from 'zod';

import { ReeveError } from '../../util/errors.ts';
import { _ } from '../../i18n/i18n.ts';
import { packageName } from '../../machine/packages/packageManager.ts';
import { defineAction } from '../action.ts';
import { describeChanges } from './packageManager.ts';
import { packageManagerOf } from './packageManagers.ts';
import { installedMeant } from './packagesMeant.ts';

const parameters = z.strictObject({ name: packageName });

/** Updates one package to the version that the lists name, with what that version needs. Nothing is removed for it. */
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
        const manager = machine === null ? null : await packageManagerOf(machine);
        if (machine === null || manager === null || !(await manager.isInstalled(machine, name, signal)))
            throw new ReeveError('InvalidState', _('{name} is not installed', { name }));
        const changes = await manager.simulate(machine, { kind: 'upgrade', name }, signal);
        const own = changes.installed.find(each => each.name === name);
        if (own === undefined || own.from === null || changes.removed.length > 0)
            throw new ReeveError('InvalidState', _('The package lists have no update for {name}', { name }));
        return {
            title: _('Update {name} to {version}', { name, version: own.to }),
            // The version that was shown, whatever the lists say by then.
            steps: [
                {
                    description: describeChanges(changes),
                    ...manager.step({ kind: 'upgrade', name, version: own.to }),
                },
            ],
            risk: 'medium',
            riskText: _('The packages run their own scripts and may restart their services.'),
            undo: null,
            authentication: true,
            preconditions: { packages: JSON.stringify(changes) },
        };
    },
    async verify({ name }, { machine, signal }) {
        const manager = machine === null ? null : await packageManagerOf(machine);
        const wanted = { kind: 'upgrade', name } as const;
        const installed = machine === null ? [] : ((await manager?.simulate(machine, wanted, signal))?.installed ?? []);
        const left = installed.find(each => each.name === name);
        const detail = left === undefined ? '' : _('{name} {version} is not installed yet', { name, version: left.to });
        return { gone: left === undefined, detail };
    },
});
