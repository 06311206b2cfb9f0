import { ReeveError } from '../../util/errors.ts';
import { _ } from '../../i18n/i18n.ts';
import { defineAction, noParameters } from '../action.ts';
import { packageManagerOf } from './packageManagers.ts';

/** Downloads the lists of packages again. */
export const packagesRefresh = defineAction({
    name: 'packages.refresh',
    parameters: noParameters,
    wishes: [
        {
            phrases: {
                en: [
                    '(refresh|update|reload) [package] (lists|sources|package list|package lists|repositories|repository)',
                    '(check|look|search) for [new|software|system] (updates|upgrades)',
                ],
                de: [
                    '(aktualisiere|lade) (paketlisten|paketquellen) [neu]',
                    '(paketlisten|paketquellen) (aktualisieren|neu laden)',
                    '(suche|such) nach (updates|aktualisierungen)',
                    'nach (updates|aktualisierungen) suchen',
                ],
                ar: ['(حدث|تحديث) (قوائم|مصادر) حزم', '(ابحث|بحث) عن تحديثات'],
            },
            parameters: () => [{}],
        },
    ],
    async plan(_parameters, { machine }) {
        if (machine === null) throw new ReeveError('InvalidState', _('No known package manager is installed'));
        const manager = await packageManagerOf(machine);
        return {
            title: _('Download the package lists again'),
            steps: [
                {
                    description: _('Ask all package sources what they have now'),
                    ...manager.refresh(),
                },
            ],
            risk: 'low',
            riskText: _('No package is installed, updated or removed.'),
            undo: null,
            authentication: true,
            preconditions: {},
        };
    },
});
