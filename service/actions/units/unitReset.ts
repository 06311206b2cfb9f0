import { ReeveError } from '../../util/errors.ts';
import { _ } from '../../i18n/i18n.ts';
import { defineAction } from '../action.ts';
import { preconditions, requireUnit, unitParameters, unitStep } from './unitPlan.ts';
import { unitPhrases, unitsMeant } from './unitWish.ts';

/** Makes the manager forget that a unit failed: for a unit that is not meant to run any more, such as an uninstalled one. */
export const unitReset = defineAction({
    name: 'unit.reset',
    parameters: unitParameters,
    proposable: ['incident'],
    wishes: [
        {
            phrases: unitPhrases({
                en: ['(reset|clear) [failed state|failure|failed] [of]', 'forget failure of'],
                de: ['setze [fehlerzustand] [von] [zurück]', 'vergiss fehler von'],
                ar: ['(صفر|امسح) فشل'],
            }),
            parameters: unitsMeant,
        },
    ],
    async plan({ scope, unit: name }, { systemd, signal }) {
        const unit = await requireUnit(systemd, scope, name, signal);
        if (unit.activeState !== 'failed') {
            throw new ReeveError('InvalidState', _('{unit} is not in the failed state', { unit: name }));
        }
        return {
            title: _('Reset the failed state of {unit}', { unit: unit.name }),
            steps: [unitStep('ResetFailedUnit', unit)],
            risk: 'low',
            riskText: _('Nothing is started or stopped. Only the failed state is cleared.'),
            undo: null,
            authentication: scope === 'system',
            preconditions: await preconditions([unit]),
        };
    },
});
