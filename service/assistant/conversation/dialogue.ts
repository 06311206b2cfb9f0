import type { ChatRequest, EndReason, Message, Tool, ToolCall, Usage } from '../../inference/backend.ts';
import { _ } from '../../i18n/i18n.ts';
import { InferenceError } from '../../inference/errors.ts';
import type { Evidence } from '../../model/incident.ts';
import { quotation } from '../../text/quotation.ts';
import { safeText } from '../../text/sanitise.ts';
import type { Touched } from '../tools/observed.ts';
import { CitationStream } from './citations.ts';
import { askedAgain, stepsUsedUp, unreadable } from './prompt.ts';
import { waysToFit } from './tokenBudget.ts';
import type { Context } from './tokenBudget.ts';
import type { Step } from './step.ts';
import { stepTitle } from './stepTitle.ts';
import type { Thinker } from './thinker.ts';

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

/** Of one answer; more is a model that has lost its way. */
const tokensPerTurn = 1500;
const callsPerTurn = 4;
const evidenceKept = 50;
/** In characters; some times what a turn's tokens can be. A server that ignores what it was asked for may send megabytes. */
const longestTurn = 32_768;
/** As much as a model is shown of one result. */
const outputLength = 6000;

/**
 * Lets a model answer, looking things up as it needs to. Yields the pieces of its answer and its steps.
 *
 * @throws InferenceError
 */
export async function* converse(
    { backend, model }: Thinker,
    { messages: begun, toolbox, steps, client, signal }: DialogueOptions,
): AsyncGenerator<string | Step, DialogueResult, undefined> {
    let context: Context = { messages: [...begun], tools: toolbox.descriptions };
    const ways = waysToFit(begun.at(-1)?.text ?? '');
    const makeRoom = () => {
        for (let way = ways.shift(); way !== undefined; way = ways.shift()) {
            const before = JSON.stringify(context);
            context = way(context);
            if (JSON.stringify(context) !== before) return true;
        }
        return false;
    };
    const add = (...messages: Message[]) => {
        context = { ...context, messages: [...context.messages, ...messages] };
    };
    const evidence: Evidence[] = [];
    const asked = new Set<string>();
    const made = new Set<number>();
    let number = 0;
    let text = '';
    for (;;) {
        const mayCall = number < steps && context.tools.length > 0;
        const request: ChatRequest = {
            model,
            client,
            signal,
            messages: context.messages,
            maxTokens: tokensPerTurn,
            ...(context.tools.length > 0 && {
                tools: context.tools,
                toolChoice: mayCall ? ('auto' as const) : ('none' as const),
            }),
        };
        const said: { text: string; calls: ToolCall[]; reason: EndReason; usage: Usage | null } = {
            text: '',
            calls: [],
            reason: 'stop',
            usage: null,
        };
        const citations = new CitationStream(made);
        const say = (clean: string) => {
            const separator = said.text === '' && text !== '' && clean.trim() !== '' ? '\n\n' : '';
            said.text += clean;
            if (said.text.length > longestTurn)
                throw new InferenceError('RemoteTooLarge', _('The server’s answer is too long.'));
            text += separator + clean;
            return separator + clean;
        };
        try {
            for await (const piece of backend.chat(request)) {
                if (piece.type === 'text') {
                    const told = say(citations.push(safeText(piece.text, 8192, { multiline: true })));
                    if (told !== '') yield told;
                } else if (piece.type === 'call') said.calls.push(piece.call);
                else if (piece.type === 'end') Object.assign(said, { reason: piece.reason, usage: piece.usage });
            }
            const rest = say(citations.end());
            if (rest !== '') yield rest;
        } catch (error) {
            // A call that cannot be read costs a step, as any other does, so that this comes to an end.
            if (error instanceof InferenceError && error.problem === 'AnswerUnusable' && number < steps) {
                number += 1;
                add({ role: 'user', text: unreadable });
                continue;
            }
            const isFull = error instanceof InferenceError && error.problem === 'ContextFull';
            if (!isFull || !makeRoom()) throw error;
            continue;
        }
        if (said.reason === 'context' && said.text === '' && said.calls.length === 0 && makeRoom()) continue;
        const calls = said.calls.slice(0, callsPerTurn);
        add({ role: 'assistant', text: said.text, calls });
        if (calls.length === 0 || !mayCall)
            return { text, evidence, messages: [...context.messages], reason: said.reason, usage: said.usage };
        for (const call of calls) {
            const answered = (result: string) => {
                add({ role: 'tool', callId: call.id, name: call.name, text: result });
            };
            const key = `${call.name} ${JSON.stringify(call.arguments)}`;
            if (number >= steps) answered(stepsUsedUp);
            else if (asked.has(key)) {
                // Counts as a step, so that a model that only repeats itself comes to an end.
                number += 1;
                answered(askedAgain);
            } else {
                asked.add(key);
                number += 1;
                const step = {
                    number,
                    limit: steps,
                    tool: call.name,
                    title: stepTitle(call),
                    touched: [],
                    touchedMore: 0,
                    output: '',
                };
                yield { ...step, state: 'begun' };
                const result = await toolbox.run(call.name, call.arguments);
                signal.throwIfAborted();
                evidence.push(...result.evidence.slice(0, evidenceKept - evidence.length));
                const { touched, touchedMore, failed } = result;
                const output = safeText(result.text, outputLength, { multiline: true });
                made.add(number);
                yield { ...step, state: failed ? 'failed' : 'done', touched, touchedMore, output };
                answered(quotation({ title: `[${number}] result of ${call.name}`, text: result.text }));
            }
        }
        if (number >= steps) add({ role: 'user', text: stepsUsedUp });
    }
}
