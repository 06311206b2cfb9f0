import { EventEmitter } from 'resource:///org/gnome/shell/misc/signals.js';

import type { Client } from '../remote/client.js';
import type { Lookup, PastExchange, Question, RequestResult } from '../remote/model.js';
import type { Request } from '../remote/request.js';

/** A question and its answer or failure. */
export type Exchange = {
    readonly question: Question;
    /** Of the Request object, by which a running answer is found again. */
    readonly path: string;
    text: string;
    lookups: readonly Lookup[];
    /** Null while it is being answered. */
    result: RequestResult | null;
};

/** A conversation, as plain data that survives while the extension is disabled. */
export type ConversationRecord = {
    /** Of the conversation that the service keeps; 0 until it does. */
    id: number;
    exchanges: Exchange[];
    /** Whether the service stores conversations; null before the first answer. */
    isKept: boolean | null;
    /** Whether more was said at first than `exchanges` holds. */
    isCut: boolean;
};

const longest = 30;
/** Nobody reads a longer answer in a popover, and laying it out would slow down the whole Shell. */
const longestText = 20_000;

export const emptyRecord = (): ConversationRecord => ({ id: 0, exchanges: [], isKept: null, isCut: false });

/**
 * The questions of one conversation, answered one after the other.
 * Emits `changed` when exchanges came, went or ended, `progress` while an answer arrives, and `ended` with its end.
 */
export class Conversation extends EventEmitter<{ changed: []; progress: [Exchange]; ended: [Exchange] }> {
    readonly #client: Client;
    readonly #record: ConversationRecord;
    #running: Request | null = null;

    /** @param record what was said before; the conversation goes on in this very object */
    constructor(client: Client, record: ConversationRecord) {
        super();
        this.#client = client;
        this.#record = record;
        const last = record.exchanges.at(-1);
        if (last?.result === null) this.#follow(client.resume(last.path), last);
    }

    get id(): number {
        return this.#record.id;
    }

    get exchanges(): readonly Exchange[] {
        return this.#record.exchanges;
    }

    get isKept(): boolean | null {
        return this.#record.isKept;
    }

    get isCut(): boolean {
        return this.#record.isCut;
    }

    get isAnswering(): boolean {
        return this.#running !== null;
    }

    ask(question: Question): void {
        if (this.#running !== null) return;
        const request = this.#client.ask(question, this.#record.id);
        const exchange: Exchange = { question, path: request.path, text: '', lookups: [], result: null };
        this.#add([exchange]);
        this.#follow(request, exchange);
        this.emit('changed');
    }

    /** Asks a failed question again; the failure is forgotten. */
    askAgain(exchange: Exchange): void {
        const index = this.#record.exchanges.indexOf(exchange);
        if (this.#running !== null || index === -1) return;
        this.#record.exchanges.splice(index, 1);
        this.ask(exchange.question);
    }

    stop(): void {
        this.#running?.cancel();
    }

    /** Begins a new conversation. The old one stays with the service where conversations are kept. */
    begin(): void {
        this.#leave();
        this.emit('changed');
    }

    /** Goes on with one that was kept. */
    resume(id: number, exchanges: readonly PastExchange[]): void {
        this.#leave();
        this.#record.id = id;
        this.#record.isKept = true;
        this.#add(exchanges.map(asExchange));
        this.emit('changed');
    }

    #leave(): void {
        this.stop();
        this.#running?.destroy();
        this.#running = null;
        const { isKept } = this.#record;
        Object.assign(this.#record, emptyRecord(), { isKept });
    }

    #add(exchanges: readonly Exchange[]): void {
        this.#record.exchanges = [...this.#record.exchanges, ...exchanges];
        if (this.#record.exchanges.length <= longest) return;
        this.#record.exchanges = this.#record.exchanges.slice(-longest);
        this.#record.isCut = true;
    }

    #follow(request: Request, exchange: Exchange): void {
        this.#running = request;
        request.connect('text', () => {
            exchange.text = request.text.length > longestText ? `${request.text.slice(0, longestText)}…` : request.text;
            this.emit('progress', exchange);
            return undefined;
        });
        request.connect('lookups', () => {
            exchange.lookups = request.lookups;
            this.emit('progress', exchange);
            return undefined;
        });
        request.connect('finished', (_request, result) => {
            exchange.result = result;
            this.#running = null;
            this.#keep(result);
            this.emit('changed');
            this.emit('ended', exchange);
            return undefined;
        });
    }

    #keep({ outcome, error, conversation }: RequestResult): void {
        if (outcome === 'success') {
            this.#record.id = conversation;
            this.#record.isKept = conversation !== 0;
        } else if (error.endsWith('.NotFound')) {
            // It was deleted meanwhile; asked again, the question begins one.
            this.#record.id = 0;
        }
    }
}

function asExchange({ question, answer, answerer, evidence, lookups }: PastExchange): Exchange {
    return {
        question: { text: question, about: null, attachments: [] },
        path: '',
        text: answer,
        lookups,
        result: {
            outcome: 'success',
            gone: false,
            stepsDone: 0,
            detail: '',
            error: '',
            evidence,
            suggestions: [],
            figures: [],
            choices: [],
            answerer,
            proposals: [],
            conversation: 0,
        },
    };
}
