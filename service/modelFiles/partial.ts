/** The record of an unfinished download beside its bytes, so that it can be resumed. */
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';

import * as z from 'zod';

import { writeAtomically } from '../util/durableFiles.ts';
import { lazy } from '../util/lazy.ts';

/** The model's file, in the folder of each. */
export const modelFile = 'model.gguf';
export const noteFile = 'download.json';

const note = lazy(() =>
    z.object({
        /** Of the model, for people. */
        name: z.string(),
        /** What was being fetched; see Pinned in hub.ts. */
        repository: z.string(),
        file: z.string(),
        revision: z.string(),
        size: z.number(),
        sha256: z.string(),
        /** The server's ETag of the file. */
        etag: z.string().nullable(),
    }),
);
export type Note = z.output<ReturnType<typeof note>>;

/** null when there is none, or an unusable one. */
export async function readNote(folder: string): Promise<Note | null> {
    try {
        return note().parse(JSON.parse(await readFile(join(folder, noteFile), 'utf8')));
    } catch {
        return null;
    }
}

export async function writeNote(folder: string, about: Note): Promise<void> {
    await writeAtomically(join(folder, noteFile), JSON.stringify(about));
}
