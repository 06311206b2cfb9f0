import * as z from 'zod';

import { zoneName } from '../../machine/time/timeZone.ts';
import { factReader } from '../../model/facts.ts';
import type { FactsFor } from '../../model/facts.ts';

export const readFacts = factReader(() => ({
    /** What is set, and the current name of it. */
    zone: z.string(),
    successor: z.string().regex(zoneName),
    /** Whether the hardware clock was read as local time. */
    local: z.enum(['yes', 'no']),
}));

export type WrittenFacts = FactsFor<typeof readFacts>;
