import { task as taskSchema } from '../model/task.ts';
import type { Task } from '../model/task.ts';
import type { Database } from '../store/database.ts';
import { readRows } from '../store/stored.ts';

/** So many are kept, with their proposals; the oldest go first. */
const kept = 100;

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

    /** Those that are too old to be kept, and of which nothing is under way. */
    surplus(): Task[] {
        return this.#read(
            `SELECT id, created, asked FROM task WHERE NOT EXISTS (
                SELECT 1 FROM proposal WHERE task_id = task.id AND state IN ('applying', 'undoing')
             ) ORDER BY id DESC LIMIT -1 OFFSET ${kept}`,
        );
    }

    /** Removes it with its proposals. */
    remove(id: number): void {
        this.#database.connection.prepare('DELETE FROM task WHERE id = ?').run(id);
    }

    #read(query: string, ...values: number[]): Task[] {
        const rows = this.#database.connection.prepare(query).all(...values);
        return readRows('task', rows, row => taskSchema().parse(row));
    }
}
