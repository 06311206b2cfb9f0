import * as z from 'zod';

import { ReeveError } from '../../util/errors.ts';
import { _ } from '../../i18n/i18n.ts';
import { stoppedWith } from '../../machine/units/stoppedUnits.ts';
import type { UnitDetails } from '../../machine/units/systemd.ts';
import { isRunning } from '../../machine/units/unitState.ts';
import { scope } from '../../model/incident.ts';
import { defineAction } from '../action.ts';
import type { Surroundings } from '../surroundings.ts';
import { isEssential } from '../essential.ts';
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
        const dependants = isEssential(holder) ? null : await stoppedWith(systemd, holder, signal);
        const starting = dependants === null ? [] : await triggersOf([holder, ...dependants], system);
        if (dependants === null || ![...starting, ...dependants].every(isOrdinary))
            throw new ReeveError('InvalidState', _('Too much depends on {other} to stop it', values));
        const started = await planStart(start, system);
        if (started === null) throw new TypeError('no unit to start');
        // A socket, timer or path would start its unit again: each stops before that, and starts before it, too.
        const inOrder = [...starting, holder, ...dependants];
        const steps = [...starting, ...[holder, ...dependants].toReversed()];
        const names = (units: readonly UnitDetails[]) => units.map(({ name }) => name).join(', ');
        return {
            title: _('Stop {other}, then restart {unit}', values),
            steps: [...steps.map(unit => unitStep('StopUnit', unit)), ...started.steps],
            risk: 'medium',
            riskText: [
                _('What {other} does is not available until it is started again.', values),
                ...(dependants.length === 0
                    ? []
                    : [_('This also stops what needs it: {units}.', { units: names(dependants) })]),
                ...(starting.length === 0
                    ? []
                    : [_('This also stops what would start it again: {units}.', { units: names(starting) })]),
            ].join(' '),
            undo: inOrder.some(isTransient)
                ? null
                : {
                      text: undoText(started.undo !== null, { ...values, other: names(inOrder) }),
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

/** The other running units that start one of the units on demand. */
async function triggersOf(
    units: readonly UnitDetails[],
    { systemd, signal }: Pick<Surroundings, 'systemd'> & { signal: AbortSignal },
): Promise<UnitDetails[]> {
    const names = new Map(units.flatMap(({ scope: of, triggeredBy }) => triggeredBy.map(name => [name, of] as const)));
    const triggers = await Promise.all([...names].map(([name, of]) => systemd.unit(of, name, { signal })));
    return triggers
        .filter(unit => unit !== null)
        .filter(unit => isRunning(unit) && units.every(({ name }) => name !== unit.name));
}

/** Whether it can be stopped and started again by itself; a target stands for more than its name says. */
function isOrdinary(unit: UnitDetails): boolean {
    return unit.canStart && !unit.refusesManualStart && !unit.name.endsWith('.target') && !isEssential(unit);
}

/** Whether it is gone as soon as it has stopped: systemd-run(1), and systemd.unit(5) for the folder. */
function isTransient({ fragmentPath }: UnitDetails): boolean {
    return /^\/run\/(?:user\/\d+\/)?systemd\/transient\//.test(fragmentPath);
}
