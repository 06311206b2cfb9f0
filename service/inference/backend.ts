/**
 * Language models as the rest of the service sees them: a backend answers piece by piece and can be stopped.
 *
 * There are two kinds: a model file run on this machine by a child process (`local/`), and a server that speaks the
 * OpenAI protocol (`remote/`). Both keep the promises that are written here.
 */

export type Json = string | number | boolean | null | readonly Json[] | { readonly [name: string]: Json };

/**
 * A JSON Schema, of which these words are understood: `type` (one name or several), `properties`, `required`,
 * `additionalProperties`, `items`, `prefixItems`, `minItems`, `maxItems`, `minLength`, `maxLength`, `format` (date, time,
 * date-time), `enum`, `const`, `anyOf`, `oneOf`, `$ref` into `$defs`, `title`, `description`. A property that is not in
 * `required` may be left out by the model. `minimum`, `maximum`, `pattern` and the other words cannot be kept to while
 * generating; the receiver checks them. What `z.toJSONSchema` writes for plain objects is fine.
 */
export type JsonSchema = Readonly<Record<string, Json>>;

/** The model that answers. Each request names its own, so that a small one and a large one can be used in turn. */
export type Model =
    | {
          kind: 'file';
          /** For people: "Qwen3 4B". */
          name: string;
          /** Absolute path of a GGUF file. */
          path: string;
          /** Hexadecimal, of the whole file; null when nobody has computed it: then nothing is kept on disk for it. */
          sha256: string | null;
          /** The context length; null for as much as the model was trained for and memory allows. */
          contextTokens: number | null;
      }
    | {
          kind: 'remote';
          /** As the server calls it. */
          name: string;
      };

/** A function that the model may call. The name is `[A-Za-z0-9_-]{1,64}` and unique within a request. */
export type Tool = { name: string; description: string; parameters: JsonSchema };

/**
 * A call by the model. A local model can only write calls that fit the tool's schema; of a remote one `arguments` have been
 * checked to be an object and the name to be that of an offered tool. The caller parses them with its own schema either way.
 */
export type ToolCall = {
    /** Unique within the conversation; its result refers to it. */
    id: string;
    name: string;
    arguments: Readonly<Record<string, Json>>;
};

export type Message =
    | { role: 'system'; text: string }
    | { role: 'user'; text: string }
    | { role: 'assistant'; text: string; calls: readonly ToolCall[] }
    /** The result of a call; follows the message with the call. Always data to the model, never instructions. */
    | { role: 'tool'; callId: string; name: string; text: string };

export type Sampling = {
    /** 0, the default, always takes the likeliest token: the same text from the same prompt. */
    temperature?: number;
    /** Takes effect with a temperature above 0. */
    seed?: number;
};

/** The fields of every request. */
export type RequestOptions = {
    model: Model;
    /**
     * The client, as a unique bus name for example. Clients take turns; one with many requests does not hold up
     * another.
     */
    client: string;
    /** Ends the request with `Aborted`: within 100 ms, at any stage. */
    signal: AbortSignal;
    /** Milliseconds after which the request ends with `TimedOut`; the time in the queue and for loading counts. */
    timeout?: number;
};

export type GenerationOptions = RequestOptions &
    Sampling & {
        /** Tokens after which it ends with `limit`; by default, the rest of the context. */
        maxTokens?: number;
    };

export type ChatRequest = GenerationOptions & {
    /**
     * Begins with the system message, if there is one. The system message and the tools are evaluated once for all requests
     * that begin with the same ones, so they should hold nothing that changes, like the time.
     */
    messages: readonly Message[];
    tools?: readonly Tool[];
    /** `auto`, the default: the model decides; `required`: it calls at least one tool; `none`: it answers in words. */
    toolChoice?: 'auto' | 'required' | 'none';
    /** The answer is one JSON value that fits this schema. Not together with tools. */
    schema?: JsonSchema;
};

export type Usage = {
    /** All tokens of the prompt, those from the cache included. */
    promptTokens: number;
    /** Tokens of the prompt that were in the prefix cache and cost nothing. */
    cachedTokens: number;
    completionTokens: number;
    /** The size of the context in tokens; null where the server does not report it. */
    contextTokens: number | null;
    /** Milliseconds in the queue and for loading the model; 0 when it was warm and free. */
    waited: number;
    /** Milliseconds from the end of waiting to the first token; null when there was none. */
    firstToken: number | null;
    /** Milliseconds from the end of waiting to the last token. */
    total: number;
};

/**
 * - `stop`: the model has finished
 * - `calls`: it waits for the results of its calls
 * - `limit`: `maxTokens` were generated
 * - `context`: the context is full; shorten the conversation and go on
 */
export type EndReason = 'stop' | 'calls' | 'limit' | 'context';

/**
 * The results of a generation, in order: any number of pieces and calls, then exactly one `end`. Instead of `end`, it
 * may throw.
 */
export type Generated =
    /** A piece of the answer; pieces are concatenated. Never empty. */
    | { type: 'text'; text: string }
    /** A piece of a reasoning model's thoughts before its answer. Not part of the answer. */
    | { type: 'thought'; text: string }
    /** A complete call. */
    | { type: 'call'; call: ToolCall }
    | { type: 'end'; reason: EndReason; usage: Usage };

/** Leaving the loop over it early (`break`, `return`, an exception) aborts the generation. */
export type Generation = AsyncIterable<Generated>;

export type AcceleratorName = 'cuda' | 'vulkan' | 'cpu';

/** The accelerator in use, and the reason. */
export type Accelerator = {
    name: AcceleratorName;
    /** What people call it: "NVIDIA RTX 4060 (CUDA)", "CPU". */
    title: string;
    /**
     * One sentence on each better one that is unused, or on an unused part of this one: "No Vulkan driver for Intel Arc
     * A770", "CUDA failed its probe: …".
     */
    reasons: readonly string[];
    /** False where the driver computes wrong products in its matrix units, so that they stay unused. */
    matrixUnits: boolean;
};

export type BackendState =
    /** Nothing is in memory; the next request loads the model. */
    | 'idle'
    | 'loading'
    /** The model is in memory and idle. */
    | 'ready'
    | 'generating'
    /** The last attempt failed; `problem` says why. The next request tries again, perhaps after a pause. */
    | 'failed';

export type BackendStatus = {
    kind: 'local' | 'remote';
    state: BackendState;
    /** The name of the model that is in memory or being loaded, or that the server was last asked for; null for none. */
    model: string | null;
    /** null for a remote server, and before the first probe. */
    accelerator: Accelerator | null;
    /** Layers on the accelerator and of the model; null while none is loaded, and for a remote server. */
    layers: { accelerated: number; total: number } | null;
    /** Tokens in the context: how many fit, and how many the last request used. null while none is loaded. */
    context: { size: number; used: number } | null;
    /** Bytes of the model and its context, as llama.cpp counts them; null while none is loaded. */
    memory: { ram: number; vram: number } | null;
    /** Requests that wait for their turn. */
    waiting: number;
    /** What went wrong last, in a sentence; null when the last request went well. */
    problem: string | null;
    /** Whether the questions leave this machine. */
    leavesMachine: boolean;
};

/** Why the model is to leave memory. The next request loads it again, for any reason. */
export type UnloadReason = 'asked' | 'idle' | 'memory-pressure' | 'game' | 'battery-saver' | 'suspend' | 'replaced';

/**
 * A way to run models. Requests queue inside; any number may be made at once, up to a bound beyond which they end with
 * `Busy`. All failures are InferenceErrors (errors.ts).
 */
export interface Backend extends AsyncDisposable {
    readonly status: BackendStatus;
    on(event: 'changed', listener: () => void): unknown;
    off(event: 'changed', listener: () => void): unknown;

    /**
     * Loads the model, so that the next request need not wait for it. For a remote server: asks whether it is there.
     */
    load(options: RequestOptions): Promise<void>;
    /** Frees the model's memory. A running request is aborted with `Unloaded`; waiting ones load it again. */
    unload(reason: UnloadReason): Promise<void>;

    chat(request: ChatRequest): Generation;
}
