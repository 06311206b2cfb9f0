import * as z from 'zod';

import { safeText } from '../../../text/sanitise.ts';
import { fact } from '../../../machine/evidence.ts';
import { notHere, required, tool } from '../tool.ts';

/** Identifiers of GSettings schemas and keys: GLib's gio/glib-compile-schemas.c, is_valid_keyname() and is_valid_schema_id(). */
const schemaId = z
    .string()
    .min(1)
    .max(256)
    .regex(/^[A-Za-z][A-Za-z0-9.-]*$/, 'is not the name of a schema');
const keyName = z
    .string()
    .min(1)
    .max(128)
    .regex(/^[a-zA-Z][a-zA-Z0-9-]*$/, 'is not the name of a key');

export const settings = tool({
    name: 'settings',
    description:
        'Desktop settings (GSettings): the value of a key, all keys of a schema, or schemas by part of the name.',
    parameters: z.object({
        schema: schemaId.describe('such as org.gnome.desktop.interface, or a part of one'),
        key: keyName.optional().describe('such as color-scheme'),
    }),
    async run({ schema, key }, { machine, signal }, out) {
        const ask = (argv: string[]) => machine.run('gsettings', argv, { signal });
        const list = required(await ask(['list-schemas']), 'GSettings', 'gsettings');
        const schemas = list
            .split('\n')
            .filter(name => name !== '')
            .sort();
        if (!schemas.includes(schema)) {
            const near = schemas.filter(name => name.toLowerCase().includes(schema.toLowerCase()));
            if (near.length === 0) throw notHere(`A schema like ${schema}`, 'gsettings list-schemas');
            out.list(`No schema is called ${schema}; those like it`, near, name => name, 30);
            return;
        }
        const text = (await ask(key === undefined ? ['list-recursively', schema] : ['get', schema, key])) ?? '';
        const rows = text
            .split('\n')
            .filter(line => line !== '')
            .sort();
        out.cite(
            fact('system', `gsettings ${schema}${key === undefined ? '' : ` ${key}`}`, safeText(text.trim(), 300)),
        );
        if (key === undefined)
            out.list(`Keys of ${schema}`, rows, row => safeText(row.replace(`${schema} `, ''), 200), 40);
        else
            out.line(
                rows.length === 0
                    ? `${schema} has no key ${key}`
                    : `${schema} ${key} = ${safeText(rows.join(' '), 300)}`,
            );
    },
});
