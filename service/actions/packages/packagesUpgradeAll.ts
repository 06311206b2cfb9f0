import { ReeveError } from '../../util/errors.ts';
import { _, ngettext } from '../../i18n/i18n.ts';
import { defineAction, noParameters } from '../action.ts';
import type { Surroundings } from '../surroundings.ts';
import { describeChanges } from './packageManager.ts';
import { packageManagerOf } from './packageManagers.ts';

const wanted = { kind: 'upgradeAll' } as const;

/** Updates all packages to the versions that the lists name. */
export const packagesUpgradeAll = defineAction({
    name: 'packages.upgradeAll',
    parameters: noParameters,
    wishes: [
        {
            phrases: {
                en: [
                    '(update|upgrade) (everything|system|computer|pc|machine|laptop|software|packages|programs|apps|applications|debian|ubuntu|fedora|arch)',
                    'bring (everything|computer|system|software|pc|laptop) up to date',
                    '(update|upgrade) all [of] [my|installed] [packages|programs|apps|applications|software]',
                    '(install|apply|get) [all|available|latest|security|system|software] [available] (updates|upgrades)',
                ],
                de: [
                    '(aktualisiere|update) (alles|system|rechner|computer|software|pakete|programme|anwendungen|alle pakete|alle programme)',
                    '(bring|bringe) (alles|system|rechner|computer|software) auf neuesten stand',
                    '(alles|system|rechner|computer|software|pakete|programme|alle pakete|alle programme) (aktualisieren|updaten)',
                    '(installiere|spiele) [alle|verfügbaren] [verfügbaren] (updates|aktualisierungen) [ein]',
                    '[alle] (updates|aktualisierungen) (installieren|einspielen)',
                ],
                ar: ['(حدث|تحديث) (نظام|جهاز|كل شيء|كل حزم|برامج|حزم)', '(ثبت|تثبيت) [كل|جميع] تحديثات'],
            },
            parameters: () => [{}],
        },
    ],
    async plan(_parameters, { machine, signal }) {
        const { manager, changes } = await simulated({ machine, signal });
        const { installed, removed } = changes;
        const updates = installed.filter(({ from }) => from !== null).length;
        if (manager === null || updates === 0)
            throw new ReeveError('InvalidState', _('The package lists have no updates'));
        return {
            title: ngettext('Update {count} package', 'Update {count} packages', updates),
            steps: [{ description: describeChanges(changes), ...manager.step(wanted) }],
            risk: 'medium',
            riskText:
                removed.length === 0
                    ? _('The packages run their own scripts and may restart their services.')
                    : _('New packages take the place of others, which are removed: {names}', {
                          names: removed.join(', '),
                      }),
            undo: null,
            authentication: true,
            preconditions: { packages: JSON.stringify(changes) },
        };
    },
    async verify(_parameters, { machine, signal }) {
        const { changes } = await simulated({ machine, signal });
        const left = changes.installed.find(({ from }) => from !== null);
        const detail =
            left === undefined ? '' : _('{name} {version} is not installed yet', { name: left.name, version: left.to });
        return { gone: left === undefined, detail };
    },
});

async function simulated({ machine, signal }: Pick<Surroundings, 'machine'> & { signal: AbortSignal }) {
    if (machine === null) return { manager: null, changes: { installed: [], removed: [] } };
    const manager = await packageManagerOf(machine);
    return { manager, changes: await manager.simulate(machine, wanted, signal) };
}
