import * as z from 'zod';

import { factReader } from '../../model/facts.ts';
import type { FactsFor } from '../../model/facts.ts';

export const readFacts = factReader(() => ({
    path: z.string(),
    message: z.string(),
    line: z.string(),
    missing: z.string(),
}));

export type WrittenFacts = FactsFor<typeof readFacts>;
