import * as z from 'zod';

import { factReader } from '../../model/facts.ts';

export const readFacts = factReader(() => ({
    interface: z.string(),
    family: z.enum(['inet', 'inet6']),
    gateway: z.string(),
}));
