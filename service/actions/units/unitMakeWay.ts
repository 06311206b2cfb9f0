import * as z from 'zod';

import { ReeveError } from '../../util/errors.ts';
import { _ } from '../../i18n/i18n.ts';
import { stoppedWith } from '../../machine/units/stoppedUnits.ts';
import type { UnitDetails } from '../../machine/units/systemd.ts';
import { isRunning } from '../../machine/units/unitState.ts';
import { scope } from '../../model/incident.ts';
import { defineAction } from '../action.ts';
import { isEssential } from '../essential.ts';
import { planStart, startedAgain } from './startAgain.ts';
import { preconditions, requireUnit, shifted, unitName, unitStep } from './unitPlan.ts';

const parameters = z.strictObject({
    start: startedAgain.unwrap(),
    /** What has the port that it needs. */
    other: z.strictObject({ scope, unit: unitName }),
});

/** Stops the unit that has what another one needs, and what stops with it, then starts that one. */
export const unitMakeWay = defineAction({
    name: 'unit.makeWay',
    parameters,
    async plan({ start, other }, system) {
        const { systemd, signal } = system;
        const holder = await requireUnit(systemd, other.scope, other.unit, signal);
        const values = { unit: start.unit, other: holder.name };
        if (!isRunning(holder)) throw new ReeveError('InvalidState', _('{other} is not running', values));
        const dependants = isEssential(holder) ? null : await stoppedWith(systemd, holder, signal);
        if (dependants?.every(isOrdinary) !== true)
            throw new ReeveError('InvalidState', _('Too much depends on {other} to stop it', values));
        const started = await planStart(start, system);
        if (started === null) throw new TypeError('no unit to start');
        const stopped = [holder, ...dependants];
        const names = (units: readonly UnitDetails[]) => units.map(({ name }) => name).join(', ');
        return {
            title: _('Stop {other}, then restart {unit}', values),
            steps: [...stopped.map(unit => unitStep('StopUnit', unit)).toReversed(), ...started.steps],
            risk: 'medium',
            riskText: [
                _('What {other} does is not available until it is started again.', values),
                ...(dependants.length === 0
                    ? []
                    : [_('This also stops what needs it: {units}.', { units: names(dependants) })]),
            ].join(' '),
            undo: stopped.some(isTransient)
                ? null
                : {
                      text: _('Stops {unit} and starts {other} again', { ...values, other: names(stopped) }),
                      steps: [
                          ...shifted(started.undo, stopped.length),
                          ...stopped.map((unit, index) => ({
                              ...unitStep('StartUnit', unit),
                              undoes: stopped.length - 1 - index,
                          })),
                      ],
                  },
            authentication: started.authentication || other.scope === 'system',
            preconditions: { ...started.preconditions, ...(await preconditions(stopped)) },
        };
    },
});

/** Whether it can be stopped and started again by itself; a target stands for more than its name says. */
function isOrdinary(unit: UnitDetails): boolean {
    return unit.canStart && !unit.refusesManualStart && !unit.name.endsWith('.target') && !isEssential(unit);
}

/** Whether it is gone as soon as it has stopped: systemd-run(1), and systemd.unit(5) for the folder. */
function isTransient({ fragmentPath }: UnitDetails): boolean {
    return /^\/run\/(?:user\/\d+\/)?systemd\/transient\//.test(fragmentPath);
}
