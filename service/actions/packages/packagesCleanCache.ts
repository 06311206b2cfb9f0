import { existsSync } from 'node:fs';

import { ReeveError } from '../../util/errors.ts';
import { _ } from '../../i18n/i18n.ts';
import { defineAction, noParameters } from '../action.ts';
import { programStep } from '../programStep.ts';

/** What each package manager calls it: apt-get(8), dnf(8), pacman(8). */
const cleaners: readonly [string, ...string[]][] = [
    ['apt-get', 'clean'],
    ['dnf', '--assumeyes', 'clean', 'packages'],
    ['pacman', '--sync', '--clean', '--noconfirm'],
];

/** Deletes downloaded packages that are installed by now. */
export const packagesCleanCache = defineAction({
    name: 'packages.cleanCache',
    parameters: noParameters,
    wishes: [
        {
            phrases: {
                en: [
                    '(clean|clear|empty|delete) [package|apt] (cache|downloaded packages|package downloads|downloaded package files)',
                ],
                de: [
                    '(paketcache|paketzwischenspeicher|heruntergeladene pakete) (leeren|loschen)',
                    '(leere|losche) (paketcache|heruntergeladene pakete)',
                ],
                ar: ['(امسح|احذف) (حزم منزلة|ذاكرة حزم)'],
            },
            parameters: () => [{}],
        },
    ],
    plan: () => ({
        title: _('Delete downloaded packages'),
        steps: [
            {
                description: _('Delete the package files that were downloaded for installation'),
                ...programStep('system', firstProgram(cleaners)),
            },
        ],
        risk: 'low',
        riskText: _('The packages are already installed. If a file is needed again, it is downloaded again.'),
        undo: null,
        authentication: true,
        preconditions: {},
    }),
});

/** @throws ReeveError InvalidState */
function firstProgram(programs: readonly [string, ...string[]][]): [string, ...string[]] {
    const found = programs.find(([name]) => existsSync(`/usr/bin/${name}`));
    if (found === undefined) throw new ReeveError('InvalidState', _('No known package manager is installed'));
    return found;
}
