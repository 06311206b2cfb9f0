import { EventEmitter } from 'node:events';

import * as z from 'zod';

import { _ } from '../i18n/i18n.ts';
import type { Database } from '../store/database.ts';
import { readRows } from '../store/stored.ts';
import { safeText } from '../text/sanitise.ts';
import { ReeveError } from '../util/errors.ts';
import { lazy } from '../util/lazy.ts';

/** What a preference means. */
const meaning = lazy(() =>
    z.discriminatedUnion('kind', [
        /** A person's own name for something that this computer calls otherwise. */
        z.object({ kind: z.literal('name'), name: z.string(), thing: z.string() }),
        /** Changes that are not to be planned: these actions, with these parameters. */
        z.object({
            kind: z.literal('never'),
            changes: z.array(z.object({ action: z.string(), parameters: z.record(z.string(), z.unknown()) })).min(1),
        }),
    ]),
);
export type Meaning = z.output<ReturnType<typeof meaning>>;
export type Preference = {
    id: number;
    /** When it was stated, in microseconds since the Unix epoch. */
    made: number;
    /** In the person's own words. */
    said: string;
    meaning: Meaning;
};

const row = lazy(() =>
    z.object({
        id: z.int(),
        made: z.int(),
        said: z.string(),
        meaning: z.string().transform(text => meaning().parse(JSON.parse(text))),
    }),
);

const most = 100;
const saidLength = 256;

/** What people stated about how they want things called and what is never to be done. Emits `changed`. */
export class Preferences extends EventEmitter<{ changed: [] }> {
    readonly #database: Database;

    constructor({ database }: { database: Database }) {
        super();
        this.#database = database;
    }

    /** Oldest first. */
    list(): Preference[] {
        const query = this.#database.connection.prepare('SELECT id, made, said, meaning FROM preference ORDER BY id');
        return readRows('preference', query, [], found => row().parse(found));
    }

    /** @throws ReeveError InvalidState when there are too many */
    add(said: string, meant: Meaning): Preference {
        if (this.list().length >= most)
            throw new ReeveError(
                'InvalidState',
                _('There are {count} preferences already: forget one first', { count: most }),
            );
        const { lastInsertRowid } = this.#database.connection
            .prepare('INSERT INTO preference (made, said, meaning) VALUES (?, ?, ?)')
            .run(Date.now() * 1000, safeText(said, saidLength), JSON.stringify(meant));
        this.emit('changed');
        return this.#get(Number(lastInsertRowid));
    }

    /** @throws ReeveError NotFound */
    edit(id: number, said: string, meant: Meaning): Preference {
        this.#get(id);
        this.#database.connection
            .prepare('UPDATE preference SET said = ?, meaning = ? WHERE id = ?')
            .run(safeText(said, saidLength), JSON.stringify(meant), id);
        this.emit('changed');
        return this.#get(id);
    }

    /** @throws ReeveError NotFound */
    forget(id: number): void {
        this.#get(id);
        this.#database.connection.prepare('DELETE FROM preference WHERE id = ?').run(id);
        this.emit('changed');
    }

    /** @throws ReeveError InvalidState in the person's own words, for a change that is never to be made */
    requireAllowed(action: string, parameters: Readonly<Record<string, unknown>>): void {
        const forbids = ({ meaning: meant }: Preference) =>
            meant.kind === 'never' &&
            meant.changes.some(
                change =>
                    change.action === action &&
                    Object.entries(change.parameters).every(([name, value]) => isMeant(parameters[name], value)),
            );
        const preference = this.list().find(forbids);
        if (preference === undefined) return;
        const { said, id } = preference;
        throw new ReeveError(
            'InvalidState',
            _('You said: “{words}”. To allow it again: {command}', {
                words: said,
                command: `reeve preferences forget ${id}`,
            }),
        );
    }

    #get(id: number): Preference {
        const found = this.list().find(preference => preference.id === id);
        if (found === undefined) throw new ReeveError('NotFound', _('There is no preference {id}', { id }));
        return found;
    }
}

/** Of several things, one that is forbidden is enough: who never wants one program does not want it with others either. */
function isMeant(value: unknown, forbidden: unknown): boolean {
    if (Array.isArray(value) && Array.isArray(forbidden) && forbidden.length > 0)
        return forbidden.some(one => value.some(other => isSame(one, other)));
    return isSame(value, forbidden);
}

const isSame = (one: unknown, other: unknown) => JSON.stringify(one) === JSON.stringify(other);
