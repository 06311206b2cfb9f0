import * as z from 'zod';
import type { JsonSchema } from '../../../service/inference/backend.ts';
import { dropNulls, grammarSchema } from '../../../service/inference/worker/grammarSchema.ts';

const of = (schema: z.ZodType) => JSON.parse(JSON.stringify(z.toJSONSchema(schema))) as JsonSchema;

describe('A JSON schema in the words of a grammar', () => {
    it('lets null stand for what may be left out', () => {
        const schema = of(z.object({ unit: z.string(), limit: z.int().min(1).max(3).optional() }));

        expect(grammarSchema(schema, 'null') as unknown).toEqual({
            type: 'object',
            properties: {
                unit: { type: 'string' },
                limit: { oneOf: [{ type: 'null' }, { enum: [1, 2, 3] }] },
            },
        });
        expect(grammarSchema(schema, 'written').properties as unknown).toEqual({
            unit: { type: 'string' },
            limit: { enum: [1, 2, 3] },
        });
    });

    it('keeps descriptions, choices, references and lengths', () => {
        const schema = of(
            z.object({
                kind: z.enum(['file', 'folder']).describe('What to find'),
                size: z.union([z.literal('any'), z.object({ bytes: z.number() })]),
                names: z.array(z.string().max(10)).min(1).max(4),
            }),
        );

        expect(grammarSchema(schema, 'null').properties as unknown).toEqual({
            kind: { enum: ['file', 'folder'], description: 'What to find' },
            size: { oneOf: [{ enum: ['any'] }, { type: 'object', properties: { bytes: { type: 'number' } } }] },
            names: { type: 'array', items: { type: 'string', maxLength: 10 }, minItems: 1, maxItems: 4 },
        });
    });

    it('does not try to keep to what a grammar cannot count to', () => {
        const schema = of(z.object({ text: z.string().max(5000), port: z.int().min(1).max(65_535) }));

        expect(grammarSchema(schema, 'null').properties as unknown).toEqual({
            text: { type: 'string' },
            port: { type: 'integer' },
        });
    });

    it('names the place of what it cannot say', () => {
        const schema: JsonSchema = { type: 'object', properties: { a: { $ref: 'https://example.org/a.json' } } };

        expect(() => grammarSchema(schema, 'null')).toThrowError('#/properties/a refers to https://example.org/a.json');
    });

    it('is undone for what was left out, wherever it is', () => {
        const inner = z.object({ name: z.string(), since: z.string().optional() });
        const schema = of(
            z.object({ list: z.array(inner), either: z.union([z.object({ a: z.int() }), inner]), none: z.null() }),
        );
        const written = { list: [{ name: 'x', since: null }], either: { name: 'y', since: null }, none: null };

        expect(dropNulls(written, schema) as unknown).toEqual({
            list: [{ name: 'x' }],
            either: { name: 'y' },
            none: null,
        });
    });
});
