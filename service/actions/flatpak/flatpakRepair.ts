import { ReeveError } from '../../util/errors.ts';
import { _ } from '../../i18n/i18n.ts';
import { defineAction } from '../action.ts';
import { programStep } from '../programStep.ts';
import { flatpakParameters, requireFlatpaks } from './flatpakApplications.ts';

/** Checks the files of all applications of an installation and fetches damaged ones again; flatpak-repair(1). */
export const flatpakRepair = defineAction({
    name: 'flatpak.repair',
    parameters: flatpakParameters.pick({ installation: true }),
    touches: () => ['flatpak'],
    wishes: [
        {
            phrases: {
                en: ['(repair|fix) (flatpak|flatpaks|flatpak installation)'],
                de: ['(repariere|behebe) (flatpak|flatpaks|flatpak-installation)', '(flatpak|flatpaks) reparieren'],
                ar: ['(اصلح|إصلاح) flatpak'],
            },
            parameters: async (_slots, asked) => {
                const found = (await requireFlatpaks(asked)).map(({ installation }) => installation);
                return [...new Set(found)].map(installation => ({ installation }));
            },
        },
    ],
    async plan({ installation }, asked) {
        const own = (await requireFlatpaks(asked)).filter(each => each.installation === installation);
        if (own.length === 0) throw new ReeveError('InvalidState', _('Flatpak has no applications there'));
        const title = _('Repair the applications of Flatpak');
        return {
            title,
            steps: [{ description: title, ...programStep(installation, ['flatpak', 'repair', `--${installation}`]) }],
            risk: 'low',
            riskText: _('Damaged files are downloaded again, which may take long.'),
            undo: null,
            authentication: installation === 'system',
            preconditions: {},
        };
    },
});
