import { ReeveError } from '../../util/errors.ts';
import { _ } from '../../i18n/i18n.ts';
import { isRunning } from '../../machine/units/unitState.ts';
import { defineAction } from '../action.ts';
import { preconditions, requireStartable, unitParameters, unitStep, verifyStarted } from './unitPlan.ts';
import { restartRisk } from './unitRisk.ts';
import { unitPhrases, unitsMeant, unitsToStart } from './unitWish.ts';

/** Starts a unit that does not run. */
export const unitStart = defineAction({
    name: 'unit.start',
    parameters: unitParameters,
    proposable: ['task'],
    wishes: [
        {
            phrases: unitPhrases({ en: ['start'], de: ['(starte|start)'], ar: ['(شغل|ابدا)'] }),
            parameters: unitsToStart,
            forbidden: unitsMeant,
        },
    ],
    async plan({ scope, unit: name }, { systemd, signal }) {
        const unit = await requireStartable(systemd, scope, name, signal);
        if (isRunning(unit)) throw new ReeveError('InvalidState', _('{unit} is already running', { unit: name }));
        return {
            title: _('Start {unit}', { unit: name }),
            steps: [unitStep('StartUnit', unit)],
            ...restartRisk(unit),
            undo: { text: _('Stops {unit} again', { unit: name }), steps: [unitStep('StopUnit', unit)] },
            authentication: scope === 'system',
            preconditions: await preconditions([unit]),
        };
    },
    verify: verifyStarted,
});
