import * as z from 'zod';

import { readRows, withNumbers } from '../store/stored.ts';
import { canonicalJson } from '../util/canonicalJson.ts';
import { _ } from '../i18n/i18n.ts';
import type { Database } from '../store/database.ts';
import { redact } from '../text/redact.ts';
import { lazy } from '../util/lazy.ts';
import { sha256 } from '../util/sha256.ts';

/** An action of Reeve, who requested it, and its target. `time` in microseconds since the Unix epoch. */
const entrySchema = lazy(() =>
    z.object({
        id: z.int().positive(),
        time: z.int().nonnegative(),
        /** Stable word, such as "applied", "dismissed", "paused", "setting-changed". The events of `otherLogs` begin or continue a log whose forerunner is kept at `subject`. */
        event: z.string(),
        /** "shell", "terminal", "service", "grant" for what a person allowed before, or "other" for any other program on the bus. */
        actor: z.string(),
        subject: z.string(),
        detail: z.string(),
        previous: z.string(),
        hash: z.string(),
    }),
);
/** After these, the log is not the one that was written until then. */
export const otherLogs = ['database-replaced', 'database-returned', 'database-restored'] as const;

export type AuditEntry = z.infer<ReturnType<typeof entrySchema>>;
export type NewAuditEntry = Pick<AuditEntry, 'event' | 'actor' | 'subject' | 'detail'>;

export type Verification = {
    ok: boolean;
    checked: number;
    /** The first inconsistency, in words; empty when ok. */
    detail: string;
    /** Hash of the newest entry. Only someone who kept it elsewhere can notice that the log was cut short. */
    head: string;
};

/** What the first entry names as the one before it: the SHA-256 of "org.reevedesktop.Reeve1.Audit". */
export const genesis = 'd9dc6f1b99631ea7305196c1f987e22c77f3246147315a787044dd8a5a70c6a6';

/**
 * An append-only log in which each entry carries the hash of the one before it, so that a changed, removed or inserted
 * entry shows.
 */
export class AuditLog {
    readonly #database: Database;
    readonly #clock: () => number;
    readonly #witness: (entry: AuditEntry) => void;

    /**
     * @param dependencies.clock microseconds since the Unix epoch
     * @param dependencies.witness hears of each entry that is on disk, to keep its hash elsewhere
     */
    constructor(dependencies: { database: Database; clock?: () => number; witness?: (entry: AuditEntry) => void }) {
        this.#database = dependencies.database;
        this.#clock = dependencies.clock ?? (() => Date.now() * 1000);
        this.#witness = dependencies.witness ?? (() => undefined);
    }

    /** Appends an entry, as part of the running transaction if there is one. */
    append(entry: NewAuditEntry): AuditEntry {
        return this.#database.transaction(() => {
            const last = this.#last();
            const numbered = {
                ...entry,
                detail: redact(entry.detail),
                id: (last?.id ?? 0) + 1,
                time: this.#clock(),
                previous: last?.hash ?? genesis,
            };
            const complete = { ...numbered, hash: hashOf(numbered) };
            this.#database.connection
                .prepare(
                    `INSERT INTO audit (id, time, event, actor, subject, detail, previous, hash)
                     VALUES (:id, :time, :event, :actor, :subject, :detail, :previous, :hash)`,
                )
                .run(complete);
            this.#database.afterCommit(() => {
                this.#witness(complete);
            });
            return complete;
        });
    }

    /** The hash of an entry; null when there is none of this number. */
    hashAt(id: number): string | null {
        const row = this.#database.connection.prepare('SELECT hash FROM audit WHERE id = ?').get(id);
        return row === undefined ? null : String(row.hash);
    }

    /** Whether a plan with this digest was approved. */
    hasApproved(digest: string): boolean {
        const row = this.#database.connection
            .prepare("SELECT 1 FROM audit WHERE event = 'approved' AND instr(detail, :line) > 0 LIMIT 1")
            .get({ line: `plan ${digest}` });
        return row !== undefined;
    }

    /** @returns entries with a number below `before`, newest first, at most `limit` */
    list({ before = Number.MAX_SAFE_INTEGER, limit = 100 }: { before?: number; limit?: number } = {}): AuditEntry[] {
        const query = this.#database.connection.prepare('SELECT * FROM audit WHERE id < ? ORDER BY id DESC LIMIT ?');
        return readRows('audit', query, [before, limit], row => entrySchema().parse(row));
    }

    /** The newest entry of one of these events. */
    latest(events: readonly string[]): AuditEntry | null {
        const places = events.map(() => '?').join(', ');
        const query = this.#database.connection.prepare(
            `SELECT * FROM audit WHERE event IN (${places}) ORDER BY id DESC LIMIT 1`,
        );
        return readRows('audit', query, events, row => entrySchema().parse(row))[0] ?? null;
    }

    /** Walks the whole chain, one entry in memory at a time. */
    verify(): Verification {
        let previous = genesis;
        let checked = 0;
        const broken = (detail: string): Verification => ({
            ok: false,
            checked,
            detail,
            head: this.#last()?.hash ?? genesis,
        });
        const query = this.#database.connection.prepare('SELECT * FROM audit ORDER BY id');
        query.setReadBigInts(true);
        for (const row of query.iterate()) {
            const parsed = entrySchema().safeParse(withNumbers(row));
            if (!parsed.success) return broken(_('Entry {id} is invalid.', { id: String(row.id) }));
            const entry = parsed.data;
            if (entry.id !== checked + 1) return broken(_('Entry {id} is missing.', { id: checked + 1 }));
            if (entry.previous !== previous) return broken(_('Entry {id} does not follow the one before it.', entry));
            if (entry.hash !== hashOf(entry)) return broken(_('Entry {id} was altered.', entry));
            previous = entry.hash;
            checked += 1;
        }
        return { ok: true, checked, detail: '', head: previous };
    }

    /** Also of an entry that verify() finds invalid: the log goes on behind it. */
    #last(): Pick<AuditEntry, 'id' | 'hash'> | undefined {
        const row = this.#database.connection
            .prepare('SELECT id, hash FROM audit WHERE id < ? ORDER BY id DESC LIMIT 1')
            .get(Number.MAX_SAFE_INTEGER);
        return row === undefined ? undefined : { id: Number(row.id), hash: String(row.hash) };
    }
}

function hashOf({ id, time, event, actor, subject, detail, previous }: Omit<AuditEntry, 'hash'>): string {
    return sha256(canonicalJson({ id, time, event, actor, subject, detail, previous }));
}
