import type * as z from 'zod';

/** The stored facts of a fault or a change, beside its texts. */
export type Facts = Readonly<Record<string, string>>;

type Read<Shape extends Readonly<Record<string, z.ZodType>>> = { [Name in keyof Shape]?: z.output<Shape[Name]> };

/** The facts of this form. A missing or different one is left out: it may come from an earlier version. */
export function readFacts<Shape extends Readonly<Record<string, z.ZodType>>>(facts: Facts, shape: Shape): Read<Shape> {
    const read: Read<Shape> = {};
    for (const name in shape) {
        const text = facts[name];
        if (text === undefined) continue;
        const { data } = shape[name]?.safeParse(text) ?? {};
        if (data !== undefined) read[name] = data as z.output<Shape[typeof name]>;
    }
    return read;
}
