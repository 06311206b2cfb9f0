import { randomUUID } from 'node:crypto';
import * as z from 'zod';
import { _ } from '../../i18n/i18n.ts';
import { safeText } from '../../text/sanitise.ts';
import type { Json, JsonSchema, Tool, ToolCall } from '../backend.ts';
import { garbled } from './http.ts';
import type { CallPiece } from './protocol.ts';

const mostCalls = 8;
const longestArguments = 256 * 1024;

/**
 * Assembles calls from their pieces. A server may send anything; the result is a call of an offered tool that fits its
 * schema.
 */
export class Calls {
    readonly #tools: ReadonlyMap<string, Tool>;
    readonly #calls = new Map<number, { id: string; name: string; text: string }>();

    constructor(tools: readonly Tool[]) {
        this.#tools = new Map(tools.map(tool => [tool.name, tool]));
    }

    /** @throws InferenceError RemoteGarbled */
    add({ index, id, function: piece }: CallPiece): void {
        const call = this.#calls.get(index) ?? { id: '', name: '', text: '' };
        this.#calls.set(index, call);
        if (this.#calls.size > mostCalls) throw garbled(_('it calls too many tools at once'));
        call.id ||= id ?? '';
        // Some servers send the name with every piece.
        call.name ||= piece?.name ?? '';
        call.text += piece?.arguments ?? '';
        if (call.text.length > longestArguments) throw garbled(_('a call is too long'));
    }

    /** @throws InferenceError RemoteGarbled */
    finish(): ToolCall[] {
        return [...this.#calls.values()].map(({ id, name, text }) => {
            const tool = this.#tools.get(name);
            if (tool === undefined)
                throw garbled(_('it calls {name}, which was not offered', { name: safeText(name, 64) || '?' }));
            // For a tool without parameters some servers send nothing at all.
            const value = fitting(text.trim() === '' ? '{}' : text, { ...tool.parameters, type: 'object' });
            return { id: id || randomUUID(), name, arguments: value as ToolCall['arguments'] };
        });
    }
}

/**
 * JSON that fits the schema.
 *
 * @throws InferenceError RemoteGarbled
 */
export function fitting(text: string, schema: JsonSchema): Json {
    try {
        const value: unknown = JSON.parse(text);
        z.fromJSONSchema(schema).parse(value);
        return value as Json;
    } catch (error) {
        throw garbled(_('it does not follow the required format'), error);
    }
}
