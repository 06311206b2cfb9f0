import type * as z from 'zod';

import { lazy } from '../util/lazy.ts';

/** The stored facts of a fault or a change, beside its texts. */
export type Facts = Readonly<Record<string, string>>;

type Shape = Readonly<Record<string, z.ZodType>>;
type Read<S extends Shape> = { readonly [Name in keyof S]?: z.output<S[Name]> };

/** Facts that the engines read, whichever family they are of. */
type EngineFact = 'scope' | 'executable' | 'service' | 'serviceScope' | 'reasonOf' | 'lasts';

/** What a source may write for a reader. */
export type FactsFor<Reader extends (facts: Facts) => object> = Readonly<
    Partial<Record<keyof ReturnType<Reader> | EngineFact, string>>
>;

/**
 * Makes the reader of a family's facts. A missing fact, or one that has another form, is left out: it may come from an earlier
 * version.
 *
 * @param shape the form of each fact; called at the first use, as schemas take memory
 */
export function factReader<S extends Shape>(shape: () => S): (facts: Facts) => Read<S> {
    const made = lazy(shape);
    return facts => {
        const known = made();
        const read: { [Name in keyof S]?: z.output<S[Name]> } = {};
        for (const name in known) {
            const text = facts[name];
            if (text === undefined) continue;
            const { data } = known[name]?.safeParse(text) ?? {};
            if (data !== undefined) read[name] = data as z.output<S[typeof name]>;
        }
        return read;
    };
}
