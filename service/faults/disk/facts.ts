import * as z from 'zod';

import { factReader } from '../../model/facts.ts';
import type { FactsFor } from '../../model/facts.ts';

export const readFacts = factReader(() => ({
    /** Of the drive, as udisks names it. */
    path: z.string(),
    node: z.string(),
    warnings: z.string(),
}));

export type WrittenFacts = FactsFor<typeof readFacts>;
