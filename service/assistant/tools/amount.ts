import * as z from 'zod';

/**
 * How many days, lines and the like, from 1 on. Larger numbers count as `most`: a grammar cannot bound a number, and a
 * refusal would cost the model a step.
 */
export function amount(most: number) {
    const within = (value: unknown) => (typeof value === 'number' ? Math.min(Math.max(value, 1), most) : value);
    return z.preprocess(within, z.int());
}
