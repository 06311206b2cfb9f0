import * as z from 'zod';

import { proposableFor } from '../../actions/everyAction.ts';
import { startsUnit } from '../../actions/units/unitPlan.ts';
import type { Message, Tool, ToolCall } from '../../inference/backend.ts';
import { InferenceError } from '../../inference/errors.ts';
import type { Thinker } from '../../inference/thinker.ts';
import type { Plan } from '../../model/proposal.ts';
import { redact } from '../../text/redact.ts';
import { safeText } from '../../text/sanitise.ts';
import { ReeveError } from '../../util/errors.ts';
import { parameterSchema } from '../tools/registry.ts';
import type { PlannedWish, WishParts } from '../wishes/wishAnswer.ts';
import { anyChange, proposedChange, reasonFor, suggestedBy } from './proposeFix.ts';

const toolName = 'propose_change';
/** What a model chooses when no action does what is asked. */
const noAction = 'none';
/** A call has fewer; a model that writes more repeats itself. */
const tokensOfCall = 400;

/** The same for every wish, so that it is evaluated once and kept. */
const systemMessage: Message = {
    role: 'system',
    text: `You choose the change of this GNOME desktop computer that its user asks for. Call ${toolName} once, with one action and its parameters.

- Choose an action only if it does what the user asks for. If none does, or if the user asks a question, choose the action "${noAction}".
- Name units, packages and time zones exactly, such as cups.service, ghex or Europe/Berlin.
- Nothing is changed by that: the user sees the exact steps and decides.`,
};

/** The one tool of such a request: any of the actions that a model may propose for a task, or none. */
export function proposeChangeTool(): Tool {
    const parameters = z.object({
        change: anyChange([{ name: noAction, parameters: z.object({}) }, ...proposableFor('task')]),
        reason: reasonFor('why it does what the user asks for, in one sentence'),
    });
    return {
        name: toolName,
        description: 'Proposes one change to the user, who sees its exact steps and decides. Changes nothing.',
        parameters: parameterSchema(parameters),
    };
}

type Asked = { client: string; actor: string; signal: AbortSignal };

/**
 * Lets a model choose the action for a wish that no pattern fits, plans it, and puts the plan on offer. Changes nothing.
 *
 * The model reads the person's own words and nothing else: no log line, no file, no earlier message, no attachment. So nothing that
 * is on the computer can speak to it here. Where it can read, in a conversation, it has no such tool.
 *
 * @param by.actor who wishes it, for the audit log
 * @returns null when no action does what is asked, or the one that the model chose is impossible
 */
export async function planByModel(
    wish: string,
    thinker: Thinker,
    { actions, proposals }: WishParts,
    { client, actor, signal }: Asked,
): Promise<PlannedWish | null> {
    const call = await choose(wish, thinker, { client, signal });
    const parsed = proposedChange.safeParse(call?.arguments);
    if (call?.name !== toolName || !parsed.success) return null;
    const fix = suggestedBy(thinker.model.name, parsed.data);
    // The schema is only a description to a model on a server.
    if (!proposableFor('task').some(({ name }) => name === fix.action)) return null;
    try {
        const plan = await actions.plan(fix, signal);
        return mayBeProposed(plan) ? { proposals: proposals.ask(wish, [plan], actor).proposals, refusal: '' } : null;
    } catch (error) {
        signal.throwIfAborted();
        if (!(error instanceof ReeveError)) throw error;
        return null;
    }
}

/** Whether it can be undone, or leaves nothing to be undone: it only starts what was running, or opens a window. */
export function mayBeProposed({ risk, undo, isOpening, steps }: Plan): boolean {
    return risk !== 'high' && (undo !== null || isOpening === true || steps.every(startsUnit));
}

/** The first call of the model; null when it makes none. */
async function choose(
    wish: string,
    { backend, model }: Thinker,
    { client, signal }: Omit<Asked, 'actor'>,
): Promise<ToolCall | null> {
    const messages: Message[] = [systemMessage, { role: 'user', text: redact(safeText(wish)) }];
    const tools = [proposeChangeTool()];
    const request = {
        model,
        client,
        signal,
        messages,
        tools,
        toolChoice: 'required',
        maxTokens: tokensOfCall,
    } as const;
    try {
        for await (const piece of backend.chat(request)) if (piece.type === 'call') return piece.call;
    } catch (error) {
        signal.throwIfAborted();
        // The conversation that follows says what is wrong with the model.
        if (!(error instanceof InferenceError)) throw error;
    }
    return null;
}
