/**
 * The protocol between the service and the process that runs the model: JSON text sequences (RFC 7464) over the
 * worker's standard input and output. A library or a driver that prints something in between spoils no message: each
 * one begins with a record separator, which no JSON contains. Both sides check what they get.
 */
import * as z from 'zod';
import type { Json } from '../backend.ts';

const json: z.ZodType<Json> = z.json();
const jsonObject = z.record(z.string(), json);
const id = z.int().nonnegative();
const count = z.int().nonnegative();
const accelerator = z.enum(['cuda', 'vulkan', 'cpu']);

const toolCall = z.object({ id: z.string(), name: z.string(), arguments: jsonObject });

const message = z.discriminatedUnion('role', [
    z.object({ role: z.literal('system'), text: z.string() }),
    z.object({ role: z.literal('user'), text: z.string() }),
    z.object({ role: z.literal('assistant'), text: z.string(), calls: z.array(toolCall) }),
    z.object({ role: z.literal('tool'), callId: z.string(), name: z.string(), text: z.string() }),
]);

const generation = {
    id,
    temperature: z.number().min(0).max(2),
    seed: z.int().nullable(),
    maxTokens: z.int().positive().nullable(),
};

const loadOrder = z.object({
    type: z.literal('load'),
    id,
    path: z.string(),
    accelerator,
    /** Whether a GPU is to use its units for products of matrices; false for Vulkan drivers that compute them wrongly. */
    matrixUnits: z.boolean(),
    /** null for as many as memory allows, of those that the model was trained for. */
    contextTokens: z.int().positive().nullable(),
    threads: z.int().positive(),
    /** The folder for evaluated prefixes, and a name for this very model; null to keep none. */
    prefixes: z.object({ folder: z.string(), model: z.string() }).nullable(),
});

export const order = z.discriminatedUnion('type', [
    loadOrder,
    z.object({
        type: z.literal('chat'),
        ...generation,
        messages: z.array(message),
        tools: z.array(z.object({ name: z.string(), description: z.string(), parameters: jsonObject })),
        toolChoice: z.enum(['auto', 'required', 'none']),
        schema: jsonObject.nullable(),
    }),
    /** For the probe, which compares accelerators; so is `embed`. */
    z.object({ type: z.literal('complete'), ...generation, prompt: z.string() }),
    z.object({ type: z.literal('embed'), id, texts: z.array(z.string()) }),
    z.object({ type: z.literal('abort'), id }),
    z.object({ type: z.literal('ping') }),
]);

export type Order = z.output<typeof order>;
export type LoadOrder = z.output<typeof loadOrder>;
export type ChatOrder = Extract<Order, { type: 'chat' }>;
export type CompleteOrder = Extract<Order, { type: 'complete' }>;

/** What went wrong, where the worker knows. The words are llama.cpp's own, for the log and for the curious. */
const failure = z.enum([
    'not-installed',
    'bad-file',
    'out-of-memory',
    'context-full',
    'bad-request',
    /** The model wrote a call that its tool cannot take. */
    'unusable',
    'aborted',
    'other',
]);
export type Failure = z.output<typeof failure>;

const loadedReport = z.object({
    type: z.literal('loaded'),
    id,
    /** Names of the devices that compute, as their drivers call them. */
    devices: z.array(z.string().max(200)).max(32),
    layers: z.object({ accelerated: count, total: count }),
    contextTokens: count,
    memory: z.object({ ram: z.number().nonnegative(), vram: z.number().nonnegative() }),
});

export const report = z.discriminatedUnion('type', [
    z.object({ type: z.literal('ready') }),
    z.object({ type: z.literal('pong') }),
    loadedReport,
    /** Part of the prompt has been evaluated, or part of the model read; a sign that work goes on. */
    z.object({ type: z.literal('progress'), id }),
    z.object({ type: z.literal('text'), id, text: z.string().min(1) }),
    z.object({ type: z.literal('thought'), id, text: z.string().min(1) }),
    z.object({ type: z.literal('call'), id, name: z.string(), arguments: jsonObject }),
    z.object({ type: z.literal('vector'), id, values: z.array(z.number()).max(65_536) }),
    z.object({
        type: z.literal('done'),
        id,
        reason: z.enum(['stop', 'calls', 'limit', 'context']),
        usage: z.object({
            promptTokens: count,
            cachedTokens: count,
            completionTokens: count,
            contextTokens: count,
            firstToken: z.number().nonnegative().nullable(),
            total: z.number().nonnegative(),
        }),
    }),
    /** Ends embed. */
    z.object({ type: z.literal('embedded'), id }),
    z.object({ type: z.literal('failed'), id, failure, detail: z.string() }),
]);

export type Report = z.output<typeof report>;
export type LoadedReport = z.output<typeof loadedReport>;

const separator = '\x1e';

export function encode(value: Order | Report): string {
    return `${separator}${JSON.stringify(value)}\n`;
}

/**
 * Finds the messages in what comes through a pipe.
 *
 * @throws Error when a message is longer than `limit` bytes, is not JSON, or does not match `schema`: the other side is broken then
 */
export class Decoder<T> {
    readonly #schema: z.ZodType<T>;
    readonly #limit: number;
    readonly #text = new TextDecoder();
    #rest = '';

    constructor(schema: z.ZodType<T>, limit: number) {
        this.#schema = schema;
        this.#limit = limit;
    }

    push(bytes: Uint8Array): T[] {
        this.#rest += this.#text.decode(bytes, { stream: true });
        const lines = this.#rest.split('\n');
        this.#rest = lines.pop() ?? '';
        // What somebody else prints has no separator in it and may be as long as it likes.
        if (!this.#rest.includes(separator)) this.#rest = '';
        if (this.#rest.length > this.#limit) throw new Error('A message is too long');
        return lines.flatMap(line => {
            const start = line.lastIndexOf(separator);
            return start === -1 ? [] : [this.#schema.parse(JSON.parse(line.slice(start + 1)))];
        });
    }
}
