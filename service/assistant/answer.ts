import type { Figure } from '../model/figure.ts';
import type { Evidence } from '../model/incident.ts';
import type { Sources } from './tools/sources.ts';
import type { FoundUnit } from '../machine/units/units.ts';
import type { Format } from '../i18n/format.ts';
import type { Topic, Understanding } from './understanding.ts';

export type { Sources };

/** One question being answered. */
export type Question = Sources & {
    understanding: Understanding;
    /** Units that the question names, the best match first; empty when it names none. */
    units: readonly FoundUnit[];
    /** What the slots of the answer's phrases hold, by their names: a value of `slots`, a whole number, or words as they were written. */
    said: Readonly<Record<string, string>>;
    format: Format;
    signal: AbortSignal;
    /** Records what a statement rests on. */
    cite: (...evidence: Evidence[]) => void;
    /** Records that the answer speaks of an incident. */
    mention: (incidentId: number) => void;
    /** Draws numbers below the answer, which has them in words, too. */
    draw: (figure: Figure) => void;
    /** Offers a question that could follow. */
    suggest: (question: string) => void;
};

export type Answer = Topic & {
    /** Questions that it answers, in the user's language, the best example first. */
    examples(): string[];
    /** Pieces of the text as they become known; Markdown as service/assistant/markup.ts describes it. */
    answer(question: Question): AsyncGenerator<string, void> | Generator<string, void>;
};
