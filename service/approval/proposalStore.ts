import * as z from 'zod';

import { plan as planSchema, proposal as proposalSchema } from '../model/proposal.ts';
import type { Owner, Plan, Proposal, ProposalState } from '../model/proposal.ts';
import type { Database } from '../store/database.ts';
import { readRows } from '../store/stored.ts';
import { canonicalJson } from '../util/canonicalJson.ts';
import { lazy } from '../util/lazy.ts';

const columns = lazy(() =>
    z
        .object({
            id: z.int(),
            incident_id: z.int().nullable(),
            task_id: z.int().nullable(),
            number: z.int(),
            rank: z.int(),
            plan: z.string().transform(text => planSchema().parse(JSON.parse(text))),
            digest: z.string(),
            state: z.string(),
            outcome: z.string(),
            applied: z.int(),
            grant_id: z.string(),
            done: z.int().nullable(),
            runs: z.string().transform(text => z.record(z.string(), z.string()).parse(JSON.parse(text))),
            standing: z.string().transform(text => JSON.parse(text) as unknown),
        })
        .transform(({ incident_id, task_id, grant_id: grant, ...rest }) => ({
            owner: incident_id === null ? { kind: 'task', id: task_id } : { kind: 'incident', id: incident_id },
            grant,
            ...rest,
        })),
);

/** Of a plan of which nothing is under way or half done. */
export const settled: Proposal['standing'] = { underWay: null, isUnsure: false, undone: [], isInVain: false };

export type ProposalChange = Partial<
    Pick<Proposal, 'state' | 'outcome' | 'rank' | 'applied' | 'grant' | 'done' | 'runs' | 'standing'>
>;

/** No clock of a computer says so: microseconds since the Unix epoch, in the year 2112. */
const laterThanAll = 2 ** 52;

const columnOf: Record<Owner['kind'], string> = { incident: 'incident_id', task: 'task_id' };

/** The proposals on disk. Everything joins the running transaction, if there is one. */
export class ProposalStore {
    readonly #database: Database;

    constructor({ database }: { database: Database }) {
        this.#database = database;
    }

    get(id: number): Proposal | undefined {
        return this.#select('id = ?', id)[0];
    }

    /** Best first. */
    of(owner: Owner): Proposal[] {
        return this.#select(`${columnOf[owner.kind]} = ? ORDER BY rank, id`, owner.id);
    }

    /** The hashes of the contents that the files of tasks need, to be changed and to be changed back. */
    contents(): string[] {
        const rows = this.#database.connection
            .prepare(
                `SELECT DISTINCT hash.value AS hash FROM proposal, json_each(plan, '$.steps') AS step,
                    json_each(step.value, '$.file') AS hash
                 WHERE task_id IS NOT NULL AND hash.key IN ('before', 'after') AND hash.value IS NOT NULL`,
            )
            .iterate();
        return Array.from(rows, ({ hash }) => String(hash));
    }

    inState(...states: ProposalState[]): Proposal[] {
        return this.#select('state IN (SELECT value FROM json_each(?)) ORDER BY id', JSON.stringify(states));
    }

    add(owner: Owner, rank: number, plan: Plan, digest: string): Proposal {
        const number = owner.kind === 'incident' ? this.#numberOf(owner.id, plan) : this.of(owner).length + 1;
        const { lastInsertRowid } = this.#database.connection
            .prepare(
                `INSERT INTO proposal (${columnOf[owner.kind]}, number, rank, plan, digest, state)
                 VALUES (?, ?, ?, ?, ?, 'offered')`,
            )
            .run(owner.id, number, rank, JSON.stringify(plan), digest);
        const id = Number(lastInsertRowid);
        const offered = { state: 'offered', outcome: '', applied: 0, grant: '', done: null, runs: {} } as const;
        return { id, owner, number, rank, plan, digest, ...offered, standing: settled };
    }

    /** A fix that is planned again, because the system has changed, is still the same one to the user. */
    #numberOf(incidentId: number, { action, parameters }: Plan): number {
        const description = `${action} ${canonicalJson(z.json().parse(parameters))}`;
        const { connection } = this.#database;
        connection
            .prepare(
                `INSERT INTO fix (incident_id, number, description)
                SELECT ?1, coalesce(max(number), 0) + 1, ?2 FROM fix WHERE incident_id = ?1
                ON CONFLICT DO NOTHING`,
            )
            .run(incidentId, description);
        const row = connection
            .prepare('SELECT number FROM fix WHERE incident_id = ? AND description = ?')
            .get(incidentId, description);
        return Number(row?.number);
    }

    change(proposal: Proposal, change: ProposalChange): Proposal {
        const changed = { ...proposal, ...change };
        const { state, outcome, rank, applied, grant, done, runs, standing, id } = changed;
        this.#database.connection
            .prepare(
                `UPDATE proposal SET state = ?, outcome = ?, rank = ?, applied = ?, grant_id = ?, done = ?, runs = ?, standing = ?
                 WHERE id = ?`,
            )
            .run(state, outcome, rank, applied, grant, done, JSON.stringify(runs), JSON.stringify(standing), id);
        return changed;
    }

    /** The `applied` of the latest approval, 0 when there was none. */
    lastApplied(): number {
        const row = this.#database.connection
            .prepare('SELECT max(applied) AS last FROM proposal WHERE applied < ?')
            .get(laterThanAll);
        return Number(row?.last ?? 0);
    }

    remove(id: number): void {
        this.#database.connection.prepare('DELETE FROM proposal WHERE id = ?').run(id);
    }

    #select(condition: string, ...values: (string | number)[]): Proposal[] {
        const query = this.#database.connection.prepare(
            `SELECT id, incident_id, task_id, number, rank, plan, digest, state, outcome, applied, grant_id, done, runs, standing FROM proposal WHERE ${condition}`,
        );
        return readRows('proposal', query, values, row => proposalSchema().parse(columns().parse(row)));
    }
}
