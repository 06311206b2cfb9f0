import { ReeveError } from '../../util/errors.ts';
import { _, ngettext } from '../../i18n/i18n.ts';
import { defineAction, noParameters } from '../action.ts';
import { aptStep, describeChanges, simulated } from './apt.ts';

/** As apt(8) does it, upgrade: new packages come where a new version needs them, and nothing is removed. */
const options = ['--no-remove', '--with-new-pkgs', 'upgrade'];

/** Updates all packages to the versions that the lists name; apt-get(8). */
export const packagesUpgradeAll = defineAction({
    name: 'packages.upgradeAll',
    parameters: noParameters,
    wishes: [
        {
            phrases: {
                en: [
                    '(update|upgrade) (everything|system|computer|pc|machine|laptop|software|packages|programs|apps|applications|debian|ubuntu)',
                    '(update|upgrade) all [of] [my|installed] [packages|programs|apps|applications|software]',
                    '(install|apply|get) [all|available|latest|security|system|software] [available] (updates|upgrades)',
                ],
                de: [
                    '(aktualisiere|update) (alles|system|rechner|computer|software|pakete|programme|anwendungen|alle pakete|alle programme)',
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
        const changes = await simulated(machine, options, signal);
        const { installed } = changes;
        const updates = installed.filter(({ from }) => from !== null).length;
        if (updates === 0) throw new ReeveError('InvalidState', _('The package lists have no updates'));
        return {
            title: ngettext('Update {count} package', 'Update {count} packages', updates),
            steps: [{ description: describeChanges(changes), ...aptStep(options) }],
            risk: 'medium',
            riskText: _('The packages run their own scripts and may restart their services.'),
            undo: null,
            authentication: true,
            preconditions: { packages: JSON.stringify(changes) },
        };
    },
    async verify(_parameters, { machine, signal }) {
        const { installed } = await simulated(machine, options, signal);
        const left = installed.find(({ from }) => from !== null);
        const detail =
            left === undefined ? '' : _('{name} {version} is not installed yet', { name: left.name, version: left.to });
        return { gone: left === undefined, detail };
    },
});
