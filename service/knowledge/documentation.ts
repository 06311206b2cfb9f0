import { join } from 'node:path';

import type { Hit } from './search.ts';

/** The folder of the index. */
export const knowledgeFolder = (cacheDirectory: string) => join(cacheDirectory, 'knowledge');

/** What this computer's documentation says, for the assistant. It never makes or changes the index, and loads with the first question. */
export class Documentation {
    readonly #folder: string;

    /** @param folder that of the index */
    constructor(folder: string) {
        this.#folder = folder;
    }

    /** The pages that the words are about, best first; null as long as there is no index. */
    async search(words: string, limit: number): Promise<Hit[] | null> {
        const { KnowledgeIndex } = await import('./knowledgeIndex.ts');
        const { search } = await import('./search.ts');
        using index = KnowledgeIndex.openExisting(this.#folder);
        return index === null ? null : search(index, words, limit);
    }

    /** The best passage, and only if it is clearly about the question. */
    async passageFor(question: string): Promise<Hit | null> {
        const { KnowledgeIndex } = await import('./knowledgeIndex.ts');
        const { isClear, search } = await import('./search.ts');
        using index = KnowledgeIndex.openExisting(this.#folder);
        if (index === null) return null;
        const [best] = search(index, question, 1);
        return best !== undefined && isClear(index, question, best) ? best : null;
    }
}
