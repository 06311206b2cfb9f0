import * as z from 'zod';

import { accountName } from '../../machine/desktop/faillock.ts';
import { factReader } from '../../model/facts.ts';

export const readFacts = factReader(() => ({ user: z.string().regex(accountName), address: z.string() }));
