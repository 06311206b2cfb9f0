/** What is read from the database, where another program or a defect may have changed it: what cannot be read is left out. */
import type { SQLInputValue, SQLOutputValue, StatementSync } from 'node:sqlite';

import * as z from 'zod';

import type { Database } from './database.ts';
import { messageOf } from '../util/errors.ts';
import { log } from '../util/log.ts';

/** What was logged is not logged at each reading. */
const logged = new Set<string>();
const loggedLimit = 1000;

function logOnce(what: string, error: unknown): void {
    if (logged.has(what) || logged.size === loggedLimit) return;
    logged.add(what);
    log('error', 'Left out what cannot be read from the database', { what, reason: reasonOf(error) });
}

/** Without what was read: it may be of a conversation. */
function reasonOf(error: unknown): string {
    if (error instanceof SyntaxError) return 'it is not JSON';
    return error instanceof z.ZodError ? z.prettifyError(error) : messageOf(error);
}

type Row = Record<string, SQLOutputValue>;

/**
 * The rows that `read` accepts, as a query finds them. The others stay in the database, and are logged once.
 *
 * @param table for the log
 */
export function readRows<T>(
    table: string,
    query: StatementSync,
    values: readonly SQLInputValue[],
    read: (row: Row) => T,
): T[] {
    // Otherwise one number that is too large for JavaScript would fail the whole query.
    query.setReadBigInts(true);
    return query.all(...values).flatMap(row => {
        try {
            return [read(withNumbers(row))];
        } catch (error) {
            logOnce(`${table} ${String(row.id ?? row.key ?? row.subject)}`, error);
            return [];
        }
    });
}

/** A row that was read with BigInts, with numbers in place of those that JavaScript can hold exactly. */
export function withNumbers(row: Row): Row {
    const exact = (value: SQLOutputValue) =>
        typeof value === 'bigint' && Number.isSafeInteger(Number(value)) ? Number(value) : value;
    return Object.fromEntries(Object.entries(row).map(([name, value]) => [name, exact(value)]));
}

/** What is kept as JSON under a key of the table `state`. @returns null when there is nothing, or nothing that can be read */
export function readState<T>(database: Database, key: string, schema: z.ZodType<T>): T | null {
    const text = database.getState(key);
    return text === null || text === '' ? null : readJson(text, schema, key);
}

/** @param what for the log. @returns null for what is not JSON of this form */
export function readJson<T>(text: string, schema: z.ZodType<T>, what: string): T | null {
    try {
        return schema.parse(JSON.parse(text));
    } catch (error) {
        logOnce(what, error);
        return null;
    }
}
