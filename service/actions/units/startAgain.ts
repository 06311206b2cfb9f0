import * as z from 'zod';

import { _ } from '../../i18n/i18n.ts';
import { scope } from '../../model/incident.ts';
import type { Surroundings } from '../action.ts';
import { dependantsLimit } from '../../machine/units/stoppedUnits.ts';
import { unitName } from './unitPlan.ts';
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

/** What undo, which takes back the rest, leaves as it is. */
export function keptRunning(text: string, started: z.infer<typeof startedAgain>): string {
    const { unit, dependants } = started ?? {};
    if (unit === undefined || dependants === undefined) return text;
    const units = [unit, ...dependants].join(', ');
    return _('{undo}. Units that this started keep running: {units}', { undo: text, units });
}
