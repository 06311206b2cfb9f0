import * as z from 'zod';

import { evidence } from '../model/incident.ts';
import type { Database } from '../store/database.ts';
import { longestGap, Persistence } from './persistence.ts';
import { readRows } from '../store/stored.ts';

/** Far more than a computer reports at any time. */
const kept = 256;
/** Signs are stored at most this often, and at the end; those of a crash are read again. Milliseconds. */
const storeEvery = 60_000;

/** Keeps the signs that have not persisted yet over a restart: some are reported once a boot. */
export class KeptSigns {
    readonly persistence: Persistence;
    readonly #database: Database;
    readonly #clock: () => number;
    #stored = -Infinity;

    /** @param clock microseconds since the Unix epoch */
    constructor(database: Database, clock = () => Date.now() * 1000) {
        this.#database = database;
        this.#clock = clock;
        this.persistence = new Persistence(this.#read());
    }

    /** Stores what changed, as part of the running transaction. @param isLast whether nothing comes after it */
    store({ isLast = false } = {}): void {
        if (!isLast && performance.now() - this.#stored < storeEvery) return;
        const changed = this.persistence.changed();
        if (changed.length === 0) return;
        const { connection } = this.#database;
        const insert = connection.prepare(
            'INSERT OR REPLACE INTO sign (key, family, about, last, bursts) VALUES (?, ?, ?, ?, ?)',
        );
        for (const { key, family, about, last, bursts } of changed)
            if (last.clock !== null) insert.run(key, family, about, last.clock, JSON.stringify(bursts));
        connection
            .prepare(
                'DELETE FROM sign WHERE abs(last - ?) > ? OR key NOT IN (SELECT key FROM sign ORDER BY last DESC LIMIT ?)',
            )
            .run(this.#clock(), longestGap, kept);
        this.#database.afterCommit(() => {
            this.persistence.clearChanged();
            this.#stored = performance.now();
        });
    }

    #read(): ConstructorParameters<typeof Persistence>[0] {
        const now = this.#clock();
        const query = this.#database.connection.prepare('SELECT * FROM sign WHERE last BETWEEN ? AND ? ORDER BY last');
        const bursts = z.array(
            z.object({
                clock: z.number().nullable(),
                line: z.number().nullable(),
                // Not stored by earlier versions.
                occurrence: z.string().default(''),
                evidence: evidence().nullable(),
            }),
        );
        const row = z.object({ key: z.string(), family: z.string(), about: z.string(), last: z.number() });
        return readRows('sign', query, [now - longestGap, now + longestGap], each => {
            const { last, ...sign } = row.parse(each);
            return {
                ...sign,
                last: { clock: last, line: null },
                bursts: bursts.parse(JSON.parse(String(each.bursts))),
            };
        });
    }
}
