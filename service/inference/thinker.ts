import type { Backend, Model } from './backend.ts';

/** A language model, and its backend. */
export type Thinker = { backend: Backend; model: Model };

/** The effort for a question: a quick answer, or one worth waiting for. */
export type Effort = 'quick' | 'hard';

/** Finds the model for a question. */
export type Thinkers = {
    /**
     * @param name of a model that was asked for; null for the one that was chosen
     * @param effort decides between the chosen ones
     * @returns null when none was chosen
     * @throws ReeveError NotFound when there is none of that name
     */
    forQuestion(name: string | null, effort: Effort): Promise<Thinker | null>;
};
