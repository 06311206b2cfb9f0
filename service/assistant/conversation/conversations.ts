import { EventEmitter } from 'node:events';

import * as z from 'zod';

import { readRows } from '../../store/stored.ts';
import { ReeveError } from '../../util/errors.ts';
import { _ } from '../../i18n/i18n.ts';
import { evidence as evidenceSchema } from '../../model/incident.ts';
import type { Evidence } from '../../model/incident.ts';
import type { Database } from '../../store/database.ts';
import { fullTextQuery } from '../../store/fullText.ts';
import { redact } from '../../text/redact.ts';
import { ownText } from '../../text/ownText.ts';
import { safeText } from '../../text/sanitise.ts';
import { step as stepSchema } from './step.ts';
import type { Step } from './step.ts';
import { lazy } from '../../util/lazy.ts';

/** Times in microseconds since the Unix epoch. */
const conversationSchema = lazy(() =>
    z
        .object({
            id: z.int(),
            started: z.int(),
            changed: z.int(),
            /** The beginning of the first question. */
            title: z.string(),
            /** A model's summary of the messages up to `summarisedTo`; empty when there is none. */
            summary: z.string(),
            summarised_to: z.int(),
        })
        .transform(({ summarised_to: summarisedTo, ...rest }) => ({ ...rest, summarisedTo })),
);
export type Conversation = z.output<ReturnType<typeof conversationSchema>>;

const messageSchema = lazy(() =>
    z.object({
        id: z.int(),
        time: z.int(),
        role: z.enum(['user', 'assistant']),
        text: z.string(),
        /** What answered: "built-in", or the name of a model; empty for what was asked. */
        answerer: z.string(),
        evidence: z.string().transform(text => z.array(evidenceSchema()).parse(JSON.parse(text))),
        /** What the answer cites by number. */
        steps: z.string().transform(text => z.array(stepSchema()).parse(JSON.parse(text))),
    }),
);
export type StoredMessage = z.output<ReturnType<typeof messageSchema>>;

export const conversationFilter = z.object({
    /** Words that must all occur in one message. */
    text: z.string().max(4096).optional(),
    limit: z.int().min(1).max(1000).default(100),
});

const conversationsKept = 1000;
const messagesKept = 2000;
const titleLength = 80;
const messageLength = 65_536;

/**
 * The stored questions and answers, for users who want that. Emits `changed` when a conversation changed or was
 * deleted, and `deleted` with its number, or with 0 for all of them.
 */
export class Conversations extends EventEmitter<{ changed: []; deleted: [id: number] }> {
    readonly #database: Database;
    readonly #clock: () => number;

    /** @param dependencies.clock microseconds since the Unix epoch */
    constructor(dependencies: { database: Database; clock?: () => number }) {
        super();
        this.#database = dependencies.database;
        this.#clock = dependencies.clock ?? (() => Date.now() * 1000);
    }

    /** The one that changed last first. */
    list(filter: z.input<typeof conversationFilter> = {}): Conversation[] {
        const { text, limit } = conversationFilter.parse(filter);
        const words = text === undefined ? null : fullTextQuery(text);
        const found =
            'id IN (SELECT conversation_id FROM message WHERE id IN ' +
            '(SELECT rowid FROM message_text WHERE message_text MATCH ?))';
        return this.#select(
            `${words === null ? '' : `WHERE ${found}`} ORDER BY changed DESC, id DESC LIMIT ?`,
            ...(words === null ? [] : [words]),
            limit,
        );
    }

    /** @throws ReeveError NotFound */
    get(id: number): Conversation {
        const [found] = this.#select('WHERE id = ?', id);
        if (found === undefined) throw new ReeveError('NotFound', _('There is no conversation {id}', { id }));
        return found;
    }

    #select(condition: string, ...values: (string | number)[]): Conversation[] {
        const query = this.#database.connection.prepare(
            `SELECT id, started, changed, title, summary, summarised_to FROM conversation ${condition}`,
        );
        return readRows('conversation', query, values, row => conversationSchema().parse(row));
    }

    /** Oldest first. @param after only those with a greater id */
    messages(
        id: number,
        { after = 0, limit = messagesKept }: { after?: number; limit?: number } = {},
    ): StoredMessage[] {
        this.get(id);
        const query = this.#database.connection.prepare(
            `SELECT id, time, role, text, answerer, evidence, steps FROM message
             WHERE conversation_id = ? AND id > ? ORDER BY id DESC LIMIT ?`,
        );
        return readRows('message', query, [id, after, limit], row => messageSchema().parse(row)).reverse();
    }

    /**
     * Keeps a question and its answer.
     *
     * @param id null begins a conversation
     * @returns the conversation's id
     * @throws ReeveError NotFound when it was deleted meanwhile
     */
    add(
        id: number | null,
        exchange: {
            question: string;
            answer: string;
            answerer: string;
            evidence: readonly Evidence[];
            steps?: readonly Step[];
        },
    ): number {
        const now = this.#clock();
        const question = kept(exchange.question);
        const conversation = this.#database.transaction(() => {
            const place = id ?? this.#begin(question, now);
            this.get(place);
            const insert = this.#database.connection.prepare(
                `INSERT INTO message (conversation_id, time, role, text, answerer, evidence, steps)
                 VALUES (?, ?, ?, ?, ?, ?, ?)`,
            );
            insert.run(place, now, 'user', question, '', '[]', '[]');
            insert.run(
                place,
                now,
                'assistant',
                kept(exchange.answer),
                exchange.answerer,
                JSON.stringify(exchange.evidence),
                JSON.stringify(exchange.steps ?? []),
            );
            this.#database.connection.prepare('UPDATE conversation SET changed = ? WHERE id = ?').run(now, place);
            this.#database.connection
                .prepare(
                    `DELETE FROM message WHERE conversation_id = ?1 AND id <=
                     (SELECT id FROM message WHERE conversation_id = ?1 ORDER BY id DESC LIMIT 1 OFFSET ?2)`,
                )
                .run(place, messagesKept);
            return place;
        });
        this.emit('changed');
        return conversation;
    }

    /** Keeps what a model made of the messages up to `summarisedTo`. */
    summarise(id: number, summary: string, summarisedTo: number): void {
        this.#database.connection
            .prepare('UPDATE conversation SET summary = ?, summarised_to = ? WHERE id = ?')
            .run(kept(summary), summarisedTo, id);
    }

    /** @param id 0 for all of them. @throws ReeveError NotFound */
    delete(id: number): void {
        if (id !== 0) this.get(id);
        const { connection } = this.#database;
        // The text must be gone from the files too: freed pages are overwritten, the index is rebuilt without it, and
        // the write-ahead log, which has it twice by then, is emptied.
        connection.exec('PRAGMA secure_delete = ON');
        connection.prepare('DELETE FROM conversation WHERE ?1 = 0 OR id = ?1').run(id);
        connection.exec("INSERT INTO message_text (message_text) VALUES ('optimize')");
        connection.exec('PRAGMA wal_checkpoint(TRUNCATE)');
        this.emit('deleted', id);
        this.emit('changed');
    }

    #begin(question: string, now: number): number {
        const { lastInsertRowid } = this.#database.connection
            .prepare('INSERT INTO conversation (started, changed, title) VALUES (?, ?, ?)')
            .run(now, now, safeText(question, titleLength));
        this.#database.connection
            .prepare('DELETE FROM conversation WHERE id <= (SELECT max(id) FROM conversation) - ?')
            .run(conversationsKept);
        return Number(lastInsertRowid);
    }
}

const kept = (text: string) => redact(ownText(text, messageLength, { multiline: true }));
