import { messageOf } from '../util/errors.ts';
import { log } from '../util/log.ts';
import type { KnowledgeIndex } from './knowledgeIndex.ts';
import type { Hit } from './search.ts';

/** Of as many pages, best first, the one is quoted that is clearly about the question. */
const tried = 3;

/** What this computer's documentation says, for the assistant. It never makes or changes the index, and loads with the first question. */
export class Documentation {
    readonly #folder: string;
    readonly #isEnabled: () => boolean;

    /** @param folder that of the index */
    constructor(folder: string, isEnabled: () => boolean = () => true) {
        this.#folder = folder;
        this.#isEnabled = isEnabled;
    }

    /** The pages that the words are about, best first; null as long as there is no index. */
    async search(words: string, limit: number): Promise<Hit[] | null> {
        const { search } = await import('./search.ts');
        return await this.#ask(index => search(index, words, limit));
    }

    /** The best passage, and only if it is clearly about the question. */
    async passageFor(question: string): Promise<Hit | null> {
        const { isClear, search } = await import('./search.ts');
        return await this.#ask(
            index => search(index, question, tried).find(hit => isClear(index, question, hit)) ?? null,
        );
    }

    /** Null also if the index is damaged or is being rebuilt. The question is then answered without it. */
    async #ask<T>(ask: (index: KnowledgeIndex) => T): Promise<T | null> {
        if (!this.#isEnabled()) return null;
        const { KnowledgeIndex } = await import('./knowledgeIndex.ts');
        try {
            using index = KnowledgeIndex.openExisting(this.#folder);
            return index === null ? null : ask(index);
        } catch (error) {
            if ((error as NodeJS.ErrnoException).code !== 'ERR_SQLITE_ERROR') throw error;
            log('warning', 'Could not read the index of the documentation', { reason: messageOf(error) });
            return null;
        }
    }
}
