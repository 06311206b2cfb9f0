import { existsSync } from 'node:fs';

import { ReeveError } from '../../util/errors.ts';
import { _ } from '../../i18n/i18n.ts';
import { defineAction, noParameters } from '../action.ts';
import { programStep } from '../programStep.ts';
import { unattended } from './apt.ts';

/**
 * Downloads the lists of packages again; apt-get(8), update. It fails when one list cannot be downloaded (--error-on=any), so
 * that its success is the check.
 */
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
    plan: () => {
        if (!existsSync('/usr/bin/apt-get'))
            throw new ReeveError('InvalidState', _('No known package manager is installed'));
        return {
            title: _('Download the package lists again'),
            steps: [
                {
                    description: _('Ask all package sources what they have now'),
                    ...programStep('system', ['apt-get', '--error-on=any', 'update'], { environment: unattended }),
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
