import type { Actions } from '../actions/actions.ts';
import type { Check } from '../diagnosis/check.ts';
import type { CheckOptions } from '../diagnosis/family.ts';
import { _ } from '../i18n/i18n.ts';
import { ReeveError } from '../util/errors.ts';
import type { Incidents } from '../incidents/incidents.ts';
import type { Incident, IncidentState } from '../model/incident.ts';
import type { Task } from '../model/task.ts';
import { endOf } from '../model/proposal.ts';
import type { CheckResult, Owner, Plan } from '../model/proposal.ts';
import type { TaskStore } from './taskStore.ts';

/** How a change ended. */
export type Ending = {
    /** It was made as planned, and no check finds the fault. */
    isSuccess: boolean;
    /** Any of it was done. */
    isBegun: boolean;
    /** What was broken was deleted, and not repaired. */
    isDeleted: boolean;
    check: CheckResult;
    /** In words. */
    detail: string;
};

/** What a plan is for, and how to tell whether it helped. */
export type Purpose = {
    readonly owner: Owner;
    /** What it is about: the audit log has it, and a person types it to confirm a plan of high risk. */
    subjectOf(plan: Plan): string;
    /** A plan may begin. */
    readonly isOpen: boolean;
    /** A plan begins. Called in the transaction that records it, as the next two are; absent where nothing waits for it. */
    begin?(plan: Plan): void;
    end?(ending: Ending): void;
    /** The change broke off. */
    breakOff?(detail: string, check?: CheckResult): void;
    verify(plan: Plan, options?: CheckOptions): Promise<CheckResult>;
    /**
     * That what the plan changed is still as it left it, and nobody's later change would be undone with it. Absent where the
     * steps of undo tell.
     *
     * @throws ReeveError PlanChanged
     */
    requireLeft?(plan: Plan): Promise<void>;
};

/** The purposes of all proposals. */
export class Purposes {
    readonly #parts: { incidents: Incidents; tasks: TaskStore; check: Check; actions: Actions };

    constructor(parts: { incidents: Incidents; tasks: TaskStore; check: Check; actions: Actions }) {
        this.#parts = parts;
    }

    /** undefined for one that no longer exists */
    of({ kind, id }: Owner): Purpose | undefined {
        const { incidents, tasks, check, actions } = this.#parts;
        if (kind === 'task') {
            const task = tasks.get(id);
            return task === undefined ? undefined : new TaskPurpose(task, actions);
        }
        const incident = incidents.get(id);
        return incident === undefined ? undefined : new IncidentPurpose(incident, { incidents, check });
    }
}

/** A fault is to end. */
class IncidentPurpose implements Purpose {
    readonly owner: Owner;
    readonly #before: Incident;
    readonly #incidents: Incidents;
    readonly #check: Check;

    constructor(incident: Incident, { incidents, check }: { incidents: Incidents; check: Check }) {
        this.owner = { kind: 'incident', id: incident.id };
        this.#before = incident;
        this.#incidents = incidents;
        this.#check = check;
    }

    subjectOf(): string {
        return this.#before.subject;
    }

    get isOpen(): boolean {
        return this.#before.state === 'open';
    }

    begin({ title }: Plan): void {
        if (this.#now()?.state === 'open') this.#incidents.setState(this.owner.id, 'fixing', title);
    }

    end({ isSuccess, isBegun, isDeleted, check, detail }: Ending): void {
        if (check.gone) this.#leave(isSuccess && !isDeleted ? 'fixed' : endOf(check), detail);
        else if (isSuccess) this.#wait();
        else {
            if (isBegun) this.#note({ lastBeforeTry: String(this.#before.lastSeen) });
            this.#leave('open', detail);
        }
    }

    breakOff(detail: string, check?: CheckResult): void {
        this.#leave(check?.gone === true ? endOf(check) : 'open', detail);
    }

    async verify(_plan: Plan, options: CheckOptions = {}): Promise<CheckResult> {
        const incident = this.#now();
        if (incident === undefined) return { gone: true, detail: _('The incident no longer exists') };
        return await this.#check(incident, options);
    }

    #now(): Incident | undefined {
        return this.#incidents.get(this.owner.id);
    }

    /** The user may have dismissed the incident meanwhile; then it stays closed. */
    #leave(state: IncidentState, detail: string): void {
        if (this.#now()?.state === 'fixing') this.#incidents.setState(this.owner.id, state, detail);
    }

    /** Only time will show whether it helped: the incident stays open until then. */
    #wait(): void {
        const incident = this.#now();
        if (incident?.state !== 'fixing') return;
        this.#note({ lastBeforeFix: String(incident.lastSeen) });
        this.#incidents.setState(this.owner.id, 'open');
    }

    #note(facts: Incident['facts']): void {
        const incident = this.#now();
        if (incident !== undefined) this.#incidents.update(this.owner.id, { facts: { ...incident.facts, ...facts } });
    }
}

/** A wish is to come true. Nothing waits for it, and its action itself tells whether it has. */
class TaskPurpose implements Purpose {
    readonly owner: Owner;
    readonly isOpen = true;
    readonly #actions: Actions;

    constructor({ id }: Task, actions: Actions) {
        this.owner = { kind: 'task', id };
        this.#actions = actions;
    }

    subjectOf(plan: Plan): string {
        return plan.subject ?? plan.title;
    }

    async verify(plan: Plan, { signal }: CheckOptions = {}): Promise<CheckResult> {
        return await this.#actions.verify(plan, signal);
    }

    async requireLeft(plan: Plan): Promise<void> {
        const { gone, isUnknown, detail } = await this.verify(plan);
        if (gone || isUnknown === true) return;
        throw new ReeveError('PlanChanged', _('This has changed again since then: {detail}', { detail }));
    }
}
