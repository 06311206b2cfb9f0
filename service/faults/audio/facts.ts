import * as z from 'zod';

import { factReader } from '../../model/facts.ts';
import type { FactsFor } from '../../model/facts.ts';

export const readFacts = factReader(() => ({ device: z.string(), profile: z.string() }));

export type WrittenFacts = FactsFor<typeof readFacts>;
