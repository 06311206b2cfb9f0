import * as z from 'zod';

import { factReader } from '../../model/facts.ts';

export const readFacts = factReader(() => ({ path: z.string(), reason: z.string() }));
