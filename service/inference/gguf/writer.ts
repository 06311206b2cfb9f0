/**
 * Writes GGUF, the file format of llama.cpp's models, version 3, little-endian; after docs/gguf.md in ggml-org/ggml: a
 * header, key-value pairs, descriptions of tensors, padding, the tensors' data.
 */
const magic = 'GGUF';
const version = 3;
/** The default of general.alignment. */
const alignment = 32;

const types = { u32: 4, i32: 5, f32: 6, bool: 7, string: 8, array: 9 } as const;
/** ggml_type of ggml.h. */
const tensorTypes = { f32: 0, q8_0: 8 } as const;

export type GgufValue =
    | { type: 'u32' | 'i32' | 'f32'; value: number }
    | { type: 'bool'; value: boolean }
    | { type: 'string'; value: string }
    | { type: 'strings'; value: readonly string[] }
    | { type: 'f32s' | 'i32s'; value: readonly number[] };

/** `shape` counts the fastest-changing dimension first, as ggml does. */
export type GgufTensor = {
    name: string;
    shape: readonly number[];
    type: keyof typeof tensorTypes;
    data: Uint8Array;
};

export function writeGguf(values: Readonly<Record<string, GgufValue>>, tensors: readonly GgufTensor[]): Uint8Array {
    const head: Buffer[] = [
        Buffer.from(magic),
        u32(version),
        u64(tensors.length),
        u64(Object.keys(values).length),
        ...Object.entries(values).flatMap(([key, value]) => [string(key), encode(value)]),
    ];
    let offset = 0;
    for (const { name, shape, type, data } of tensors) {
        head.push(string(name), u32(shape.length), ...shape.map(u64), u32(tensorTypes[type]), u64(offset));
        offset += padded(data.byteLength);
    }
    const length = head.reduce((sum, part) => sum + part.length, 0);
    const out = new Uint8Array(padded(length) + offset);
    out.set(Buffer.concat(head));
    let position = padded(length);
    for (const { data } of tensors) {
        out.set(data, position);
        position += padded(data.byteLength);
    }
    return out;
}

function encode(entry: GgufValue): Buffer {
    switch (entry.type) {
        case 'u32':
        case 'i32':
        case 'f32':
            return Buffer.concat([u32(types[entry.type]), number(entry.type, entry.value)]);
        case 'bool':
            return Buffer.concat([u32(types.bool), Buffer.from([entry.value ? 1 : 0])]);
        case 'string':
            return Buffer.concat([u32(types.string), string(entry.value)]);
        case 'strings':
            return array(types.string, entry.value.map(string));
        case 'f32s':
            return array(
                types.f32,
                entry.value.map(value => number('f32', value)),
            );
        case 'i32s':
            return array(
                types.i32,
                entry.value.map(value => number('i32', value)),
            );
    }
}

function array(type: number, items: Buffer[]): Buffer {
    return Buffer.concat([u32(types.array), u32(type), u64(items.length), ...items]);
}

function number(type: 'u32' | 'i32' | 'f32', value: number): Buffer {
    const bytes = Buffer.alloc(4);
    if (type === 'u32') bytes.writeUInt32LE(value);
    else if (type === 'i32') bytes.writeInt32LE(value);
    else bytes.writeFloatLE(value);
    return bytes;
}

function string(text: string): Buffer {
    const bytes = Buffer.from(text);
    return Buffer.concat([u64(bytes.length), bytes]);
}

function u32(value: number): Buffer {
    return number('u32', value);
}

function u64(value: number): Buffer {
    const bytes = Buffer.alloc(8);
    bytes.writeBigUInt64LE(BigInt(value));
    return bytes;
}

function padded(length: number): number {
    return Math.ceil(length / alignment) * alignment;
}
