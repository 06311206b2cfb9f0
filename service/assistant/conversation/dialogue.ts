import type { ChatRequest, EndReason, Message, Tool, ToolCall, Usage } from '../../inference/backend.ts';
import { _ } from '../../i18n/i18n.ts';
import { InferenceError } from '../../inference/errors.ts';
import type { Evidence } from '../../model/incident.ts';
import { quotation } from '../../text/quotation.ts';
import { safeText } from '../../text/sanitise.ts';
import type { Touched } from '../tools/observed.ts';
import { CitationStream } from './citations.ts';
import { askedAgain, stepsUsedUp, unreadable } from './prompt.ts';
import { reductions } from './tokenBudget.ts';
import type { Context } from './tokenBudget.ts';
import type { Step } from './step.ts';
import { stepTitle } from './stepTitle.ts';
import type { Thinker } from '../../inference/thinker.ts';

/** What runs the calls of a model. */
export type Toolbox = {
    descriptions: readonly Tool[];
    run(
        name: string,
        values: unknown,
    ): Promise<{ text: string; failed: boolean; evidence: Evidence[]; touched: Touched[]; touchedMore: number }>;
};

export type DialogueOptions = {
    messages: readonly Message[];
    toolbox: Toolbox;
    /** How many calls there may be. */
    steps: number;
    client: string;
    signal: AbortSignal;
};

export type DialogueResult = {
    text: string;
    evidence: Evidence[];
    /** The conversation with the calls and their results, ending with the answer. */
    messages: Message[];
    reason: EndReason;
    usage: Usage | null;
};

/** Of one answer; a longer one comes from a model that loops. */
const tokensPerTurn = 1500;
const callsPerTurn = 4;
const evidenceKept = 50;
/** In characters; several times what a turn's tokens can be. A server that ignores the limit may send megabytes. */
const longestTurn = 32_768;
/** The part of one result that a model gets. */
const outputLength = 6000;

/**
 * Lets a model answer, with lookups as it needs them. Yields the pieces of its answer and its steps.
 *
 * @throws InferenceError
 */
export async function* converse(
    thinker: Thinker,
    options: DialogueOptions,
): AsyncGenerator<string | Step, DialogueResult, undefined> {
    const dialogue = new Dialogue(thinker, options);
    for (;;) {
        const result = yield* dialogue.turn();
        if (result !== null) return result;
    }
}

/** What a model said in one turn. */
type TurnOutput = { text: string; calls: ToolCall[]; reason: EndReason; usage: Usage | null };
const nothing = (): TurnOutput => ({ text: '', calls: [], reason: 'stop', usage: null });

class Dialogue {
    readonly #thinker: Thinker;
    readonly #options: DialogueOptions;
    #context: Context;
    /** The measures left when the context is full. */
    readonly #reductions: ((context: Context) => Context)[];
    readonly #evidence: Evidence[] = [];
    readonly #asked = new Set<string>();
    /** The steps with a result, by their number. */
    readonly #made = new Set<number>();
    /** How many steps were taken. */
    #number = 0;
    /** Of all turns. */
    #text = '';

    constructor(thinker: Thinker, options: DialogueOptions) {
        this.#thinker = thinker;
        this.#options = options;
        const { messages, toolbox } = options;
        this.#context = { messages: [...messages], tools: toolbox.descriptions };
        this.#reductions = reductions(messages.at(-1)?.text ?? '');
    }

    /** @returns the answer, or null when the model needs another turn */
    async *turn(): AsyncGenerator<string | Step, DialogueResult | null, undefined> {
        const mayCall = !this.#isSpent() && this.#context.tools.length > 0;
        const output = nothing();
        try {
            yield* this.#listen(output, mayCall);
        } catch (error) {
            if (!this.#canGoOn(error)) throw error;
            return null;
        }
        const isCutShort = output.reason === 'context' && output.text === '' && output.calls.length === 0;
        if (isCutShort && this.#freeContext()) return null;
        const calls = output.calls.slice(0, callsPerTurn);
        this.#add({ role: 'assistant', text: output.text, calls });
        if (calls.length === 0 || !mayCall) return this.#result(output);
        for (const call of calls) yield* this.#answer(call);
        if (this.#isSpent()) this.#add({ role: 'user', text: stepsUsedUp });
        return null;
    }

    #isSpent(): boolean {
        return this.#number >= this.#options.steps;
    }

    /** Runs one turn of the model, into `said`. */
    async *#listen(output: TurnOutput, mayCall: boolean): AsyncGenerator<string, void, undefined> {
        const citations = new CitationStream(this.#made);
        for await (const piece of this.#thinker.backend.chat(this.#request(mayCall))) {
            if (piece.type === 'text') {
                const text = this.#take(output, citations.push(safeText(piece.text, 8192, { multiline: true })));
                if (text !== '') yield text;
            } else if (piece.type === 'call') output.calls.push(piece.call);
            else if (piece.type === 'end') Object.assign(output, { reason: piece.reason, usage: piece.usage });
        }
        const rest = this.#take(output, citations.end());
        if (rest !== '') yield rest;
    }

    #request(mayCall: boolean): ChatRequest {
        const { client, signal } = this.#options;
        const { messages, tools } = this.#context;
        return {
            model: this.#thinker.model,
            client,
            signal,
            messages,
            maxTokens: tokensPerTurn,
            ...(tools.length > 0 && { tools, toolChoice: mayCall ? ('auto' as const) : ('none' as const) }),
        };
    }

    /** @returns what is shown of a piece: a later turn begins with a new paragraph */
    #take(output: TurnOutput, clean: string): string {
        const separator = output.text === '' && this.#text !== '' && clean.trim() !== '' ? '\n\n' : '';
        output.text += clean;
        if (output.text.length > longestTurn)
            throw new InferenceError('RemoteTooLarge', _('The server’s answer is too long.'));
        this.#text += separator + clean;
        return separator + clean;
    }

    /** Whether the model can get another turn after `error`. */
    #canGoOn(error: unknown): boolean {
        if (!(error instanceof InferenceError)) return false;
        // An unreadable call costs a step like any other, so that the loop ends.
        if (error.problem === 'AnswerUnusable' && !this.#isSpent()) {
            this.#number += 1;
            this.#add({ role: 'user', text: unreadable });
            return true;
        }
        return error.problem === 'ContextFull' && this.#freeContext();
    }

    async *#answer(call: ToolCall): AsyncGenerator<Step, void, undefined> {
        const answer = (text: string) => {
            this.#add({ role: 'tool', callId: call.id, name: call.name, text });
        };
        if (this.#isSpent()) {
            answer(stepsUsedUp);
            return;
        }
        // A repeated call is a step too, so that a model that only repeats itself comes to an end.
        this.#number += 1;
        const key = `${call.name} ${JSON.stringify(call.arguments)}`;
        if (this.#asked.has(key)) answer(askedAgain);
        else {
            this.#asked.add(key);
            answer(yield* this.#lookUp(call));
        }
    }

    /** @returns the result as the model gets it */
    async *#lookUp(call: ToolCall): AsyncGenerator<Step, string, undefined> {
        const { toolbox, steps, signal } = this.#options;
        const number = this.#number;
        const step = {
            ...{ number, limit: steps, tool: call.name, title: stepTitle(call) },
            ...{ touched: [], touchedMore: 0, output: '' },
        };
        yield { ...step, state: 'begun' };
        const { text, evidence, touched, touchedMore, failed } = await toolbox.run(call.name, call.arguments);
        signal.throwIfAborted();
        this.#evidence.push(...evidence.slice(0, evidenceKept - this.#evidence.length));
        this.#made.add(number);
        const output = safeText(text, outputLength, { multiline: true });
        yield { ...step, state: failed ? 'failed' : 'done', touched, touchedMore, output };
        return quotation({ title: `[${number}] result of ${call.name}`, text });
    }

    #result({ reason, usage }: TurnOutput): DialogueResult {
        return { text: this.#text, evidence: this.#evidence, messages: [...this.#context.messages], reason, usage };
    }

    #add(message: Message): void {
        this.#context = { ...this.#context, messages: [...this.#context.messages, message] };
    }

    /** @returns whether the context became any smaller */
    #freeContext(): boolean {
        for (let reduce = this.#reductions.shift(); reduce !== undefined; reduce = this.#reductions.shift()) {
            const before = JSON.stringify(this.#context);
            this.#context = reduce(this.#context);
            if (JSON.stringify(this.#context) !== before) return true;
        }
        return false;
    }
}
