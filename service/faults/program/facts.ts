import * as z from 'zod';

import { factReader } from '../../model/facts.ts';

export const readFacts = factReader(() => ({
    /** What the program logged. */
    said: z.string(),
}));
