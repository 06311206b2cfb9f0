import { task as taskSchema } from '../model/task.ts';
import type { Task } from '../model/task.ts';
import type { Database } from '../store/database.ts';
import { readRows } from '../store/stored.ts';

/** So many are kept, with their proposals, of those that changed nothing, and of those that can be undone; the oldest go first. */
const kept = { undone: 100, done: 500 };

/** What people asked for, on disk. Everything joins the running transaction, if there is one. */
export class TaskStore {
    readonly #database: Database;

    constructor({ database }: { database: Database }) {
        this.#database = database;
    }

    /** Oldest first. */
    list(): Task[] {
        return this.#read('SELECT id, created, asked FROM task ORDER BY id');
    }

    get(id: number): Task | undefined {
        return this.#read('SELECT id, created, asked FROM task WHERE id = ?', id)[0];
    }

    /** @param created microseconds since the Unix epoch */
    add(asked: string, created: number): Task {
        const { lastInsertRowid } = this.#database.connection
            .prepare('INSERT INTO task (created, asked) VALUES (?, ?)')
            .run(created, asked);
        return { id: Number(lastInsertRowid), created, asked };
    }

    /** The old ones beyond the limits, except those with a change in progress. */
    surplus(): Task[] {
        const beyond = (limit: number, condition: string) =>
            this.#read(
                `SELECT id, created, asked FROM task WHERE ${condition} ORDER BY id DESC LIMIT -1 OFFSET ${limit}`,
            );
        const has = (...states: string[]) =>
            `EXISTS (SELECT 1 FROM proposal WHERE task_id = task.id AND state IN ('${states.join("', '")}'))`;
        const [isBusy, isDone] = [has('applying', 'undoing'), has('applied', 'partial')];
        return [
            ...beyond(kept.undone, `NOT ${isBusy} AND NOT ${isDone}`),
            ...beyond(kept.done, `NOT ${isBusy} AND ${isDone}`),
        ];
    }

    /** Removes it with its proposals. */
    remove(id: number): void {
        this.#database.connection.prepare('DELETE FROM task WHERE id = ?').run(id);
    }

    #read(query: string, ...values: number[]): Task[] {
        return readRows('task', this.#database.connection.prepare(query), values, row => taskSchema().parse(row));
    }
}
