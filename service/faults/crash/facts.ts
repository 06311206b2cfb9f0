import * as z from 'zod';

import { factReader } from '../../model/facts.ts';

export const readFacts = factReader(() => ({
    executable: z.string(),
    /** The unit of a user that it ran in. */
    userUnit: z.string(),
    package: z.string(),
    version: z.string(),
}));
