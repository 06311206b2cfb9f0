import { EventEmitter } from 'node:events';

import * as z from 'zod';

import type { AuditLog } from '../audit/auditLog.ts';
import { _ } from '../i18n/i18n.ts';
import { allows, grantId, grantState, grantTerms, standingGrant, type GrantTerms } from '../model/grant.ts';
import type { Incident } from '../model/incident.ts';
import { plan as planSchema, type Plan, type Proposal } from '../model/proposal.ts';
import type { Database } from '../store/database.ts';
import { readRows } from '../store/stored.ts';
import { ReeveError } from '../util/errors.ts';
import { lazy } from '../util/lazy.ts';
import { planDigest } from './digest.ts';

const keptGrant = lazy(() =>
    standingGrant().extend({
        /** Whose approval made it. */
        plan: planSchema(),
        /** Why it is used no more, in words; empty while it may be. */
        suspended: z.string(),
    }),
);
export type KeptGrant = z.infer<ReturnType<typeof keptGrant>>;

/** More would be a policy, and nobody could keep them in mind. */
const limit = 50;

/** What a person allowed to be done without asking, on disk. An entry that the audit log has no approval of counts for nothing. */
export class Grants extends EventEmitter<{ changed: [] }> {
    readonly #database: Database;
    readonly #audit: AuditLog;
    readonly #clock: () => number;

    /** @param dependencies.clock microseconds since the Unix epoch */
    constructor(dependencies: { database: Database; audit: AuditLog; clock?: () => number }) {
        super();
        this.#database = dependencies.database;
        this.#audit = dependencies.audit;
        this.#clock = dependencies.clock ?? (() => Date.now() * 1000);
    }

    /** Oldest first. */
    list(): KeptGrant[] {
        return this.#select('1 ORDER BY made, id');
    }

    get(id: string): KeptGrant | undefined {
        return this.#select('id = ?', id)[0];
    }

    /** Whether it is used when its incident opens. */
    state(grant: KeptGrant): 'usable' | 'suspended' | 'over' | 'used-up' {
        if (grant.suspended !== '') return 'suspended';
        const state = grantState(grant, this.#clock());
        return state === 'too-often' ? 'usable' : state;
    }

    /**
     * The plan that allows a grant, and that is being applied.
     *
     * @throws ReeveError NotAuthorized when there is none
     */
    approved(id: string, underWay: readonly Proposal[]): Proposal {
        const found = underWay.find(
            ({ plan: { action, parameters } }) =>
                action === 'grant.allow' && grantId(grantTerms().parse(parameters)) === id,
        );
        if (found !== undefined) return found;
        throw new ReeveError('NotAuthorized', _('No approved plan allows this at the moment'));
    }

    /**
     * Keeps what an approved plan allows, in the place of an earlier grant for the same.
     *
     * @throws ReeveError InvalidState when there are too many
     */
    add({ plan }: Pick<Proposal, 'plan'>): void {
        const id = grantId(grantTerms().parse(plan.parameters));
        if (this.get(id) === undefined && this.list().length >= limit)
            throw new ReeveError('InvalidState', _('There are too many standing grants. Remove one first'));
        this.#database.connection
            .prepare('INSERT OR REPLACE INTO standing_grant (id, made, plan) VALUES (?, ?, ?)')
            .run(id, this.#clock(), JSON.stringify(plan));
        this.#changed();
    }

    /** @param actor for the audit log. @throws ReeveError NotFound */
    remove(id: string, actor: string): void {
        this.#database.transaction(() => {
            const grant = this.#require(id);
            this.#database.connection.prepare('DELETE FROM standing_grant WHERE id = ?').run(id);
            this.#audit.append({ event: 'grant-removed', actor, subject: grant.plan.title, detail: `grant ${id}` });
            this.#changed();
        });
    }

    /** Whether a grant answers such an incident, so that a person may not be needed. */
    answers(incident: Pick<Incident, 'family' | 'kind' | 'subject'>): boolean {
        return this.#usable().some(({ terms }) => isAbout(terms, incident));
    }

    /** The grant that allows a plan for an incident. */
    allowing(incident: Incident, plan: Plan): KeptGrant | undefined {
        return this.#usable().find(({ terms }) => isAbout(terms, incident) && allows(terms, plan));
    }

    /**
     * Counts a use, whatever becomes of it.
     *
     * @returns whether it may be used; if it is needed too often, it is suspended instead
     */
    use(id: string): boolean {
        const grant = this.#require(id);
        const state = grantState(grant, this.#clock());
        if (state === 'too-often')
            this.suspend(id, _('It was needed too often in an hour, so something else is wrong'));
        if (state !== 'usable' || grant.suspended !== '') return false;
        const uses = JSON.stringify([...grant.uses, this.#clock()]);
        // The count must not be lost with the power.
        this.#database.transaction(
            () => this.#database.connection.prepare('UPDATE standing_grant SET uses = ? WHERE id = ?').run(uses, id),
            { isDurable: true },
        );
        this.#changed();
        return true;
    }

    /** It is used no more, until a person allows it again. @param reason in words */
    suspend(id: string, reason: string): void {
        this.#database.transaction(() => {
            const grant = this.get(id);
            if (grant?.suspended !== '') return;
            this.#database.connection.prepare('UPDATE standing_grant SET suspended = ? WHERE id = ?').run(reason, id);
            const detail = `grant ${id}\n${reason}`;
            this.#audit.append({ event: 'grant-suspended', actor: 'service', subject: grant.plan.title, detail });
            this.#changed();
        });
    }

    #usable(): KeptGrant[] {
        const isApproved = ({ plan }: KeptGrant) => this.#audit.hasApproved(planDigest(plan));
        return this.list().filter(grant => this.state(grant) === 'usable' && isApproved(grant));
    }

    #require(id: string): KeptGrant {
        const grant = this.get(id);
        if (grant === undefined) throw new ReeveError('NotFound', _('There is no standing grant {id}', { id }));
        return grant;
    }

    #changed(): void {
        this.#database.afterCommit(() => this.emit('changed'));
    }

    #select(condition: string, ...values: string[]): KeptGrant[] {
        const query = this.#database.connection.prepare(
            `SELECT id, made, plan, uses, suspended FROM standing_grant WHERE ${condition}`,
        );
        return readRows('standing_grant', query, values, ({ plan: kept, uses, ...rest }) => {
            const plan = planSchema().parse(JSON.parse(String(kept)));
            const times: unknown = JSON.parse(String(uses));
            return keptGrant().parse({ ...rest, plan, terms: plan.parameters, uses: times });
        });
    }
}

function isAbout(terms: GrantTerms, { family, kind, subject }: Pick<Incident, 'family' | 'kind' | 'subject'>): boolean {
    return terms.family === family && terms.kind === kind && terms.subject === subject;
}
