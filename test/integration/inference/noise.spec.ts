import * as z from 'zod';
import type { Json, JsonSchema, Tool } from '../../../service/inference/backend.ts';
import { InferenceError } from '../../../service/inference/errors.ts';
import { hear, openRig, question } from './support.ts';

/** Numbers from 0 to below `limit`, the same for the same seed (mulberry32). */
function dice(seed: number): (limit: number) => number {
    let state = seed;
    return limit => {
        state = (state + 0x6d2b79f5) | 0;
        let mixed = Math.imul(state ^ (state >>> 15), state | 1);
        mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
        return Math.floor((((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32) * limit);
    };
}

type Dice = (limit: number) => number;

function randomSchema(roll: Dice, depth: number): JsonSchema {
    const simple: (() => JsonSchema)[] = [
        () => ({ type: 'boolean' }),
        () => ({ type: 'string', maxLength: 1 + roll(10) }),
        () => ({ type: 'string', minLength: 2, maxLength: 6 }),
        () => ({ type: 'string', format: 'date' }),
        () => ({ type: 'integer', minimum: roll(5), maximum: 5 + roll(50) }),
        () => ({ type: 'number' }),
        () => ({ enum: ['failed', 'active', 'it’s "quoted"\\', '', 7, null].slice(roll(5)) }),
        () => ({ const: 'exactly' }),
        () => ({ type: ['string', 'null'], maxLength: 4 }),
    ];
    const nested: (() => JsonSchema)[] = [
        () => randomObject(roll, depth - 1),
        () => ({ type: 'array', items: randomSchema(roll, depth - 1), minItems: roll(2), maxItems: 2 }),
        () => ({ anyOf: [randomSchema(roll, depth - 1), { type: 'null' }] }),
    ];
    const choices = depth > 0 ? [...simple, ...nested, ...nested] : simple;
    return choices[roll(choices.length)]?.() ?? { type: 'boolean' };
}

function randomObject(roll: Dice, depth: number): JsonSchema {
    const names = ['unit', 'limit', 'since', 'größe'].slice(0, roll(5));
    return {
        type: 'object',
        properties: Object.fromEntries(names.map(name => [name, randomSchema(roll, depth)])),
        required: names.filter(() => roll(2) === 0),
        additionalProperties: false,
    };
}

function randomTools(roll: Dice): Tool[] {
    return Array.from({ length: 1 + roll(4) }, (_, index) => ({
        name: `tool_${index}`,
        description: 'Looks something up',
        parameters: randomObject(roll, 2),
    }));
}

const fits = (schema: JsonSchema, value: Json) => z.fromJSONSchema(schema).safeParse(value).success;

describe('A model of random weights', () => {
    const seeds = 3;
    const toolsForEach = 10;

    it('calls, if it calls, only tools that there are, with arguments that fit them', async () => {
        await using rig = await openRig();
        let written = 0;
        for (let seed = 1; seed <= seeds; seed++) {
            const model = await rig.writeModel({ seed }, `seed-${seed}`);
            const roll = dice(seed);
            for (let round = 0; round < toolsForEach; round++) {
                const tools = randomTools(roll);
                const request = question(model, {
                    tools,
                    toolChoice: 'required',
                    maxTokens: 300,
                    seed,
                    temperature: 1,
                });
                const heard = await hear(rig.backend.chat(request)).catch((error: unknown) => {
                    // Said to be of no use, rather than handed on.
                    if (error instanceof InferenceError && error.problem === 'AnswerUnusable') return null;
                    throw error;
                });
                for (const call of heard?.calls ?? []) {
                    const tool = tools.find(({ name }) => name === call.name);
                    const about = `seed ${seed}, round ${round}: ${JSON.stringify(call)} for ${JSON.stringify(tools)}`;
                    expect(tool !== undefined && fits(tool.parameters, call.arguments))
                        .withContext(about)
                        .toBeTrue();
                    written += 1;
                }
            }
        }
        // Most are written; the rest were cut off by the limit, or were no numbers.
        expect(written).toBeGreaterThan((seeds * toolsForEach) / 2);
    }, 120_000);
});
