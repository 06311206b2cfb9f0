import { _ } from '../../i18n/i18n.ts';
import { isRunning } from '../../machine/units/unitState.ts';
import { defineAction } from '../action.ts';
import { preconditions, requireStartable, unitParameters, unitStep, verifyStarted } from './unitPlan.ts';
import { restartRisk } from './unitRisk.ts';
import { unitPhrases, unitsMeant } from './unitWish.ts';

/** Starts a unit again that failed, keeps failing, or was not started because of another failure. */
export const unitRestart = defineAction({
    name: 'unit.restart',
    parameters: unitParameters,
    proposable: ['incident', 'task'],
    wishes: [
        {
            phrases: unitPhrases({
                en: ['restart'],
                de: ['restarte'],
                ar: ['(اعد تشغيل|إعادة تشغيل)'],
            }),
            parameters: unitsMeant,
        },
        {
            phrases: {
                en: [],
                de: ['(starte|start) [sie] [dienst|unit] {unit} neu', '[dienst|unit] {unit} (neu starten|neustarten)'],
                ar: [],
            },
            parameters: unitsMeant,
        },
    ],
    grantable: ({ unit }) => _('Always restart {unit} when it fails', { unit }),
    async plan({ scope, unit: name }, { systemd, signal }) {
        const unit = await requireStartable(systemd, scope, name, signal);
        const isStopped = unit.activeState === 'inactive';
        return {
            title: isStopped ? _('Start {unit}', { unit: unit.name }) : _('Restart {unit}', { unit: unit.name }),
            steps: [unitStep(isStopped ? 'StartUnit' : 'RestartUnit', unit)],
            ...restartRisk(unit),
            undo: isRunning(unit)
                ? null
                : { text: _('Stops {unit} again', { unit: unit.name }), steps: [unitStep('StopUnit', unit)] },
            authentication: scope === 'system',
            preconditions: await preconditions([unit]),
        };
    },
    verify: verifyStarted,
});
