import { writeGguf, type GgufTensor } from './writer.ts';

/** The properties of a model with random weights. */
export type RandomModelOptions = {
    /** The same seed gives the same file, byte by byte. */
    seed: number;
    /** Tokens of the context that it claims to have been trained for. */
    contextTokens: number;
    layers: number;
    /** Of the embedding, a multiple of 32. */
    width: number;
    /** Of the feed-forward layers, a multiple of 32. */
    hidden: number;
    heads: number;
    /** As many as heads, or fewer where several share their keys and values. */
    keyValueHeads: number;
    /** Made-up words in the vocabulary, beside what every vocabulary has; at most 26⁴. */
    words: number;
    /** Q8_0: 34 bytes for 32 weights, as quantised models have them. */
    weights: 'f32' | 'q8_0';
};

const control = ['<|im_start|>', '<|im_end|>'] as const;

/** As ChatML writes a conversation. */
const chatTemplate =
    "{% for message in messages %}{{ '<|im_start|>' + message['role'] + '\\n' + message['content'] + '<|im_end|>\\n' }}" +
    "{% endfor %}{% if add_generation_prompt %}{{ '<|im_start|>assistant\\n' }}{% endif %}";

/** A complete model of the llama architecture with random weights: it answers everything with noise. */
export function randomModel(options: RandomModelOptions): Uint8Array {
    const { seed, contextTokens, layers, width, hidden, heads, keyValueHeads, words, weights } = options;
    const { tokens, scores, types } = vocabulary(words);
    const rows = weights === 'f32' ? gaussianRows(seed) : quantisedRows(seed);
    const keyValueWidth = (width / heads) * keyValueHeads;
    const tensors: GgufTensor[] = [];
    const matrix = (name: string, inner: number, outer: number, scale = 1) => {
        tensors.push({
            name,
            shape: [inner, outer],
            type: weights,
            data: rows(inner * outer, scale / Math.sqrt(inner)),
        });
    };
    const norm = (name: string) => {
        const data = new Float32Array(width).fill(1);
        tensors.push({ name, shape: [width], type: 'f32', data: new Uint8Array(data.buffer) });
    };

    // Embeddings are as long as what the layers add to them, so that noise depends on the prompt.
    matrix('token_embd.weight', width, tokens.length, Math.sqrt(width));
    for (let layer = 0; layer < layers; layer++) {
        norm(`blk.${layer}.attn_norm.weight`);
        matrix(`blk.${layer}.attn_q.weight`, width, width);
        matrix(`blk.${layer}.attn_k.weight`, width, keyValueWidth);
        matrix(`blk.${layer}.attn_v.weight`, width, keyValueWidth);
        matrix(`blk.${layer}.attn_output.weight`, width, width);
        norm(`blk.${layer}.ffn_norm.weight`);
        matrix(`blk.${layer}.ffn_gate.weight`, width, hidden);
        matrix(`blk.${layer}.ffn_up.weight`, width, hidden);
        matrix(`blk.${layer}.ffn_down.weight`, hidden, width);
    }
    norm('output_norm.weight');
    // Logits far apart: rounding, which differs between accelerators, does not change the largest.
    matrix('output.weight', width, tokens.length, 4);
    // The noise is to be text, and to go on: what only control characters and broken UTF-8 are made of is never the likeliest.
    const output = tensors.at(-1)?.data ?? new Uint8Array();
    const row = output.byteLength / tokens.length;
    for (const [token, type] of types.entries())
        if (type === tokenKinds.byte && !isPrintable(token - firstByte)) output.fill(0, token * row, (token + 1) * row);

    return writeGguf(
        {
            'general.architecture': { type: 'string', value: 'llama' },
            'general.name': { type: 'string', value: 'Random weights' },
            'general.file_type': { type: 'u32', value: fileTypes[weights] },
            'llama.vocab_size': { type: 'u32', value: tokens.length },
            'llama.context_length': { type: 'u32', value: contextTokens },
            'llama.embedding_length': { type: 'u32', value: width },
            'llama.block_count': { type: 'u32', value: layers },
            'llama.feed_forward_length': { type: 'u32', value: hidden },
            'llama.rope.dimension_count': { type: 'u32', value: width / heads },
            'llama.attention.head_count': { type: 'u32', value: heads },
            'llama.attention.head_count_kv': { type: 'u32', value: keyValueHeads },
            'llama.attention.layer_norm_rms_epsilon': { type: 'f32', value: 1e-5 },
            'tokenizer.ggml.model': { type: 'string', value: 'llama' },
            'tokenizer.ggml.tokens': { type: 'strings', value: tokens },
            'tokenizer.ggml.scores': { type: 'f32s', value: scores },
            'tokenizer.ggml.token_type': { type: 'i32s', value: types },
            'tokenizer.ggml.unknown_token_id': { type: 'u32', value: 0 },
            'tokenizer.ggml.bos_token_id': { type: 'u32', value: 1 },
            'tokenizer.ggml.eos_token_id': { type: 'u32', value: tokens.indexOf('<|im_end|>') },
            'tokenizer.chat_template': { type: 'string', value: chatTemplate },
        },
        tensors,
    );
}

/** llama_ftype of llama.h: what most of the weights are. */
const fileTypes = { f32: 0, q8_0: 7 } as const;
/** llama_token_type of llama.h. */
const tokenKinds = { normal: 1, unknown: 2, control: 3, byte: 6 } as const;
/** The tokens of single bytes come after <unk>, <s> and </s>. */
const firstByte = 3;

function isPrintable(byte: number): boolean {
    return byte === 0x0a || (byte >= 0x20 && byte < 0x7f);
}

/** Every byte is a token, so every text can be written; letters and some words are tokens of their own. */
function vocabulary(madeUp: number) {
    const printable = Array.from({ length: 0x7f - 0x21 }, (_, index) => String.fromCharCode(0x21 + index));
    // SentencePiece writes a space as U+2581.
    const words = ['\u2581', '\u2581the', '\u2581a', '\u2581is', 'the', 'er', 'in', 'on', 'st', 'ed', '": "', '", "'];
    const entries: { text: string; type: number }[] = [
        { text: '<unk>', type: tokenKinds.unknown },
        { text: '<s>', type: tokenKinds.control },
        { text: '</s>', type: tokenKinds.control },
        ...Array.from({ length: 256 }, (_, byte) => ({
            text: `<0x${byte.toString(16).toUpperCase().padStart(2, '0')}>`,
            type: tokenKinds.byte,
        })),
        ...control.map(text => ({ text, type: tokenKinds.control })),
        ...[...printable, ...words, ...syntheticWords(madeUp)].map(text => ({ text, type: tokenKinds.normal })),
    ];
    return {
        tokens: entries.map(({ text }) => text),
        // Longer pieces win.
        scores: entries.map(({ text, type }) => (type === tokenKinds.normal ? text.length - 100 : 0)),
        types: entries.map(({ type }) => type),
    };
}

/** " aaaa", " baaa", …: of four letters each. */
function syntheticWords(count: number): string[] {
    const letter = (number: number) => String.fromCharCode(0x61 + (Math.floor(number) % 26));
    return Array.from(
        { length: count },
        (_, index) => `\u2581${[1, 26, 26 ** 2, 26 ** 3].map(power => letter(index / power)).join('')}`,
    );
}

/** Makes the data of `count` weights of mean 0 and a given deviation. */
type Rows = (count: number, deviation: number) => Uint8Array;

function gaussianRows(seed: number): Rows {
    const random = gaussian(seed);
    return (count, deviation) =>
        new Uint8Array(Float32Array.from({ length: count }, () => random() * deviation).buffer);
}

/** In blocks of 32 weights: their scale in half precision, then a signed byte for each (block_q8_0 of ggml-common.h). */
function quantisedRows(seed: number): Rows {
    const [weightsInBlock, bytesInBlock] = [32, 34];
    /** Of bytes that are all equally likely. */
    const deviationOfBytes = 256 / Math.sqrt(12);
    let state = seed;
    return (count, deviation) => {
        const data = new Uint8Array((count / weightsInBlock) * bytesInBlock);
        const words = new Int32Array(data.buffer, 0, Math.floor(data.length / 4));
        for (let index = 0; index < words.length; index++) {
            // xorshift32: there are hundreds of millions of them.
            state ^= state << 13;
            state ^= state >>> 17;
            state ^= state << 5;
            words[index] = state;
        }
        const [low = 0, high = 0] = new Uint8Array(new Float16Array([deviation / deviationOfBytes]).buffer);
        for (let block = 0; block < data.length; block += bytesInBlock) {
            data[block] = low;
            data[block + 1] = high;
        }
        return data;
    };
}

/** Numbers of mean 0 and deviation 1, the same for the same seed: mulberry32 and the Box–Muller transform. */
function gaussian(seed: number): () => number {
    let state = seed >>> 0;
    const uniform = () => {
        state = (state + 0x6d2b79f5) >>> 0;
        let mixed = Math.imul(state ^ (state >>> 15), state | 1);
        mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
        return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
    };
    return () => Math.sqrt(-2 * Math.log(1 - uniform())) * Math.cos(2 * Math.PI * uniform());
}
