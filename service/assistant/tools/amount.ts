import * as z from 'zod';

/**
 * How many days, lines and the like, from 1 on. Beyond `most` it means `most`: a grammar cannot bind a number, and to refuse
 * one would cost the model a step.
 */
export function amount(most: number) {
    const within = (value: unknown) => (typeof value === 'number' ? Math.min(Math.max(value, 1), most) : value);
    return z.preprocess(within, z.int());
}
