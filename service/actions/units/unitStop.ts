import { ReeveError } from '../../util/errors.ts';
import { _ } from '../../i18n/i18n.ts';
import { isRunning } from '../../machine/units/unitState.ts';
import { defineAction } from '../action.ts';
import { planStop } from './planStop.ts';
import { preconditions, requireUnit, unitParameters, unitStep } from './unitPlan.ts';
import { unitPhrases, unitsMeant } from './unitWish.ts';

/** Stops a unit that runs, unless people could be cut off by that. */
export const unitStop = defineAction({
    name: 'unit.stop',
    parameters: unitParameters,
    proposable: ['task'],
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
        const { steps, inOrder, alsoStopped, canStartAgain } = await planStop(unit, { systemd, signal });
        const starts = inOrder.map(each => ({ ...unitStep('StartUnit', each), undoes: steps.indexOf(each) }));
        return {
            title: _('Stop {unit}', { unit: name }),
            steps: steps.map(each => unitStep('StopUnit', each)),
            risk: 'medium',
            riskText: [_('What it does is not available until it is started again.'), ...alsoStopped].join(' '),
            undo: canStartAgain ? { text: _('Starts {unit} again', { unit: name }), steps: starts } : null,
            authentication: scope === 'system',
            preconditions: await preconditions(inOrder),
        };
    },
    async verify({ scope, unit: name }, { systemd, signal }) {
        const gone = !isRunning(await requireUnit(systemd, scope, name, signal));
        return { gone, detail: gone ? '' : _('{unit} is running again', { unit: name }) };
    },
});
