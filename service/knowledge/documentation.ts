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
        const { KnowledgeIndex } = await import('./knowledgeIndex.ts');
        const { search } = await import('./search.ts');
        using index = this.#isEnabled() ? KnowledgeIndex.openExisting(this.#folder) : null;
        return index === null ? null : search(index, words, limit);
    }

    /** The best passage, and only if it is clearly about the question. */
    async passageFor(question: string): Promise<Hit | null> {
        const { KnowledgeIndex } = await import('./knowledgeIndex.ts');
        const { isClear, search } = await import('./search.ts');
        using index = this.#isEnabled() ? KnowledgeIndex.openExisting(this.#folder) : null;
        if (index === null) return null;
        return search(index, question, tried).find(hit => isClear(index, question, hit)) ?? null;
    }
}
