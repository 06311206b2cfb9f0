import { tinyModel } from '../../../../service/inference/gguf/tinyModel.ts';
import { GgufError } from '../../../../service/modelFiles/gguf/error.ts';
import { readFacts } from '../../../../service/modelFiles/gguf/facts.ts';
import { readHeader } from '../../../../service/modelFiles/gguf/header.ts';
import type { ByteSource } from '../../../../service/modelFiles/gguf/source.ts';
import { file, header, honest, number, numbers, string, strings, u32, u64, type Entry } from '../ggufBytes.ts';

/** Bytes that remember the largest piece that was ever asked of them. */
function bytes(content: Buffer, size = content.length): ByteSource & { largest: number } {
    const source = {
        size,
        largest: 0,
        read: (offset: number, length: number) => {
            source.largest = Math.max(source.largest, length);
            return Promise.resolve(content.subarray(offset, offset + length));
        },
    };
    return source;
}

async function problemOf(content: Buffer): Promise<string> {
    try {
        await readFacts(bytes(content));
        return 'none';
    } catch (error) {
        if (!(error instanceof GgufError)) throw error;
        return `${error.problem}: ${error.message}`;
    }
}

const without = (key: string, ...more: Entry[]): Buffer =>
    file({ entries: [...honest.entries().filter(entry => entry.key !== key), ...more] });

describe('The facts of a GGUF file', () => {
    it('are read from its header', async () => {
        expect(await readFacts(bytes(file()))).toEqual({
            name: 'A small model',
            architecture: 'qwen3',
            parameters: 512,
            quantisation: 'Q4_K_M',
            licence: 'apache-2.0',
            context: 40_960,
            layers: 4,
            vocabulary: 4,
            weights: 2048,
            // 4 layers, 2 heads, keys and values of 128 numbers, 2 bytes each.
            cachePerToken: 4 * 2 * 256 * 2,
            chatTemplate: 'tools',
        });
    });

    it('are the same of version 2, and when only the beginning of the file is there', async () => {
        expect((await readFacts(bytes(file({ version: 2 })))).layers).toBe(4);
        const whole = file();
        const beginning = whole.subarray(0, header().length);
        expect((await readFacts(bytes(beginning, whole.length))).layers).toBe(4);
    });

    it('agree with the model that the service writes itself', async () => {
        const content = Buffer.from(tinyModel({ layers: 3, width: 64, contextTokens: 2048 }));
        const facts = await readFacts(bytes(content));
        expect(facts).toEqual(jasmine.objectContaining({ architecture: 'llama', layers: 3, context: 2048 }));
        expect(facts.quantisation).toBe('F32');
        expect(facts.weights).toBe(facts.parameters * 4);
        expect(facts.weights).toBeLessThan(content.length);
    });

    it('do without what a file need not say', async () => {
        const names = ['general.name', 'general.license', 'general.file_type', 'tokenizer.chat_template'];
        const entries = honest.entries().filter(({ key }) => !names.includes(key));
        expect(await readFacts(bytes(file({ entries })))).toEqual(
            jasmine.objectContaining({ name: '', licence: '', quantisation: 'F32', chatTemplate: 'none' }),
        );
    });

    it('count the cache of models whose layers differ, and of those of which few layers attend', async () => {
        const perLayer = without(
            'qwen3.attention.head_count_kv',
            numbers('qwen3.attention.head_count_kv', [2, 0, 2, 0]),
        );
        expect((await readFacts(bytes(perLayer))).cachePerToken).toBe(4 * 256 * 2);
        const hybrid = without('', number('qwen3.full_attention_interval', 4));
        expect((await readFacts(bytes(hybrid))).cachePerToken).toBe(2 * 256 * 2);
    });

    it('hold no text that a terminal or a screen would obey', async () => {
        const named = without('general.name', string('general.name', `\u001b[31mred\u202e${'x'.repeat(1000)}`));
        const { name } = await readFacts(bytes(named));
        expect(name).toMatch(/^redx+…$/);
        expect(name.length).toBe(128);
    });

    it('are read through a small window, however long the vocabulary is', async () => {
        const tokens = Array.from({ length: 200_000 }, (_, index) => `token number ${index}`);
        const long = without('tokenizer.ggml.tokens', strings('tokenizer.ggml.tokens', tokens));
        const source = bytes(long);
        expect((await readFacts(source)).vocabulary).toBe(200_000);
        expect(source.largest).toBe(262_144);
    });
});

describe('A file that is of no use', () => {
    const layout = (change: (tensor: { dimensions: number[]; type: number; offset: bigint; name: string }) => void) => {
        const tensors = honest.tensors();
        const [, second] = tensors;
        if (second !== undefined) change(second);
        return file({ tensors });
    };
    const cases: [string, Buffer, RegExp][] = [
        ['is empty', Buffer.alloc(0), /^not-gguf/],
        ['is something else', Buffer.from('#!/bin/sh\nexit 0\n'.repeat(100)), /^not-gguf/],
        ['is of version 1', file({ version: 1 }), /^unsupported: .*version 1/],
        ['is of a version to come', file({ version: 4 }), /^unsupported: .*version 4/],
        ['is for the other byte order', file({ version: 0x03000000 }), /^unsupported: .*byte order/],
        ['announces more entries than it can hold', file({ entryCount: 10_000 }), /^truncated/],
        ['announces more entries than there can be', file({ entryCount: 2n ** 64n - 1n }), /^malformed/],
        ['announces more tensors than there can be', file({ tensorCount: 2n ** 63n }), /^malformed/],
        [
            'has a kind that is not known',
            without('general.architecture', string('general.architecture', 'z')),
            /^unsupported.*“z”/,
        ],
        ['does not say what it is', without('general.architecture'), /^malformed.*general\.architecture/],
        [
            'only embeds',
            without('general.architecture', string('general.architecture', 'bert')),
            /^unsupported.*“bert”/,
        ],
        ['is a part for a model', without('', string('general.type', 'adapter')), /^unsupported.*adapter/],
        ['is one of several', without('', number('split.count', 3)), /^unsupported.*several/],
        ['has no vocabulary', without('tokenizer.ggml.tokens'), /^unsupported.*vocabulary/],
        ['has no weights', file({ tensors: [] }), /^unsupported.*weights/],
        ['has no layers', without('qwen3.block_count', number('qwen3.block_count', 0)), /^malformed.*block_count/],
        [
            'has a billion layers',
            without('qwen3.block_count', number('qwen3.block_count', 1e9)),
            /^malformed.*block_count/,
        ],
        [
            'takes a terabyte for each token',
            without('qwen3.attention.key_length', number('qwen3.attention.key_length', 2 ** 32 - 1)),
            /^malformed.*head_count_kv/,
        ],
        [
            'sees more than anybody could write',
            without('qwen3.context_length', number('qwen3.context_length', 2 ** 32 - 1)),
            /^malformed.*context_length/,
        ],
        ['says a thing twice', without('', string('general.name', 'again')), /^malformed.*“general\.name”.*twice/],
        ['has an entry without a name', without('', string('', 'x')), /^malformed.*no name/],
        ['has a value of no kind', without('', { key: 'k', type: 99, value: Buffer.alloc(8) }), /^malformed.*“k”/],
        ['has a text longer than itself', without('', { key: 'k', type: 8, value: u64(2n ** 62n) }), /^truncated/],
        [
            'has a list longer than itself',
            without('', { key: 'k', type: 9, value: Buffer.concat([u32(4), u64(2n ** 61n)]) }),
            /^truncated/,
        ],
        [
            'has a list of lists',
            without('', { key: 'k', type: 9, value: Buffer.concat([u32(9), u64(1), u32(9), u64(1)]) }),
            /^malformed.*“k”/,
        ],
        ['has an alignment of three', without('', number('general.alignment', 3)), /^malformed.*alignment/],
        ['has an alignment of zero', without('', number('general.alignment', 0)), /^malformed.*alignment/],
        ['has a tensor twice', layout(tensor => (tensor.name = 'token_embd.weight')), /^malformed.*twice/],
        [
            'has a tensor with five dimensions',
            layout(tensor => (tensor.dimensions = [1, 1, 1, 1, 1])),
            /^malformed.*5 dimensions/,
        ],
        [
            'has a tensor larger than all memory',
            layout(tensor => (tensor.dimensions = [2 ** 40, 2 ** 40])),
            /^malformed.*large/,
        ],
        ['has a tensor larger than itself', layout(tensor => (tensor.dimensions = [32, 80])), /^truncated/],
        ['has a tensor of no type', layout(tensor => (tensor.type = 4)), /^unsupported.*type 4/],
        [
            'has a tensor of parts of blocks',
            layout(tensor => Object.assign(tensor, { type: 12, dimensions: [32, 8] })),
            /^malformed.*blocks/,
        ],
        ['has a tensor inside of another', layout(tensor => (tensor.offset = 32n)), /^malformed.*place/],
        ['has a tensor beyond its end', layout(tensor => (tensor.offset = 2n ** 63n)), /^malformed.*place/],
        ['lacks the last byte of its weights', file().subarray(0, -1), /^truncated/],
    ];
    for (const [what, content, expected] of cases) {
        it(`and ${what} is refused with the reason`, async () => {
            expect(await problemOf(content)).toMatch(expected);
        });
    }

    it('and has a list of more texts than any vocabulary is refused before they are read', async () => {
        const entry = { key: 'k', type: 9, value: Buffer.concat([u32(8), u64(5_000_000)]) };
        const source = bytes(without('', entry), 10 ** 12);
        await expectAsync(readFacts(source)).toBeRejectedWithError(GgufError, /“k” has 5000000 parts/);
    });

    it('and is cut off anywhere is called cut off', async () => {
        const whole = file();
        for (let length = 4; length < whole.length; length += 1) {
            expect(await problemOf(whole.subarray(0, length)))
                .withContext(`${length} of ${whole.length} bytes`)
                .toMatch(/^truncated/);
        }
    });

    it('never makes the reader crash or take much memory, whatever is changed in it', async () => {
        const whole = file();
        const random = generator(20_261_121);
        let accepted = 0;
        for (let round = 0; round < 4000; round += 1) {
            const mutated = mutate(whole, random);
            const source = bytes(mutated);
            try {
                const { tensors, tensorBytes } = await readHeader(source);
                expect(tensors.length).toBeLessThan(100);
                expect(tensorBytes).toBeLessThanOrEqual(mutated.length);
                await readFacts(source);
                accepted += 1;
            } catch (error) {
                if (!(error instanceof GgufError)) throw new Error(`round ${round}`, { cause: error });
            }
            expect(source.largest).toBeLessThanOrEqual(262_144);
        }
        // A change in a name or in the weights does no harm; were everything refused, nothing would have been tested.
        expect(accepted).toBeGreaterThan(100);
        expect(accepted).toBeLessThan(3000);
    });
});

/** Numbers from 0 to 1, the same for the same seed (mulberry32). */
function generator(seed: number): () => number {
    let state = seed;
    return () => {
        state = (state + 0x6d2b79f5) | 0;
        let mixed = Math.imul(state ^ (state >>> 15), state | 1);
        mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
        return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
    };
}

function mutate(content: Buffer, random: () => number): Buffer {
    const copy = Buffer.from(content);
    const at = (length: number) => Math.floor(random() * (copy.length - length));
    const changes = 1 + Math.floor(random() * 3);
    for (let change = 0; change < changes; change += 1) {
        switch (Math.floor(random() * 5)) {
            case 0:
                copy.writeUInt8(Math.floor(random() * 256), at(1));
                break;
            case 1:
                copy.writeUInt32LE(Math.floor(random() * 2 ** 32), at(4));
                break;
            case 2:
                copy.writeBigUInt64LE(2n ** BigInt(Math.floor(random() * 64)), at(8));
                break;
            case 3:
                copy.fill(random() < 0.5 ? 0 : 255, at(32), copy.length - Math.floor(random() * copy.length));
                break;
            default:
                copy.copy(copy, at(64), at(64), copy.length - 64);
        }
    }
    return random() < 0.1 ? copy.subarray(0, at(1)) : copy;
}
