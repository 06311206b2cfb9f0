import type { Proposals } from '../approval/proposals.ts';
import { BusError } from '../dbus/connection.ts';
import type { Config } from '../config/schema.ts';
import { ReeveError } from '../util/errors.ts';
import { _ } from '../i18n/i18n.ts';
import type { JsonSchema } from '../inference/backend.ts';
import type { Figure } from '../model/figure.ts';
import type { Evidence, Incident } from '../model/incident.ts';
import type { Proposal } from '../model/proposal.ts';
import { redact } from '../text/redact.ts';
import { safeText } from '../text/sanitise.ts';
import { findUnits, rankUnits } from '../machine/units/units.ts';
import type { FoundUnit } from '../machine/units/units.ts';
import { eachUntilAborted, untilAborted } from '../util/untilAborted.ts';
import type { Answer, Question, Sources } from './answer.ts';
import { builtIn } from './answerer.ts';
import { describeIncident, openIncidents } from './answers/incidents.ts';
import type { Choice } from './choice.ts';
import type { Conversations } from './conversation/conversations.ts';
import { Format } from '../i18n/format.ts';
import type { Speech } from '../i18n/i18n.ts';
import { code, item, plain, strong } from './markup.ts';
import type { Meaning, Preferences } from '../preferences/preferences.ts';
import type { Explanation } from './explanation.ts';
import type { FollowUp, Turn } from './followUp.ts';
import type { Step } from './conversation/step.ts';
import type { Attachment } from './conversation/prompt.ts';
import type { Effort, Thinker, Thinkers } from '../inference/thinker.ts';
import { suggestedQuestions } from './suggestions.ts';
import { Turns } from './turns.ts';
import type { Subject, Understanding } from './understanding.ts';
import type { WishParts } from './wishes/wishAnswer.ts';

export type AnswerResult = {
    /** Which answer it was; "model" when a language model answered alone, "none" when nothing could answer. */
    topic: string;
    /** "built-in", or the name of the model that wrote all or a part of it. */
    answerer: string;
    evidence: Evidence[];
    /** Ids of the incidents that the answer speaks of. */
    incidents: number[];
    /** What the model proposed, or the plans for a wish. */
    proposals: Pick<Proposal, 'id' | 'owner'>[];
    /** What the model looked up, each as it ended. */
    steps: Step[];
    /** Where it was kept; null for nowhere. */
    conversation: number | null;
    /** Questions that could follow, in the user's language. */
    suggestions: string[];
    /** What is drawn below it. */
    figures: Figure[];
    /** Questions, one of which may be meant, the likeliest first: the answer asks which one. */
    choices: string[];
};

export type AskOptions = {
    signal: AbortSignal;
    /** On whose behalf, as a unique bus name; those who ask at the same time take turns. */
    client?: string;
    /** Who asks, for the audit log: "shell", "terminal" or "other". */
    actor?: string;
    /** The conversation to go on with, or `new`; without it the question stands alone and is not kept. */
    conversation?: number | 'new';
    /** The name of the one model that is to answer; "built-in" for none. */
    model?: string;
    /** The incident that the question is about. */
    incident?: number;
    attachments?: readonly Attachment[];
    /** The answer is to be one JSON document that fits it. */
    schema?: JsonSchema;
};

/** The parts of the service that the assistant needs to use a language model. */
export type ModelParts = {
    thinkers: Thinkers;
    proposals: Pick<Proposals, 'propose'>;
};

const evidenceKept = 50;
const suggestionsKept = 3;
const unreadShown = 5;
/** From this score on, a built-in answer fits the question, and no model is needed. */
const certainScore = 0.75;
/** Longer questions ask for more than one built-in answer covers. */
const wordsCovered = 16;

/** A question that the built-in answers are for. */
type Asked = { understanding: Understanding; format: Format; options: AskOptions; draft: Draft };

/** An answer in the making: its text so far, and all that goes with it. */
type Draft = Omit<AnswerResult, 'incidents' | 'suggestions' | 'choices' | 'conversation'> & {
    text: string;
    incidents: Set<number>;
    suggestions: Set<string>;
    /** What was asked, in full. */
    question: string;
    /** What the next sentence may call “it”. */
    thing: string | null;
    /** Questions to choose from. */
    choices: string[];
    /** What the next sentence may be about, where it is still the turn before. */
    turn: Turn | null;
};

/**
 * Answers questions about this computer: by the words of the question, from the present state of the system; and with a
 * language model, where there is one, for the rest.
 */
export class Assistant {
    readonly #sources: Sources;
    readonly #format: Format;
    readonly #language: string;
    readonly #speech: ((language: string) => Promise<Speech>) | null;
    readonly #models: ModelParts | null;
    readonly #wishes: WishParts | null;
    readonly #conversations: Conversations | null;
    readonly #settings: () => Config['assistant'];
    readonly #turns = new Turns();
    readonly #preferences: Preferences | null;

    /**
     * @param dependencies.locale a BCP 47 tag, in which numbers and times are written
     * @param dependencies.speech how to speak a language other than the session's; without it all answers are in that
     * @param dependencies.models null where no language model can run
     * @param dependencies.wishes null where nothing is changed from a conversation
     * @param dependencies.conversations null to keep none
     */
    constructor(
        dependencies: Omit<Sources, 'clock'> & {
            locale: string;
            speech?: (language: string) => Promise<Speech>;
            clock?: () => number;
            models?: ModelParts | null;
            wishes?: WishParts | null;
            preferences?: Preferences | null;
            conversations?: Conversations | null;
            settings?: () => Config['assistant'];
        },
    ) {
        const {
            locale,
            speech,
            clock = () => Date.now() * 1000,
            models,
            wishes,
            preferences,
            conversations,
            settings,
            ...sources
        } = dependencies;
        this.#sources = { ...sources, clock };
        this.#format = new Format(locale, clock);
        this.#language = locale.replace(/-.*/s, '');
        this.#speech = speech ?? null;
        this.#models = models ?? null;
        this.#wishes = wishes ?? null;
        this.#preferences = preferences ?? null;
        this.#conversations = conversations ?? null;
        this.#conversations?.on('deleted', id => {
            this.#turns.forget(id);
        });
        this.#settings = settings ?? (() => ({ keep_conversations: true, steps: 6 }));
    }

    /** @throws ReeveError NotFound for an unknown conversation or incident */
    check({ conversation, incident }: Pick<AskOptions, 'conversation' | 'incident'>): void {
        if (typeof conversation === 'number') {
            if (this.#conversations === null)
                throw new ReeveError('NotFound', _('There is no conversation {id}', { id: conversation }));
            this.#conversations.get(conversation);
        }
        if (incident !== undefined) this.#incident(incident);
    }

    /**
     * Gives the answer piece by piece, with the steps of a model in between, and with its end what it rests on.
     *
     * Ends at once with the reason of `signal` when that is aborted, whatever it was waiting for.
     *
     * @throws ReeveError NotFound; Unavailable when only a model could answer and there is none; InferenceError when it failed
     */
    async *answer(text: string, options: AskOptions): AsyncGenerator<string | Step, AnswerResult, undefined> {
        const { signal } = options;
        this.check(options);
        const draft: Draft = {
            text: '',
            topic: 'none',
            answerer: builtIn,
            evidence: [],
            incidents: new Set(),
            proposals: [],
            steps: [],
            suggestions: new Set(),
            figures: [],
            question: text,
            thing: null,
            choices: [],
            turn: null,
        };
        for await (const piece of this.#compose(text, options, draft)) {
            if (typeof piece === 'string') draft.text += piece;
            else draft.steps = [...draft.steps.filter(({ number }) => number !== piece.number), piece];
            yield piece;
        }
        signal.throwIfAborted();
        const { text: answer, incidents: spokenOf, suggestions, question, thing, choices, turn, ...result } = draft;
        const incidents = [...spokenOf];
        const conversation = this.#keep(options, { question: text, answer, ...result });
        const named = thing ?? this.#subjectOf(incidents);
        const { topic, evidence, proposals } = result;
        this.#turns.add(
            options,
            conversation,
            turn ?? { topic, evidence, proposals, question, thing: named, choices, incidents },
        );
        return {
            ...result,
            incidents,
            choices,
            suggestions: [...suggestions].filter(suggestion => suggestion !== text).slice(0, suggestionsKept),
            conversation,
        };
    }

    /** How a question or a wish is read without a model; neither plans nor answers. */
    async explain(text: string, signal: AbortSignal): Promise<Explanation> {
        const { answers, explain } = await import('./builtIn.ts');
        const now = this.#sources.clock();
        const { understanding } = await this.#understand(text, now, signal);
        const choice = await this.#choose(understanding, signal);
        return await untilAborted(explain(text, { understanding, choice }, answers, now, this.#system(signal)), signal);
    }

    /** What a sentence states about how a person wants things; null for other sentences. */
    async readPreference(said: string, signal: AbortSignal): Promise<Meaning | null> {
        const { readStated } = await import('./builtIn.ts');
        const stated = await untilAborted(readStated(said, null, this.#system(signal)), signal);
        return stated?.kind === 'state' ? stated.meaning : null;
    }

    /** What wishes are planned on; null without them. */
    #system(signal: AbortSignal) {
        return this.#wishes === null ? null : { ...this.#wishes.surroundings, signal };
    }

    async #understand(text: string, now: number, signal: AbortSignal) {
        const { answers, knownPrograms, mentions, understand } = await import('./builtIn.ts');
        const read = understand(text, answers, now);
        const isOfCrash = mentions(read, 'crash');
        const known = await untilAborted(knownPrograms(this.#sources, read.mayName, isOfCrash, signal), signal);
        return { read, understanding: known.size === 0 ? read : understand(text, answers, now, known) };
    }

    async #choose(understanding: Understanding, signal: AbortSignal): Promise<Choice> {
        const { choose } = await import('./builtIn.ts');
        return await untilAborted(
            choose(understanding, subject => this.#findUnits(subject, signal)),
            signal,
        );
    }

    async *#compose(said: string, options: AskOptions, draft: Draft): AsyncGenerator<string | Step, void> {
        const { model } = options;
        const { readFollowUp, tokensOf } = await import('./builtIn.ts');
        const now = this.#sources.clock();
        const isPlain = model === undefined || model === builtIn;
        const last = isPlain && isOwnWords(options) ? this.#turns.last(options) : null;
        // A model knows what it said itself.
        const followUp = last === null || last.topic === 'model' ? null : readFollowUp(said, last, now);
        if (last !== null && followUp !== null && followUp.kind !== 'ask') {
            yield* this.#answerFollowUp(followUp, last, said, options, draft);
            return;
        }
        const full = followUp?.kind === 'ask' ? followUp.question : said;
        const stated = isOwnWords(options) ? await this.#statePreference(full, last, options) : null;
        if (stated !== null) {
            draft.topic = 'preferences';
            draft.thing = last?.thing ?? null;
            yield* this.#inItsLanguage({ tokens: tokensOf(full, now) }, stated);
            return;
        }
        const { showNames, withOwnNames } = await import('./builtIn.ts');
        const preferences = this.#preferences?.list() ?? [];
        const text = withOwnNames(full, preferences);
        draft.question = text;
        for await (const piece of this.#composeOwn(text, full, options, draft))
            yield typeof piece === 'string' ? showNames(piece, preferences) : piece;
    }

    /** Keeps what is stated, or shows what was. Null for other sentences. */
    async #statePreference(text: string, last: Turn | null, { signal, actor = 'other' }: AskOptions) {
        const preferences = this.#preferences;
        if (preferences === null) return null;
        const { readStated } = await import('./builtIn.ts');
        const stated = await untilAborted(readStated(text, last?.thing ?? null, this.#system(signal)), signal);
        if (stated === null) return null;
        const kept = stated.kind === 'state' ? preferences.add(text, stated.meaning, actor) : null;
        // eslint-disable-next-line @typescript-eslint/require-await -- answers are made piece by piece, all in one way
        return async function* () {
            if (kept !== null) {
                const command = code(`reeve preferences forget ${kept.id}`);
                yield `${_('I will keep to that. To forget it: {command}', { command })}\n`;
                return;
            }
            const all = preferences.list();
            if (all.length === 0) yield `${_('You have stated no preferences.')}\n`;
            for (const { id, said } of all) yield item(`${plain(said)} (${code(`reeve preferences forget ${id}`)})`);
        };
    }

    /** @param asWritten the same with a person's own names for things, which a model is told */
    async *#composeOwn(
        text: string,
        asWritten: string,
        options: AskOptions,
        draft: Draft,
    ): AsyncGenerator<string | Step, void> {
        const { signal, model, schema, attachments = [] } = options;
        const { isOrder } = await import('./builtIn.ts');
        const now = this.#sources.clock();
        const isPlain = model === undefined || model === builtIn;
        if (isPlain && isOwnWords(options)) {
            const wished = await this.#answerWish(text, now, options, draft);
            if (wished !== null) {
                yield* wished;
                return;
            }
            const offered = await this.#offerWhatIsAsked(text, now, options, draft);
            if (offered !== null) {
                yield* offered;
                return;
            }
        }
        const { read, understanding } = await this.#understand(text, now, signal);
        const thinker =
            model === builtIn
                ? null
                : await untilAborted(this.#thinker(model ?? null, effort(understanding, options)), signal);
        if (thinker !== null && isOwnWords(options) && read.tokens[0]?.asking !== true && isOrder(text)) {
            const wished = await this.#proposeChange(thinker, text, understanding, options, draft);
            if (wished !== null) {
                yield* wished;
                return;
            }
        }
        const isForModel = (model ?? builtIn) !== builtIn || schema !== undefined || attachments.length > 0;
        if (isForModel && thinker === null) throw noModel();
        if (isForModel && thinker !== null) {
            draft.topic = 'model';
            yield* this.#think(thinker, asWritten, options, draft);
            return;
        }
        if (options.incident !== undefined) {
            const incident = this.#incident(options.incident);
            yield* this.#inItsLanguage(understanding, format =>
                this.#explain(incident, { understanding, format, thinker, text: asWritten, options, draft }),
            );
            return;
        }
        const choice = await this.#choose(understanding, signal);
        if (thinker === null || this.#covers(choice, understanding, options)) {
            if (choice.answers.length === 0) {
                const told = await this.#instructions(text, draft, signal);
                if (told.length > 0) {
                    draft.topic = 'documentation';
                    yield* told.map(redact);
                    return;
                }
            }
            yield* this.#inItsLanguage(understanding, format =>
                this.#answerBuiltIn(choice, { understanding, format, options, draft }),
            );
            return;
        }
        try {
            draft.topic = 'model';
            yield* this.#think(thinker, asWritten, options, draft);
        } catch (error) {
            signal.throwIfAborted();
            // An answer that has begun cannot be withdrawn, and without another answer the question has failed.
            if (!(error instanceof ReeveError) || draft.text !== '' || choice.answers.length === 0) throw error;
            yield* this.#inItsLanguage(understanding, format =>
                this.#answerBuiltIn(choice, { understanding, format, options, draft }),
            );
            yield `\n${modelFailed(error)}\n`;
        }
    }

    async *#answerFollowUp(
        followUp: Exclude<FollowUp, { kind: 'ask' }>,
        last: Turn,
        text: string,
        { signal }: AskOptions,
        draft: Draft,
    ): AsyncGenerator<string, void> {
        const { understanding } = await this.#understand(text, this.#sources.clock(), signal);
        const { answerFollowUp } = await import('./builtIn.ts');
        draft.topic = followUp.kind === 'undo' ? 'undo' : last.topic;
        const answer = (format: Format) => {
            const question = this.#question(understanding, [], format, signal, draft);
            const { text: answered, proposals } = answerFollowUp(followUp, last, question);
            // “The first one” and “undo that” are still about the same plans, after “the second one”, too.
            draft.turn = proposals.length === 0 || followUp.kind !== 'other' ? last : { ...last, proposals };
            draft.proposals.push(...proposals.map(({ id, owner }) => ({ id, owner })));
            return redact(answered);
        };
        // eslint-disable-next-line @typescript-eslint/require-await -- answers are made piece by piece, all in one way
        yield* this.#inItsLanguage(understanding, async function* (format) {
            yield answer(format);
        });
    }

    /** What “it” is after an answer about a single fault. */
    #subjectOf(incidents: readonly number[]): string | null {
        const [id, ...others] = incidents;
        if (id === undefined || others.length > 0) return null;
        return this.#sources.incidents.list().find(incident => incident.id === id)?.subject ?? null;
    }

    /** What the documentation says, where it clearly answers the question, or else which of its pages come nearest; empty without either. */
    async #instructions(text: string, draft: Draft, signal: AbortSignal): Promise<string[]> {
        const { asksForInstructions, describePages, describePassage } = await import('./builtIn.ts');
        const { documentation } = this.#sources;
        if (documentation === undefined || !asksForInstructions(text)) return [];
        const { passage, pages } = await untilAborted(documentation.find(text), signal);
        const cite = (piece: Evidence) => void draft.evidence.push(piece);
        if (passage !== null) return [describePassage(passage, cite)];
        return pages.length === 0 ? [] : [...describePages(pages, cite)];
    }

    /** “How do I turn on dark mode”: the plan for it, where Reeve has one; null elsewhere. */
    async #offerWhatIsAsked(
        text: string,
        now: number,
        options: AskOptions,
        draft: Draft,
    ): Promise<AsyncGenerator<string, void> | null> {
        const { ordersAskedFor } = await import('./builtIn.ts');
        for (const order of ordersAskedFor(text)) {
            const offered = await this.#answerWish(order, now, options, draft, true);
            if (offered !== null) return offered;
        }
        return null;
    }

    /** What is to be said of a wish that Reeve understands, with its plans on offer; null for anything else. */
    async #answerWish(
        text: string,
        now: number,
        { signal, actor = 'other' }: AskOptions,
        draft: Draft,
        isOnlyAsked = false,
    ): Promise<AsyncGenerator<string, void> | null> {
        if (this.#wishes === null) return null;
        const { describeWish, languageOf, planWish, tokensOf } = await import('./builtIn.ts');
        // The words of a plan are in the session's language, in which it is made again before it is applied.
        const wishes = this.#wishes;
        const plan = async () => await untilAborted(planWish(text, wishes, { signal, actor, isOnlyAsked }), signal);
        const planned = await plan();
        if (planned === null) return null;
        draft.topic = 'wish';
        draft.proposals.push(...planned.proposals);
        draft.thing = thingOf(planned.proposals[0]?.plan);
        const heard = { tokens: tokensOf(text, now) };
        if (planned.refusal === '' || languageOf(heard.tokens, this.#language) === this.#language)
            return this.#inItsLanguage(heard, () => describeWish(planned));
        // A refusal is in no plan, so its words can be in the language of the wish: they are made once more.
        return this.#inItsLanguage(heard, async function* () {
            const again = (await plan()) ?? planned;
            draft.proposals.push(...again.proposals);
            yield* describeWish(again);
        });
    }

    /** As `#answerWish`, of a wish that no pattern fits: a model chooses the action by these words alone. */
    async #proposeChange(
        thinker: Thinker,
        text: string,
        understanding: Understanding,
        { signal, actor = 'other', client = '' }: AskOptions,
        draft: Draft,
    ): Promise<AsyncGenerator<string, void> | null> {
        if (this.#wishes === null) return null;
        const { describeWish } = await import('./builtIn.ts');
        const { planByModel } = await import('./conversation/proposeChange.ts');
        const asked = { client, actor, signal };
        const planned = await untilAborted(planByModel(text, thinker, this.#wishes, asked), signal);
        if (planned === null) return null;
        draft.topic = 'wish';
        draft.answerer = safeText(thinker.model.name, 128);
        draft.proposals.push(...planned.proposals);
        return this.#inItsLanguage(understanding, () => describeWish(planned));
    }

    /** Whether the built-in answers cover the whole question. */
    #covers(choice: Choice, { matches, tokens, asksForChange }: Understanding, { conversation }: AskOptions): boolean {
        if (choice.answers.length === 0 || asksForChange) return false;
        if (isLong(tokens)) return false;
        // In a conversation, a few words may refer to an earlier message.
        const isSure = (matches[0]?.score ?? 0) >= certainScore;
        // That no unit has the name is an answer too.
        return isSure || (choice.answers[0]?.id === 'unit' && typeof conversation !== 'number');
    }

    /** A question in another language than the session's gets its answer in that. */
    async *#inItsLanguage<T>(
        { tokens }: Pick<Understanding, 'tokens'>,
        answer: (format: Format) => AsyncGenerator<T, void>,
    ): AsyncGenerator<T, void> {
        const { languageOf, speaking } = await import('./builtIn.ts');
        const language = languageOf(tokens, this.#language);
        if (language === this.#language || this.#speech === null) yield* answer(this.#format);
        else yield* speaking(await this.#speech(language), answer(new Format(language, this.#sources.clock)));
    }

    async *#answerBuiltIn(
        choice: Choice,
        { understanding, format, options: { signal }, draft }: Asked,
    ): AsyncGenerator<string, void> {
        draft.topic = choice.answers[0]?.id ?? 'none';
        draft.answerer = builtIn;
        draft.thing = choice.units[0]?.name ?? choice.said.name ?? understanding.names[0] ?? understanding.path;
        const question = { ...this.#question(understanding, choice.units, format, signal, draft), said: choice.said };
        const either = await this.#either(choice, understanding, draft.question);
        if (either.length > 0) {
            draft.topic = 'choice';
            draft.choices = either;
            yield `${either.length === 1 ? _('Do you mean this?') : _('Which of these do you mean?')}\n`;
            return;
        }
        if (choice.answers.length === 0) {
            const { answers, nearestQuestions, noAnswer } = await import('./builtIn.ts');
            const nearest = nearestQuestions(
                answers,
                understanding.tokens,
                suggestedQuestions(this.#sources.incidents),
            );
            yield* noAnswer(nearest);
            for (const suggestion of nearest) draft.suggestions.add(suggestion);
        }
        if (choice.unread.length > 0) yield `${leftOut(choice.unread, format)}\n\n`;
        for (const [index, answer] of choice.answers.entries()) {
            if (index > 0) yield '\n';
            for await (const piece of pieces(answer.answer(question), signal)) yield redact(piece);
        }
    }

    /** Questions of which one is meant, where two are equally near, or none is near enough. */
    async #either({ answers: chosen, rival }: Choice, { names }: Understanding, text: string): Promise<string[]> {
        const { answers, nearTopics, readingsOf } = await import('./builtIn.ts');
        const near = () => {
            const ids = nearTopics(readingsOf(text, answers, this.#sources.clock(), new Set(names)));
            return ids.flatMap(id => answers.find(answer => answer.id === id) ?? []);
        };
        const either = rival !== null ? [...chosen, rival] : chosen.length === 0 ? near() : [];
        return [...new Set(either.flatMap(answer => answer.examples().slice(0, 1)))];
    }

    /** First and always the findings of the rules; then the model's answer, marked as its own. */
    async *#explain(
        incident: Incident,
        { understanding, format, thinker, text, options, draft }: Asked & { thinker: Thinker | null; text: string },
    ): AsyncGenerator<string | Step, void> {
        draft.topic = 'incidents';
        const question = this.#question(understanding, [], format, options.signal, draft);
        yield redact(describeIncident(question, incident));
        if (thinker === null) return;
        yield `\n${strong(_('Added by {model}, not checked by Reeve:', { model: plain(safeText(thinker.model.name, 64)) }))}\n\n`;
        try {
            yield* this.#think(thinker, text, options, draft);
        } catch (error) {
            options.signal.throwIfAborted();
            if (!(error instanceof ReeveError)) throw error;
            draft.answerer = builtIn;
            yield `${modelFailed(error)}\n`;
        }
    }

    async *#think(
        thinker: Thinker,
        text: string,
        options: AskOptions,
        draft: Draft,
    ): AsyncGenerator<string | Step, void> {
        // Prompts and the loop of a model are only loaded where there is one.
        const { think } = await import('./conversation/thinking.ts');
        draft.answerer = safeText(thinker.model.name, 128);
        const thought = think(thinker, {
            question: text,
            conversation: typeof options.conversation === 'number' ? options.conversation : null,
            conversations: this.#conversations,
            attachments: options.attachments ?? [],
            preferences: (this.#preferences?.list() ?? []).map(({ said }) => said),
            incident: options.incident === undefined ? null : this.#incident(options.incident),
            schema: options.schema ?? null,
            steps: this.#settings().steps,
            client: options.client ?? '',
            context: { ...this.#sources, signal: options.signal },
            proposals: this.#models?.proposals ?? null,
        });
        const { evidence, proposals, isCut } = yield* eachUntilAborted(thought, options.signal);
        if (isCut) yield `\n\n${_('The answer ends here: the model has reached its length limit.')}\n`;
        draft.evidence.push(...evidence.slice(0, evidenceKept - draft.evidence.length));
        for (const { id, owner } of proposals) {
            draft.proposals.push({ id, owner });
            if (owner.kind === 'incident') draft.incidents.add(owner.id);
        }
    }

    async #thinker(name: string | null, worth: Effort): Promise<Thinker | null> {
        return (await this.#models?.thinkers.forQuestion(name, worth)) ?? null;
    }

    #question(
        understanding: Understanding,
        units: Question['units'],
        format: Format,
        signal: AbortSignal,
        { evidence, incidents, suggestions, figures }: Draft,
    ): Question {
        return {
            ...this.#sources,
            understanding,
            units,
            said: {},
            format,
            signal,
            cite: (...facts) => void evidence.push(...facts.slice(0, evidenceKept - evidence.length)),
            mention: id => void incidents.add(id),
            draw: figure => void figures.push(figure),
            suggest: suggestion => void suggestions.add(suggestion),
        };
    }

    /**
     * Matching units, also those that only an incident knows: of a log from elsewhere, or where there is no systemd.
     */
    async #findUnits({ words, units }: Subject, signal: AbortSignal): Promise<FoundUnit[]> {
        const found = await findUnits(this.#sources.systemd, words, units, signal);
        const unknown = openIncidents(this.#sources)
            .filter(({ family }) => family === 'unit')
            .flatMap(({ scope, subject, affected }) => [subject, ...affected].map(name => ({ scope, name })))
            .filter(({ scope, name }) => !found.some(unit => unit.scope === scope && unit.name === name))
            .map(unit => ({ ...unit, description: '', activeState: null, subState: null }));
        return [...found, ...rankUnits(unknown, words, units)].sort((one, other) => other.fit - one.fit);
    }

    #incident(id: number): Incident {
        const incident = this.#sources.incidents.list().find(candidate => candidate.id === id);
        if (incident === undefined) throw new ReeveError('NotFound', _('There is no incident {id}', { id }));
        return incident;
    }

    #keep({ conversation }: AskOptions, exchange: Parameters<Conversations['add']>[1]): number | null {
        if (conversation === undefined || this.#conversations === null || !this.#settings().keep_conversations)
            return null;
        return this.#conversations.add(conversation === 'new' ? null : conversation, exchange);
    }
}

/** What a plan changes, by the name that a person would use. */
function thingOf(plan: Proposal['plan'] | undefined): string | null {
    if (plan === undefined || !('parameters' in plan)) return null;
    const { unit, name, names, path, id, setting, radio } = plan.parameters;
    const thing: unknown = [unit, name, Array.isArray(names) ? names[0] : null, path, id].find(
        value => typeof value === 'string',
    );
    if (typeof thing === 'string') return thing;
    const words = setting ?? radio;
    return typeof words === 'string' ? words.replaceAll('-', ' ') : null;
}

/** A partial answer says so first: it may be about something else. */
function leftOut(words: readonly string[], format: Format): string {
    const shown = words.slice(0, unreadShown).map(text => code(safeText(text, 64)));
    return _('I ignored these words: {words}', { words: format.list(shown) });
}

function noModel(): ReeveError {
    return new ReeveError(
        'Unavailable',
        _('No language model is selected, and only a language model can answer this.'),
    );
}

function modelFailed(error: ReeveError): string {
    return _('The language model could not answer: {reason}', { reason: plain(safeText(error.message, 256)) });
}

/**
 * The pieces of an answer, ended by the signal even while it waits for something that does not end. When a part of the
 * system does not answer, the answer gives what is known, and then that failure.
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
        yield `\n${_('Part of the answer is missing: {reason}', { reason: plain(safeText(error.message, 256)) })}\n`;
    }
}

/** Whether a question is a person's own words and nothing else, and wants an answer in words. */
function isOwnWords({ schema, attachments = [], incident }: AskOptions): boolean {
    return schema === undefined && attachments.length === 0 && incident === undefined;
}

function isLong(tokens: Understanding['tokens']): boolean {
    return tokens.filter(({ ignored }) => !ignored).length > wordsCovered;
}

/** Causes, changes, long questions and attachments deserve the large model. */
function effort({ tokens, asksForChange }: Understanding, { incident, attachments = [] }: AskOptions): Effort {
    const asksWhy = tokens.some(({ concepts }) => concepts.has('why'));
    const isHard = incident !== undefined || attachments.length > 0 || asksForChange || asksWhy || isLong(tokens);
    return isHard ? 'hard' : 'quick';
}
