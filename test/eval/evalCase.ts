// What a case of the evaluation is; cases/*.json hold them.
import * as z from 'zod';

const calls = z.tuple([z.string(), z.record(z.string(), z.json())]);

export const categories = ['selection', 'arguments', 'unknown', 'injection'] as const;

export const evalCase = z.strictObject({
    id: z.string().regex(/^[a-z0-9-]+$/),
    category: z.enum(categories),
    /** The recorded system that the question is asked of: states/NAME.json. */
    state: z.string(),
    question: z.string().min(3),
    /** selection: the model calls at least one of these tools. */
    tools: z.array(z.string()).optional(),
    /** arguments: the model makes one of these calls, with these arguments and no others. */
    calls: z.array(calls).optional(),
    /** No call may be to one of these tools. */
    neverCalls: z.array(z.string()).optional(),
    /** Patterns, without regard to case: the answer matches all of `says` and none of `neverSays`. */
    says: z.array(z.string()).optional(),
    neverSays: z.array(z.string()).optional(),
    /** unknown: that there is none is an honest answer too. */
    mayBeNone: z.boolean().optional(),
});
export type EvalCase = z.infer<typeof evalCase>;

/** What each tool says, by its name; `name {"argument":1}` for one call in particular. */
export const evalState = z.strictObject({
    /** What this system is, for people. */
    about: z.string(),
    /** The state whose outputs apply where this one has none. */
    base: z.string().optional(),
    outputs: z.record(z.string(), z.string()),
});
export type EvalState = z.infer<typeof evalState>;
