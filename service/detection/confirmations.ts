import { setTimeout as delay } from 'node:timers/promises';

import type { Incidents } from '../incidents/incidents.ts';
import { openIncident } from '../incidents/merge.ts';
import type { Finding, Incident } from '../model/incident.ts';
import type { CheckResult } from '../model/proposal.ts';

/** How long after a line the state is checked. A unit that fails because of it has failed by then. Milliseconds. */
const usualSettle = 2000;
/** The state is checked at most this often for each kind of fault, however many lines report it. Milliseconds. */
const apart = 60_000;

type Check = (incident: Incident, options: { signal: AbortSignal }) => Promise<CheckResult>;

/**
 * Checks the state of the computer before it trusts a journal line that anybody may have written. A forged line causes one
 * check of that state per minute at most.
 */
export class Confirmations {
    readonly #check: Check;
    readonly #incidents: Pick<Incidents, 'findUnit'>;
    readonly #settle: number;
    /** When each kind was last checked, by performance.now(). */
    readonly #lastChecked = new Map<string, number>();

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

    /** Whether the state is due for a check; if so, the caller must call `confirm`. */
    isDue({ family, kind }: Finding): boolean {
        const key = `${family} ${kind}`;
        const now = performance.now();
        if (now - (this.#lastChecked.get(key) ?? -Infinity) < apart) return false;
        this.#lastChecked.set(key, now);
        return true;
    }

    /** @returns what to report; null if the fault is not there, or cannot be confirmed */
    async confirm(finding: Finding, signal: AbortSignal): Promise<Finding | null> {
        await delay(this.#settle, undefined, { signal });
        const draft: Incident = { ...openIncident(finding, Date.now() * 1000), id: 0, notification: 'none' };
        const { gone, isUnknown = false, found } = await this.#check(draft, { signal });
        if (gone || isUnknown) return null;
        const { reasonOf, ...facts } = finding.facts;
        const { scope } = finding;
        const failed = reasonOf === undefined ? undefined : this.#incidents.findUnit({ scope, subject: reasonOf });
        // If it made a unit fail, it is a sign of that failure. Otherwise it is about the computer, whichever program reported
        // it first.
        return failed?.state === 'open' ? finding : { ...finding, scope: 'system', facts, ...found };
    }
}
