import type { Proposals } from '../../approval/proposals.ts';
import { BusError } from '../../dbus/connection.ts';
import { ReeveError } from '../../util/errors.ts';
import type { JsonSchema, Message } from '../../inference/backend.ts';
import { InferenceError } from '../../inference/errors.ts';
import type { Evidence, Incident } from '../../model/incident.ts';
import type { Proposal } from '../../model/proposal.ts';
import { safeText } from '../../text/sanitise.ts';
import { describeTools, runTool } from '../tools/registry.ts';
import type { ToolContext } from '../tools/tool.ts';
import { eachUntilAborted } from '../../util/untilAborted.ts';
import type { Conversations } from './conversations.ts';
import { converse } from './dialogue.ts';
import type { Toolbox } from './dialogue.ts';
import { explainRequest, questionText, structuredRequest, systemMessage } from './prompt.ts';
import type { Attachment } from './prompt.ts';
import { proposeFix, proposeFixName, proposeFixTool } from './proposeFix.ts';
import { withoutAnswers } from './tokenBudget.ts';
import type { Step } from './step.ts';
import { history, needsSummary, summarise } from './summary.ts';
import type { Thinker } from '../../inference/thinker.ts';

export type ThinkingOptions = {
    question: string;
    /** The conversation that the question continues; null for a question that stands alone. */
    conversation: number | null;
    conversations: Conversations | null;
    attachments: readonly Attachment[];
    /** What the person stated about names and about what is never to be done, in their words. */
    preferences?: readonly string[];
    /** The subject of the question; the model already has the rules' diagnosis. */
    incident: Incident | null;
    /** null for an answer in words. */
    schema: JsonSchema | null;
    /** How many lookups the model may make. */
    steps: number;
    client: string;
    context: ToolContext;
    proposals: Pick<Proposals, 'propose'> | null;
};

export type Thought = {
    text: string;
    evidence: Evidence[];
    proposals: Proposal[];
    /** The answer ended because the context was full, not because it was complete. */
    isCut: boolean;
};

/** Until a model is in memory nobody knows its context; this is what small ones have. */
const smallContext = 4096;
const structuredTokens = 4000;

/**
 * Answers with a language model. Yields the pieces of the answer and the steps; a structured answer comes in one piece.
 *
 * @throws InferenceError; ReeveError Unavailable when the model did not keep to the schema
 */
export async function* think(
    thinker: Thinker,
    options: ThinkingOptions,
): AsyncGenerator<string | Step, Thought, undefined> {
    const { client, context, schema, incident } = options;
    const { signal } = context;
    const proposed: Proposal[] = [];
    const messages: Message[] = [systemMessage, ...(await earlier(thinker, options))];
    const asked = questionText(options.question, { ...options, now: context.clock() });
    messages.push({ role: 'user', text: incident === null ? asked : `${asked}\n\n${explainRequest}` });
    const dialogue = converse(thinker, {
        messages,
        toolbox: toolbox(thinker, options, proposed),
        steps: options.steps,
        client,
        signal,
    });
    const { text, evidence, messages: all, reason } = yield* schema === null ? dialogue : onlySteps(dialogue, signal);
    if (schema === null)
        return { text, evidence, proposals: proposed, isCut: reason === 'context' || reason === 'limit' };
    const document = await structured(thinker, all, { schema, client, signal });
    yield document;
    return { text: document, evidence, proposals: proposed, isCut: false };
}

/** An answer that still has to become JSON is not streamed. */
async function* onlySteps<Result>(
    dialogue: AsyncGenerator<string | Step, Result, undefined>,
    signal: AbortSignal,
): AsyncGenerator<Step, Result, undefined> {
    const pieces = eachUntilAborted(dialogue, signal);
    try {
        for (;;) {
            const { value, done } = await pieces.next();
            if (done === true) return value;
            if (typeof value !== 'string') yield value;
        }
    } finally {
        await pieces.return(undefined as never);
    }
}

/** The earlier messages, summarised when they would fill the context. */
async function earlier(thinker: Thinker, { conversations, conversation: id, client, context }: ThinkingOptions) {
    if (conversations === null || id === null) return [];
    const read = () => history(conversations.get(id), conversations.messages(id));
    const messages = read();
    if (!needsSummary(messages, thinker.backend.status.context?.size ?? smallContext)) return messages;
    await summarise(thinker, { conversations, id, client, signal: context.signal });
    return read();
}

function toolbox(thinker: Thinker, { context, proposals }: ThinkingOptions, proposed: Proposal[]): Toolbox {
    const nothing = { evidence: [], touched: [], touchedMore: 0 };
    return {
        descriptions: [...describeTools(), ...(proposals === null ? [] : [proposeFixTool()])],
        run: async (name, values) => {
            if (name !== proposeFixName || proposals === null) return await runTool(name, values, context);
            const { incidents, signal } = context;
            try {
                const proposal = await proposeFix(values, {
                    incidents,
                    proposals,
                    modelName: thinker.model.name,
                    signal,
                });
                proposed.push(proposal);
                const text = `Proposed to the user: ${proposal.plan.title}. It is not done; the user decides.`;
                return { ...nothing, text, failed: false };
            } catch (error) {
                signal.throwIfAborted();
                if (!(error instanceof ReeveError) && !(error instanceof BusError)) throw error;
                return { ...nothing, text: `Not proposed: ${safeText(error.message, 300)}`, failed: true };
            }
        },
    };
}

type Form = { schema: JsonSchema; client: string; signal: AbortSignal };

/** The answer that was found, as one JSON document. */
async function structured(thinker: Thinker, messages: readonly Message[], form: Form): Promise<string> {
    let text: string;
    try {
        text = await written(thinker, messages, form);
    } catch (error) {
        if (!(error instanceof InferenceError) || error.problem !== 'ContextFull') throw error;
        // The model's own words have filled a small context; its question and results matter more.
        text = await written(thinker, withoutAnswers(messages), form);
    }
    try {
        return JSON.stringify(JSON.parse(text));
    } catch (error) {
        throw new ReeveError('Unavailable', 'The model’s answer is not a complete JSON document', { cause: error });
    }
}

async function written({ backend, model }: Thinker, messages: readonly Message[], form: Form): Promise<string> {
    let text = '';
    const request = { role: 'user' as const, text: structuredRequest };
    const all = [...messages, request];
    for await (const piece of backend.chat({ model, ...form, messages: all, maxTokens: structuredTokens }))
        if (piece.type === 'text') text += piece.text;
    return text;
}
