import type { Message } from '../../inference/backend.ts';
import type { Conversation, Conversations, StoredMessage } from './conversations.ts';
import { withoutCitations } from './citations.ts';
import { summaryRequest } from './prompt.ts';
import type { Thinker } from '../../inference/thinker.ts';

/** What a model gets of the earlier conversation: a summary of the older part, then the messages themselves. */
export function history(conversation: Conversation, messages: readonly StoredMessage[]): Message[] {
    const recent = messages.filter(({ id }) => id > conversation.summarisedTo).map(toMessage);
    if (conversation.summary === '') return recent;
    const summary = `What was said before, in short: ${conversation.summary}`;
    return [{ role: 'user', text: summary }, { role: 'assistant', text: 'I know.', calls: [] }, ...recent];
}

function toMessage({ role, text }: StoredMessage): Message {
    // Earlier lookups are gone, and the next answer has numbers of its own.
    return role === 'user' ? { role, text } : { role, text: withoutCitations(text), calls: [] };
}

/** From this share of the context on, earlier messages are summarised, to leave tokens for lookups. */
const fullAt = 0.4;
/** Of text in most languages; fewer in others, for which the context then only fills earlier. */
const charactersPerToken = 3;
/** The last question and answer stay as they are: the next question most often refers to them. */
const keptMessages = 2;
const summaryTokens = 300;

export function needsSummary(messages: readonly Message[], contextTokens: number): boolean {
    const characters = messages.reduce((sum, { text }) => sum + text.length, 0);
    return messages.length > keptMessages && characters / charactersPerToken > fullAt * contextTokens;
}

/** Lets the model summarise the older part of a conversation, and keeps the summary. */
export async function summarise(
    { backend, model }: Thinker,
    {
        conversations,
        id,
        client,
        signal,
    }: { conversations: Conversations; id: number; client: string; signal: AbortSignal },
): Promise<void> {
    const conversation = conversations.get(id);
    const messages = conversations.messages(id);
    const last = messages.at(-1 - keptMessages);
    if (last === undefined || last.id <= conversation.summarisedTo) return;
    const older = messages.filter(message => message.id <= last.id);
    let summary = '';
    for await (const piece of backend.chat({
        model,
        client,
        signal,
        messages: [...history(conversation, older), { role: 'user', text: summaryRequest }],
        maxTokens: summaryTokens,
    }))
        if (piece.type === 'text') summary += piece.text;
    if (summary.trim() !== '') conversations.summarise(id, summary.trim(), last.id);
}
