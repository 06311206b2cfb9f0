import * as z from 'zod';

/** A name of the hub: letters, digits, dots, dashes and underscores, so that it needs no escaping in an address. */
const hubName = /^[\w-][\w.-]*$/;

export const repositoryName = z
    .string()
    .max(200)
    .refine(text => text.split('/').length === 2 && text.split('/').every(part => hubName.test(part)), {
        error: 'expected OWNER/NAME',
    });

export const fileName = z
    .string()
    .max(300)
    .refine(text => text.endsWith('.gguf') && text.split('/').every(part => hubName.test(part)), {
        error: 'expected the name of a .gguf file',
    });

export const sha256 = z.string().regex(/^[0-9a-f]{64}$/, 'expected 64 hexadecimal digits');

/** Names an installed model and its folder. */
export const modelId = z.string().regex(/^[a-z0-9][a-z0-9._-]{0,63}$/, 'expected letters, digits, dots and dashes');
