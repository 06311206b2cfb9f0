import { writeGguf, type GgufTensor } from './writer.ts';

/** What a tiny model is like. The defaults make one of about half a megabyte. */
export type TinyModelOptions = {
    /** The same seed gives the same file, byte by byte. */
    seed?: number;
    /** Tokens of the context that it claims to have been trained for. */
    contextTokens?: number;
    layers?: number;
    /** Width of the embedding, a multiple of 32. */
    width?: number;
};

const heads = 4;
const control = ['<|im_start|>', '<|im_end|>'] as const;

/** As ChatML writes a conversation. */
const chatTemplate =
    "{% for message in messages %}{{ '<|im_start|>' + message['role'] + '\\n' + message['content'] + '<|im_end|>\\n' }}" +
    "{% endfor %}{% if add_generation_prompt %}{{ '<|im_start|>assistant\\n' }}{% endif %}";

/**
 * A complete model of the llama architecture with random weights: it loads, computes and writes noise, on every accelerator
 * and within milliseconds. The probe of an accelerator runs it, and so do the tests; nothing has to be downloaded.
 */
export function tinyModel({
    seed = 1,
    contextTokens = 4096,
    layers = 2,
    width = 64,
}: TinyModelOptions = {}): Uint8Array {
    const random = gaussian(seed);
    const { tokens, scores, types } = vocabulary();
    const hidden = width * 2;
    const tensors: GgufTensor[] = [];
    const matrix = (name: string, inner: number, outer: number, scale = 1) => {
        const data = Float32Array.from({ length: inner * outer }, () => (random() * scale) / Math.sqrt(inner));
        tensors.push({ name, shape: [inner, outer], data });
    };
    const norm = (name: string) => tensors.push({ name, shape: [width], data: new Float32Array(width).fill(1) });

    // Embeddings are as long as what the layers add to them, so that noise depends on the prompt.
    matrix('token_embd.weight', width, tokens.length, Math.sqrt(width));
    for (let layer = 0; layer < layers; layer++) {
        norm(`blk.${layer}.attn_norm.weight`);
        for (const name of ['attn_q', 'attn_k', 'attn_v', 'attn_output'])
            matrix(`blk.${layer}.${name}.weight`, width, width);
        norm(`blk.${layer}.ffn_norm.weight`);
        matrix(`blk.${layer}.ffn_gate.weight`, width, hidden);
        matrix(`blk.${layer}.ffn_up.weight`, width, hidden);
        matrix(`blk.${layer}.ffn_down.weight`, hidden, width);
    }
    norm('output_norm.weight');
    // Logits far apart: rounding, which differs between accelerators, does not change which is largest.
    matrix('output.weight', width, tokens.length, 4);
    // The noise is to be text: what only control characters and broken UTF-8 are made of is never the likeliest.
    const output = tensors.at(-1)?.data;
    for (const [token, type] of types.entries())
        if (type === tokenKinds.byte && !isPrintable(token - firstByte))
            output?.fill(0, token * width, (token + 1) * width);

    return writeGguf(
        {
            'general.architecture': { type: 'string', value: 'llama' },
            'general.name': { type: 'string', value: 'Random weights' },
            'general.file_type': { type: 'u32', value: 0 },
            'llama.vocab_size': { type: 'u32', value: tokens.length },
            'llama.context_length': { type: 'u32', value: contextTokens },
            'llama.embedding_length': { type: 'u32', value: width },
            'llama.block_count': { type: 'u32', value: layers },
            'llama.feed_forward_length': { type: 'u32', value: hidden },
            'llama.rope.dimension_count': { type: 'u32', value: width / heads },
            'llama.attention.head_count': { type: 'u32', value: heads },
            'llama.attention.head_count_kv': { type: 'u32', value: heads },
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

/** llama_token_type of llama.h. */
const tokenKinds = { normal: 1, unknown: 2, control: 3, byte: 6 } as const;
/** The tokens of single bytes come after <unk>, <s> and </s>. */
const firstByte = 3;

function isPrintable(byte: number): boolean {
    return byte === 0x0a || (byte >= 0x20 && byte < 0x7f);
}

/** Every byte is a token, so every text can be written; letters and a few words are tokens of their own. */
function vocabulary() {
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
        ...[...printable, ...words].map(text => ({ text, type: tokenKinds.normal })),
    ];
    return {
        tokens: entries.map(({ text }) => text),
        // Longer pieces win.
        scores: entries.map(({ text, type }) => (type === tokenKinds.normal ? text.length - 100 : 0)),
        types: entries.map(({ type }) => type),
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
