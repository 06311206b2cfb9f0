/** org.reevedesktop.Reeve1.Assistant on the bus. */
import type { AnswerResult, Assistant } from '../assistant/assistant.ts';
import { ReeveError } from '../errors.ts';
import { _ } from '../i18n/i18n.ts';
import type { Incidents } from '../incidents/incidents.ts';
import type { Status } from '../status.ts';
import { evidenceDictionary } from './evidence.ts';
import type { ExportedObjects } from './exportedObjects.ts';
import { assistantTable, type Assistant as AssistantInterface } from './generated/interfaces.ts';
import { readOptions } from './options.ts';
import { incidentPath } from './paths.ts';
import type { Request } from './request.ts';
import { requestOptions, type Requests } from './requests.ts';
import { variant, type Dictionary } from './variant.ts';

const longestQuestion = 16_384;

export function exportAssistant({
    objects,
    path,
    assistant,
    requests,
    status,
    incidents,
}: {
    objects: ExportedObjects;
    path: string;
    assistant: Assistant;
    requests: Requests;
    status: Status;
    incidents: Incidents;
}): Disposable {
    const ask = (question: string, options: Dictionary, sender: string): Promise<Request> => {
        const { handle_token: token } = readOptions(options, requestOptions);
        if (Buffer.byteLength(question) > longestQuestion) {
            throw new ReeveError('TooLarge', _('question: at most {limit} bytes', { limit: longestQuestion }));
        }
        if (question.trim() === '') throw new ReeveError('InvalidArgument', _('question: must not be empty'));
        if (status.isPaused) throw new ReeveError('Paused', _('Reeve is paused'));
        return requests.start(sender, 'question', token, async ({ write, signal }) => {
            const answer = assistant.answer(question, { signal });
            for (;;) {
                const { value, done } = await answer.next();
                signal.throwIfAborted();
                if (done) return { outcome: 'success', results: toResults(value) };
                write(value);
            }
        });
    };
    const exported = objects.export<AssistantInterface>(path, assistantTable, {
        properties: () => ({ version: 1, Suggestions: assistant.suggestions() }),
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
        },
    });
    // What is worth asking depends on what is wrong.
    const changed = () => {
        exported.changed();
    };
    incidents.on('added', changed).on('changed', changed).on('removed', changed);
    return {
        [Symbol.dispose]: () => {
            incidents.off('added', changed).off('changed', changed).off('removed', changed);
            exported[Symbol.dispose]();
        },
    };
}

function toResults(result: AnswerResult): Dictionary {
    return {
        topic: variant('s', result.topic),
        evidence: variant('aa{sv}', result.evidence.map(evidenceDictionary)),
        incidents: variant('ao', result.incidents.map(incidentPath)),
        suggestions: variant('as', result.suggestions),
    };
}
