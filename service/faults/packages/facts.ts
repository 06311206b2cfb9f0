import * as z from 'zod';

import { factReader } from '../../model/facts.ts';
import type { FactsFor } from '../../model/facts.ts';

export const readFacts = factReader(() => ({
    manager: z.string(),
    /** Of PackageKit's error. */
    code: z.string(),
    packages: z.string().transform(names => names.split(' ')),
}));

export type WrittenFacts = FactsFor<typeof readFacts>;
