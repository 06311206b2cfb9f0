import type {
    ChatHistoryItem,
    ChatModelFunctionCall,
    ChatModelFunctions,
    ChatModelResponse,
    GbnfJsonSchema,
} from 'node-llama-cpp';
import type { Message, Tool } from '../backend.ts';
import { grammarSchema } from './grammarSchema.ts';

/**
 * A conversation as node-llama-cpp wants it: the results of calls inside of the answer that called, and an answer that is
 * still to be written at the end.
 *
 * @throws Error when a result belongs to no call
 */
export function toHistory(messages: readonly Message[]): ChatHistoryItem[] {
    const history: ChatHistoryItem[] = [];
    const calls = new Map<string, ChatModelFunctionCall>();
    for (const message of messages) {
        switch (message.role) {
            case 'system':
                history.push({ type: 'system', text: message.text });
                break;
            case 'user':
                history.push({ type: 'user', text: message.text });
                break;
            case 'assistant': {
                const response = openAnswer(history).response;
                if (message.text !== '') response.push(message.text);
                for (const [index, call] of message.calls.entries()) {
                    const item: ChatModelFunctionCall = {
                        type: 'functionCall',
                        name: call.name,
                        params: call.arguments,
                        result: '',
                        startsNewChunk: index === 0,
                    };
                    response.push(item);
                    calls.set(call.id, item);
                }
                break;
            }
            case 'tool': {
                const call = calls.get(message.callId);
                if (call === undefined) throw new Error(`There is no call ${message.callId} that this result is of`);
                call.result = message.text;
                break;
            }
        }
    }
    openAnswer(history);
    return history;
}

/** An answer, its calls and what follows their results are one turn of the model. */
function openAnswer(history: ChatHistoryItem[]): ChatModelResponse {
    const last = history.at(-1);
    if (last?.type === 'model') return last;
    const answer: ChatModelResponse = { type: 'model', response: [] };
    history.push(answer);
    return answer;
}

export function toFunctions(tools: readonly Tool[]): ChatModelFunctions {
    return Object.fromEntries(
        tools.map(({ name, description, parameters }) => [
            name,
            { description, params: grammarSchema({ ...parameters, type: 'object' }, 'null') as GbnfJsonSchema },
        ]),
    );
}
