import { examine, type Seen } from '../sources/files/examine.ts';
import { Contents } from '../store/contents.ts';

/** What is at a path now; null when nothing is there, undefined when that cannot be told or is nothing that can be kept. */
export async function heldFile(path: string): Promise<(Seen & { contents: Buffer }) | null | undefined> {
    const seen = await examine(path, { known: undefined, keep: true });
    if (seen === 'absent') return null;
    if (typeof seen !== 'object' || 'directory' in seen || seen.contents === null) return undefined;
    return { ...seen, contents: seen.contents };
}

/** The hash of what a file holds; null and undefined as `heldFile`. */
export async function heldHash(path: string): Promise<string | null | undefined> {
    const held = await heldFile(path);
    return held && Contents.hashOf(held.contents);
}
