import * as z from 'zod';

import { permissionText } from '../../actions/files/fileStep.ts';
import { factReader } from '../../model/facts.ts';
import type { FactsFor } from '../../model/facts.ts';

export const readFacts = factReader(() => ({
    /** The owner, group and mode that a file has, and those that it needs. */
    permissions: permissionText,
    needed: permissionText,
    /** The program or file that is missing. */
    missing: z.string(),
}));

export type WrittenFacts = FactsFor<typeof readFacts>;
