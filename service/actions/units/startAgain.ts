import * as z from 'zod';

import { scope } from '../../model/incident.ts';
import type { Surroundings } from '../action.ts';
import { unitName } from './unitPlan.ts';
import { unitResetAndRestart } from './unitResetAndRestart.ts';
import { unitRestart } from './unitRestart.ts';

/** The unit to start again after an action; null for none. `reset`: systemd has given it up. */
export const startedAgain = z.strictObject({ scope, unit: unitName, reset: z.boolean() }).nullable();

/** The step that starts it; null for no unit. Throws what the plan of a restart throws. */
export async function planStart(started: z.infer<typeof startedAgain>, system: Surroundings & { signal: AbortSignal }) {
    if (started === null) return null;
    const { scope: of, unit, reset } = started;
    return await (reset ? unitResetAndRestart : unitRestart).plan({ scope: of, unit }, system);
}
