/** The parts of OpenAI's protocol that Reeve uses, as vLLM, llama-server and Ollama speak them too. */
import * as z from 'zod';
import type { ChatRequest, Message } from '../backend.ts';

const usage = z.object({
    prompt_tokens: z.int().nonnegative(),
    completion_tokens: z.int().nonnegative(),
    prompt_tokens_details: z.object({ cached_tokens: z.int().nonnegative().nullish() }).nullish(),
});

const finishReason = z.string().max(64).nullish();

const callPiece = z.object({
    index: z.int().nonnegative().max(32).default(0),
    id: z.string().max(256).nullish(),
    function: z.object({ name: z.string().max(256).nullish(), arguments: z.string().nullish() }).nullish(),
});

/** One event of a stream. Fields that are not read here may be anything. */
export const chatPiece = z.object({
    choices: z
        .array(
            z.object({
                delta: z
                    .object({
                        content: z.string().nullish(),
                        /** What vLLM and llama-server call a reasoning model's thoughts; newer ones of vLLM `reasoning`. */
                        reasoning_content: z.string().nullish(),
                        reasoning: z.string().nullish(),
                        tool_calls: z.array(callPiece).max(32).nullish(),
                    })
                    .nullish(),
                finish_reason: finishReason,
            }),
        )
        .max(8)
        .default([]),
    usage: usage.nullish(),
});

/** Servers report failures in the middle of a stream so. */
export const streamError = z.object({
    error: z.union([z.string(), z.object({ message: z.string() }).transform(({ message }) => message)]),
});

export const modelList = z.object({ data: z.array(z.object({ id: z.string() })).max(10_000) });

export type ServerUsage = z.output<typeof usage>;
export type CallPiece = z.output<typeof callPiece>;

export function chatBody(request: ChatRequest): object {
    const { tools = [], toolChoice = 'auto', schema } = request;
    return {
        ...generationBody(request),
        messages: request.messages.map(toMessage),
        ...(tools.length === 0
            ? {}
            : {
                  tools: tools.map(tool => ({ type: 'function', function: tool })),
                  tool_choice: toolChoice,
              }),
        ...(schema === undefined
            ? {}
            : { response_format: { type: 'json_schema', json_schema: { name: 'answer', schema } } }),
    };
}

function generationBody({ model, temperature = 0, seed, maxTokens }: ChatRequest): object {
    return {
        model: model.name,
        stream: true,
        stream_options: { include_usage: true },
        temperature,
        ...(seed === undefined ? {} : { seed }),
        ...(maxTokens === undefined ? {} : { max_tokens: maxTokens }),
    };
}

function toMessage(message: Message): object {
    switch (message.role) {
        case 'system':
        case 'user':
            return { role: message.role, content: message.text };
        case 'assistant':
            return {
                role: 'assistant',
                content: message.text,
                ...(message.calls.length === 0
                    ? {}
                    : {
                          tool_calls: message.calls.map(call => ({
                              id: call.id,
                              type: 'function',
                              function: { name: call.name, arguments: JSON.stringify(call.arguments) },
                          })),
                      }),
            };
        case 'tool':
            return { role: 'tool', tool_call_id: message.callId, content: message.text };
    }
}
