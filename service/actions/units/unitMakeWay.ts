import * as z from 'zod';

import { ReeveError } from '../../util/errors.ts';
import { _ } from '../../i18n/i18n.ts';
import type { UnitDetails } from '../../machine/units/systemd.ts';
import { isRunning } from '../../machine/units/unitState.ts';
import { scope } from '../../model/incident.ts';
import { defineAction } from '../action.ts';
import { isEssential } from '../essential.ts';
import { planStart, startedAgain } from './startAgain.ts';
import { preconditions, requireUnit, unitName, unitStep } from './unitPlan.ts';

const parameters = z.strictObject({
    start: startedAgain.unwrap(),
    /** What has the port that it needs. */
    other: z.strictObject({ scope, unit: unitName }),
});

/** Stops the unit that has what another one needs, then starts that one. */
export const unitMakeWay = defineAction({
    name: 'unit.makeWay',
    parameters,
    async plan({ start, other }, system) {
        const { systemd, signal } = system;
        const holder = await requireUnit(systemd, other.scope, other.unit, signal);
        const values = { unit: start.unit, other: holder.name };
        if (!isRunning(holder)) throw new ReeveError('InvalidState', _('{other} is not running', values));
        if (isEssential(holder))
            throw new ReeveError('InvalidState', _('Too much depends on {other} to stop it', values));
        const started = await planStart(start, system);
        if (started === null) throw new TypeError('no unit to start');
        // Each step of that plan comes one later here.
        const stops = (started.undo?.steps ?? []).map(step => ({ ...step, undoes: (step.undoes ?? 0) + 1 }));
        return {
            title: _('Stop {other}, then restart {unit}', values),
            steps: [unitStep('StopUnit', holder), ...started.steps],
            risk: 'medium',
            riskText: _('What {other} does is not available until it is started again.', values),
            undo: isTransient(holder)
                ? null
                : {
                      text: _('Stops {unit} and starts {other} again', values),
                      steps: [...stops, { ...unitStep('StartUnit', holder), undoes: 0 }],
                  },
            authentication: started.authentication || other.scope === 'system',
            preconditions: { ...started.preconditions, ...(await preconditions([holder])) },
        };
    },
});

/** Whether it is gone as soon as it has stopped: systemd-run(1), and systemd.unit(5) for the folder. */
function isTransient({ fragmentPath }: UnitDetails): boolean {
    return /^\/run\/(?:user\/\d+\/)?systemd\/transient\//.test(fragmentPath);
}
