import type { Json, JsonSchema } from '../backend.ts';

/**
 * Rewrites a JSON Schema in the words that the grammar of node-llama-cpp knows (GbnfJsonSchema in its types). That one
 * ignores what it does not know and takes `anyOf` for null, so everything has to be put in its terms:
 *
 * - All properties are always written there. With `optional: 'null'` those that may be left out can be null instead,
 *   and `dropNulls` takes them away again; with `optional: 'written'` they are simply written.
 * - Of bounds only the lengths of arrays and short texts are known. A small range of integers becomes a choice.
 *
 * @throws Error that names the place of what cannot be expressed
 */
export function grammarSchema(schema: JsonSchema, optional: 'null' | 'written'): JsonSchema {
    return convert(schema, { optional, place: '#' });
}

type Context = { optional: 'null' | 'written'; place: string };

/** Longer bounds make llama.cpp's grammars slow, or are refused. */
const longestBound = 256;

const isObject = (value: Json | undefined): value is JsonSchema =>
    typeof value === 'object' && value !== null && !Array.isArray(value);
const isArray = (value: Json | undefined): value is readonly Json[] => Array.isArray(value);

function convert(schema: Json | undefined, context: Context): JsonSchema {
    if (schema === true || schema === undefined) return anything;
    if (!isObject(schema)) throw new Error(`${context.place} is not a schema`);
    const definitions = isObject(schema.$defs)
        ? { $defs: mapValues(schema.$defs, (value, name) => convert(value, inside(context, `$defs/${name}`))) }
        : {};
    const about = typeof schema.description === 'string' ? { description: schema.description } : {};
    return { ...convertBody(schema, context), ...about, ...definitions };
}

/** Any value that is not nested: what fits "anything" and stays short. */
const anything: JsonSchema = { type: ['string', 'number', 'boolean', 'null'] };

function convertBody(schema: JsonSchema, context: Context): JsonSchema {
    if (typeof schema.$ref === 'string') {
        if (!schema.$ref.startsWith('#/$defs/')) throw new Error(`${context.place} refers to ${schema.$ref}`);
        return { $ref: schema.$ref };
    }
    if (schema.const !== undefined) return { enum: [literal(schema.const, context)] };
    if (isArray(schema.enum)) {
        if (schema.enum.length === 0) throw new Error(`${context.place} allows no value`);
        return { enum: schema.enum.map(value => literal(value, context)) };
    }
    const choices = schema.anyOf ?? schema.oneOf;
    if (isArray(choices)) {
        if (choices.length === 0) throw new Error(`${context.place} allows no value`);
        return { oneOf: choices.map((choice, index) => convert(choice, inside(context, `anyOf/${index}`))) };
    }
    if (isArray(schema.type)) {
        return { oneOf: schema.type.map(type => convertBody({ ...schema, type }, context)) };
    }
    if (typeof schema.type !== 'string') return isObject(schema.properties) ? convertObject(schema, context) : anything;
    switch (schema.type) {
        case 'object':
            return convertObject(schema, context);
        case 'array':
            return convertArray(schema, context);
        case 'string':
            return convertString(schema);
        case 'integer':
        case 'number':
            return convertNumber(schema);
        case 'boolean':
        case 'null':
            return { type: schema.type };
        default:
            throw new Error(`${context.place} has an unknown type`);
    }
}

function convertObject(schema: JsonSchema, context: Context): JsonSchema {
    const required = new Set(isArray(schema.required) ? schema.required : []);
    const properties = mapValues(isObject(schema.properties) ? schema.properties : {}, (value, name) => {
        const converted = convert(value, inside(context, `properties/${name}`));
        if (required.has(name) || context.optional === 'written') return converted;
        const { description, ...rest } = converted;
        return { oneOf: [{ type: 'null' }, rest], ...(description === undefined ? {} : { description }) };
    });
    // Names of the model's own make sense only where there are no others: a map.
    const additional = schema.additionalProperties;
    const isMap = Object.keys(properties).length === 0 && (additional === true || isObject(additional));
    return {
        type: 'object',
        properties,
        ...(isMap ? { additionalProperties: convert(additional, inside(context, 'additionalProperties')) } : {}),
    };
}

function convertArray(schema: JsonSchema, context: Context): JsonSchema {
    const bounds = { ...bound(schema, 'minItems'), ...bound(schema, 'maxItems') };
    if (!isArray(schema.prefixItems))
        return { type: 'array', items: convert(schema.items, inside(context, 'items')), ...bounds };
    const prefixItems = schema.prefixItems.map((item, index) => convert(item, inside(context, `prefixItems/${index}`)));
    return schema.items === undefined || schema.items === false
        ? { type: 'array', prefixItems, minItems: prefixItems.length, maxItems: prefixItems.length }
        : { type: 'array', prefixItems, items: convert(schema.items, inside(context, 'items')), ...bounds };
}

function convertString(schema: JsonSchema): JsonSchema {
    const { format } = schema;
    if (format === 'date' || format === 'time' || format === 'date-time') return { type: 'string', format };
    return { type: 'string', ...bound(schema, 'minLength'), ...bound(schema, 'maxLength') };
}

function convertNumber(schema: JsonSchema): JsonSchema {
    const { minimum, maximum } = schema;
    if (schema.type !== 'integer' || typeof minimum !== 'number' || typeof maximum !== 'number')
        return { type: schema.type ?? 'number' };
    const [from, to] = [Math.ceil(minimum), Math.floor(maximum)];
    if (to < from || to - from >= longestBound) return { type: 'integer' };
    return { enum: Array.from({ length: to - from + 1 }, (_, index) => from + index) };
}

function bound(schema: JsonSchema, name: string): JsonSchema {
    const value = schema[name];
    return typeof value === 'number' && value <= longestBound ? { [name]: value } : {};
}

function literal(value: Json, context: Context): Json {
    if (typeof value === 'object' && value !== null) throw new Error(`${context.place} allows only certain objects`);
    return value;
}

function inside(context: Context, name: string): Context {
    return { ...context, place: `${context.place}/${name}` };
}

function mapValues(object: JsonSchema, map: (value: Json, name: string) => JsonSchema): Record<string, JsonSchema> {
    return Object.fromEntries(Object.entries(object).map(([name, value]) => [name, map(value, name)]));
}

/** Takes away the properties that are null because their schema does not require them and does not know null. */
export function dropNulls(value: Json, schema: JsonSchema, definitions = schema.$defs): Json {
    const at = resolve(schema, definitions);
    if (isArray(value)) {
        const { prefixItems, items } = at;
        return value.map((item, index) => {
            const itemSchema = isArray(prefixItems) ? (prefixItems[index] ?? items) : items;
            return isObject(itemSchema) ? dropNulls(item, itemSchema, definitions) : item;
        });
    }
    const choices = at.anyOf ?? at.oneOf;
    if (isArray(choices)) {
        // Choices between objects: the first that has the same properties is the one that was written.
        const fits = choices.find(choice => isObject(choice) && hasShapeOf(value, resolve(choice, definitions)));
        return isObject(fits) ? dropNulls(value, fits, definitions) : value;
    }
    if (!isObject(value) || !isObject(at.properties)) return value;
    const { properties } = at;
    const required = new Set(isArray(at.required) ? at.required : []);
    return Object.fromEntries(
        Object.entries(value).flatMap(([name, item]) => {
            const property = properties[name];
            if (!isObject(property)) return [[name, item]];
            if (item === null && !required.has(name)) return [];
            return [[name, dropNulls(item, property, definitions)]];
        }),
    );
}

function resolve(schema: JsonSchema, definitions: Json | undefined): JsonSchema {
    const name = typeof schema.$ref === 'string' ? schema.$ref.replace('#/$defs/', '') : undefined;
    const target = name !== undefined && isObject(definitions) ? definitions[name] : undefined;
    return isObject(target) ? target : schema;
}

function hasShapeOf(value: Json, schema: JsonSchema): boolean {
    if (isArray(value)) return schema.type === 'array';
    if (!isObject(value) || !isObject(schema.properties)) return false;
    const { properties } = schema;
    const names = Object.keys(value);
    return (
        names.length === Object.keys(properties).length &&
        names.every(name => {
            const property = properties[name];
            if (!isObject(property)) return false;
            return property.const === undefined || property.const === value[name];
        })
    );
}
