import {
    chmodSync,
    closeSync,
    copyFileSync,
    existsSync,
    fsyncSync,
    mkdirSync,
    openSync,
    renameSync,
    rmSync,
} from 'node:fs';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';

import { ReeveError, messageOf } from '../util/errors.ts';
import { migrations as released } from './schema.ts';
import type { log as Log } from '../util/log.ts';

/** In the file's header, so that a database of another program is never taken for ours: "Reev" in ASCII. */
const applicationId = 0x52656576;

/** Primary result codes (https://sqlite.org/rescode.html) that say the file itself is at fault, not its surroundings. */
const SQLITE_CORRUPT = 11;
const SQLITE_NOTADB = 26;

/** The file is unusable: damaged, of another program, or of a newer version of ours. */
class Unusable extends Error {}
class Newer extends Unusable {}

export type OpenResult = {
    database: Database;
    /** Where an unusable database was moved to, for a notice to the user; null when there was none. */
    replaced: string | null;
    /** Why, in words; empty when nothing was replaced. */
    reason: string;
    /** Whether it was replaced by the one that this version left before the update. */
    isReturned: boolean;
};

/**
 * The service's storage. It lives in `database/reeve.db` under the given directory; the folder of its own lets an
 * unusable database be moved aside with its write-ahead log in one rename, so that no kill can separate the two.
 */
export class Database implements Disposable {
    readonly connection: DatabaseSync;
    readonly #log: typeof Log;
    #depth = 0;
    #afterCommit: (() => void)[] = [];

    private constructor(connection: DatabaseSync, log: typeof Log) {
        this.connection = connection;
        this.#log = log;
    }

    /**
     * Opens the database under `directory`, creating or migrating it. An unusable one is moved aside, never deleted.
     *
     * @throws ReeveError Unavailable when the directory cannot be written or another process holds the database
     */
    static open(directory: string, log: typeof Log, migrations: readonly string[] = released): OpenResult {
        const folder = join(directory, 'database');
        try {
            const connection = openUsable(folder, migrations, log);
            return { database: new Database(connection, log), replaced: null, reason: '', isReturned: false };
        } catch (error) {
            if (!(error instanceof Unusable)) throw unavailable(folder, error);
            const replaced = `${folder}.replaced-${new Date().toISOString().replaceAll(':', '-')}`;
            log('error', 'The database cannot be used and was moved aside', { reason: error.message, to: replaced });
            try {
                const isReturned = error instanceof Newer && prepareReturn(folder, migrations.length);
                renameSync(folder, replaced);
                const connection = openUsable(folder, migrations, log);
                return { database: new Database(connection, log), replaced, reason: error.message, isReturned };
            } catch (second) {
                throw unavailable(folder, second);
            }
        }
    }

    /**
     * Runs `body` in a transaction: all of it happens or, when it throws, none. Nested calls join the outer one.
     *
     * @param options.isDurable it is on disk before this returns, also after a power cut; a call within another cannot ask for it
     */
    transaction<T>(body: () => T, { isDurable = false }: { isDurable?: boolean } = {}): T {
        if (this.#depth > 0) return body();
        if (isDurable) return this.#durably(() => this.transaction(body));
        this.connection.exec('BEGIN IMMEDIATE');
        this.#depth = 1;
        let result: T;
        try {
            result = body();
            this.connection.exec('COMMIT');
        } catch (error) {
            this.#afterCommit = [];
            if (this.connection.isTransaction) this.connection.exec('ROLLBACK');
            throw error;
        } finally {
            this.#depth = 0;
        }
        for (const action of this.#afterCommit.splice(0)) this.#act(action);
        return result;
    }

    /** With FULL, SQLite syncs the write-ahead log after each commit: https://sqlite.org/pragma.html#pragma_synchronous */
    #durably<T>(body: () => T): T {
        this.connection.exec('PRAGMA synchronous = FULL');
        try {
            return body();
        } finally {
            this.connection.exec('PRAGMA synchronous = NORMAL');
        }
    }

    /**
     * Runs `action` once the running transaction is on disk, or at once outside of one; never after a rollback. An
     * error in it is only logged: the transaction stays stored.
     */
    afterCommit(action: () => void): void {
        if (this.#depth > 0) this.#afterCommit.push(action);
        else this.#act(action);
    }

    #act(action: () => void): void {
        try {
            action();
        } catch (error) {
            this.#log('error', 'Could not pass on what was stored', { reason: String(error) });
        }
    }

    getState(key: string): string | null {
        const row = this.connection.prepare('SELECT value FROM state WHERE key = ?').get(key);
        return typeof row?.value === 'string' ? row.value : null;
    }

    setState(key: string, value: string): void {
        this.connection
            .prepare(
                'INSERT INTO state (key, value) VALUES (?, ?) ON CONFLICT (key) DO UPDATE SET value = excluded.value',
            )
            .run(key, value);
    }

    /** Frees the memory that SQLite keeps for the next query. */
    releaseMemory(): void {
        this.connection.exec('PRAGMA shrink_memory');
    }

    [Symbol.dispose](): void {
        if (this.connection.isOpen) this.connection.close();
    }
}

function unavailable(folder: string, error: unknown): ReeveError {
    const reason = messageOf(error);
    return new ReeveError('Unavailable', `The database in ${folder} cannot be opened: ${reason}`, { cause: error });
}

/** Of a folder that takes the place of the database's own with the next opening, so that no kill leaves neither. */
const returning = (folder: string) => `${folder}.returning`;

/**
 * Has the next opening use the copy that this version's successor made before it migrated the database.
 *
 * @returns false where there is none
 */
function prepareReturn(folder: string, version: number): boolean {
    const kept = join(folder, copyName(version));
    if (!existsSync(kept)) return false;
    const draft = `${returning(folder)}.partial`;
    for (const path of [draft, returning(folder)]) rmSync(path, { recursive: true, force: true });
    mkdirSync(draft, { mode: 0o700 });
    const file = join(draft, 'reeve.db');
    copyFileSync(kept, file);
    syncFile(file);
    renameSync(draft, returning(folder));
    return true;
}

function openUsable(folder: string, migrations: readonly string[], log: typeof Log): DatabaseSync {
    if (!existsSync(folder) && existsSync(returning(folder))) renameSync(returning(folder), folder);
    mkdirSync(folder, { recursive: true, mode: 0o700 });
    chmodSync(folder, 0o700);
    const file = join(folder, 'reeve.db');
    closeSync(openSync(file, 'a', 0o600));
    chmodSync(file, 0o600);
    const connection = new DatabaseSync(file, { enableForeignKeyConstraints: false, timeout: 5000 });
    try {
        check(connection, migrations.length);
        // Durable over a crash of the service at every commit, over a power cut up to the last checkpoint or durable
        // transaction; never corrupt.
        connection.exec('PRAGMA journal_mode = WAL; PRAGMA synchronous = NORMAL');
        migrate(connection, folder, migrations, log);
        connection.exec('PRAGMA foreign_keys = ON');
        return connection;
    } catch (error) {
        connection.close();
        const code = (error as { errcode?: unknown }).errcode;
        const primary = typeof code === 'number' ? code & 0xff : null;
        if (primary === SQLITE_CORRUPT || primary === SQLITE_NOTADB) {
            throw new Unusable(error instanceof Error ? error.message : 'damaged', { cause: error });
        }
        throw error;
    }
}

function pragma(connection: DatabaseSync, name: 'application_id' | 'user_version'): number {
    return Number(connection.prepare(`PRAGMA ${name}`).get()?.[name]);
}

/** @throws Unusable */
function check(connection: DatabaseSync, known: number): void {
    const id = pragma(connection, 'application_id');
    const version = pragma(connection, 'user_version');
    const empty = connection.prepare('SELECT 1 FROM sqlite_schema LIMIT 1').get() === undefined;
    if (id !== applicationId && !(id === 0 && empty)) throw new Unusable('it belongs to another program');
    if (version > known) throw new Newer(`it is of a newer version (${version}, this program knows ${known})`);
    // Checks the CHECK constraints too, and with them that the JSON columns hold JSON.
    const verdict = connection.prepare('PRAGMA quick_check(1)').get();
    if (verdict?.quick_check !== 'ok') throw new Unusable(`it is damaged: ${String(verdict?.quick_check)}`);
}

function migrate(connection: DatabaseSync, folder: string, migrations: readonly string[], log: typeof Log): void {
    const version = pragma(connection, 'user_version');
    if (version === migrations.length) return;
    // So that an older version of the program can be gone back to.
    if (version > 0) copyDatabase(connection, join(folder, copyName(version)));
    // The version is part of the file's header, hence of the transaction: a kill leaves the old database or the new one.
    connection.exec('BEGIN IMMEDIATE');
    try {
        for (const migration of migrations.slice(version)) connection.exec(migration);
        connection.exec(`PRAGMA application_id = ${applicationId}; PRAGMA user_version = ${migrations.length}; COMMIT`);
    } catch (error) {
        if (connection.isTransaction) connection.exec('ROLLBACK');
        throw error;
    }
    if (version > 0) log('notice', 'The database was migrated', { from: version, to: migrations.length });
}

const copyName = (version: number) => `reeve.v${version}.db`;

/** A copy of the database as it is now, complete or not there at all, while others use it. */
export function copyDatabase(connection: DatabaseSync, target: string): void {
    const partial = `${target}.partial`;
    rmSync(partial, { force: true });
    closeSync(openSync(partial, 'wx', 0o600));
    connection.prepare('VACUUM INTO ?').run(partial);
    syncFile(partial);
    renameSync(partial, target);
}

function syncFile(path: string): void {
    const descriptor = openSync(path, 'r');
    fsyncSync(descriptor);
    closeSync(descriptor);
}
