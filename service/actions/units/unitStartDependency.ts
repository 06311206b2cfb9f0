import * as z from 'zod';
import { _ } from '../../i18n/i18n.ts';
import { dependantsLimit } from '../../machine/units/stoppedUnits.ts';
import { scope } from '../../model/incident.ts';
import type { Plan } from '../../model/proposal.ts';
import type { UnitDetails } from '../../machine/units/systemd.ts';
import { isRunning } from '../../machine/units/unitState.ts';
import { defineAction } from '../action.ts';
import { preconditions, requireStartable, unitName, unitStep } from './unitPlan.ts';
import { restartRisk } from './unitRisk.ts';

const parameters = z.strictObject({
    scope,
    dependency: unitName,
    /** The units that failed because of it, in the order of their start. */
    dependants: z.array(unitName).min(1).max(dependantsLimit),
    /** Whether its count of starts must be cleared first, because systemd gave up on it. */
    reset: z.boolean(),
});

/** Starts the unit that others need and that failed, then those others. */
export const unitStartDependency = defineAction({
    name: 'unit.startDependency',
    parameters,
    async plan({ scope: of, dependency: name, dependants: names, reset }, { systemd, signal }) {
        const [dependency, ...dependants] = await Promise.all(
            [name, ...names].map(unit => requireStartable(systemd, of, unit, signal)),
        );
        if (dependency === undefined) throw new TypeError('no dependency');
        const first = reset ? 1 : 0;
        return {
            title:
                dependants.length === 1
                    ? _('Start {dependency}, then {unit}', {
                          dependency: dependency.name,
                          unit: dependants[0]?.name ?? '',
                      })
                    : _('Start {dependency}, then the units that need it', { dependency: dependency.name }),
            steps: [
                ...(reset ? [unitStep('ResetFailedUnit', dependency)] : []),
                unitStep('RestartUnit', dependency),
                ...dependants.map(unit => unitStep('StartUnit', unit)),
            ],
            ...restartRisk(dependency),
            undo: undoOfStarts([dependency, ...dependants], first),
            authentication: of === 'system',
            preconditions: await preconditions([dependency, ...dependants]),
        };
    },
});

/**
 * Stops the units that are not running now, the last one first; null when all are.
 *
 * @param units in the order in which the plan starts them
 * @param first the position of the step that starts the first of them
 */
export function undoOfStarts(units: readonly UnitDetails[], first: number): Plan['undo'] {
    const stopped = units.filter(unit => !isRunning(unit)).toReversed();
    if (stopped.length === 0) return null;
    const names = stopped.map(({ name }) => name).join(', ');
    return {
        text: _('Stops the units that were not running before: {units}', { units: names }),
        steps: stopped.map(unit => ({ ...unitStep('StopUnit', unit), undoes: first + units.indexOf(unit) })),
    };
}
