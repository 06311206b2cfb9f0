import type * as z from 'zod';
import { ReeveError } from '../util/errors.ts';
import type { Dictionary } from './variant.ts';
import { unwrap } from './variant.ts';

/** Options and filters: documented ones are checked, others are ignored. */
export type Known<T extends z.ZodObject> = { schema: T; signatures: { [K in keyof z.output<T>]-?: string } };

/** D-Bus specification, "Type System": BYTE, INT16 … UINT64. Scripts write `<5>`, which gdbus takes for an INT32. */
const integers = new Set('ynqiuxt');

function fits(signature: string, wanted: string): boolean {
    return signature === wanted || (integers.has(signature) && integers.has(wanted));
}

/**
 * An integer may be of any integer type; the schema has its range.
 *
 * @throws ReeveError InvalidArgument naming the option
 */
export function readOptions<T extends z.ZodObject>(options: Dictionary, known: Known<T>): z.output<T> {
    const values: Record<string, unknown> = {};
    for (const [name, signature] of Object.entries<string>(known.signatures)) {
        const option = Object.hasOwn(options, name) ? options[name] : undefined;
        if (option === undefined) continue;
        if (!fits(option.signature, signature)) {
            throw new ReeveError('InvalidArgument', `${name} must be of type ${signature}, not ${option.signature}`);
        }
        values[name] = unwrap(option.value);
    }
    const result = known.schema.safeParse(values);
    if (result.success) return result.data;
    const [issue] = result.error.issues;
    throw new ReeveError('InvalidArgument', `${issue?.path.join('.') ?? 'options'}: ${issue?.message ?? 'not valid'}`);
}
