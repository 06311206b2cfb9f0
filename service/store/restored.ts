import * as z from 'zod';

import { lazy } from '../util/lazy.ts';

/** Under this key, a restored database says so to the service that starts with it. */
export const restoredKey = 'restored';
export const restoredSchema = lazy(() =>
    z.object({
        /** The backup, and its hash. */
        from: z.string(),
        /** The backup of what was there before. */
        before: z.string(),
    }),
);
