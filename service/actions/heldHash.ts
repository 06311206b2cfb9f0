import { examine } from '../sources/files/examine.ts';
import { Contents } from '../store/contents.ts';

/** The hash of what a file holds; null when it is not there, undefined when that cannot be told. */
export async function heldHash(path: string): Promise<string | null | undefined> {
    const seen = await examine(path, { known: undefined, keep: true });
    if (seen === 'absent') return null;
    if (typeof seen !== 'object' || 'directory' in seen || seen.contents === null) return undefined;
    return Contents.hashOf(seen.contents);
}
