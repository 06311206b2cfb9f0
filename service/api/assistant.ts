/** org.reevedesktop.Reeve1.Assistant on the bus. */
import { builtIn } from '../assistant/answerer.ts';
import type { AnswerResult, Assistant } from '../assistant/assistant.ts';
import { conversationFilter, type Conversations } from '../assistant/conversation/conversations.ts';
import { suggestedQuestions } from '../assistant/suggestions.ts';
import type { Callers } from '../approval/callers.ts';
import { ReeveError } from '../util/errors.ts';
import { _, ngettext } from '../i18n/i18n.ts';
import type { Incidents } from '../incidents/incidents.ts';
import type { Status } from '../lifecycle/status.ts';
import { readAskOptions } from './askOptions.ts';
import { evidenceDictionary } from './evidence.ts';
import { figureDictionary } from './figure.ts';
import type { ExportedObjects } from '../dbus/exportedObjects.ts';
import { assistantTable, type Assistant as AssistantInterface } from './generated/interfaces.ts';
import { readOptions } from '../dbus/options.ts';
import { incidentPath, proposalPath } from './paths.ts';
import type { Request } from './request.ts';
import type { Requests } from './requests.ts';
import { variant, type Dictionary } from '../dbus/variant.ts';
import { safeText } from '../text/sanitise.ts';

const longestQuestion = 16_384;
const messagesShown = 200;
/** Milliseconds; it asks the computer which units and programs there are. */
const explainLimit = 20_000;
const stepStates = ['begun', 'done', 'failed'] as const;

export function exportAssistant({
    objects,
    path,
    assistant,
    conversations,
    requests,
    status,
    incidents,
    callers,
}: {
    objects: ExportedObjects;
    path: string;
    /** Loaded for the first question. */
    assistant: () => Promise<Assistant>;
    conversations: Conversations;
    requests: Requests;
    status: Status;
    incidents: Incidents;
    callers: Callers;
}): Disposable {
    const check = (question: string) => {
        if (Buffer.byteLength(question) > longestQuestion) {
            throw new ReeveError('TooLarge', _('question: at most {limit} bytes', { limit: longestQuestion }));
        }
        if (question.trim() === '') throw new ReeveError('InvalidArgument', _('question: must not be empty'));
        if (status.isPaused) throw new ReeveError('Paused', _('Reeve is paused'));
    };
    const ask = async (question: string, options: Dictionary, sender: string): Promise<Request> => {
        check(question);
        const { token, deadline, ...given } = await readAskOptions(options);
        const answering = await assistant();
        answering.check(given);
        const actor = await callers.identify(sender);
        return requests.start(sender, 'question', token, async ({ write, step, signal: cancelled }) => {
            const late = deadline === null ? null : AbortSignal.timeout(deadline * 1000);
            const signal = late === null ? cancelled : AbortSignal.any([cancelled, late]);
            try {
                const answer = answering.answer(question, { ...given, client: sender, actor, signal });
                for (;;) {
                    const { value, done } = await answer.next();
                    signal.throwIfAborted();
                    if (done === true) return { outcome: 'success', results: toResults(value) };
                    if (typeof value === 'string') write(value);
                    else step(toStep(value));
                }
            } catch (error) {
                if (late?.aborted !== true || cancelled.aborted) throw error;
                const text = ngettext('No answer within a second', 'No answer within {count} seconds', deadline ?? 0);
                throw new ReeveError('Unavailable', text, { cause: error });
            }
        });
    };
    const exported = objects.export<AssistantInterface>(path, assistantTable, {
        properties: () => ({ version: 1, Suggestions: suggestedQuestions(incidents) }),
        methods: {
            Ask: async ({ question, options }, { sender }) => ({
                request: (await ask(question, options, sender)).path,
            }),
            AskAndWait: async ({ question, options }, { sender }) => {
                const request = await ask(question, options, sender);
                const { results, error } = await request.finished;
                if (error !== null) throw error;
                return { answer: request.text, results };
            },
            Explain: async ({ question }) => {
                check(question);
                const { lostText } = await import('../assistant/explanation.ts');
                const { readings, ignored } = await (
                    await assistant()
                ).explain(question, AbortSignal.timeout(explainLimit));
                return {
                    readings: readings.map(({ kind, id, phrase, parameters, score, lost }) => ({
                        kind: variant('s', kind),
                        id: variant('s', id),
                        phrase: variant('s', phrase),
                        parameters: variant('a{ss}', parameters),
                        score: variant('d', score),
                        lost: variant('s', lost ?? ''),
                        reason: variant('s', lost === null ? '' : lostText(lost)),
                    })),
                    ignored: ignored.map(word => safeText(word, 64)),
                };
            },
            ListConversations: ({ filter }) => ({
                conversations: conversations.list(readOptions(filter, listOptions)).map(conversation => ({
                    id: variant('t', conversation.id),
                    started: variant('t', conversation.started),
                    changed: variant('t', conversation.changed),
                    title: variant('s', conversation.title),
                })),
            }),
            GetConversation: ({ id }) => ({
                messages: conversations.messages(Number(id), { limit: messagesShown }).map(message => ({
                    id: variant('t', message.id),
                    time: variant('t', message.time),
                    role: variant('s', message.role),
                    text: variant('s', message.text),
                    answerer: variant('s', message.answerer),
                    evidence: variant('aa{sv}', message.evidence.map(evidenceDictionary)),
                    steps: variant('aa{sv}', message.steps.map(toStep)),
                })),
            }),
            DeleteConversation: ({ id }) => {
                conversations.delete(Number(id));
            },
        },
    });
    // The suggestions depend on the open incidents.
    const changed = () => {
        exported.changed();
    };
    const conversationsChanged = () => {
        exported.emit('ConversationsChanged', {});
    };
    incidents.on('added', changed).on('changed', changed).on('removed', changed);
    conversations.on('changed', conversationsChanged);
    return {
        [Symbol.dispose]: () => {
            incidents.off('added', changed).off('changed', changed).off('removed', changed);
            conversations.off('changed', conversationsChanged);
            exported[Symbol.dispose]();
        },
    };
}

const listOptions = { schema: conversationFilter, signatures: { text: 's', limit: 'u' } };

function toStep({
    number,
    limit,
    state,
    tool,
    title,
    touched,
    touchedMore,
    output,
}: AnswerResult['steps'][number]): Dictionary {
    return {
        number: variant('u', number),
        limit: variant('u', limit),
        state: variant('u', stepStates.indexOf(state)),
        tool: variant('s', tool),
        title: variant('s', title),
        touched: variant(
            'as',
            touched.map(({ what }) => what),
        ),
        touched_more: variant('u', touchedMore),
        output: variant('s', output),
    };
}

function toResults(result: AnswerResult): Dictionary {
    return {
        topic: variant('s', result.topic),
        answerer: variant('s', result.answerer === '' ? builtIn : result.answerer),
        evidence: variant('aa{sv}', result.evidence.map(evidenceDictionary)),
        incidents: variant('ao', result.incidents.map(incidentPath)),
        proposals: variant('ao', result.proposals.map(proposalPath)),
        steps: variant('aa{sv}', result.steps.map(toStep)),
        conversation: variant('t', result.conversation ?? 0),
        suggestions: variant('as', result.suggestions),
        figures: variant('aa{sv}', result.figures.map(figureDictionary)),
        choices: variant('as', result.choices),
    };
}
