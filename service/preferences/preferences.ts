import { EventEmitter } from 'node:events';

import * as z from 'zod';

import type { AuditLog } from '../audit/auditLog.ts';
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

/**
 * What people stated about how they want things called and what is never to be done. Emits `changed`. A preference may forbid
 * changes, so who states or lifts one is in the audit log.
 */
export class Preferences extends EventEmitter<{ changed: [] }> {
    readonly #database: Database;
    readonly #audit: Pick<AuditLog, 'append'>;

    constructor({ database, audit }: { database: Database; audit: Pick<AuditLog, 'append'> }) {
        super();
        this.#database = database;
        this.#audit = audit;
    }

    /** Oldest first. */
    list(): Preference[] {
        const query = this.#database.connection.prepare('SELECT id, made, said, meaning FROM preference ORDER BY id');
        return readRows('preference', query, [], found => row().parse(found));
    }

    /** @throws ReeveError InvalidState when there are too many */
    add(said: string, meant: Meaning, actor: string): Preference {
        if (this.list().length >= most)
            throw new ReeveError(
                'InvalidState',
                _('There are {count} preferences already: forget one first', { count: most }),
            );
        const { lastInsertRowid } = this.#database.connection
            .prepare('INSERT INTO preference (made, said, meaning) VALUES (?, ?, ?)')
            .run(Date.now() * 1000, safeText(said, saidLength), JSON.stringify(meant));
        return this.#changed('preference-stated', actor, this.#get(Number(lastInsertRowid)));
    }

    /** @throws ReeveError NotFound */
    edit(id: number, said: string, meant: Meaning, actor: string): Preference {
        this.#get(id);
        this.#database.connection
            .prepare('UPDATE preference SET said = ?, meaning = ? WHERE id = ?')
            .run(safeText(said, saidLength), JSON.stringify(meant), id);
        return this.#changed('preference-changed', actor, this.#get(id));
    }

    /** @throws ReeveError NotFound */
    forget(id: number, actor: string): void {
        const forgotten = this.#get(id);
        this.#database.connection.prepare('DELETE FROM preference WHERE id = ?').run(id);
        this.#changed('preference-forgotten', actor, forgotten);
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

    #changed(event: string, actor: string, preference: Preference): Preference {
        const { id, said } = preference;
        this.#audit.append({ event, actor, subject: `preference ${id}`, detail: said });
        this.emit('changed');
        return preference;
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
