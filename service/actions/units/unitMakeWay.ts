import * as z from 'zod';

import { ReeveError } from '../../util/errors.ts';
import { _ } from '../../i18n/i18n.ts';
import { isRunning } from '../../machine/units/unitState.ts';
import { scope } from '../../model/incident.ts';
import { defineAction } from '../action.ts';
import { planStop } from './planStop.ts';
import { planStart, startedAgain } from './startAgain.ts';
import { preconditions, requireUnit, shifted, unitName, unitStep } from './unitPlan.ts';

const parameters = z.strictObject({
    start: startedAgain.unwrap(),
    /** What has the port that it needs. */
    other: z.strictObject({ scope, unit: unitName }),
});

/** Stops the unit that has what another one needs, what stops with it and what would start it again, then starts that one. */
export const unitMakeWay = defineAction({
    name: 'unit.makeWay',
    parameters,
    async plan({ start, other }, system) {
        const { systemd, signal } = system;
        const holder = await requireUnit(systemd, other.scope, other.unit, signal);
        const values = { unit: start.unit, other: holder.name };
        if (!isRunning(holder)) throw new ReeveError('InvalidState', _('{other} is not running', values));
        const { steps, inOrder, alsoStopped, canStartAgain } = await planStop(holder, system);
        const started = await planStart(start, system);
        if (started === null) throw new TypeError('no unit to start');
        const names = inOrder.map(({ name }) => name).join(', ');
        return {
            title: _('Stop {other}, then restart {unit}', values),
            steps: [...steps.map(unit => unitStep('StopUnit', unit)), ...started.steps],
            risk: 'medium',
            riskText: [_('What {other} does is not available until it is started again.', values), ...alsoStopped].join(
                ' ',
            ),
            undo: !canStartAgain
                ? null
                : {
                      text: undoText(started.undo !== null, { ...values, other: names }),
                      steps: [
                          ...shifted(started.undo, steps.length),
                          ...inOrder.map(unit => ({ ...unitStep('StartUnit', unit), undoes: steps.indexOf(unit) })),
                      ],
                  },
            authentication: started.authentication || other.scope === 'system',
            preconditions: { ...started.preconditions, ...(await preconditions(inOrder)) },
        };
    },
});

/** A unit that was running all the time is not stopped. */
function undoText(stops: boolean, values: { unit: string; other: string }): string {
    return stops ? _('Stops {unit} and starts {other} again', values) : _('Starts {other} again', values);
}
