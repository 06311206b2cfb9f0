import { BusError } from '../bus/connection.ts';
import { ReeveError } from '../errors.ts';
import { _ } from '../i18n/i18n.ts';
import type { Evidence } from '../model/incident.ts';
import { safeText } from '../text/sanitise.ts';
import { findUnits } from '../tools/units.ts';
import { untilAborted } from '../untilAborted.ts';
import type { Answer, Question, Sources } from './answer.ts';
import { exampleQuestions } from './answers/help.ts';
import { openIncidents } from './answers/incidents.ts';
import { answers } from './answers/index.ts';
import { noAnswer } from './answers/none.ts';
import { choose } from './choice.ts';
import { Format } from './format.ts';
import { plain } from './markup.ts';
import { understand } from './understanding.ts';
import type { Subject } from './understanding.ts';

export type AnswerResult = {
    /** Which answer it was; "none" when nothing could answer. */
    topic: string;
    evidence: Evidence[];
    /** Ids of the incidents that the answer speaks of. */
    incidents: number[];
    /** Questions that could follow, in the user's language. */
    suggestions: string[];
};

const evidenceKept = 50;
const suggestionsKept = 3;

/** Answers questions about this computer, without a model: by the words of the question, from what the system says now. */
export class Assistant {
    readonly #sources: Sources;
    readonly #format: Format;

    /** @param dependencies.locale a BCP 47 tag, in which numbers and times are written */
    constructor(dependencies: Omit<Sources, 'clock'> & { locale: string; clock?: () => number }) {
        const { locale, clock = () => Date.now() * 1000, ...sources } = dependencies;
        this.#sources = { ...sources, clock };
        this.#format = new Format(locale, clock);
    }

    /** A few questions for an empty conversation. */
    suggestions(): string[] {
        const usual = [_('What changed recently?'), _('What is using memory?'), _('Is the network up?')];
        const isTrouble = openIncidents(this.#sources).length > 0;
        return isTrouble ? [_('What failed, and why?'), ...usual] : [_('Is everything all right?'), ...usual];
    }

    /**
     * Gives the answer piece by piece, and with its end what it rests on.
     *
     * Ends at once with the reason of `signal` when that is aborted, whatever it was waiting for.
     */
    async *answer(text: string, { signal }: { signal: AbortSignal }): AsyncGenerator<string, AnswerResult> {
        const understanding = understand(text, answers, this.#sources.clock());
        const { systemd } = this.#sources;
        const find = ({ words, units }: Subject) => findUnits(systemd, words, units, signal);
        const choice = await untilAborted(choose(understanding, find), signal);
        const evidence: Evidence[] = [];
        const incidents = new Set<number>();
        const suggestions = new Set<string>();
        const question: Question = {
            ...this.#sources,
            understanding,
            units: choice.units,
            format: this.#format,
            signal,
            cite: (...facts) => void evidence.push(...facts.slice(0, evidenceKept - evidence.length)),
            mention: id => void incidents.add(id),
            suggest: suggestion => void suggestions.add(suggestion),
        };
        if (choice.answers.length === 0) yield* noAnswer(exampleQuestions(answers));
        for (const [index, answer] of choice.answers.entries()) {
            if (index > 0) yield '\n';
            yield* pieces(answer.answer(question), signal);
        }
        const [rivalExample] = choice.rival?.examples() ?? [];
        if (rivalExample !== undefined) {
            yield `\n${_('The question could also be another one: {question}', { question: rivalExample })}\n`;
            suggestions.add(rivalExample);
        }
        if (choice.answers.length === 0) for (const suggestion of this.suggestions()) suggestions.add(suggestion);
        return {
            topic: choice.answers[0]?.id ?? 'none',
            evidence,
            incidents: [...incidents],
            suggestions: [...suggestions].filter(suggestion => suggestion !== text).slice(0, suggestionsKept),
        };
    }
}

/**
 * What an answer yields, ended by the signal even while it waits for something that does not end. When a part of the system
 * does not answer, what is known is said, and then that.
 */
async function* pieces(answer: ReturnType<Answer['answer']>, signal: AbortSignal): AsyncGenerator<string, void> {
    try {
        for (;;) {
            const { value, done } = await untilAborted(Promise.resolve(answer.next()), signal);
            if (done === true) return;
            yield value;
        }
    } catch (error) {
        signal.throwIfAborted();
        const isOutside = error instanceof BusError || (error instanceof ReeveError && error.code === 'Unavailable');
        if (!isOutside) throw error;
        yield `\n${_('A part of the answer is missing: {reason}', { reason: plain(safeText(error.message, 256)) })}\n`;
    }
}
