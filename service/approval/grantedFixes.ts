import { _ } from '../i18n/i18n.ts';
import type { Incidents } from '../incidents/incidents.ts';
import { isLocal } from '../model/incident.ts';
import { isGrantable, type defaultLimits, type GrantTerms } from '../model/grant.ts';
import type { Proposal } from '../model/proposal.ts';
import { messageOf, ReeveError } from '../util/errors.ts';
import { log } from '../util/log.ts';
import type { Grants } from './grants.ts';
import type { Proposals } from './proposals.ts';

/** Applies the fixes that a person has allowed, as they are offered. */
export class GrantedFixes {
    readonly #grants: Grants;
    readonly #proposals: Proposals;
    readonly #incidents: Incidents;

    constructor(dependencies: { grants: Grants; proposals: Proposals; incidents: Incidents }) {
        this.#grants = dependencies.grants;
        this.#proposals = dependencies.proposals;
        this.#incidents = dependencies.incidents;
    }

    /** Follows the offers until it is disposed of. A change that is being made then is stopped as soon as that is safe. */
    start(): Disposable {
        const stop = new AbortController();
        const consider = (proposal: Proposal) => {
            void this.consider(proposal, stop.signal);
        };
        this.#proposals.on('added', consider);
        return {
            [Symbol.dispose]: () => {
                this.#proposals.off('added', consider);
                stop.abort();
            },
        };
    }

    /** Applies an offer, if it is allowed. Resolves when it has ended, however it did. */
    async consider(proposal: Proposal, signal: AbortSignal): Promise<void> {
        const { id, owner, plan, digest, rank } = proposal;
        const incident = owner.kind === 'incident' ? this.#incidents.get(owner.id) : undefined;
        // A diagnosis that knows something better has found another cause.
        if (incident?.state !== 'open' || rank !== 0) return;
        const grant = this.#grants.allowing(incident, plan);
        try {
            if (grant === undefined || !this.#grants.use(grant.id)) return;
            const approval = { actor: 'grant', grant: grant.id, progress: () => undefined, signal };
            const { result, detail } = await this.#proposals.apply(id, digest, approval);
            if (result === 'success' || result === 'cancelled') return;
            const reason = _('It did not help: {detail}', { detail });
            this.#grants.suspend(grant.id, reason);
        } catch (error) {
            // The plan is void by now, or something else is changing the same thing: a person decides then.
            if (!(error instanceof ReeveError))
                log('error', 'Could not use a standing grant', { grant: grant?.id ?? '', reason: messageOf(error) });
        }
    }
}

/** What would allow a fix for the next times, without its limits; null for a fix that has to be approved each time. */
export function termsFor(
    { owner, plan }: Proposal,
    incidents: Incidents,
): Omit<GrantTerms, keyof typeof defaultLimits> | null {
    const incident = owner.kind === 'incident' ? incidents.get(owner.id) : undefined;
    if (incident === undefined || isLocal(incident) || plan.undo === null || !isGrantable(plan.action)) return null;
    const { family, kind, subject, id } = incident;
    const { action } = plan;
    // Units are all that such an action names.
    const parameters = plan.parameters as GrantTerms['parameters'];
    return { action, parameters, family, kind, subject, incident: id };
}
