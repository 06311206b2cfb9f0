import * as z from 'zod';

import { ReeveError } from '../../util/errors.ts';
import { _ } from '../../i18n/i18n.ts';
import { patience } from '../../machine/packages/aptSimulation.ts';
import { packageName } from '../../machine/packages/packageManager.ts';
import { safeText } from '../../text/sanitise.ts';
import { defineAction } from '../action.ts';
import { packageManagerOf } from './packageManagers.ts';
import { installedMeant } from './packagesMeant.ts';

const parameters = z.strictObject({ name: packageName });

/** Installs a package again in the version that is there, which replaces files of it that were changed or lost. */
export const packagesReinstall = defineAction({
    name: 'packages.reinstall',
    parameters,
    touches: ({ name }) => [`package ${name}`],
    wishes: [
        {
            phrases: {
                en: ['(reinstall|re-install) [(program|app|application|package)] {name}', 'install {name} again'],
                de: [
                    '[(programm|anwendung|paket)] {name} (neu installieren|neuinstallieren|erneut installieren)',
                    'installiere [(programm|anwendung|paket)] {name} (neu|erneut|noch einmal)',
                ],
                ar: ['(اعد|إعادة) تثبيت [(برنامج|تطبيق|حزمة)] {name}'],
            },
            parameters: async ({ name = '' }, asked) => await installedMeant(name, asked),
        },
    ],
    async plan({ name }, { machine, signal }) {
        const manager = machine === null ? null : await packageManagerOf(machine);
        if (machine === null || manager === null || !(await manager.isInstalled(machine, name, signal)))
            throw new ReeveError('InvalidState', _('{name} is not installed', { name }));
        const wanted = { kind: 'reinstall', name } as const;
        const changes = await manager.simulate(machine, wanted, signal);
        const [own, ...others] = changes.installed;
        const isAlone = own?.name === name && own.from === own.to && others.length + changes.removed.length === 0;
        if (!isAlone)
            throw new ReeveError(
                'InvalidState',
                _('The package sources do not have {name} in the version that is installed', { name }),
            );
        const title = _('Install {name} again', { name });
        return {
            title,
            explanation: _('The files of the package are replaced by new ones. Your own settings and documents stay.'),
            steps: [{ description: `${title} (${own.to})`, ...manager.step(wanted) }],
            risk: 'medium',
            riskText: _('The packages run their own scripts and may restart their services.'),
            undo: null,
            authentication: true,
            preconditions: { packages: JSON.stringify(changes) },
        };
    },
    verifyTime: patience,
    async verify({ name }, { machine, signal }) {
        const manager = machine === null ? null : await packageManagerOf(machine);
        if (machine === null || manager === null || !(await manager.isInstalled(machine, name, signal)))
            return { gone: false, detail: _('{name} is not installed', { name }) };
        const [path] = await manager.altered(machine, name, signal);
        const detail =
            path === undefined ? '' : _('{path} is still not as the package has it', { path: safeText(path, 200) });
        return { gone: path === undefined, detail };
    },
});
