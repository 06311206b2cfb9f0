// GGUF files byte by byte, so that a test can write what no honest program would.
// The format: https://github.com/ggml-org/ggml/blob/master/docs/gguf.md

export type Entry = { key: string; type: number; value: Buffer };
export type TensorInfo = { name: string; dimensions: number[]; type: number; offset: bigint };

export const u32 = (value: number): Buffer => {
    const bytes = Buffer.alloc(4);
    bytes.writeUInt32LE(value);
    return bytes;
};
export const u64 = (value: number | bigint): Buffer => {
    const bytes = Buffer.alloc(8);
    bytes.writeBigUInt64LE(BigInt(value));
    return bytes;
};
export const text = (value: string): Buffer => Buffer.concat([u64(Buffer.byteLength(value)), Buffer.from(value)]);

export const number = (key: string, value: number): Entry => ({ key, type: 4, value: u32(value) });
export const string = (key: string, value: string): Entry => ({ key, type: 8, value: text(value) });
export const strings = (key: string, values: readonly string[]): Entry => ({
    key,
    type: 9,
    value: Buffer.concat([u32(8), u64(values.length), ...values.map(text)]),
});
export const numbers = (key: string, values: readonly number[]): Entry => ({
    key,
    type: 9,
    value: Buffer.concat([u32(4), u64(values.length), ...values.map(u32)]),
});

/** 32 times 8 numbers of 32 bits. */
export const weights = 1024;

export const honest = {
    entries: (): Entry[] => [
        string('general.architecture', 'qwen3'),
        string('general.name', 'A small model'),
        string('general.license', 'apache-2.0'),
        number('general.file_type', 15),
        number('qwen3.block_count', 4),
        number('qwen3.context_length', 40_960),
        number('qwen3.embedding_length', 512),
        number('qwen3.attention.head_count', 8),
        number('qwen3.attention.head_count_kv', 2),
        number('qwen3.attention.key_length', 128),
        number('qwen3.attention.value_length', 128),
        strings('tokenizer.ggml.tokens', ['<s>', '</s>', ' the', ' a']),
        string('tokenizer.chat_template', '{% if tools %}{{ tools }}{% endif %}{{ messages }}'),
    ],
    tensors: (): TensorInfo[] => [
        { name: 'token_embd.weight', dimensions: [32, 8], type: 0, offset: 0n },
        { name: 'output.weight', dimensions: [32, 8], type: 0, offset: BigInt(weights) },
    ],
};

export function header({
    version = 3,
    entries = honest.entries(),
    tensors = honest.tensors(),
    entryCount = entries.length,
    tensorCount = tensors.length,
}: {
    version?: number;
    entries?: readonly Entry[];
    tensors?: readonly TensorInfo[];
    entryCount?: number | bigint;
    tensorCount?: number | bigint;
} = {}): Buffer {
    return Buffer.concat([
        Buffer.from('GGUF'),
        u32(version),
        u64(tensorCount),
        u64(entryCount),
        ...entries.flatMap(({ key, type, value }) => [text(key), u32(type), value]),
        ...tensors.flatMap(({ name, dimensions, type, offset }) => [
            text(name),
            u32(dimensions.length),
            ...dimensions.map(u64),
            u32(type),
            u64(offset),
        ]),
    ]);
}

/** The header, padded, and the tensors' data. */
export function file(options: Parameters<typeof header>[0] = {}, data = 2 * weights): Buffer {
    const start = header(options);
    const padding = (32 - (start.length % 32)) % 32;
    return Buffer.concat([start, Buffer.alloc(padding + data, 7)]);
}
