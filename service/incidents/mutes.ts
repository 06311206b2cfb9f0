import { EventEmitter } from 'node:events';

import * as z from 'zod';

import { scope } from '../model/incident.ts';
import type { Database } from '../store/database.ts';
import { readRows } from '../store/stored.ts';

/** What the user has muted. */
const muteSchema = z.object({
    family: z.string(),
    scope,
    subject: z.string(),
    /** Microseconds since the Unix epoch. */
    since: z.number(),
});
export type Mute = z.infer<typeof muteSchema>;
/** Identifies a mute; it may not exist, as callers name it. */
export type MuteKey = { family: string; scope: string; subject: string };

/** The families and subjects for which no incident is opened. On disk; `changed` is emitted after each change. */
export class Mutes extends EventEmitter<{ changed: [] }> {
    readonly #database: Database;
    readonly #clock: () => number;

    /** @param dependencies.clock microseconds since the Unix epoch */
    constructor(dependencies: { database: Database; clock: () => number }) {
        super();
        this.#database = dependencies.database;
        this.#clock = dependencies.clock;
    }

    /** The oldest first. */
    list(): Mute[] {
        const { connection } = this.#database;
        const query = connection.prepare('SELECT family, scope, subject, since FROM mute ORDER BY since, rowid');
        return readRows('mute', query, [], row => muteSchema.parse(row));
    }

    has({ family, scope, subject }: MuteKey): boolean {
        const row = this.#database.connection
            .prepare('SELECT 1 FROM mute WHERE family = ? AND scope = ? AND subject = ?')
            .get(family, scope, subject);
        return row !== undefined;
    }

    add({ family, scope, subject }: MuteKey): void {
        this.#change('INSERT OR IGNORE INTO mute (family, scope, subject, since) VALUES (?, ?, ?, ?)', [
            family,
            scope,
            subject,
            this.#clock(),
        ]);
    }

    /** @returns whether there was one */
    remove({ family, scope, subject }: MuteKey): boolean {
        return this.#change('DELETE FROM mute WHERE family = ? AND scope = ? AND subject = ?', [
            family,
            scope,
            subject,
        ]);
    }

    #change(statement: string, values: (string | number)[]): boolean {
        return this.#database.transaction(() => {
            const { changes } = this.#database.connection.prepare(statement).run(...values);
            if (changes === 0) return false;
            this.#database.afterCommit(() => this.emit('changed'));
            return true;
        });
    }
}
