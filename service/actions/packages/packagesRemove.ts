import * as z from 'zod';

import { ReeveError } from '../../util/errors.ts';
import { _ } from '../../i18n/i18n.ts';
import { packageName } from '../../machine/packages/packageManager.ts';
import { defineAction } from '../action.ts';
import type { Phrases } from '../wish.ts';
import { isName } from './packageManager.ts';
import { packageManagerOf } from './packageManagers.ts';
import { installedMeant } from './packagesMeant.ts';
import { removal, stillInstalled } from './removal.ts';

const parameters = z.strictObject({ name: packageName });

/** Also where packages are declared (nixos/nixosInstall.ts). */
export const removePhrases: Phrases = {
    en: [
        '(uninstall|remove) [(program|app|application|package|game)] {name} [(program|app|application|package|game)]',
        'get rid of [(program|app|application|package|game)] {name}',
    ],
    de: [
        '(deinstalliere|entferne) [sie] [(programm|anwendung|paket|spiel)] {name}',
        '[(programm|anwendung|paket|spiel)] {name} (deinstallieren|entfernen)',
    ],
    ar: ['(احذف|أزل|إزالة) (برنامج|تطبيق|حزمة) {name}'],
};

/** Removes a package, and those that need it; their settings stay. What everything else needs is refused. */
export const packagesRemove = defineAction({
    name: 'packages.remove',
    parameters,
    touches: ({ name }) => [`package ${name}`],
    wishes: [
        {
            phrases: removePhrases,
            parameters: async ({ name = '' }, asked) => await installedMeant(name, asked),
        },
    ],
    async plan({ name }, { machine, signal }) {
        const manager = machine === null ? null : await packageManagerOf(machine);
        if (machine === null || manager === null || !(await manager.isInstalled(machine, name, signal)))
            throw new ReeveError('InvalidState', _('{name} is not installed', { name }));
        const changes = await manager.simulate(machine, { kind: 'remove', names: [name] }, signal);
        const { removed, installed } = changes;
        if (!removed.includes(name) || installed.length > 0 || !removed.every(isName))
            throw new ReeveError('InvalidState', _('{name} cannot be removed alone', { name }));
        const [needed] = await manager.vital(machine, removed, signal);
        if (needed !== undefined)
            throw new ReeveError('InvalidState', _('Too much depends on {name} to remove it', { name: needed }));
        return {
            title: _('Remove {names}', { names: name }),
            ...(await removal(machine, removed, { isAutomatic: false, signal })),
            risk: removed.length === 1 ? 'medium' : 'high',
            riskText:
                removed.length === 1
                    ? _('The program is gone. Its settings and your files stay.')
                    : _('Other packages need it and are removed with it. Settings and your files stay.'),
            subject: name,
        };
    },
    verify: async ({ name }, { machine, signal }) => await stillInstalled(machine, name, signal),
});
