import { ReeveError } from '../../util/errors.ts';
import { _ } from '../../i18n/i18n.ts';
import { isWhole, readUnfinished } from '../../machine/packages/unfinishedPackages.ts';
import { defineAction, noParameters } from '../action.ts';
import { programStep } from '../programStep.ts';
import { unattended } from './apt.ts';

/**
 * Finishes an interrupted configuration without questions: the user's own configuration files stay, as dpkg(1)
 * describes --force-confdef and --force-confold.
 */
export const packagesConfigure = defineAction({
    name: 'packages.configure',
    parameters: noParameters,
    wishes: [
        {
            phrases: {
                en: [
                    '(finish|complete|continue|resume) [interrupted] (installation|package installation|update|upgrade)',
                    '(fix|repair) (dpkg|interrupted installation|interrupted update)',
                ],
                de: [
                    '[unterbrochene] (installation|aktualisierung|paketinstallation) (abschliessen|fortsetzen|beenden)',
                    '(setze|beende) [unterbrochene] (installation|aktualisierung) [fort|ab]',
                    'dpkg reparieren',
                ],
                ar: ['(اكمل|أكمل|إكمال) (تثبيت|تحديث) [متوقف]'],
            },
            parameters: () => [{}],
        },
    ],
    async plan(_parameters, { machine, signal }) {
        const unfinished = machine === null ? null : await readUnfinished(machine, signal);
        if (unfinished !== null && isWhole(unfinished))
            throw new ReeveError('InvalidState', _('The package manager has nothing left to finish'));
        return {
            title: _('Finish the interrupted installation'),
            steps: [
                {
                    description: _('Set up the unpacked packages and keep your configuration files'),
                    ...programStep('system', ['dpkg', '--force-confdef', '--force-confold', '--configure', '-a'], {
                        environment: unattended,
                    }),
                },
            ],
            risk: 'medium',
            riskText: _('The packages run their own scripts and may restart their services.'),
            undo: null,
            authentication: true,
            preconditions: {},
        };
    },
});
