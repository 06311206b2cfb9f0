import { AsyncLocalStorage } from 'node:async_hooks';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';

import { isRightToLeft } from './locale.ts';
import { speakInstead, type Catalogue, type Speech } from './i18n.ts';

const spoken = new AsyncLocalStorage<Speech>();

/**
 * How to speak another language than the session's; English where `directory` has no catalogue (LANG.json) for it.
 *
 * @param language such as "de"
 */
export async function readSpeech(directory: string, language: string): Promise<Speech> {
    try {
        const catalogue = JSON.parse(await readFile(join(directory, `${language}.json`), 'utf8')) as Catalogue;
        return { catalogue, isolates: isRightToLeft(language), language };
    } catch (error) {
        if ((error as NodeJS.ErrnoException).code !== 'ENOENT') throw error;
        return { catalogue: { messages: {}, pluralForms: [] }, isolates: false, language: '' };
    }
}

/** What the generator makes, with its texts in that language, whatever else is said meanwhile. */
export async function* speaking<T, R>(speech: Speech, made: AsyncGenerator<T, R>): AsyncGenerator<T, R> {
    speakInstead(() => spoken.getStore());
    try {
        for (;;) {
            const { value, done } = await spoken.run(speech, () => made.next());
            if (done === true) return value;
            yield value;
        }
    } finally {
        await made.return(undefined as R);
    }
}
