import * as z from 'zod';

import { factReader } from '../../model/facts.ts';
import type { FactsFor } from '../../model/facts.ts';

export const readFacts = factReader(() => ({
    /** Where the filesystem is mounted. */
    place: z.string(),
    /** Bytes. */
    available: z.string(),
    size: z.string(),
}));

export type WrittenFacts = FactsFor<typeof readFacts>;
