/**
 * Reads the header of a GGUF file: what it says about the model, and where its tensors are. Nothing in the file is
 * trusted: every length is checked against the rest of the file and against a bound before it is used, and memory stays
 * below a few megabytes whatever the file holds. What llama.cpp would refuse is refused here too, with the reason.
 *
 * @see https://github.com/ggml-org/ggml/blob/master/docs/gguf.md
 * @see https://github.com/ggml-org/llama.cpp/blob/master/ggml/src/gguf.cpp for what is refused
 */
import { _ } from '../../i18n/i18n.ts';
import { safeText } from '../../text/sanitise.ts';
import { GgufError } from './error.ts';
import { truncated, Window, type ByteSource } from './source.ts';
import { tensorTypes } from './tensorTypes.ts';

export type Scalar = number | bigint | boolean | string;
/** A list that is too long to keep, such as the vocabulary, is only counted. */
export type Value = Scalar | { count: number; numbers: readonly number[] | null };

export type Tensor = { name: string; type: number; elements: number; bytes: number };

export type Header = {
    version: number;
    metadata: ReadonlyMap<string, Value>;
    tensors: readonly Tensor[];
    /** Bytes of all tensors together. */
    tensorBytes: number;
};

const bounds = {
    /** Real files have some fifty. */
    entries: 16_384,
    /** The largest mixtures of experts have some ten thousand. */
    tensors: 65_536,
    /** Of the format. */
    keyBytes: 65_535,
    /** Chat templates, the longest of all, take tens of kilobytes. */
    stringBytes: 4_194_304,
    /** The longest lists of texts are vocabularies, which have some hundred thousand. */
    texts: 4_194_304,
    /** One number for each layer is as long as a list of interest gets. */
    numbersKept: 4096,
    /** GGML_MAX_NAME and GGML_MAX_DIMS of ggml.h. */
    nameBytes: 63,
    dimensions: 4,
};

const magic = Buffer.from('GGUF', 'latin1');
const defaultAlignment = 32;

/** Of the numbers in the file: u8, i8, u16, i16, u32, i32, f32, bool, -, -, u64, i64, f64. */
const scalarBytes: Readonly<Record<number, number>> = {
    0: 1,
    1: 1,
    2: 2,
    3: 2,
    4: 4,
    5: 4,
    6: 4,
    7: 1,
    10: 8,
    11: 8,
    12: 8,
};
const stringType = 8;
const arrayType = 9;

/** @throws GgufError naming the mistake in the file */
export async function readHeader(source: ByteSource): Promise<Header> {
    const window = new Window(source);
    const { version, tensorCount, entryCount } = await window.item(() => readStart(window));
    // The smallest entry is a key of one byte and a value of one, the smallest tensor has a name and no dimensions.
    checkCount(entryCount, bounds.entries, 14, window);
    const metadata = new Map<string, Value>();
    for (let index = 0; index < entryCount; index += 1) {
        const [key, value] = await readEntry(window);
        if (metadata.has(key)) throw malformed(_('“{key}” appears twice', { key: shown(key) }));
        metadata.set(key, value);
    }
    checkCount(tensorCount, bounds.tensors, 24, window);
    const alignment = readAlignment(metadata);
    const tensors: Tensor[] = [];
    const names = new Set<string>();
    // Tensors follow each other in order, each padded to the alignment.
    let expected = 0;
    let end = 0;
    for (let index = 0; index < tensorCount; index += 1) {
        const { offset, ...tensor } = await window.item(() => readTensor(window));
        const name = shown(tensor.name);
        if (names.has(tensor.name)) throw malformed(_('the tensor “{name}” appears twice', { name }));
        names.add(tensor.name);
        if (offset !== expected) throw malformed(_('the tensor “{name}” is in the wrong place', { name }));
        end = offset + tensor.bytes;
        expected = pad(end, alignment);
        if (!Number.isSafeInteger(expected)) throw malformed(_('the tensor “{name}” is impossibly large', { name }));
        tensors.push(tensor);
    }
    if (pad(window.position, alignment) + end > source.size) throw truncated();
    return { version, metadata, tensors, tensorBytes: tensors.reduce((sum, { bytes }) => sum + bytes, 0) };
}

function readStart(window: Window): { version: number; tensorCount: number; entryCount: number } {
    if (window.remaining < magic.length || !window.take(magic.length).equals(magic))
        throw new GgufError('not-gguf', _('This is not a GGUF file'));
    const version = window.take(4).readUInt32LE();
    // llama.cpp recognises a file for the other byte order the same way: then the small number is in the upper half.
    if (version !== 0 && (version & 0xffff) === 0)
        throw new GgufError('unsupported', _('The file is for computers with a different byte order'));
    if (version !== 2 && version !== 3)
        throw new GgufError(
            'unsupported',
            _('The file uses version {version} of GGUF; only 2 and 3 are supported', { version }),
        );
    return { version, tensorCount: readCount(window), entryCount: readCount(window) };
}

/** A value too large for a number is too large for the file. */
function readCount(window: Window): number {
    return Number(window.take(8).readBigUInt64LE());
}

function checkCount(count: number, bound: number, smallest: number, window: Window): void {
    if (count > bound) throw malformed(_('it declares {count} parts', { count }));
    if (count * smallest > window.remaining) throw truncated();
}

async function readEntry(window: Window): Promise<[string, Value]> {
    const [key, value] = await window.item((): [string, Scalar | null] => {
        const name = readString(window, bounds.keyBytes);
        const type = window.take(4).readUInt32LE();
        return [name, type === arrayType ? null : readScalar(window, type, name)];
    });
    if (key === '') throw malformed(_('an entry has no name'));
    return [key, value ?? (await readArray(window, key))];
}

function readScalar(window: Window, type: number, key: string): Scalar {
    switch (type) {
        case 0:
            return window.take(1).readUInt8();
        case 1:
            return window.take(1).readInt8();
        case 2:
            return window.take(2).readUInt16LE();
        case 3:
            return window.take(2).readInt16LE();
        case 4:
            return window.take(4).readUInt32LE();
        case 5:
            return window.take(4).readInt32LE();
        case 6:
            return window.take(4).readFloatLE();
        case 7:
            return window.take(1).readUInt8() !== 0;
        case stringType:
            return readString(window, bounds.stringBytes);
        case 10:
            return window.take(8).readBigUInt64LE();
        case 11:
            return window.take(8).readBigInt64LE();
        case 12:
            return window.take(8).readDoubleLE();
        default:
            throw malformed(_('“{key}” has an unknown type', { key: shown(key) }));
    }
}

async function readArray(window: Window, key: string): Promise<Value> {
    const { type, count } = await window.item(() => ({
        type: window.take(4).readUInt32LE(),
        count: readCount(window),
    }));
    const size = type === stringType ? 8 : scalarBytes[type];
    // Lists of lists are in the format's description, but nothing writes or reads them.
    if (size === undefined) throw malformed(_('“{key}” has an unknown type', { key: shown(key) }));
    if (count > window.remaining / size) throw truncated();
    if (type === stringType) {
        if (count > bounds.texts) throw malformed(_('“{key}” has {count} parts', { key: shown(key), count }));
        await window.items(count, () => {
            window.skip(readCount(window));
        });
        return { count, numbers: null };
    }
    if (count > bounds.numbersKept) {
        window.skip(count * size);
        return { count, numbers: null };
    }
    const numbers = await window.item(() => Array.from({ length: count }, () => Number(readScalar(window, type, key))));
    return { count, numbers };
}

function readString(window: Window, bound: number): string {
    const length = readCount(window);
    if (length > window.remaining) throw truncated();
    if (length > bound) throw malformed(_('it contains a text of {length} bytes', { length }));
    return window.take(length).toString('utf8');
}

function readAlignment(metadata: ReadonlyMap<string, Value>): number {
    const alignment = metadata.get('general.alignment') ?? defaultAlignment;
    if (typeof alignment !== 'number' || alignment < 1 || !Number.isInteger(Math.log2(alignment)))
        throw malformed(_('“{key}” has no valid value', { key: 'general.alignment' }));
    return alignment;
}

function readTensor(window: Window): Tensor & { offset: number } {
    const name = readString(window, bounds.nameBytes);
    const dimensions = window.take(4).readUInt32LE();
    if (dimensions > bounds.dimensions)
        throw malformed(_('the tensor “{name}” has {dimensions} dimensions', { name: shown(name), dimensions }));
    let elements = 1;
    let row = 1;
    for (let index = 0; index < dimensions; index += 1) {
        const length = readCount(window);
        if (index === 0) row = length;
        elements *= length;
    }
    const type = window.take(4).readUInt32LE();
    const offset = readCount(window);
    const storage = tensorTypes.get(type);
    if (storage === undefined)
        throw new GgufError('unsupported', _('The file contains tensors of the unknown type {type}', { type }));
    const bytes = (elements / storage.elements) * storage.bytes;
    if (!Number.isSafeInteger(elements) || !Number.isSafeInteger(bytes))
        throw malformed(_('the tensor “{name}” is impossibly large', { name: shown(name) }));
    if (row % storage.elements !== 0)
        throw malformed(_('the rows of the tensor “{name}” are not whole blocks', { name: shown(name) }));
    return { name, type, elements, bytes, offset };
}

function pad(position: number, alignment: number): number {
    return Math.ceil(position / alignment) * alignment;
}

function shown(text: string): string {
    return safeText(text, 80);
}

function malformed(reason: string): GgufError {
    return new GgufError('malformed', _('The file is damaged: {reason}', { reason }));
}
