import { chmodSync, closeSync, existsSync, mkdirSync, openSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { lstat } from 'node:fs/promises';
import { join } from 'node:path';
import { DatabaseSync, type StatementSync } from 'node:sqlite';
import { setImmediate } from 'node:timers/promises';

import { lockFolder } from '../store/folderLock.ts';
import { ReeveError } from '../util/errors.ts';
import { completeMark } from './place.ts';
import type { Page } from './page.ts';
import { passagesOf } from './passages.ts';
import { readSource, type Source } from './sources.ts';

/** In the file's header: “RvKn” in ASCII. */
const applicationId = 0x52764b6e;
const fileName = 'index.db';
/** Raised whenever pages are read or indexed differently: the index is then made again. */
const version = 4;

/** Primary result codes (https://sqlite.org/rescode.html) that say the file itself is at fault. */
const unusable = new Set([11, 26]);

/** Rows of passages are numbered by their page, so that those of one page can be removed without a search. */
export const passagesPerPage = 4096;

/**
 * The first and the last row of a page's passages. Node binds numbers as REAL, by which FTS5 neither limits a search nor, with
 * MATCH, compares a row: as BigInt they are INTEGER.
 */
export const passageRows = (page: number): [first: bigint, last: bigint] => [
    BigInt(page) * BigInt(passagesPerPage),
    BigInt(page + 1) * BigInt(passagesPerPage) - 1n,
];

/** Pages in one transaction. */
const batch = 50;

/** With positions: without them, bm25 reads the text of each row again, and of a table without content knows nothing. */
const porter = `tokenize = 'porter unicode61'`;
const schema = `
    CREATE TABLE page (
        id INTEGER PRIMARY KEY, path TEXT NOT NULL UNIQUE, modified INTEGER NOT NULL, size INTEGER NOT NULL,
        kind TEXT NOT NULL, title TEXT NOT NULL, summary TEXT NOT NULL
    );
    CREATE TABLE name (page INTEGER NOT NULL, name TEXT NOT NULL);
    CREATE INDEX name_by_name ON name (name);
    CREATE INDEX name_by_page ON name (page);
    CREATE TABLE reference (page INTEGER NOT NULL, name TEXT NOT NULL);
    CREATE INDEX reference_by_name ON reference (name);
    CREATE INDEX reference_by_page ON reference (page);
    CREATE VIRTUAL TABLE page_text USING fts5 (
        names, summary, headings, body, content = '', contentless_delete = 1, ${porter}
    );
    CREATE VIRTUAL TABLE passage USING fts5 (heading, text, ${porter});
    PRAGMA application_id = ${applicationId};
    PRAGMA user_version = ${version};`;

type Changed = Source & { modified: number; size: number };

export type UpdateOptions = {
    signal: AbortSignal;
    /** Called after each transaction. */
    progress?: (done: number, total: number) => void;
    /** Called for each file that could not be read. It is tried again with the next update. */
    failed?: (path: string, error: unknown) => void;
};

/**
 * The index of the documentation on this computer, in a folder of its own. It holds only what can be read again: one that is
 * damaged, or of another version, is removed and made again.
 */
export class KnowledgeIndex implements Disposable {
    readonly connection: DatabaseSync;
    readonly #folder: string;
    readonly #file: number;

    private constructor(connection: DatabaseSync, folder: string) {
        this.connection = connection;
        this.#folder = folder;
        this.#file = inodeOf(folder);
    }

    static open(folder: string): KnowledgeIndex {
        try {
            return new KnowledgeIndex(openDatabase(folder), folder);
        } catch (error) {
            if (!(error instanceof OtherVersion) && !isDamage(error)) throw error;
            removeIndex(folder);
            return new KnowledgeIndex(openDatabase(folder), folder);
        }
    }

    /** To search it, while another process may update it; null where there is none that can be used. */
    static openExisting(folder: string): KnowledgeIndex | null {
        const file = join(folder, fileName);
        if (!existsSync(file)) return null;
        let connection: DatabaseSync | null = null;
        try {
            connection = new DatabaseSync(file, { readOnly: true, timeout: 1000 });
            if (isOurs(connection)) return new KnowledgeIndex(connection, folder);
        } catch (error) {
            connection?.close();
            if (isDamage(error)) return null;
            throw error;
        }
        connection.close();
        return null;
    }

    get pages(): number {
        return Number(this.connection.prepare(`SELECT count(*) AS count FROM page WHERE title <> ''`).get()?.count);
    }

    /**
     * Reads what is new or has changed, and forgets what is gone. Each transaction leaves an index that can be searched, and
     * what was cut off goes on with the next update.
     *
     * @throws ReeveError Busy while another process updates or removes it
     */
    async update(sources: readonly Source[], { signal, progress, failed }: UpdateOptions): Promise<void> {
        using stack = new DisposableStack();
        stack.use(lockFolder(this.#folder));
        // What would be written into a removed file is lost, and must not count as complete.
        if (inodeOf(this.#folder) !== this.#file)
            throw new ReeveError('Busy', `The index in ${this.#folder} was removed by another process`);
        const known = new Map(this.#known());
        const changed: Changed[] = [];
        for (const source of sources) {
            const now = await stampOf(source.path);
            if (now === null) continue;
            const before = known.get(source.path);
            known.delete(source.path);
            if (before?.modified !== now.modified || before.size !== now.size) changed.push({ ...source, ...now });
        }
        const isOver = () => signal.aborted;
        if (isOver()) return;
        this.#transaction(() => {
            for (const { id } of known.values()) this.#forget(id);
        });
        for (let start = 0; start < changed.length && !isOver(); start += batch) {
            const pages: { source: Changed; page: Page | null }[] = [];
            for (const source of changed.slice(start, start + batch)) {
                try {
                    pages.push({ source, page: await readSource(source) });
                } catch (error) {
                    failed?.(source.path, error);
                }
            }
            this.#transaction(() => {
                for (const { source, page } of pages) this.#store(source, page);
            });
            progress?.(Math.min(start + batch, changed.length), changed.length);
            // Reading small files is synchronous work for the most part; signals wait for this.
            await setImmediate();
        }
        if (!isOver()) writeFileSync(join(this.#folder, completeMark), '', { mode: 0o600 });
    }

    *#known(): Generator<[path: string, { id: number; modified: number; size: number }]> {
        for (const row of this.connection.prepare('SELECT id, path, modified, size FROM page').iterate())
            yield [String(row.path), { id: Number(row.id), modified: Number(row.modified), size: Number(row.size) }];
    }

    #transaction(body: () => void): void {
        this.connection.exec('BEGIN IMMEDIATE');
        try {
            body();
            this.connection.exec('COMMIT');
        } catch (error) {
            if (this.connection.isTransaction) this.connection.exec('ROLLBACK');
            throw error;
        }
    }

    /** A file without a page is remembered, too, so that it is not read again. */
    #store({ path, kind, modified, size }: Changed, page: Page | null): void {
        const before = this.#statement('SELECT id FROM page WHERE path = ?').get(path)?.id;
        if (before !== undefined) this.#forget(Number(before));
        const { lastInsertRowid } = this.#statement(
            'INSERT INTO page (path, modified, size, kind, title, summary) VALUES (?, ?, ?, ?, ?, ?)',
        ).run(path, modified, size, kind, page?.title ?? '', page?.summary ?? '');
        if (page === null) return;
        const id = Number(lastInsertRowid);
        for (const name of page.names)
            this.#statement('INSERT INTO name (page, name) VALUES (?, ?)').run(id, name.toLowerCase());
        for (const name of page.seeAlso)
            if (!page.names.includes(name))
                this.#statement('INSERT INTO reference (page, name) VALUES (?, ?)').run(id, name.toLowerCase());
        this.#statement('INSERT INTO page_text (rowid, names, summary, headings, body) VALUES (?, ?, ?, ?, ?)').run(
            id,
            page.names.join(' '),
            page.summary,
            page.sections.map(({ heading }) => heading).join('\n'),
            page.sections.flatMap(({ paragraphs }) => paragraphs).join('\n'),
        );
        for (const [number, { heading, text }] of passagesOf(page).slice(0, passagesPerPage).entries())
            this.#statement('INSERT INTO passage (rowid, heading, text) VALUES (?, ?, ?)').run(
                id * passagesPerPage + number,
                heading,
                text,
            );
    }

    #forget(id: number): void {
        for (const table of ['name', 'reference']) this.#statement(`DELETE FROM ${table} WHERE page = ?`).run(id);
        this.#statement('DELETE FROM page_text WHERE rowid = ?').run(id);
        this.#statement('DELETE FROM passage WHERE rowid BETWEEN ? AND ?').run(...passageRows(id));
        this.#statement('DELETE FROM page WHERE id = ?').run(id);
    }

    readonly #statements = new Map<string, StatementSync>();

    #statement(sql: string): StatementSync {
        const known = this.#statements.get(sql) ?? this.connection.prepare(sql);
        this.#statements.set(sql, known);
        return known;
    }

    [Symbol.dispose](): void {
        if (this.connection.isOpen) this.connection.close();
    }
}

/** Runs `body` with the index, and once more with a new one where it is damaged. */
export async function withIndex<T>(folder: string, body: (index: KnowledgeIndex) => Promise<T> | T): Promise<T> {
    try {
        using index = KnowledgeIndex.open(folder);
        return await body(index);
    } catch (error) {
        if (!isDamage(error)) throw error;
        removeIndex(folder);
        using index = KnowledgeIndex.open(folder);
        return await body(index);
    }
}

/**
 * Removes the index; a program that searches it goes on with what it has. The lock stays: who waited for the lock and who makes a new
 * one would both have it.
 *
 * @throws ReeveError Busy while another process updates it
 */
export function removeIndex(folder: string): void {
    if (!existsSync(folder)) return;
    using stack = new DisposableStack();
    stack.use(lockFolder(folder));
    for (const name of [fileName, `${fileName}-wal`, `${fileName}-shm`, completeMark])
        rmSync(join(folder, name), { force: true });
}

const inodeOf = (folder: string) => statSync(join(folder, fileName), { throwIfNoEntry: false })?.ino ?? 0;

function isDamage(error: unknown): boolean {
    const code = (error as { errcode?: unknown }).errcode;
    return typeof code === 'number' && unusable.has(code & 0xff);
}

class OtherVersion extends Error {}

function openDatabase(folder: string): DatabaseSync {
    mkdirSync(folder, { recursive: true, mode: 0o700 });
    chmodSync(folder, 0o700);
    const file = join(folder, fileName);
    closeSync(openSync(file, 'a', 0o600));
    const connection = new DatabaseSync(file, { timeout: 5000 });
    try {
        connection.exec('PRAGMA journal_mode = WAL; PRAGMA synchronous = NORMAL; BEGIN IMMEDIATE');
        const isEmpty = connection.prepare('SELECT 1 FROM sqlite_schema LIMIT 1').get() === undefined;
        if (isEmpty) connection.exec(schema);
        else if (!isOurs(connection)) throw new OtherVersion();
        connection.exec('COMMIT');
        return connection;
    } catch (error) {
        connection.close();
        throw error;
    }
}

function isOurs(connection: DatabaseSync): boolean {
    const pragma = (name: string) => Number(connection.prepare(`PRAGMA ${name}`).get()?.[name]);
    return pragma('application_id') === applicationId && pragma('user_version') === version;
}

/** Links are not followed. */
async function stampOf(path: string): Promise<{ modified: number; size: number } | null> {
    try {
        const { mtimeMs, size } = await lstat(path);
        return { modified: Math.floor(mtimeMs), size };
    } catch (error) {
        // Gone, or in a folder that we may not look into.
        if (typeof (error as NodeJS.ErrnoException).errno === 'number') return null;
        throw error;
    }
}
