import * as z from 'zod';

import { factReader } from '../../model/facts.ts';

export const readFacts = factReader(() => ({
    /** The control group that reached its limit. */
    group: z.string(),
    /** In megabytes. */
    limit: z.string(),
    /** What uses the most. */
    name: z.string(),
    megabytes: z.string(),
}));
