import * as z from 'zod';

import { factReader } from '../../model/facts.ts';

export const readFacts = factReader(() => ({
    timedOut: z.enum(['start', 'stop']),
    reason: z.string(),
    restarts: z.coerce.number(),
}));
