import { ReeveError } from '../../util/errors.ts';
import { _ } from '../../i18n/i18n.ts';
import { isRunning } from '../../machine/units/unitState.ts';
import { defineAction } from '../action.ts';
import { isEssential } from '../essential.ts';
import { preconditions, requireUnit, unitParameters, unitStep } from './unitPlan.ts';
import { unitPhrases, unitsMeant } from './unitWish.ts';

/** Stops a unit that runs, unless people could be cut off by that. */
export const unitStop = defineAction({
    name: 'unit.stop',
    parameters: unitParameters,
    wishes: [
        {
            phrases: unitPhrases({
                en: ['(stop|halt)'],
                de: ['(stoppe|stopp|beende|halte)'],
                ar: ['(اوقف|إيقاف)'],
            }),
            parameters: unitsMeant,
        },
    ],
    async plan({ scope, unit: name }, { systemd, signal }) {
        const unit = await requireUnit(systemd, scope, name, signal);
        if (!isRunning(unit)) throw new ReeveError('InvalidState', _('{unit} is not running', { unit: name }));
        if (isEssential(unit))
            throw new ReeveError(
                'InvalidState',
                _('{unit} is needed by your session or by your way into this computer', { unit: name }),
            );
        return {
            title: _('Stop {unit}', { unit: name }),
            steps: [unitStep('StopUnit', unit)],
            risk: 'medium',
            riskText: _(
                'What it is doing now is interrupted, and what needs it does not work until it is started again.',
            ),
            undo: { text: _('Starts {unit} again', { unit: name }), steps: [unitStep('StartUnit', unit)] },
            authentication: scope === 'system',
            preconditions: await preconditions([unit]),
        };
    },
    async verify({ scope, unit: name }, { systemd, signal }) {
        const gone = !isRunning(await requireUnit(systemd, scope, name, signal));
        return { gone, detail: gone ? '' : _('{unit} is running again', { unit: name }) };
    },
});
