// A model that writes a given text: after each piece of text the next one, whatever was said before. It is run like any
// other, so that everything around it is real; only its output is known in advance.
import { writeGguf, type GgufTensor } from '../../service/inference/gguf/writer.ts';

/** Of ChatML; the template is recognised by these. */
export const [begin, end] = ['<|im_start|>', '<|im_end|>'] as const;
const chatTemplate =
    "{% for message in messages %}{{ '<|im_start|>' + message['role'] + '\\n' + message['content'] + '<|im_end|>\\n' }}" +
    "{% endfor %}{% if add_generation_prompt %}{{ '<|im_start|>assistant\\n' }}{% endif %}";
/** What an answer begins after. */
export const answerBegins = 'assistant\n';

/** llama_token_type of llama.h. Texts that are `given` are tokens wherever they occur. */
const kinds = { normal: 1, unknown: 2, control: 3, given: 4, byte: 6 } as const;
const width = 64;

/**
 * @param chains texts, of which each is followed by the next; a text that is followed by nothing ends the answer. A line feed
 * and single letters may be among them
 */
export function writingModel(name: string, chains: readonly (readonly string[])[], contextTokens = 32_768): Uint8Array {
    const { texts, types } = vocabulary([...new Set(chains.flat())]);
    const tokenOf = (text: string) => texts.indexOf(written(text));
    const pairs = chains.flatMap(chain => chain.slice(1).map((text, index) => [chain[index] ?? '', text] as const));
    const places = [...new Set(pairs.map(([before]) => before))];
    if (places.length >= width) throw new Error('that is more than this model can remember');

    // What was read last is one number of the state, and what follows is written as large as that.
    const [embedding, output] = [new Float32Array(texts.length * width), new Float32Array(texts.length * width)];
    const elsewhere = width - 1;
    for (const token of texts.keys()) embedding[token * width + elsewhere] = 1;
    for (const [place, text] of places.entries()) {
        embedding[tokenOf(text) * width + elsewhere] = 0;
        embedding[tokenOf(text) * width + place] = 1;
    }
    for (const [before, after] of [...pairs, [null, end] as const])
        output[tokenOf(after) * width + (before === null ? elsewhere : places.indexOf(before))] = 10;

    const tensor = (tensorName: string, shape: readonly number[], data: Float32Array): GgufTensor => {
        return { name: tensorName, shape, type: 'f32', data: new Uint8Array(data.buffer) };
    };
    const nothing = (inner: number, outer: number) => new Float32Array(inner * outer);
    const norm = (tensorName: string) => tensor(tensorName, [width], new Float32Array(width).fill(1));
    return writeGguf(
        {
            'general.architecture': { type: 'string', value: 'llama' },
            'general.name': { type: 'string', value: name },
            'general.file_type': { type: 'u32', value: 0 },
            'llama.vocab_size': { type: 'u32', value: texts.length },
            'llama.context_length': { type: 'u32', value: contextTokens },
            'llama.embedding_length': { type: 'u32', value: width },
            'llama.block_count': { type: 'u32', value: 1 },
            'llama.feed_forward_length': { type: 'u32', value: width },
            'llama.rope.dimension_count': { type: 'u32', value: width / 4 },
            'llama.attention.head_count': { type: 'u32', value: 4 },
            'llama.attention.layer_norm_rms_epsilon': { type: 'f32', value: 1e-5 },
            'tokenizer.ggml.model': { type: 'string', value: 'llama' },
            'tokenizer.ggml.tokens': { type: 'strings', value: texts },
            'tokenizer.ggml.scores': { type: 'f32s', value: texts.map(() => 0) },
            'tokenizer.ggml.token_type': { type: 'i32s', value: types },
            'tokenizer.ggml.unknown_token_id': { type: 'u32', value: 0 },
            'tokenizer.ggml.bos_token_id': { type: 'u32', value: 1 },
            'tokenizer.ggml.eos_token_id': { type: 'u32', value: texts.indexOf(end) },
            'tokenizer.chat_template': { type: 'string', value: chatTemplate },
        },
        [
            tensor('token_embd.weight', [width, texts.length], embedding),
            norm('blk.0.attn_norm.weight'),
            ...['attn_q', 'attn_k', 'attn_v', 'attn_output', 'ffn_gate', 'ffn_up', 'ffn_down'].map(part =>
                tensor(`blk.0.${part}.weight`, [width, width], nothing(width, width)),
            ),
            norm('blk.0.ffn_norm.weight'),
            norm('output_norm.weight'),
            tensor('output.weight', [width, texts.length], output),
        ],
    );
}

/** Every byte and every letter is a token, and so are the texts. */
function vocabulary(wanted: readonly string[]) {
    const letters = Array.from({ length: 0x7f - 0x21 }, (_, index) => String.fromCharCode(0x21 + index));
    const entries: { text: string; type: number }[] = [
        { text: '<unk>', type: kinds.unknown },
        { text: '<s>', type: kinds.control },
        { text: '</s>', type: kinds.control },
        ...Array.from({ length: 256 }, (_, byte) => ({
            text: `<0x${byte.toString(16).toUpperCase().padStart(2, '0')}>`,
            type: kinds.byte,
        })),
        ...[begin, end].map(text => ({ text, type: kinds.control })),
        ...[...letters, '\u2581'].map(text => ({ text, type: kinds.normal })),
    ];
    const known = new Set(entries.map(({ text }) => text));
    for (const text of new Set(wanted.map(written)))
        if (!known.has(text)) entries.push({ text, type: text === answerBegins ? kinds.given : kinds.normal });
    return { texts: entries.map(({ text }) => text), types: entries.map(({ type }) => type) };
}

/** A text as the vocabulary has it: SentencePiece writes a space as U+2581. */
function written(text: string): string {
    return text === '\n' ? '<0x0A>' : text.replaceAll(' ', '\u2581');
}
