import * as z from 'zod';
import { lazy } from '../util/lazy.ts';

/** A wish: what a person asked to have changed. Its proposals are the plans that do it. */
export const task = lazy(() =>
    z.object({
        id: z.int().positive(),
        /** When it was asked for, in microseconds since the Unix epoch. */
        created: z.int().nonnegative(),
        /** In the person's words. */
        asked: z.string(),
    }),
);
export type Task = z.infer<ReturnType<typeof task>>;
