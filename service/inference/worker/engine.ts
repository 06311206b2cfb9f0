import {
    getLlama,
    InsufficientMemoryError,
    LlamaChat,
    LlamaCompletion,
    LlamaJsonSchemaValidationError,
    LlamaLogLevel,
    NoBinaryFoundError,
    type ChatModelFunctions,
    type ChatHistoryItem,
    type ChatWrapper,
    type Llama,
    type LlamaContext,
    type LlamaContextSequence,
    type LlamaGrammar,
    type LlamaModel,
    type Token,
} from 'node-llama-cpp';
import type { EndReason, Json, JsonSchema } from '../backend.ts';
import type { ChatOrder, CompleteOrder, Failure, LoadedReport, LoadOrder, Report } from '../local/protocol.ts';
import { dropNulls, grammarSchema } from './grammarSchema.ts';
import { toFunctions, toHistory } from './history.ts';
import { MustCall } from './mustCall.ts';
import { Prefixes } from './prefixes.ts';
import { messageOf } from '../../util/errors.ts';

/** A failure with a known name. */
export class EngineError extends Error {
    readonly failure: Failure;

    constructor(failure: Failure, message: string, options?: ErrorOptions) {
        super(message, options);
        this.failure = failure;
    }
}

type Usage = Extract<Report, { type: 'done' }>['usage'];
export type Piece =
    | { type: 'progress' }
    | { type: 'text' | 'thought'; text: string }
    | { type: 'call'; name: string; arguments: Readonly<Record<string, Json>> };
export type Emit = (piece: Piece) => void;
export type Ended = { reason: EndReason; usage: Usage };

/** Tokens that are evaluated between two checks for an abort; llama.cpp's own physical batch. */
const batchTokens = 512;
/** What the library keeps free itself, and a reserve. */
const reserveTokens = 16;
/** A model that makes more calls at once is looping. */
const mostCalls = 8;

/** One model in memory, and the one sequence of tokens that it works on. Not for two requests at once. */
export class Engine implements AsyncDisposable {
    readonly #llama: Llama;
    readonly #model: LlamaModel;
    readonly #context: LlamaContext;
    readonly #sequence: LlamaContextSequence;
    readonly #template: ChatWrapper;
    readonly #prefixes: Prefixes | null;
    readonly #threads: number;
    readonly #loaded: Omit<LoadedReport, 'type' | 'id'>;

    private constructor(parts: {
        llama: Llama;
        model: LlamaModel;
        context: LlamaContext;
        sequence: LlamaContextSequence;
        prefixes: Prefixes | null;
        threads: number;
        loaded: Omit<LoadedReport, 'type' | 'id'>;
    }) {
        this.#llama = parts.llama;
        this.#model = parts.model;
        this.#context = parts.context;
        this.#sequence = parts.sequence;
        this.#prefixes = parts.prefixes;
        this.#threads = parts.threads;
        this.#loaded = parts.loaded;
        const chat = new LlamaChat({ contextSequence: this.#sequence });
        this.#template = chat.chatWrapper;
        chat.dispose({ disposeSequence: false });
    }

    get loaded(): Omit<LoadedReport, 'type' | 'id'> {
        return this.#loaded;
    }

    /** @throws EngineError */
    static async load(order: LoadOrder, signal: AbortSignal, progress: () => void): Promise<Engine> {
        const llama = await openLibrary(order);
        const contextTokens = order.contextTokens ?? usualContextTokens;
        const model = await llama
            .loadModel({
                modelPath: order.path,
                // As many layers as the free memory of the accelerator holds beside the context.
                gpuLayers: order.accelerator === 'cpu' ? 0 : { fitContext: { contextSize: contextTokens } },
                loadSignal: signal,
                onLoadProgress: progress,
            })
            .catch((error: unknown) => {
                throw loadFailure(error);
            });
        const context = await model
            .createContext({
                sequences: 1,
                contextSize: { max: Math.min(contextTokens, model.trainContextSize) },
                batchSize: batchTokens,
                threads: order.threads,
                createSignal: signal,
            })
            .catch((error: unknown) => {
                throw loadFailure(error);
            });
        const memory = {
            ram: model.memoryUsage.ram + context.memoryUsage.ram,
            vram: model.memoryUsage.vram + context.memoryUsage.vram,
        };
        const { repo, release } = llama.llamaCppRelease;
        const key =
            order.prefixes === null
                ? []
                : [
                      order.prefixes.model,
                      repo,
                      release,
                      order.accelerator,
                      String(order.matrixUnits),
                      String(context.contextSize),
                      String(model.gpuLayers),
                  ];
        return new Engine({
            llama,
            model,
            context,
            sequence: context.getSequence(),
            prefixes: order.prefixes === null ? null : new Prefixes(order.prefixes.folder, key),
            threads: order.threads,
            loaded: {
                devices: await llama.getGpuDeviceNames(),
                layers: { accelerated: model.gpuLayers, total: model.fileInsights.totalLayers },
                contextTokens: context.contextSize,
                memory,
            },
        });
    }

    /** @throws EngineError, or the signal's reason */
    async chat(order: ChatOrder, emit: Emit, signal: AbortSignal): Promise<Ended> {
        const meter = new Meter(this.#context.contextSize);
        const history = refusing(() => toHistory(order.messages));
        // Leave the tools out rather than forbid them: a model that sees them tries to call them.
        const offered = order.toolChoice === 'none' ? [] : order.tools;
        const functions = refusing(() => toFunctions(offered));
        const hasFunctions = offered.length > 0;
        const grammar = order.schema === null ? null : await this.#schemaGrammar(order.schema);
        const template =
            order.toolChoice === 'required' && hasFunctions ? new MustCall(this.#template) : this.#template;
        const render = (items: ChatHistoryItem[]) => this.#render(template, items, functions);
        const tokens = render(history);
        const { tokensLeft, isOwn } = this.#tokensLeft(tokens.length, order.maxTokens);

        meter.prompt(tokens.length, await this.#evaluate(tokens, sharedPrefix(history, tokens, render), emit, signal));
        const schemas = new Map(offered.map(tool => [tool.name, tool.parameters]));
        const chat = new LlamaChat({ contextSequence: this.#sequence, chatWrapper: template });
        try {
            const { metadata, functionCalls } = await chat.generateResponse<ChatModelFunctions>(history, {
                ...sampling(order),
                maxTokens: tokensLeft,
                signal,
                onResponseChunk: chunk => {
                    if (chunk.tokens.length > 0) meter.tokens(chunk.tokens.length);
                    if (chunk.text !== '')
                        emit({ type: chunk.type === 'segment' ? 'thought' : 'text', text: chunk.text });
                },
                ...(grammar !== null
                    ? { grammar }
                    : hasFunctions
                      ? {
                            functions,
                            maxParallelFunctionCalls: mostCalls,
                            onFunctionCallParamsChunk: () => {
                                meter.tokens(1);
                                emit({ type: 'progress' });
                            },
                        }
                      : {}),
            });
            for (const { functionName, params } of functionCalls ?? []) {
                const written = dropNulls((params as Json | undefined) ?? {}, schemas.get(functionName) ?? {});
                if (!isFinite(written)) throw new EngineError('unusable', 'a number that is too large');
                emit({ type: 'call', name: functionName, arguments: written as Readonly<Record<string, Json>> });
            }
            return { reason: endReason(metadata.stopReason, isOwn), usage: meter.end() };
        } catch (error) {
            // A number such as 3e-7 where the grammar knows only that it is to be a number.
            if (error instanceof LlamaJsonSchemaValidationError)
                throw new EngineError('unusable', error.message, { cause: error });
            throw error;
        } finally {
            chat.dispose({ disposeSequence: false });
        }
    }

    /** @throws EngineError, or the signal's reason */
    async complete(order: CompleteOrder, emit: Emit, signal: AbortSignal): Promise<Ended> {
        const meter = new Meter(this.#context.contextSize);
        const { bos, shouldPrependBosToken } = this.#model.tokens;
        const start = shouldPrependBosToken && bos !== null ? [bos] : [];
        const tokens = [...start, ...this.#model.tokenize(order.prompt)];
        if (tokens.length === 0) throw new EngineError('bad-request', 'The prompt is empty');
        const { tokensLeft, isOwn } = this.#tokensLeft(tokens.length, order.maxTokens);
        meter.prompt(tokens.length, await this.#evaluate(tokens, 0, emit, signal));
        const completion = new LlamaCompletion({ contextSequence: this.#sequence });
        try {
            const { metadata } = await completion.generateCompletionWithMeta(tokens, {
                ...sampling(order),
                maxTokens: tokensLeft,
                signal,
                disableContextShift: true,
                onToken: generated => {
                    meter.tokens(generated.length);
                },
                onTextChunk: text => {
                    if (text !== '') emit({ type: 'text', text });
                },
            });
            return { reason: endReason(metadata.stopReason, isOwn), usage: meter.end() };
        } finally {
            completion.dispose({ disposeSequence: false });
        }
    }

    /** @throws EngineError, or the signal's reason */
    async embed(
        texts: readonly string[],
        emit: (vector: readonly number[]) => void,
        signal: AbortSignal,
    ): Promise<void> {
        const context = await this.#model
            .createEmbeddingContext({ threads: this.#threads, createSignal: signal })
            .catch((error: unknown) => {
                throw loadFailure(error);
            });
        try {
            for (const text of texts) {
                signal.throwIfAborted();
                const { vector } = await context.getEmbeddingFor(text);
                const length = Math.hypot(...vector) || 1;
                emit(vector.map(value => value / length));
            }
        } finally {
            await context.dispose();
        }
    }

    async [Symbol.asyncDispose](): Promise<void> {
        await this.#llama.dispose();
    }

    #render(template: ChatWrapper, history: ChatHistoryItem[], functions: ChatModelFunctions): Token[] {
        const hasFunctions = Object.keys(functions).length > 0;
        const { contextText } = template.generateContextState({
            chatHistory: history,
            ...(hasFunctions ? { availableFunctions: functions } : {}),
        });
        return contextText.tokenize(this.#model.tokenizer);
    }

    /** How many tokens may be generated, and whether it is the request that says so and not the context. */
    #tokensLeft(promptTokens: number, maxTokens: number | null): { tokensLeft: number; isOwn: boolean } {
        const left = this.#context.contextSize - promptTokens - reserveTokens;
        if (left <= 0) {
            const sizes = `${promptTokens} tokens, ${this.#context.contextSize} fit`;
            throw new EngineError('context-full', sizes);
        }
        return maxTokens !== null && maxTokens <= left
            ? { tokensLeft: maxTokens, isOwn: true }
            : { tokensLeft: left, isOwn: false };
    }

    /**
     * Evaluates the prompt but for its last token, which generation begins with. In pieces, so that it can be stopped.
     *
     * @param prefixLength how many of the tokens other conversations begin with as well
     * @returns how many of them need not be evaluated
     */
    async #evaluate(tokens: readonly Token[], prefixLength: number, emit: Emit, signal: AbortSignal): Promise<number> {
        const sequence = this.#sequence;
        const end = tokens.length - 1;
        const prefix = tokens.slice(0, Math.min(prefixLength, end));
        await sequence.adaptStateToTokens(tokens.slice(0, end), false);
        let cached = sequence.nextTokenIndex;
        const isNewPrefix = cached < prefix.length;
        let isToBeKept = isNewPrefix && this.#prefixes !== null;
        if (isNewPrefix && this.#prefixes !== null) {
            await sequence.clearHistory();
            isToBeKept = !(await this.#prefixes.restore(sequence, prefix));
            cached = sequence.nextTokenIndex;
        }
        const advance = async (to: number) => {
            while (sequence.nextTokenIndex < to) {
                signal.throwIfAborted();
                const from = sequence.nextTokenIndex;
                await sequence.evaluateWithoutGeneratingNewTokens(tokens.slice(from, Math.min(to, from + batchTokens)));
                emit({ type: 'progress' });
            }
        };
        if (isNewPrefix) {
            await advance(prefix.length);
            // Models with a sliding window or a recurrent state cannot go back to here otherwise.
            if (sequence.needsCheckpoints) await sequence.takeCheckpoint();
            if (isToBeKept) await this.#prefixes?.keep(sequence, prefix);
        }
        await advance(end);
        signal.throwIfAborted();
        return cached;
    }

    async #schemaGrammar(schema: JsonSchema): Promise<LlamaGrammar> {
        const known = refusing(() => grammarSchema(schema, 'written'));
        return await this.#llama
            .createGrammarForJsonSchema(known as { type: 'object' })
            .catch((error: unknown) => refuse(error));
    }
}

/**
 * The context when the request does not give one: enough for a system message, forty tools, evidence and some turns. It
 * takes memory whether it is used or not, 2.3 GiB for a model of the size of Qwen3 4B, so it is smaller than would fit.
 */
const usualContextTokens = 16_384;

/** @throws EngineError */
async function openLibrary({ accelerator, matrixUnits }: LoadOrder): Promise<Llama> {
    // ggml reads them when it opens the device (ggml-vulkan.cpp); they are the worker's alone.
    if (!matrixUnits) Object.assign(process.env, { GGML_VK_DISABLE_COOPMAT: '1', GGML_VK_DISABLE_COOPMAT2: '1' });
    try {
        return await getLlama({
            gpu: accelerator === 'cpu' ? false : accelerator,
            // Neither compile nor download, ever.
            build: 'never',
            skipDownload: true,
            progressLogs: false,
            // The number of threads is chosen for each context.
            maxThreads: 0,
            logLevel: LlamaLogLevel.error,
            logger: (_level, message) => process.stderr.write(`${message.trimEnd()}\n`),
        });
    } catch (error) {
        if (error instanceof NoBinaryFoundError)
            throw new EngineError('not-installed', error.message, { cause: error });
        throw error;
    }
}

/** JSON can say 1e999, but no number can be it. */
function isFinite(value: Json): boolean {
    if (typeof value === 'number') return Number.isFinite(value);
    return typeof value !== 'object' || value === null || Object.values(value).every(isFinite);
}

function loadFailure(error: unknown): unknown {
    if (error instanceof InsufficientMemoryError)
        return new EngineError('out-of-memory', error.message, { cause: error });
    if (error instanceof Error && error.name !== 'AbortError')
        return new EngineError(/memory|alloc|VRAM/i.test(error.message) ? 'out-of-memory' : 'bad-file', error.message, {
            cause: error,
        });
    return error;
}

function refuse(error: unknown): never {
    throw new EngineError('bad-request', messageOf(error), { cause: error });
}

function refusing<T>(work: () => T): T {
    try {
        return work();
    } catch (error) {
        return refuse(error);
    }
}

function sampling({ temperature, seed }: ChatOrder | CompleteOrder) {
    // The library's own default makes everything unlikely that has been said already: JSON, names of units, paths.
    return { temperature, repeatPenalty: false as const, ...(seed === null ? {} : { seed }) };
}

/** How many tokens a conversation has in common with any other that has the same system message and tools. */
function sharedPrefix(
    history: readonly ChatHistoryItem[],
    tokens: readonly Token[],
    render: (items: ChatHistoryItem[]) => Token[],
): number {
    const system = history.filter(({ type }) => type === 'system');
    // A text that no question begins with, so that what differs begins where the question does.
    const other = render([...system, { type: 'user', text: '\u2042' }, { type: 'model', response: [] }]);
    const different = tokens.findIndex((token, index) => token !== other[index]);
    return different === -1 ? tokens.length : different;
}

function endReason(stopReason: string, isOwnLimit: boolean): EndReason {
    if (stopReason === 'maxTokens') return isOwnLimit ? 'limit' : 'context';
    return stopReason === 'functionCalls' ? 'calls' : 'stop';
}

/** Counts tokens and milliseconds of one request. */
class Meter {
    readonly #started = performance.now();
    readonly #contextTokens: number;
    #prompt = 0;
    #cached = 0;
    #generated = 0;
    #firstToken: number | null = null;

    constructor(contextTokens: number) {
        this.#contextTokens = contextTokens;
    }

    prompt(tokens: number, cached: number): void {
        this.#prompt = tokens;
        this.#cached = cached;
    }

    tokens(count: number): void {
        this.#firstToken ??= performance.now() - this.#started;
        this.#generated += count;
    }

    end(): Usage {
        return {
            promptTokens: this.#prompt,
            cachedTokens: this.#cached,
            completionTokens: this.#generated,
            contextTokens: this.#contextTokens,
            firstToken: this.#firstToken,
            total: performance.now() - this.#started,
        };
    }
}
