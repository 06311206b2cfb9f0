import { EventEmitter } from 'node:events';

import type { ProposedFix } from '../actions/action.ts';
import { longTimeLimit, type Actions } from '../actions/actions.ts';
import { passwordsOf } from '../actions/joinedCalls.ts';
import { partsOf, stepsOf, type Change } from '../actions/several.ts';
import { onlyResets, unitOf } from '../actions/units/unitPlan.ts';
import type { AuditLog } from '../audit/auditLog.ts';
import type { Check } from '../diagnosis/check.ts';
import type { JournalReader } from '../journal/query.ts';
import { messageOf, ReeveError } from '../util/errors.ts';
import { log } from '../util/log.ts';
import type { Execution, Executor } from '../execution/executor.ts';
import { fileStanding } from '../execution/fileStanding.ts';
import type { Mechanism } from '../execution/mechanism.ts';
import { lockedBy } from '../execution/resources.ts';
import { dividedForRoot } from '../execution/rootPlan.ts';
import type { Standing } from '../execution/standing.ts';
import { _, ngettext } from '../i18n/i18n.ts';
import type { Incidents } from '../incidents/incidents.ts';
import type { CheckResult, Owner, Plan, Proposal, ProposalState, Step, UnderWay } from '../model/proposal.ts';
import type { Task } from '../model/task.ts';
import type { Database } from '../store/database.ts';
import { redact } from '../text/redact.ts';
import type { Systemd } from '../machine/units/systemd.ts';
import { planDigest } from './digest.ts';
import { finishDigest, finishSteps, isPartlyDone, requireFinishable } from './finishing.ts';
import { requireConfirmation } from './policy.ts';
import { ProposalStore, settled, type ProposalChange } from './proposalStore.ts';
import { Purposes, type Purpose } from './purposes.ts';
import { TaskStore } from './taskStore.ts';
import { canBeUndone, stepsLeft, undoneBefore } from './undoing.ts';
import type { UnitRuns } from './unitRuns.ts';

/** The outcome of applying or undoing a proposal. */
export type Outcome = {
    /** not-cleared: the change was made, and the check still finds the fault. refused: no password, or not allowed. */
    result: 'success' | 'failed' | 'cancelled' | 'refused' | 'not-cleared';
    /** Whether the check finds the fault gone. A success without it could not be checked: only time will show. */
    gone: boolean;
    detail: string;
    /** How many steps were done, of how many. */
    done: number;
    total: number;
};

export type Approval = {
    /** Who approved, for the audit log: "shell", "terminal", or "grant" for a standing one. */
    actor: string;
    /** The standing grant that allows it. Absent for a person's approval. */
    grant?: string;
    /** Gets a line of text for each event. */
    progress: (line: string) => void;
    /** Stops what can be stopped safely; a finished change is still checked. */
    signal: AbortSignal;
};

type EventMap = {
    added: [Proposal];
    changed: [Proposal];
    removed: [number];
    taskAdded: [Task];
    taskRemoved: [number];
    /** The incident's proposals no longer fit the system, or one was tried: diagnose it again. */
    outdated: [incidentId: number];
};

/** The states from which each is possible. */
const statesFor: Record<'apply' | 'finish' | 'undo', ProposalState[]> = {
    apply: ['offered'],
    finish: ['partial'],
    undo: ['applied', 'partial'],
};

/** Reading the units of a plan takes milliseconds; a manager that hangs must not hold up an approval. */
const readingLimit = 10_000;

/**
 * Proposed fixes, from the offer to the outcome. Every change of state is on disk, with its audit entry in the same
 * transaction, before it takes effect or anyone hears of it: after a crash the database shows what was under way.
 */
export class Proposals extends EventEmitter<EventMap> {
    readonly #database: Database;
    readonly #store: ProposalStore;
    readonly #incidents: Incidents;
    readonly #audit: AuditLog;
    readonly #actions: Actions;
    readonly #executor: Pick<Executor, 'open' | 'run'>;
    readonly #mechanism: Mechanism | null;
    readonly #tasks: TaskStore;
    readonly #purposes: Purposes;
    readonly #systemd: Systemd;
    readonly #journal: JournalReader;
    /** Incidents and tasks with a change under way; one at a time each. */
    readonly #busy = new Set<string>();
    /** What is being changed, by which plan. */
    readonly #locks = new Map<string, Plan>();

    constructor(dependencies: {
        database: Database;
        incidents: Incidents;
        audit: AuditLog;
        actions: Actions;
        executor: Pick<Executor, 'open' | 'run'>;
        /** null where there is none to ask. */
        mechanism?: Mechanism | null;
        check: Check;
        systemd: Systemd;
        journal: JournalReader;
    }) {
        super();
        this.#database = dependencies.database;
        this.#store = new ProposalStore(dependencies);
        this.#incidents = dependencies.incidents;
        this.#audit = dependencies.audit;
        this.#actions = dependencies.actions;
        this.#executor = dependencies.executor;
        this.#mechanism = dependencies.mechanism ?? null;
        this.#tasks = new TaskStore(dependencies);
        this.#purposes = new Purposes({ ...dependencies, tasks: this.#tasks });
        this.#systemd = dependencies.systemd;
        this.#journal = dependencies.journal;
        this.#incidents.on('removed', id => {
            for (const proposal of this.#store.of({ kind: 'incident', id })) this.emit('removed', proposal.id);
        });
    }

    /** Those of one incident, best first, or of all tasks and all incidents that are listed. */
    list(incidentId?: number): Proposal[] {
        const incidents = incidentId === undefined ? this.#incidents.list().map(({ id }) => id) : [incidentId];
        const tasks = incidentId === undefined ? this.#tasks.list() : [];
        return [
            ...incidents.flatMap(id => this.#store.of({ kind: 'incident', id })),
            ...tasks.flatMap(({ id }) => this.ofTask(id)),
        ];
    }

    /** What people asked for, oldest first. */
    tasks(): Task[] {
        return this.#tasks.list();
    }

    /** The plans for a task, best first. */
    ofTask(id: number): Proposal[] {
        return this.#store.of({ kind: 'task', id });
    }

    /** The hashes of the contents that the plans for tasks need. */
    contents(): string[] {
        return this.#store.contents();
    }

    get(id: number): Proposal | undefined {
        return this.#store.get(id);
    }

    /**
     * Replaces the offers of an incident. An offer whose plan is unchanged stays the same object; one that no longer fits
     * becomes void, and goes at the next call. What the user declined is not offered again. What a model proposed stays.
     */
    offer(incidentId: number, plans: readonly Plan[]): void {
        const owner: Owner = { kind: 'incident', id: incidentId };
        if (this.#isBusy(owner)) return;
        this.#database.transaction(() => {
            const known = this.#store.of(owner);
            for (const proposal of known.filter(({ state }) => state === 'void')) this.#remove(proposal);
            const wanted = new Map(plans.map((plan, rank) => [planDigest(plan), { plan, rank }]));
            for (const proposal of known.filter(({ plan }) => plan.proposedBy === undefined)) {
                const match = wanted.get(proposal.digest);
                if (proposal.state === 'offered' && match === undefined) {
                    this.#change(proposal, { state: 'void', outcome: voidText() });
                } else if (proposal.state === 'offered' && match !== undefined && match.rank !== proposal.rank) {
                    this.#change(proposal, { rank: match.rank });
                }
                if (proposal.state === 'offered' || proposal.state === 'declined') wanted.delete(proposal.digest);
            }
            for (const [digest, { plan, rank }] of wanted) {
                this.#add(owner, rank, plan, digest);
            }
        });
    }

    /**
     * Offers a model's proposal beside the rules' fixes. Its plan is worked out as theirs are and needs the same
     * approval; nothing is changed here.
     *
     * @throws ReeveError NotFound; InvalidState when it is impossible as things are, is on offer already, was declined,
     * or the incident has a change under way; InvalidArgument
     */
    async propose(
        incidentId: number,
        fix: ProposedFix & { proposedBy: string },
        signal: AbortSignal,
    ): Promise<Proposal> {
        const plan = await this.#actions.plan(fix, signal);
        const owner: Owner = { kind: 'incident', id: incidentId };
        if (this.#incidents.get(incidentId)?.state !== 'open' || this.#isBusy(owner))
            throw new ReeveError('InvalidState', _('The incident is not open, so there is nothing to fix'));
        const steps = JSON.stringify(plan.steps);
        const known = this.#store.of(owner);
        const isKnown = known.some(({ plan: other, state }) => {
            return (state === 'offered' || state === 'declined') && JSON.stringify(other.steps) === steps;
        });
        if (isKnown) throw new ReeveError('InvalidState', _('This fix has already been offered'));
        return this.#database.transaction(() => {
            const rank = Math.max(-1, ...known.map(other => other.rank)) + 1;
            const added = this.#add(owner, rank, plan);
            this.#recordModel(added);
            return added;
        });
    }

    /**
     * Keeps what a person asked for, with the plans that do it, each a way of its own. Nothing is changed here.
     *
     * @param asked in the person's words
     * @param actor on whose behalf, for the audit log
     */
    ask(asked: string, plans: readonly Plan[], actor: string): { task: Task; proposals: Proposal[] } {
        return this.#database.transaction(() => {
            const task = this.#tasks.add(redact(asked), Date.now() * 1000);
            this.#database.afterCommit(() => this.emit('taskAdded', task));
            const proposals = plans.map((plan, rank) => this.#add({ kind: 'task', id: task.id }, rank, plan));
            for (const proposal of proposals) this.#record('asked', actor, proposal, task.asked);
            for (const proposal of proposals) this.#recordModel(proposal);
            for (const old of this.#tasks.surplus()) {
                for (const proposal of this.ofTask(old.id)) this.#remove(proposal);
                this.#tasks.remove(old.id);
                this.#database.afterCommit(() => this.emit('taskRemoved', old.id));
            }
            return { task, proposals };
        });
    }

    /** Those that are being applied at the moment. */
    underWay(): Proposal[] {
        return this.#store.inState('applying');
    }

    /** What a person must type to approve it; empty when the digest is enough. */
    confirmationOf({ owner, plan }: Proposal): string {
        return plan.risk === 'high' ? (this.#purposes.of(owner)?.subjectOf(plan) ?? '') : '';
    }

    /** "Not now". @throws ReeveError NotFound, InvalidState */
    decline(id: number, actor: string): void {
        const proposal = this.#require(id, 'offered');
        this.#database.transaction(() => {
            this.#change(proposal, { state: 'declined', outcome: _('Not now') });
            this.#record('declined', actor, proposal, '');
        });
    }

    /**
     * Whether `apply` would begin, without beginning.
     *
     * @throws ReeveError as `apply`
     */
    async assertApplicable(
        id: number,
        digest: string,
        { confirmation }: { confirmation?: string | undefined } = {},
    ): Promise<void> {
        const { proposal } = this.#approvable(id, digest, 'apply', confirmation);
        await this.#requireUnchanged(proposal);
    }

    /**
     * Makes the change and runs the detector's check again.
     *
     * @param digest of the plan that the user saw
     * @throws ReeveError NotFound; DigestMismatch; InvalidState when it is not on offer, or the incident has another
     * change under way; Busy when another change to the same thing is; ConfirmationRequired; PlanChanged when the system no longer meets the plan's requirements
     */
    async apply(
        id: number,
        digest: string,
        approval: Approval & { confirmation?: string | undefined },
    ): Promise<Outcome> {
        const { proposal, purpose } = this.#approvable(id, digest, 'apply', approval.confirmation);
        return await this.#alone(proposal, async () => {
            await this.#requireUnchanged(proposal);
            return await this.#carryOutOrBack(proposal, purpose, 'apply', proposal.plan.steps, approval);
        });
    }

    /**
     * Whether `finish` would begin, without beginning.
     *
     * @throws ReeveError as `finish`
     */
    async assertFinishable(id: number, digest: string): Promise<void> {
        const { proposal } = this.#approvable(id, digest, 'finish');
        await this.#stepsToFinish(proposal);
    }

    /**
     * Does what is left of a plan that ended halfway.
     *
     * @param digest of the steps that are left, as `finishDigest` has it
     * @throws ReeveError as `apply`; PlanChanged also when what was done has been changed since
     */
    async finish(id: number, digest: string, approval: Approval): Promise<Outcome> {
        const { proposal, purpose } = this.#approvable(id, digest, 'finish');
        return await this.#alone(proposal, async () => {
            const steps = await this.#stepsToFinish(proposal);
            return await this.#carryOutOrBack(proposal, purpose, 'finish', steps, approval);
        });
    }

    /**
     * Whether `undo` would begin, without beginning.
     *
     * @throws ReeveError as `undo`
     */
    async assertUndoable(id: number, digest: string): Promise<void> {
        const { proposal, purpose } = this.#undoable(id, digest);
        await this.#stepsLeft(proposal, purpose);
    }

    /** Later changes to the same things, the last one first: they must be undone before it. */
    undoneBefore(proposal: Proposal): Proposal[] {
        if (!statesFor.undo.includes(proposal.state)) return [];
        return undoneBefore(proposal, this.#store.inState(...statesFor.undo));
    }

    /**
     * Takes the change back.
     *
     * @throws ReeveError NotFound; DigestMismatch; InvalidState when it was not applied, or a later change to the same thing has to
     * be undone before; Busy as `apply`; NotReversible; PlanChanged when somebody has since changed a file that undo would overwrite, or started a unit that it would stop
     */
    async undo(id: number, digest: string, approval: Approval): Promise<Outcome> {
        const { proposal, purpose } = this.#undoable(id, digest);
        return await this.#alone(proposal, async () => {
            return await this.#undo(proposal, purpose, await this.#stepsLeft(proposal, purpose), approval);
        });
    }

    async #undo(
        proposal: Proposal,
        purpose: Purpose,
        { steps, spared }: Awaited<ReturnType<typeof stepsLeft>>,
        approval: Approval,
    ): Promise<Outcome> {
        const undoing = this.#begin(proposal, purpose, 'undo', approval.actor, steps);
        return await this.#finishSafely(undoing, purpose, approval.actor, steps, async () => {
            const execution = await this.#execute(undoing, { plan: proposal.plan, kind: 'undo', steps }, approval);
            const check = await this.#verifyUndone(purpose, undoing);
            return this.#undone(undoing, approval.actor, { ...execution, steps, spared }, check);
        });
    }

    /**
     * Settles changes that were under way when the service ended: finds out how far each got, and repeats no step. What still
     * runs is waited for; until then its incident or task has a change in progress. Call it once, before anything is offered.
     */
    async resolveInterrupted(signal: AbortSignal = new AbortController().signal): Promise<void> {
        const settling = this.#store.inState('applying', 'undoing').map(async proposal => {
            const purpose = this.#purposes.of(proposal.owner);
            if (purpose === undefined || this.#isBusy(proposal.owner)) return;
            await this.#alone(proposal, () => this.#settle(proposal, purpose, signal));
        });
        // The two transactions of a fix leave no such state, but an older database may hold such an incident.
        for (const { id, state } of this.#incidents.list()) {
            if (state === 'fixing' && !this.#isBusy({ kind: 'incident', id })) this.#incidents.setState(id, 'open');
        }
        const ends = await Promise.allSettled(settling);
        for (const end of ends)
            if (end.status === 'rejected' && !signal.aborted)
                log('error', 'Could not find out how far a change got', { reason: messageOf(end.reason) });
    }

    /** Says of a change that nobody saw the end of what is done of it. */
    async #settle(proposal: Proposal, purpose: Purpose, signal: AbortSignal): Promise<void> {
        const { plan, standing } = proposal;
        const kind = standing.underWay?.kind ?? (proposal.state === 'undoing' ? 'undo' : 'apply');
        const all = stepsOf(plan, kind);
        const indexes = standing.underWay?.steps ?? all.map((_step, index) => index);
        const steps = indexes.flatMap(index => all[index] ?? []);
        const found = await this.#standing({ plan, kind, steps }, standing.underWay, signal);
        if (kind === 'undo') await this.#settleUndo(proposal, purpose, { ...found, indexes, steps });
        else await this.#settleApply(proposal, purpose, { ...found, kind, steps });
    }

    async #settleApply(
        proposal: Proposal,
        purpose: Purpose,
        { done, isUnsure, kind, steps }: Standing & { kind: 'apply' | 'finish'; steps: readonly Step[] },
    ): Promise<void> {
        const { plan } = proposal;
        const isLast = done === steps.length - 1;
        // Of several changes, those before have ended.
        const own = partsOf(plan).at(-1) ?? plan;
        const isSeen = isUnsure && isLast && (await this.#actions.verify(own)).gone;
        const [next] = isSeen ? [] : steps.slice(done);
        const [isDone, total] = [next === undefined, plan.steps.length];
        const reached = next === undefined ? total : plan.steps.indexOf(next);
        const mayBeDone = isUnsure && next !== undefined && !onlyResets(next);
        const isPartly = !isDone && (mayBeDone || kind === 'finish' || (await isPartlyDone(plan, reached)));
        const isBegun = isDone || isPartly;
        const check = await purpose.verify(plan);
        const runs = isBegun ? await this.#readRuns(proposal) : {};
        const standing = { ...settled, isUnsure: isPartly && mayBeDone };
        const after = { ...proposal, state: 'partial', done: reached, standing } as const;
        const canGoOn = finishSteps(after).length > 0 || canBeUndone(after);
        const state = isDone ? 'applied' : isPartly && canGoOn ? 'partial' : isBegun ? 'failed' : 'offered';
        const outcome = joinTexts(
            isDone
                ? _('Reeve stopped while making this change, but it was made')
                : isBegun
                  ? _('Reeve stopped while making this change')
                  : _('Reeve stopped before it changed anything'),
            howFar(reached, total, canBeUndone(after)),
            isPartly && mayBeDone ? unsureText(next) : '',
            isBegun ? check.detail : '',
        );
        this.#database.transaction(() => {
            this.#change(proposal, { state, outcome, done: isBegun ? reached : null, runs, standing });
            this.#record('interrupted', 'service', proposal, outcome, steps);
            if (!isDone) purpose.breakOff?.(check.detail, check);
            else {
                const isSuccess = check.gone || check.isUnknown === true;
                purpose.end?.({ isSuccess, isBegun, isDeleted: isDeletion(plan, check), check, detail: outcome });
            }
        });
    }

    async #settleUndo(
        proposal: Proposal,
        purpose: Purpose,
        { done, isUnsure, indexes, steps }: Standing & { indexes: readonly number[]; steps: readonly Step[] },
    ): Promise<void> {
        const [next] = steps.slice(done);
        const check = await this.#verifyUndone(purpose, proposal);
        const undone = [...proposal.standing.undone, ...indexes.slice(0, done)];
        const isBegun = done > 0 || isUnsure;
        const standing = { ...proposal.standing, underWay: null, undone };
        const state = next === undefined ? 'undone' : isBegun ? 'partial' : stateBefore({ ...proposal, standing });
        const outcome = joinTexts(
            next === undefined
                ? _('Reeve stopped while undoing this change, but it was undone')
                : isBegun
                  ? _('Reeve stopped while undoing this change')
                  : _('Reeve stopped before it undid anything'),
            howFarBack(done, steps.length),
            isUnsure ? unsureText(next) : '',
            check.detail,
        );
        this.#database.transaction(() => {
            this.#change(proposal, { state, outcome, standing });
            this.#record('interrupted', 'service', proposal, outcome, steps);
        });
    }

    /** How many of the steps are done: by what was recorded, by the mechanism’s own record, and by a look at the system. */
    async #standing(change: Change, recorded: UnderWay | null, signal: AbortSignal): Promise<Standing> {
        // An earlier release recorded nothing.
        if (recorded === null) return { done: 0, isUnsure: true };
        const { done, calling, isAsked, begun } = recorded;
        if (calling === 0) return { done, isUnsure: false };
        const parts = dividedForRoot(change);
        const before = (index: number) => parts.slice(0, index).reduce((sum, { steps }) => sum + steps.length, 0);
        const index = parts.findIndex(({ steps }, at) => done < before(at) + steps.length);
        const part = parts[index];
        if (part === undefined) return { done, isUnsure: false };
        const looked = { open: this.#executor.open, systemd: this.#systemd, journal: this.#journal };
        const steps = part.steps.slice(done - before(index)).slice(0, calling);
        const { standingOf } = await import('../execution/standing.ts');
        const found = isAsked
            ? ((await this.#mechanism?.standing(part, begun)) ?? { done: 0, isUnsure: true })
            : await standingOf(steps, begun, looked, signal);
        return { ...found, done: done + found.done };
    }

    #approvable(
        id: number,
        digest: string,
        wanted: keyof typeof statesFor,
        confirmation?: string,
    ): { proposal: Proposal; purpose: Purpose } {
        const proposal = this.#require(id);
        // Compute the digest again: a plan that was altered in the database must not pass for the one that the user
        // saw.
        const expected = wanted === 'finish' ? finishDigest(proposal) : proposal.digest;
        if (digest === '' || digest !== expected || planDigest(proposal.plan) !== proposal.digest) {
            throw new ReeveError('DigestMismatch', _('The digest does not match this plan'));
        }
        // A plan that can never be undone needs no saved state.
        if (wanted === 'undo' && proposal.plan.undo === null)
            throw new ReeveError('NotReversible', _('This change cannot be undone'));
        this.#require(id, ...statesFor[wanted]);
        // What was never approved was put into the database by somebody else.
        if (wanted !== 'apply' && !this.#audit.hasApproved(proposal.digest))
            throw new ReeveError('DigestMismatch', _('The audit log has no approval of this plan'));
        const purpose = this.#purposes.of(proposal.owner);
        if (purpose === undefined)
            throw new ReeveError('NotFound', _('The incident of this proposal no longer exists'));
        // What a plan left halfway is there whatever has become of the incident.
        if (wanted === 'apply' && !purpose.isOpen) {
            throw new ReeveError('InvalidState', _('The incident is not open, so there is nothing to fix'));
        }
        // Undo leads back to the earlier state.
        if (wanted === 'apply') requireConfirmation(proposal, purpose.subjectOf(proposal.plan), confirmation);
        return { proposal, purpose };
    }

    #undoable(id: number, digest: string): { proposal: Proposal; purpose: Purpose } {
        const found = this.#approvable(id, digest, 'undo');
        const [last] = this.undoneBefore(found.proposal);
        if (last !== undefined)
            throw new ReeveError(
                'InvalidState',
                _('“{title}” later changed the same thing: undo that first', { title: last.plan.title }),
            );
        return found;
    }

    #require(id: number, ...states: ProposalState[]): Proposal {
        const proposal = this.#store.get(id);
        if (proposal === undefined) throw new ReeveError('NotFound', _('There is no proposal {id}', { id }));
        if (proposal.state === 'void' && states.includes('offered')) throw new ReeveError('PlanChanged', voidText());
        if (states.length > 0 && !states.includes(proposal.state)) {
            throw new ReeveError('InvalidState', _('The state of the proposal does not allow that'));
        }
        return proposal;
    }

    /** @throws ReeveError InvalidState, Busy */
    async #alone<T>({ owner, plan }: Proposal, body: () => Promise<T>): Promise<T> {
        if (this.#isBusy(owner)) {
            const isTask = owner.kind === 'task';
            throw new ReeveError(
                'InvalidState',
                isTask
                    ? _('Another change for this task is in progress')
                    : _('Another change for this incident is in progress'),
            );
        }
        const resources = lockedBy(plan);
        for (const resource of resources) {
            const other = this.#locks.get(resource);
            if (other === undefined) continue;
            const { title } = other;
            throw new ReeveError(
                'Busy',
                _('“{title}” is changing the same thing. Try again when it has ended', { title }),
            );
        }
        this.#busy.add(keyOf(owner));
        for (const resource of resources) this.#locks.set(resource, plan);
        try {
            return await body();
        } finally {
            this.#busy.delete(keyOf(owner));
            for (const resource of resources) this.#locks.delete(resource);
            this.#outdate(owner);
        }
    }

    #isBusy(owner: Owner): boolean {
        return this.#busy.has(keyOf(owner));
    }

    /** A task is asked for once; an incident's fixes follow its state. */
    #outdate({ kind, id }: Owner): void {
        if (kind === 'incident') this.emit('outdated', id);
    }

    /** Plans again: the new plan must equal the approved one to the letter. */
    async #requireUnchanged(proposal: Proposal): Promise<void> {
        const plan = await this.#planAgain(proposal);
        if (plan !== null && planDigest(plan) === proposal.digest) return;
        this.#database.transaction(() => {
            this.#change(proposal, { state: 'void', outcome: voidText() });
            this.#offerForTask(proposal, plan);
        });
        this.#outdate(proposal.owner);
        throw new ReeveError('PlanChanged', voidText());
    }

    /** null when it is impossible by now. */
    async #planAgain({ plan }: Proposal): Promise<Plan | null> {
        const { action, parameters, explanation, proposedBy } = plan;
        const fix = { action, parameters, explanation, ...(proposedBy !== undefined && { proposedBy }) };
        try {
            return await this.#actions.plan(fix, undefined, longTimeLimit);
        } catch (error) {
            if (!(error instanceof ReeveError) || error.code !== 'InvalidState') throw error;
            return null;
        }
    }

    /** The diagnosis offers an incident's fixes again; nothing else does so for a task. */
    #offerForTask({ owner, rank }: Proposal, plan: Plan | null): void {
        if (owner.kind === 'task' && plan !== null) this.#add(owner, rank, plan);
    }

    /** A fix that did not help is undone at once, by the steps that were shown with it, where that needs no password. */
    async #carryOutOrBack(
        proposal: Proposal,
        purpose: Purpose,
        kind: 'apply' | 'finish',
        steps: readonly Step[],
        approval: Approval,
    ): Promise<Outcome> {
        const outcome = await this.#carryOut(proposal, purpose, kind, steps, approval);
        const applied = this.#require(proposal.id);
        const { plan, owner, state } = applied;
        if (outcome.result !== 'not-cleared' || owner.kind !== 'incident' || state !== 'applied') return outcome;
        const left = await this.#stepsLeft(applied, purpose).catch((error: unknown) => {
            if (!(error instanceof ReeveError)) throw error;
            return null;
        });
        if (left === null || left.steps.length === 0) return outcome;
        if (passwordsOf({ plan, kind: 'undo', steps: left.steps }) > 0) return outcome;
        approval.progress(_('It did not help, so it is undone'));
        const undone = await this.#undo(applied, purpose, left, { ...approval, actor: 'service' });
        if (undone.result !== 'success') return outcome;
        const detail = joinTexts(_('It did not help, and has been undone'), outcome.detail);
        const now = this.#require(proposal.id);
        const standing = { ...now.standing, isInVain: true };
        this.#database.transaction(() => this.#change(now, { outcome: detail, standing }));
        return { ...outcome, detail };
    }

    /** Carries out those steps of the plan, all or the last ones, and runs the detector's check again. */
    async #carryOut(
        proposal: Proposal,
        purpose: Purpose,
        kind: 'apply' | 'finish',
        steps: readonly Step[],
        approval: Approval,
    ): Promise<Outcome> {
        const { actor, grant } = approval;
        const applying = this.#begin(proposal, purpose, kind, actor, steps, grant);
        return await this.#finishSafely(applying, purpose, actor, steps, async () => {
            const execution = await this.#execute(applying, { plan: proposal.plan, kind, steps }, approval);
            if (execution.result === 'done') approval.progress(_('Checking that it keeps working'));
            const untouched = !execution.begun && ['refused', 'cancelled'].includes(execution.result);
            const [next] = steps.slice(execution.done);
            const done = next === undefined ? proposal.plan.steps.length : proposal.plan.steps.indexOf(next);
            // What Finish is for stays so when it could not begin.
            const isPartly =
                (execution.begun || kind === 'finish') &&
                (execution.isUnsure === true || (await isPartlyDone(proposal.plan, done)));
            const isGuarded = execution.result === 'failed' && next !== undefined;
            const isOutdated = execution.isOutdated ?? (isGuarded && (await fileStanding(next)) === 'other');
            if (isOutdated && !isPartly) return await this.#notApplied(applying, purpose, actor, steps);
            const check = untouched
                ? { gone: false, detail: '' }
                : await purpose.verify(proposal.plan, {
                      afterFix: execution.begun,
                      atOnce: execution.result === 'cancelled',
                  });
            const runs = await this.#readRuns(applying);
            const state = untouched ? proposal.state : isPartly ? 'partial' : stateAfter[execution.result];
            return this.#applied(proposal, purpose, actor, {
                steps,
                execution: { ...execution, done },
                state,
                check,
                runs,
            });
        });
    }

    /** The file of the first step has changed, so that step did nothing: makes the plan again. */
    async #notApplied(proposal: Proposal, purpose: Purpose, actor: string, steps: readonly Step[]): Promise<Outcome> {
        const plan = await this.#planAgain(proposal);
        const detail = _('The system has changed since this was offered, so nothing was changed');
        this.#database.transaction(() => {
            this.#change(proposal, { state: 'void', outcome: detail, done: 0, standing: settled });
            this.#record('not-applied', actor, proposal, detail, steps);
            purpose.breakOff?.('');
            this.#offerForTask(proposal, plan);
        });
        return { result: 'failed', gone: false, detail, done: 0, total: proposal.plan.steps.length };
    }

    async #execute({ id, standing }: Proposal, change: Change, approval: Approval): Promise<Execution> {
        let all: Execution = { result: 'done', begun: false, done: 0, detail: '' };
        const begun = standing.underWay?.begun ?? 0;
        for (const part of dividedForRoot(change)) {
            const recording = (isAsked: boolean) => (done: number, calling: number) => {
                this.#recordProgress(id, { done: all.done + done, calling, isAsked });
            };
            const asked = { ...approval, begun, record: recording(true) };
            const byRoot = (await this.#mechanism?.run(part, asked)) ?? null;
            // Nobody is asked for a password who did not ask for the change.
            if (byRoot === null && approval.grant !== undefined && part.plan.authentication)
                return { ...all, result: 'refused', detail: _('This needs an approval each time') };
            const execution =
                byRoot ?? (await this.#executor.run(part.steps, { ...approval, record: recording(false) }));
            all = { ...execution, begun: all.begun || execution.begun, done: all.done + execution.done };
            if (all.result !== 'done') break;
        }
        return all;
    }

    async #stepsToFinish(proposal: Proposal): Promise<Step[]> {
        return await requireFinishable(proposal, this.#systemd, AbortSignal.timeout(readingLimit));
    }

    #begin(
        proposal: Proposal,
        purpose: Purpose,
        kind: Change['kind'],
        actor: string,
        steps: readonly Step[],
        grant = '',
    ): Proposal {
        const allowed = grant === '' ? '' : `grant ${grant}`;
        const all = stepsOf(proposal.plan, kind);
        const begun = Date.now() * 1000;
        const nothing = { done: 0, calling: 0, isAsked: false };
        const underWay = { kind, steps: steps.map(step => all.indexOf(step)), begun, ...nothing };
        const standing = { ...proposal.standing, underWay };
        // What is about to be changed is known after a power cut, too.
        const begin = () => {
            this.#record(kind === 'undo' ? 'undo-approved' : 'approved', actor, proposal, allowed, steps);
            if (kind === 'undo') return this.#change(proposal, { state: 'undoing', outcome: '', standing });
            purpose.begin?.(proposal.plan);
            // A clock that is set back must not change the order.
            const applied = Math.max(begun, this.#store.lastApplied() + 1);
            return this.#change(proposal, { state: 'applying', outcome: '', applied, grant, done: null, standing });
        };
        return this.#database.transaction(begin, { isDurable: true });
    }

    /** It is on disk before the next call is made. */
    #recordProgress(id: number, progress: Pick<UnderWay, 'done' | 'calling' | 'isAsked'>): void {
        const proposal = this.#require(id);
        const { underWay } = proposal.standing;
        if (underWay === null) return;
        const standing = { ...proposal.standing, underWay: { ...underWay, ...progress } };
        this.#database.transaction(() => this.#store.change(proposal, { standing }), { isDurable: true });
    }

    /** A defect in between must not leave the proposal under way for ever. */
    async #finishSafely(
        proposal: Proposal,
        purpose: Purpose,
        actor: string,
        steps: readonly Step[],
        body: () => Promise<Outcome>,
    ): Promise<Outcome> {
        try {
            return await body();
        } catch (error) {
            const outcome = _('Reeve had an internal error. See its log');
            this.#database.transaction(() => {
                const standing = { ...proposal.standing, underWay: null };
                this.#change(proposal, { state: stateAfterBreak(proposal), outcome, standing });
                const isUndo = proposal.state === 'undoing';
                this.#record(isUndo ? 'undo-failed' : 'failed', actor, proposal, outcome, steps);
                purpose.breakOff?.(outcome);
            });
            throw error;
        }
    }

    /** @param proposal as it was before: offered, or partly done */
    #applied(
        proposal: Proposal,
        purpose: Purpose,
        actor: string,
        {
            steps,
            execution,
            state,
            check,
            runs,
        }: {
            steps: readonly Step[];
            execution: Execution;
            state: ProposalState;
            check: CheckResult;
            runs: UnitRuns;
        },
    ): Outcome {
        const { plan } = proposal;
        const total = plan.steps.length;
        const isThere = !check.gone && check.isUnknown !== true;
        const result = execution.result === 'done' ? (isThere ? 'not-cleared' : 'success') : execution.result;
        const untouched = !execution.begun && (result === 'refused' || result === 'cancelled');
        const { done } = execution;
        const isDeleted = isDeletion(plan, check);
        const standing = { ...settled, isUnsure: state === 'partial' && execution.isUnsure === true };
        const isUndoable = canBeUndone({ plan, done, standing });
        const detail = joinTexts(howFar(done, total, isUndoable), execution.detail, check.detail);
        this.#database.transaction(() => {
            const applied = this.#require(proposal.id);
            this.#change(applied, { state, outcome: detail, done, runs, standing });
            this.#record(result === 'success' ? 'applied' : result, actor, proposal, detail, steps);
            const ending = { isSuccess: result === 'success', isBegun: execution.begun, isDeleted, check };
            purpose.end?.({ ...ending, detail: untouched ? '' : detail });
        });
        return { result, gone: check.gone && !isDeleted, detail, done, total };
    }

    #undone(
        proposal: Proposal,
        actor: string,
        { done, steps, spared, ...execution }: Execution & Awaited<ReturnType<typeof stepsLeft>>,
        check: CheckResult,
    ): Outcome {
        const total = steps.length;
        const result = execution.result === 'done' ? 'success' : execution.result;
        const detail = joinTexts(
            howFarBack(done, total),
            execution.detail,
            ...spared.map(step =>
                _('{unit} keeps running. To stop it: {command}', { unit: unitOf(step).name, command: step.command }),
            ),
            check.detail,
        );
        this.#database.transaction(() => {
            const all = proposal.plan.undo?.steps ?? [];
            const undone = [...proposal.standing.undone, ...steps.slice(0, done).map(step => all.indexOf(step))];
            const standing = { ...proposal.standing, underWay: null, undone };
            const state = result === 'success' ? 'undone' : execution.begun ? 'partial' : stateBefore(proposal);
            this.#change(proposal, { state, outcome: detail, standing });
            this.#record(result === 'success' ? 'undone' : 'undo-failed', actor, proposal, detail, steps);
        });
        return { result, gone: check.gone, detail, done, total };
    }

    async #stepsLeft(proposal: Proposal, purpose: Purpose): ReturnType<typeof stepsLeft> {
        // What ended halfway is not as the whole plan would have left it.
        if (proposal.state === 'applied') await purpose.requireLeft?.(proposal.plan);
        const asked = { systemd: this.#systemd, journal: this.#journal, signal: AbortSignal.timeout(readingLimit) };
        const { runState } = await import('./unitRuns.ts');
        return await stepsLeft(proposal, step => runState(step, proposal, asked));
    }

    async #readRuns({ plan }: Proposal): Promise<UnitRuns> {
        const { readRuns } = await import('./unitRuns.ts');
        return await readRuns(this.#systemd, plan.undo?.steps ?? [], AbortSignal.timeout(readingLimit));
    }

    /** The fault may be there again; what a task had changed is back as it was, and there is nothing to check. */
    async #verifyUndone(purpose: Purpose, { plan }: Proposal): Promise<CheckResult> {
        return purpose.owner.kind === 'incident' ? await purpose.verify(plan) : { gone: false, detail: '' };
    }

    #change(proposal: Proposal, change: ProposalChange): Proposal {
        const changed = this.#store.change(proposal, change);
        this.#database.afterCommit(() => this.emit('changed', changed));
        return changed;
    }

    #add(owner: Owner, rank: number, plan: Plan, digest = planDigest(plan)): Proposal {
        const added = this.#store.add(owner, rank, plan, digest);
        this.#database.afterCommit(() => this.emit('added', added));
        return added;
    }

    #remove({ id }: Proposal): void {
        this.#store.remove(id);
        this.#database.afterCommit(() => this.emit('removed', id));
    }

    #recordModel(proposal: Proposal): void {
        const { proposedBy, explanation } = proposal.plan;
        if (proposedBy !== undefined) this.#record('proposed', 'model', proposal, `${proposedBy}: ${explanation}`);
    }

    #record(
        event: string,
        actor: string,
        { plan, digest, owner }: Proposal,
        text: string,
        steps: readonly Step[] = plan.steps,
    ): void {
        const subject = this.#purposes.of(owner)?.subjectOf(plan) ?? '';
        const commands = steps.map(step => step.command).join('; ');
        const detail = [`${plan.action}: ${commands}`, `plan ${digest}`, text].filter(part => part !== '').join('\n');
        this.#audit.append({ event, actor, subject, detail });
    }
}

/**
 * The outcome of a change that was interrupted, by the end of the service or by a defect. An interrupted undo can be
 * tried once more.
 */
function stateAfterBreak(proposal: Proposal): ProposalState {
    return canBeUndone(proposal) ? stateBefore(proposal) : 'failed';
}

/** Of one that can be undone. How far one got that was interrupted, nobody knows. */
function stateBefore({ plan, done, standing }: Proposal): 'applied' | 'partial' {
    return done === plan.steps.length && standing.undone.length === 0 ? 'applied' : 'partial';
}

/** Whether what was broken is away, and not repaired. */
function isDeletion({ steps }: Plan, { isRemoved }: CheckResult): boolean {
    return isRemoved === true && steps.some(({ file }) => file?.after === null);
}

function unsureText(step: Step | undefined): string {
    return _('It is not known whether this was completed: {step}', { step: step?.description ?? '' });
}

/** How far an unfinished plan got; empty when no distinction is needed. */
function howFar(done: number, total: number, canBeUndone: boolean): string {
    if (done === 0 || done === total) return '';
    return canBeUndone
        ? ngettext(
              '{count} of {total} steps was completed and can be undone',
              '{count} of {total} steps were completed and can be undone',
              done,
              { total },
          )
        : ngettext('{count} of {total} steps was completed', '{count} of {total} steps were completed', done, {
              total,
          });
}

function howFarBack(done: number, total: number): string {
    if (done === 0 || done === total) return '';
    return ngettext('{count} of {total} steps was undone', '{count} of {total} steps were undone', done, {
        total,
    });
}

function voidText(): string {
    return _('The system has changed since this was offered');
}

function joinTexts(...texts: string[]): string {
    return texts.filter(text => text !== '').join('. ');
}

/**
 * The next state of a plan that was tried. A cancelled one may be offered again, but the system may be different now.
 */
const stateAfter: Record<Execution['result'], ProposalState> = {
    done: 'applied',
    failed: 'failed',
    refused: 'failed',
    cancelled: 'void',
};

function keyOf({ kind, id }: Owner): string {
    return `${kind} ${id}`;
}
