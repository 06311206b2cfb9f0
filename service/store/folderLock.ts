import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';

import { ReeveError, messageOf } from '../util/errors.ts';

/** https://sqlite.org/rescode.html */
const SQLITE_BUSY = 5;

/**
 * Keeps other processes of ours out of a folder until it is disposed of or the process ends, however it ends. Node has no
 * flock(2), so an empty database serves as the lock.
 *
 * @throws ReeveError Busy when another process has it, Unavailable when nothing can be written there
 */
export function lockFolder(directory: string): Disposable {
    let lock: DatabaseSync | null = null;
    try {
        mkdirSync(directory, { recursive: true, mode: 0o700 });
        lock = new DatabaseSync(join(directory, 'lock.db'), { timeout: 0 });
        lock.exec('PRAGMA journal_mode = MEMORY; BEGIN EXCLUSIVE');
    } catch (error) {
        lock?.close();
        if ((error as { errcode?: unknown }).errcode === SQLITE_BUSY)
            throw new ReeveError('Busy', `Another Reeve of this user is running with ${directory}`, { cause: error });
        throw new ReeveError('Unavailable', `Nothing can be stored in ${directory}: ${messageOf(error)}`, {
            cause: error,
        });
    }
    const held = lock;
    return {
        [Symbol.dispose]: () => {
            held.close();
        },
    };
}
