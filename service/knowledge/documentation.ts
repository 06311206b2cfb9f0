import { messageOf } from '../util/errors.ts';
import { log } from '../util/log.ts';
import type { KnowledgeIndex } from './knowledgeIndex.ts';
import type { Hit } from './search.ts';

/** Of as many pages, best first, the one is quoted that is clearly about the question. */
const tried = 3;
/** Of as many, those are named that may be about it. */
const compared = 10;
const named = 3;

/** A passage, and how it is done where the passage only says what for: how a command is called, or steps. Empty elsewhere. */
export type Quote = Hit & { usage: string };
/** What there is about a question: the passage that is clearly about it, or else the pages that may be, best first. */
export type Found = { passage: Quote | null; pages: Hit[] };

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

    async find(question: string): Promise<Found> {
        const { isClear, isNear, search } = await import('./search.ts');
        const found = await this.#ask(index => {
            const hits = search(index, question, compared);
            const clear = hits.slice(0, tried).find(hit => isClear(index, question, hit)) ?? null;
            const near = clear === null ? hits.filter(hit => isNear(index, question, hit)).slice(0, named) : [];
            return { clear, pages: near };
        });
        const { clear = null, pages = [] } = found ?? {};
        return { passage: clear === null ? null : { ...clear, usage: await usageOf(clear) }, pages };
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

/** The synopsis of a manual page, or the steps of a page of help, where the passage only says what they are for. */
async function usageOf({ path, kind, heading, text }: Hit): Promise<string> {
    if (heading !== '' || (kind !== 'manual' && kind !== 'help')) return '';
    const { readSource } = await import('./sources.ts');
    const sections = (await readSource({ path, kind }))?.sections ?? [];
    if (kind === 'manual')
        return linesOf(sections.find(section => /^synopsis$/i.test(section.heading))?.paragraphs ?? [], 3);
    const isSteps = (paragraph: string) => /^• /m.test(paragraph);
    const steps = sections.flatMap(({ paragraphs }) => paragraphs).find(isSteps);
    return isSteps(text) || steps === undefined ? '' : linesOf([steps.slice(steps.search(/^• /m))], 8);
}

const linesOf = (paragraphs: readonly string[], most: number) =>
    paragraphs.join('\n').split('\n').slice(0, most).join('\n');
