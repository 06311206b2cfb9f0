import { setTimeout as delay } from 'node:timers/promises';

import type { Incidents } from '../incidents/incidents.ts';
import { openIncident } from '../incidents/merge.ts';
import type { Finding, Incident } from '../model/incident.ts';
import type { CheckResult } from '../model/proposal.ts';

/** So long after a line the state is looked at: a unit that fails of it has failed by then. Milliseconds. */
const usualSettle = 2000;
/** A kind of fault is looked at no more often than this, however much is written about it. Milliseconds. */
const apart = 60_000;

type Check = (incident: Incident, options: { signal: AbortSignal }) => Promise<CheckResult>;

/**
 * Confirms by the state of the computer what anybody may have written into the journal. Whoever lies has only that state looked
 * at, once a minute at most.
 */
export class Confirmations {
    readonly #check: Check;
    readonly #incidents: Pick<Incidents, 'findUnit'>;
    readonly #settle: number;
    /** When each kind was looked at last, by performance.now(). */
    readonly #looked = new Map<string, number>();

    constructor({
        check,
        incidents,
        settle = usualSettle,
    }: {
        check: Check;
        incidents: Pick<Incidents, 'findUnit'>;
        settle?: number | undefined;
    }) {
        this.#check = check;
        this.#incidents = incidents;
        this.#settle = settle;
    }

    /** Whether it is time to look at the state; then somebody has to `confirm`. */
    isDue({ family, kind }: Finding): boolean {
        const key = `${family} ${kind}`;
        const now = performance.now();
        if (now - (this.#looked.get(key) ?? -Infinity) < apart) return false;
        this.#looked.set(key, now);
        return true;
    }

    /** @returns what is to be reported; null for what is not so, or cannot be told */
    async confirm(finding: Finding, signal: AbortSignal): Promise<Finding | null> {
        await delay(this.#settle, undefined, { signal });
        const draft: Incident = { ...openIncident(finding, Date.now() * 1000), id: 0, notification: 'none' };
        const { gone, isUnknown = false } = await this.#check(draft, { signal });
        if (gone || isUnknown) return null;
        const { reasonOf, ...facts } = finding.facts;
        const { scope } = finding;
        const failed = reasonOf === undefined ? undefined : this.#incidents.findUnit({ scope, subject: reasonOf });
        // What made a unit fail is a sign of that. Else it is about the computer, whoever met with it first.
        return failed?.state === 'open' ? finding : { ...finding, scope: 'system', facts };
    }
}
