import * as z from 'zod';
import { lazy } from '../../util/lazy.ts';

/** A lookup by a model, as the user sees it while it is made and after. */
export const step = lazy(() =>
    z.object({
        /** From 1; an answer cites it by this. */
        number: z.int(),
        /** How many there may be. */
        limit: z.int(),
        state: z.enum(['begun', 'done', 'failed']),
        tool: z.string(),
        /** What the step reads, in a line of the user's language. */
        title: z.string(),
        touched: z.array(z.object({ kind: z.enum(['file', 'command', 'bus', 'journal']), what: z.string() })),
        /** How many further sources were read. */
        touchedMore: z.int(),
        /** The result that the model got, without secrets; empty until it has ended. */
        output: z.string(),
    }),
);
export type Step = z.output<ReturnType<typeof step>>;
