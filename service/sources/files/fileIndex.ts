import * as z from 'zod';

import type { Database } from '../../store/database.ts';
import { readState } from '../../store/stored.ts';

/** A file as it was when it was last examined. */
export type Indexed = {
    stamp: string;
    mode: number;
    owner: number;
    group: number;
    /** For stored contents; otherwise null. */
    hash: string | null;
    note: string;
};

const row = z
    .object({
        stamp: z.string(),
        mode: z.int(),
        owner: z.int(),
        owner_group: z.int(),
        hash: z.string().nullable(),
        note: z.string(),
    })
    .transform(({ owner_group, ...rest }): Indexed => ({ ...rest, group: owner_group }));

const knownPlacesKey = 'files-known';

/** The known state of the watched files, so that a start reads only what has changed since. */
export class FileIndex {
    readonly #database: Database;

    constructor({ database }: { database: Database }) {
        this.#database = database;
    }

    get(path: string): Indexed | null {
        const found = this.#database.connection
            .prepare('SELECT stamp, mode, owner, owner_group, hash, note FROM watched_file WHERE path = ?')
            .get(path);
        return found === undefined ? null : row.parse(found);
    }

    /** Replaces the known state of each path; null deletes it. */
    set(changes: ReadonlyMap<string, Indexed | null>): void {
        this.#database.transaction(() => {
            const { connection } = this.#database;
            const put = connection.prepare(
                `INSERT OR REPLACE INTO watched_file (path, stamp, mode, owner, owner_group, hash, note)
                 VALUES (?, ?, ?, ?, ?, ?, ?)`,
            );
            const forget = connection.prepare('DELETE FROM watched_file WHERE path = ?');
            for (const [path, file] of changes) {
                if (file === null) forget.run(path);
                else put.run(path, file.stamp, file.mode, file.owner, file.group, file.hash, file.note);
            }
        });
    }

    /** The known paths at or below a directory. */
    below(directory: string): string[] {
        // "0" is the character behind "/", so this is everything that begins with the directory and a slash.
        return this.#database.connection
            .prepare('SELECT path FROM watched_file WHERE path > ? AND path < ? ORDER BY path')
            .all(`${directory}/`, `${directory}0`)
            .map(({ path }) => String(path));
    }

    /** The known paths directly in a directory. */
    in(directory: string): string[] {
        return this.below(directory).filter(path => !path.includes('/', directory.length + 1));
    }

    hashes(): Set<string> {
        const found = this.#database.connection
            .prepare('SELECT DISTINCT hash FROM watched_file WHERE hash IS NOT NULL')
            .all();
        return new Set(found.map(({ hash }) => String(hash)));
    }

    /** Places that were examined before: new files in other places were not created just now. */
    get knownPlaces(): Set<string> {
        return new Set(readState(this.#database, knownPlacesKey, z.array(z.string())));
    }

    set knownPlaces(paths: ReadonlySet<string>) {
        this.#database.setState(knownPlacesKey, JSON.stringify([...paths]));
    }
}
