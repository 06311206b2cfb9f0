import { _ } from '../../i18n/i18n.ts';
import { defineAction } from '../action.ts';
import { shifted, unitParameters, unitStep } from './unitPlan.ts';
import { unitRestart } from './unitRestart.ts';

/** Starts a unit again after systemd gave up on it for failing too often: this first clears its count of starts. */
export const unitResetAndRestart = defineAction({
    name: 'unit.resetAndRestart',
    parameters: unitParameters,
    proposable: ['incident'],
    grantable: ({ unit }) => _('Always reset and restart {unit} when it fails too often', { unit }),
    async plan(parameters, system) {
        const restart = await unitRestart.plan(parameters, system);
        const { scope, unit: name } = parameters;
        const { undo } = restart;
        return {
            ...restart,
            title: _('Reset and restart {unit}', { unit: name }),
            steps: [unitStep('ResetFailedUnit', { scope, name }), ...restart.steps],
            undo: undo && { ...undo, steps: shifted(undo, 1) },
        };
    },
});
