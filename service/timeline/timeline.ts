import { EventEmitter } from 'node:events';

import * as z from 'zod';

import { timelineEntry, timelineKind } from '../model/timelineEntry.ts';
import type { NewTimelineEntry, TimelineEntry } from '../model/timelineEntry.ts';
import type { Database } from '../store/database.ts';
import { fullTextQuery } from '../store/fullText.ts';
import { readRows } from '../store/stored.ts';

export const timelineFilter = z.object({
    /** Microseconds since the Unix epoch, both inclusive. */
    since: z.number().optional(),
    until: z.number().optional(),
    kinds: z.array(timelineKind).optional(),
    subject: z.string().max(4096).optional(),
    /** Words that must all occur, whole or as beginnings of words. */
    text: z.string().max(4096).optional(),
    limit: z.int().min(1).max(1000).default(100),
});
export type TimelineFilter = z.input<typeof timelineFilter>;

/** What is kept at most; older entries go first. */
export type Retention = {
    entries: number;
    days: number;
    /** Bytes of text, without what the database adds. */
    bytes: number;
};
const defaultRetention: Retention = { entries: 100_000, days: 365, bytes: 64 * 1024 * 1024 };

const pruneEvery = 500;
/** A clock may be wrong during boot; a boot records fewer entries than this. */
const clockWitnesses = 100;
const microsecondsPerDay = 86_400_000_000;

type EventMap = {
    added: [TimelineEntry];
    /** Old entries were forgotten. */
    pruned: [];
};

/** What changed on this computer, and when. */
export class Timeline extends EventEmitter<EventMap> {
    readonly #database: Database;
    readonly #retention: Retention;
    readonly #clock: () => number;
    #untilPrune = pruneEvery;

    /** @param dependencies.clock microseconds since the Unix epoch */
    constructor(dependencies: { database: Database; retention?: Partial<Retention>; clock?: () => number }) {
        super();
        this.#database = dependencies.database;
        this.#retention = { ...defaultRetention, ...dependencies.retention };
        this.#clock = dependencies.clock ?? (() => Date.now() * 1000);
        this.#prune();
    }

    /** Adds an entry, as part of the running transaction if there is one; `added` is emitted once it is on disk. */
    add(entry: NewTimelineEntry): TimelineEntry {
        const { time, kind, event = '', subject, source = '', summary, detail, facts = {} } = entry;
        const { lastInsertRowid } = this.#database.connection
            .prepare(
                `INSERT INTO timeline (time, kind, event, subject, source, summary, detail, facts)
                 VALUES (?, ?, ?, ?, ?, ?, ?, ?)`,
            )
            .run(time, kind, event, subject, source, summary, detail, JSON.stringify(facts));
        const id = Number(lastInsertRowid);
        const added = { id, time, kind, event, subject, source, summary, detail, facts };
        this.#untilPrune -= 1;
        if (this.#untilPrune <= 0) this.#prune();
        this.#database.afterCommit(() => this.emit('added', added));
        return added;
    }

    /** For what turned out to be of something else; as part of the running transaction if there is one. */
    remove(id: number): void {
        this.#database.connection.prepare('DELETE FROM timeline WHERE id = ?').run(id);
    }

    /** Newest first. */
    query(filter: TimelineFilter = {}): TimelineEntry[] {
        const { since, until, kinds, subject, text, limit } = timelineFilter.parse(filter);
        const conditions: string[] = [];
        const values: (string | number)[] = [];
        const where = (condition: string, ...bound: (string | number)[]) => {
            conditions.push(condition);
            values.push(...bound);
        };
        if (since !== undefined) where('time >= ?', since);
        if (until !== undefined) where('time <= ?', until);
        if (kinds !== undefined) where('kind IN (SELECT value FROM json_each(?))', JSON.stringify(kinds));
        if (subject !== undefined) where('subject = ?', subject);
        const words = text === undefined ? null : fullTextQuery(text);
        if (words !== null) where('id IN (SELECT rowid FROM timeline_text WHERE timeline_text MATCH ?)', words);
        const query = this.#database.connection.prepare(
            `SELECT id, time, kind, event, subject, source, summary, detail, facts FROM timeline
             ${conditions.length > 0 ? `WHERE ${conditions.join(' AND ')}` : ''} ORDER BY time DESC, id DESC LIMIT ?`,
        );
        return readRows('timeline', query, [...values, limit], read => row.parse(read));
    }

    /** The hashes of the file contents that entries refer to: the contents must be kept as long as the entries. */
    contents(): Set<string> {
        const hashes = this.#database.connection
            .prepare(
                `SELECT value AS hash FROM timeline, json_each(facts)
                 WHERE kind = 'file' AND json_each.key IN ('before', 'after')`,
            )
            .iterate();
        return new Set(Array.from(hashes, ({ hash }) => String(hash)));
    }

    /** The time that the last entries all bear out: a clock that jumps ahead must not make everything too old at once. */
    #now(): number {
        const found = this.#database.connection
            .prepare('SELECT min(time) AS earliest FROM (SELECT time FROM timeline ORDER BY id DESC LIMIT ?)')
            .get(clockWitnesses);
        return Math.min(this.#clock(), Number(found?.earliest ?? 0));
    }

    #prune(): void {
        this.#untilPrune = pruneEvery;
        const oldest = this.#now() - this.#retention.days * microsecondsPerDay;
        const { connection } = this.#database;
        this.#database.transaction(() => {
            const results = [
                connection.prepare('DELETE FROM timeline WHERE time < ?').run(oldest),
                connection
                    .prepare('DELETE FROM timeline WHERE id <= (SELECT max(id) FROM timeline) - ?')
                    .run(this.#retention.entries),
                connection
                    .prepare(
                        `DELETE FROM timeline WHERE id <= (
                             SELECT id FROM (
                                 SELECT id, sum(length(subject) + length(summary) + length(detail) + length(facts))
                                     OVER (ORDER BY id DESC) AS kept
                                 FROM timeline
                             ) WHERE kept > ? ORDER BY id DESC LIMIT 1
                         )`,
                    )
                    .run(this.#retention.bytes),
            ];
            if (results.some(({ changes }) => changes > 0)) this.#database.afterCommit(() => this.emit('pruned'));
        });
    }
}

const row = timelineEntry.extend({
    facts: z.string().transform(text => z.record(z.string(), z.string()).parse(JSON.parse(text))),
});
