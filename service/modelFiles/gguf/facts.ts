/** The facts of a GGUF header that matter for choosing and running the model. */
import { _ } from '../../i18n/i18n.ts';
import { safeText } from '../../text/sanitise.ts';
import { architectures } from './architectures.ts';
import { GgufError } from './error.ts';
import { readHeader, type Header, type Value } from './header.ts';
import type { ByteSource } from './source.ts';
import { fileTypes, tensorTypes } from './tensorTypes.ts';

export type ModelFacts = {
    /** The model's name in the file; empty without one. */
    name: string;
    architecture: string;
    parameters: number;
    /** For example "Q4_K_M". */
    quantisation: string;
    /** As the file states it, often an SPDX identifier in lower case; empty without one. */
    licence: string;
    /** The model's trained context in tokens; null when the file does not give it. */
    context: number | null;
    layers: number;
    vocabulary: number;
    /** Bytes of its tensors. */
    weights: number;
    /** Bytes of each token in the key-value cache, at 16 bits a number. An upper bound, see `cacheBytes`. */
    cachePerToken: number;
    /** Whether the file has a chat template, and whether that supports tools. */
    chatTemplate: 'none' | 'plain' | 'tools';
};

/** No model has a thousandth of these. A larger value is damage, not size. */
const most = { layers: 100_000, context: 2 ** 31, cachePerToken: 2 ** 34 };

/** @throws GgufError naming the mistake in the file, or why it is useless */
export async function readFacts(source: ByteSource): Promise<ModelFacts> {
    const header = await readHeader(source);
    const metadata = new Metadata(header.metadata);
    const architecture = metadata.text('general.architecture', 64);
    assertConverses(metadata, architecture, header);
    const heads = metadata.numbers(`${architecture}.attention.head_count`);
    const layers = metadata.count(`${architecture}.block_count`);
    if (layers === null || layers === 0 || layers > most.layers) throw missing(`${architecture}.block_count`);
    const context = metadata.count(`${architecture}.context_length`);
    if (context !== null && context > most.context) throw missing(`${architecture}.context_length`);
    const template = metadata.text('tokenizer.chat_template', 4_194_304);
    return {
        name: metadata.text('general.name', 128),
        architecture,
        parameters: header.tensors.reduce((sum, { elements }) => sum + elements, 0),
        quantisation: quantisation(metadata, header),
        licence: metadata.text('general.license', 64),
        context,
        layers,
        vocabulary: metadata.length('tokenizer.ggml.tokens'),
        weights: header.tensorBytes,
        cachePerToken: cacheBytes(metadata, architecture, layers, heads),
        chatTemplate: template === '' ? 'none' : /\btools\b/.test(template) ? 'tools' : 'plain',
    };
}

function assertConverses(metadata: Metadata, architecture: string, header: Header): void {
    if (architecture === '') throw missing('general.architecture');
    const type = metadata.text('general.type', 64);
    if (type !== '' && type !== 'model')
        throw new GgufError('unsupported', _('The file is not a model, but a part for one: {type}', { type }));
    if (!architectures.has(architecture)) {
        throw new GgufError('unsupported', _('Models of type “{architecture}” cannot run here', { architecture }));
    }
    if ((metadata.count('split.count') ?? 1) > 1)
        throw new GgufError('unsupported', _('This is one of several parts of a model; join them first'));
    if (header.tensors.length === 0 || metadata.length('tokenizer.ggml.tokens') === 0)
        throw new GgufError('unsupported', _('The model in the file is incomplete: weights or vocabulary are missing'));
}

function quantisation(metadata: Metadata, { tensors }: Header): string {
    const type = metadata.count('general.file_type');
    const named = type === null ? undefined : fileTypes.get(type);
    if (named !== undefined) return named;
    const bytes = new Map<number, number>();
    for (const tensor of tensors) bytes.set(tensor.type, (bytes.get(tensor.type) ?? 0) + tensor.bytes);
    const [most] = [...bytes].sort(([, a], [, b]) => b - a);
    return (most === undefined ? undefined : tensorTypes.get(most[0])?.name) ?? '';
}

/**
 * Keys and values of one token: for every layer with attention, its key-value heads times the lengths of a key and a value,
 * 16 bits each. llama.cpp allocates just that (llama_kv_cache in src/llama-kv-cache.cpp). Sliding windows and compressed
 * caches make it less, so this is an upper bound.
 */
function cacheBytes(metadata: Metadata, architecture: string, layers: number, heads: readonly number[]): number {
    const of = (key: string) => `${architecture}.${key}`;
    const mostHeads = Math.max(0, ...heads);
    const embedding = metadata.count(of('embedding_length')) ?? 0;
    const length = mostHeads === 0 ? 0 : embedding / mostHeads;
    const keyLength = metadata.count(of('attention.key_length')) ?? length;
    const valueLength = metadata.count(of('attention.value_length')) ?? length;
    const keyed = metadata.numbers(of('attention.head_count_kv'));
    const perLayer = keyed.length > 0 ? keyed : heads;
    // In hybrid models only every so many layers attend; the others keep a state of fixed size.
    const interval = Math.max(1, metadata.count(of('full_attention_interval')) ?? 1);
    const all =
        perLayer.length > 1
            ? perLayer.reduce((sum, count) => sum + count, 0)
            : (perLayer[0] ?? 0) * Math.ceil(layers / interval);
    const bytes = all * (keyLength + valueLength) * 2;
    if (!(bytes <= most.cachePerToken)) throw missing(of('attention.head_count_kv'));
    return Math.ceil(bytes);
}

/** Metadata by its expected type; a value of another type counts as missing. */
class Metadata {
    readonly #entries: ReadonlyMap<string, Value>;

    constructor(entries: ReadonlyMap<string, Value>) {
        this.#entries = entries;
    }

    text(key: string, maxLength: number): string {
        const value = this.#entries.get(key);
        return typeof value === 'string' ? safeText(value, maxLength, { multiline: true }) : '';
    }

    /** A whole number that is not negative. */
    count(key: string): number | null {
        const [value] = this.numbers(key);
        return value ?? null;
    }

    /** A list of whole numbers, or one as a list. */
    numbers(key: string): readonly number[] {
        const value = this.#entries.get(key);
        const list = typeof value === 'object' ? (value.numbers ?? []) : [Number(value)];
        return list.every(number => Number.isSafeInteger(number) && number >= 0) ? list : [];
    }

    length(key: string): number {
        const value = this.#entries.get(key);
        return typeof value === 'object' ? value.count : 0;
    }
}

function missing(key: string): GgufError {
    return new GgufError('malformed', _('The file has no valid “{key}”', { key: safeText(key, 80) }));
}
