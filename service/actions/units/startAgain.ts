import * as z from 'zod';

import { _ } from '../../i18n/i18n.ts';
import { scope } from '../../model/incident.ts';
import type { Plan } from '../../model/proposal.ts';
import type { Surroundings } from '../surroundings.ts';
import { dependantsLimit } from '../../machine/units/stoppedUnits.ts';
import { shifted, unitName } from './unitPlan.ts';
import { unitResetAndRestart } from './unitResetAndRestart.ts';
import { unitStartDependency } from './unitStartDependency.ts';
import { unitRestart } from './unitRestart.ts';

/** The unit to start again after an action, then those that need it; null for none. `reset`: systemd has given it up. */
export const startedAgain = z
    .strictObject({
        scope,
        unit: unitName,
        reset: z.boolean(),
        dependants: z.array(unitName).min(1).max(dependantsLimit).optional(),
    })
    .nullable();

/** The step that starts it; null for no unit. Throws what the plan of a restart throws. */
export async function planStart(started: z.infer<typeof startedAgain>, system: Surroundings & { signal: AbortSignal }) {
    if (started === null) return null;
    const { scope: of, unit, reset, dependants } = started;
    if (dependants !== undefined)
        return await unitStartDependency.plan({ scope: of, dependency: unit, dependants, reset }, system);
    return await (reset ? unitResetAndRestart : unitRestart).plan({ scope: of, unit }, system);
}

/**
 * Undo of an action that also started a unit and those that need it: stops those that were not running, the last one first, and
 * then takes back the rest.
 *
 * @param starts what the plan starts
 * @param first the position of its first step in the whole plan
 */
export function stopAndUndo(
    rest: NonNullable<Plan['undo']>,
    started: z.infer<typeof startedAgain>,
    starts: { undo?: Plan['undo'] } | null,
    first: number,
): NonNullable<Plan['undo']> {
    const stops = started?.dependants === undefined ? null : (starts?.undo ?? null);
    if (stops === null) return rest;
    return {
        text: _('{undo}. {stops}', { undo: rest.text, stops: stops.text }),
        steps: [...shifted(stops, first), ...rest.steps],
    };
}
