import { EventEmitter } from 'resource:///org/gnome/shell/misc/signals.js';

import type { Client } from '../remote/client.js';
import type { RequestResult } from '../remote/model.js';
import type { Request } from '../remote/request.js';

/** A question and what came of it. Plain data, so that it outlives the time in which the extension is disabled. */
export type Exchange = {
    readonly question: string;
    /** Of the Request object, by which a running answer is found again. */
    readonly path: string;
    text: string;
    /** Null while it is being answered. */
    result: RequestResult | null;
};

const longest = 30;
/** An answer this long is not read in a popover, and laying it out would be felt in the whole Shell. */
const longestText = 20_000;

/**
 * The questions of this session, answered one after the other.
 * Emits `added`, `changed` while an answer arrives and when it ends, and `cleared`.
 */
export class Conversation extends EventEmitter<{ added: [Exchange]; changed: [Exchange]; cleared: [] }> {
    readonly #client: Client;
    readonly #exchanges: Exchange[];
    #running: Request | null = null;

    /** @param exchanges what was said before; the conversation goes on in this very list */
    constructor(client: Client, exchanges: Exchange[]) {
        super();
        this.#client = client;
        this.#exchanges = exchanges;
        const last = exchanges.at(-1);
        if (last?.result === null) this.#follow(client.resume(last.path), last);
    }

    get exchanges(): readonly Exchange[] {
        return this.#exchanges;
    }

    get isAnswering(): boolean {
        return this.#running !== null;
    }

    ask(question: string): void {
        if (this.#running !== null) return;
        const request = this.#client.ask(question);
        const exchange: Exchange = { question, path: request.path, text: '', result: null };
        this.#exchanges.push(exchange);
        if (this.#exchanges.length > longest) this.#exchanges.shift();
        this.#follow(request, exchange);
        this.emit('added', exchange);
    }

    stop(): void {
        this.#running?.cancel();
    }

    clear(): void {
        this.stop();
        this.#running?.destroy();
        this.#running = null;
        this.#exchanges.length = 0;
        this.emit('cleared');
    }

    #follow(request: Request, exchange: Exchange): void {
        this.#running = request;
        request.connect('text', () => {
            exchange.text = request.text.length > longestText ? `${request.text.slice(0, longestText)}…` : request.text;
            this.emit('changed', exchange);
            return undefined;
        });
        request.connect('finished', (_request, result) => {
            exchange.result = result;
            this.#running = null;
            this.emit('changed', exchange);
            return undefined;
        });
    }
}
