import { EventEmitter } from 'node:events';
import { setTimeout as delay } from 'node:timers/promises';

import { longTimeLimit, type Actions } from '../actions/actions.ts';
import type { ProposedFix } from '../actions/action.ts';
import { startsUnit } from '../actions/units/unitPlan.ts';
import type { Proposals } from '../approval/proposals.ts';
import { ReeveError, messageOf } from '../util/errors.ts';
import { _ } from '../i18n/i18n.ts';
import type { Incidents } from '../incidents/incidents.ts';
import { beganAt, mergeEvidence, samePiece } from '../incidents/merge.ts';
import { log } from '../util/log.ts';
import { isLocal } from '../model/incident.ts';
import type { Incident } from '../model/incident.ts';
import { endOf } from '../model/proposal.ts';
import type { CheckResult, Plan } from '../model/proposal.ts';
import type { Systemd } from '../machine/units/systemd.ts';
import type { Machine } from '../machine/machine.ts';
import type { Run as RunProgram } from '../machine/run.ts';
import type { Check } from './check.ts';
import type { CheckOptions, DiagnosedFamily, LocalFamilies } from './family.ts';
import type { Guides } from './guides.ts';
import type { Findings, Tried } from './playbook.ts';
import type { JournalReader } from '../journal/query.ts';
import { diagnoseReported } from './reported.ts';
import { blameChanges } from './blame.ts';
import type { Suspects } from './suspects.ts';

/** How many diagnoses run at the same time; more wait, so that a storm of faults does not become a storm of queries. */
const concurrency = 2;
/** A diagnosis takes milliseconds; a manager or journal that hangs must not hold up the others. */
const timeLimit = 45_000;

/** What is known is told by then, while the plans are made. Milliseconds. */
const toldAfter = 2000;

/** A unit that fails many times a second is diagnosed less and less often, up to this interval. Milliseconds. */
const longestPause = 60_000;
const shortestPause = 1000;

/** How close to a fault, before or after, a change must be to diagnose that fault again. Microseconds. */
const lateNews = 10_000_000;

type Run = {
    kind: string;
    /** The state of the incident that it diagnoses; a different key means that there is something new. */
    key: string;
    abort: AbortController;
    /** When it began, by performance.now(). */
    begun: number;
    /** How many diagnoses of this incident ran in a row. */
    number: number;
    /** The timer of the diagnosis of what has happened since. */
    timer: NodeJS.Timeout | null;
    isDone: boolean;
};

/**
 * Diagnoses each open incident: at once from the finding, then with what the system reports. It does so again when the fault
 * occurs again, changes its kind, or a fix was tried.
 *
 * Event: `looking` with the number of an incident for which `isLooking` may have changed.
 */
export class Diagnosis extends EventEmitter<{ looking: [number] }> {
    readonly #families: ReadonlyMap<string, DiagnosedFamily>;
    readonly #localFamily: LocalFamilies;
    readonly #incidents: Incidents;
    readonly #systemd: Systemd;
    readonly #proposals: Proposals;
    readonly #actions: Actions;
    readonly #journal: JournalReader;
    readonly #suspects: Suspects;
    readonly #runProgram: RunProgram;
    readonly #machine: Machine | null;
    readonly #check: Check;
    readonly #guides: Guides;
    /** The last diagnosis of each open incident, and its run while it lasts. */
    readonly #runs = new Map<number, Run>();
    readonly #waiting = new Set<number>();
    #running = 0;

    /** @param dependencies.machine null when the watched system is not this computer */
    constructor(dependencies: {
        families: readonly DiagnosedFamily[];
        localFamily?: LocalFamilies;
        incidents: Incidents;
        systemd: Systemd;
        proposals: Proposals;
        actions: Actions;
        journal: JournalReader;
        suspects: Suspects;
        run: RunProgram;
        machine: Machine | null;
        check: Check;
        guides: Guides;
    }) {
        super();
        this.#families = new Map(dependencies.families.map(family => [family.name, family]));
        this.#localFamily = dependencies.localFamily ?? (() => undefined);
        this.#incidents = dependencies.incidents;
        this.#systemd = dependencies.systemd;
        this.#proposals = dependencies.proposals;
        this.#actions = dependencies.actions;
        this.#journal = dependencies.journal;
        this.#suspects = dependencies.suspects;
        this.#runProgram = dependencies.run;
        this.#machine = dependencies.machine;
        this.#check = dependencies.check;
        this.#guides = dependencies.guides;
    }

    /** Diagnoses the open incidents, then whatever opens or changes, until it is disposed of. */
    start(): Disposable {
        const consider = (incident: Incident) => {
            this.#consider(incident);
        };
        const outdated = (id: number) => {
            this.#forget(id);
            const incident = this.#incidents.get(id);
            if (incident !== undefined) this.#consider(incident);
        };
        const forget = (id: number) => {
            this.#forget(id);
        };
        this.#incidents.on('added', consider).on('changed', consider).on('removed', forget);
        this.#proposals.on('outdated', outdated);
        const late = this.#suspects.watch(time => {
            this.#reconsiderAfter(time);
        });
        for (const incident of this.#incidents.list()) this.#consider(incident);
        return {
            [Symbol.dispose]: () => {
                this.#incidents.off('added', consider).off('changed', consider).off('removed', forget);
                this.#proposals.off('outdated', outdated);
                late[Symbol.dispose]();
                for (const id of [...this.#runs.keys()]) this.#forget(id);
            },
        };
    }

    /** Whether the cause of an incident, and what helps, are being looked for: what is not known yet may be known soon. */
    isLooking(id: number): boolean {
        return this.#runs.get(id)?.isDone === false;
    }

    /**
     * The detector's own check: whether the fault is there now. It may have changed, for example if only what failed because of
     * the subject is still down, so the incident is then diagnosed again.
     */
    async check(incident: Incident, options?: CheckOptions): Promise<CheckResult> {
        const result = await this.#check(incident, options);
        const run = this.#runs.get(incident.id);
        const now = this.#incidents.get(incident.id);
        if (!result.gone && run !== undefined && now?.state === 'open') {
            run.key = '';
            this.#consider(now);
        }
        return result;
    }

    /**
     * Checks now. Closes the incident if the fault has gone, and otherwise diagnoses it again.
     *
     * @throws ReeveError NotFound
     */
    async recheck(id: number): Promise<CheckResult> {
        const incident = this.#incidents.get(id);
        if (incident === undefined) throw new ReeveError('NotFound', _('There is no incident {id}', { id }));
        const result = await this.check(incident);
        if (result.gone && this.#incidents.get(id)?.state === 'open') {
            this.#incidents.setState(id, endOf(result), result.detail);
        } else await this.#guides.look(id);
        return result;
    }

    /** Runs `recheck` for incidents that may be gone by now. */
    async tryRecheck(id: number): Promise<void> {
        if (this.#incidents.get(id)?.state === 'open') await this.recheck(id);
    }

    /** A change is often reported a moment after the fault that it caused: files are examined only once they have settled. */
    #reconsiderAfter(time: number): void {
        for (const incident of this.#incidents.list()) {
            const run = this.#runs.get(incident.id);
            const since = beganAt(incident) - time;
            if (incident.state !== 'open' || run === undefined || since < -lateNews || since > lateNews) continue;
            run.key = '';
            this.#consider(incident);
        }
    }

    #consider(incident: Incident): void {
        const family = this.#familyOf(incident.family);
        if (family === undefined) return;
        if (incident.state !== 'open') {
            // While a fix runs, nothing is to be proposed; afterwards the proposal is outdated.
            this.#forget(incident.id);
            return;
        }
        const { subject, count, affected, occurrence } = incident;
        const key = JSON.stringify([family.name, subject, incident.kind, count, affected, occurrence]);
        const last = this.#runs.get(incident.id);
        if (last?.key === key) return;
        const again = last?.kind === incident.kind;
        if (again && this.#postpone(incident.id, last)) return;
        last?.abort.abort();
        if (last?.timer) clearTimeout(last.timer);
        this.#runs.set(incident.id, {
            kind: incident.kind,
            key,
            abort: new AbortController(),
            begun: performance.now(),
            number: again ? last.number + 1 : 1,
            timer: null,
            isDone: false,
        });
        this.emit('looking', incident.id);
        // Without a playbook, the line of the log gives the cause, where there is one.
        if (incident.summary === '' && (family.playbook !== undefined || incident.cause === ''))
            this.#incidents.update(incident.id, { summary: lookingText() });
        this.#waiting.add(incident.id);
        this.#next();
    }

    /** @returns whether it is too early to diagnose the incident again; then that is done later */
    #postpone(id: number, last: Run): boolean {
        const pause = Math.min(shortestPause * 2 ** (last.number - 1), longestPause);
        const left = last.begun + pause - performance.now();
        if (left <= 0) return false;
        last.timer ??= setTimeout(() => {
            last.timer = null;
            const incident = this.#incidents.get(id);
            if (incident !== undefined && this.#runs.get(id) === last) this.#consider(incident);
        }, left);
        return true;
    }

    #forget(id: number): void {
        const run = this.#runs.get(id);
        run?.abort.abort();
        if (run?.timer) clearTimeout(run.timer);
        this.#runs.delete(id);
        this.#waiting.delete(id);
        if (run?.isDone === false) this.emit('looking', id);
    }

    #next(): void {
        for (const id of this.#waiting) {
            if (this.#running >= concurrency) return;
            this.#waiting.delete(id);
            const run = this.#runs.get(id);
            if (run === undefined) continue;
            this.#running += 1;
            void this.#diagnose(id, run).finally(() => {
                this.#running -= 1;
                run.isDone = true;
                if (this.#runs.get(id) === run) this.emit('looking', id);
                this.#next();
            });
        }
    }

    async #diagnose(id: number, run: Run): Promise<void> {
        const incident = this.#incidents.get(id);
        const family = this.#familyOf(incident?.family ?? '');
        if (incident === undefined || family === undefined) return;
        const signal = AbortSignal.any([run.abort.signal, AbortSignal.timeout(timeLimit)]);
        try {
            const of = {
                incident,
                tried: this.#triedInVain(id),
                systemd: this.#systemd,
                journal: this.#journal,
                signal,
            };
            const diagnosed = (await family.playbook?.diagnose(of)) ?? diagnoseReported(family, of);
            const on = { machine: this.#machine, run: this.#runProgram };
            const found = await orWithout(diagnosed, family.enrich?.(of, diagnosed, on));
            // The subject that a local rule names must not make a change of a file or package one that Reeve offers to revert.
            const blaming = isLocal(incident)
                ? undefined
                : blameChanges(of, found, this.#suspects, { isUnit: family.hasUnits === true });
            const findings = await orWithout(found, blaming);
            const planning = this.#plan(findings.fixes, run.abort.signal);
            await Promise.race([planning, delay(toldAfter, undefined, { ref: false })]);
            // Something newer may have begun during the queries; then the findings are about the past.
            const isOutdated = () => this.#runs.get(id) !== run || run.abort.signal.aborted;
            if (isOutdated()) {
                await planning;
                return;
            }
            const { title, summary, cause, evidence, facts } = findings;
            // Since the incident was read, its notifications may have been recorded and more occurrences may have been added.
            const now = this.#incidents.get(id) ?? incident;
            const since = now.evidence.filter(piece => !incident.evidence.some(known => samePiece(known, piece)));
            this.#incidents.update(id, {
                ...(title !== undefined && { title }),
                summary,
                cause,
                evidence: mergeEvidence(evidence, since),
                facts: { ...now.facts, ...facts, ...(title !== undefined && { titled: incident.kind }) },
            });
            if (findings.over) {
                this.#incidents.setState(id, 'removed', summary);
                return;
            }
            const plans = await planning;
            if (isOutdated()) return;
            this.#proposals.offer(id, plans);
            await this.#guides.look(id);
        } catch (error) {
            if (run.abort.signal.aborted) return;
            const reason = messageOf(error);
            const isUnavailable = error instanceof ReeveError && error.code === 'Unavailable';
            if (isUnavailable || signal.aborted) {
                const summary = _('{subject} failed. Only the log shows it: {reason}.', {
                    subject: incident.subject,
                    reason: isUnavailable ? reason.replace(/\.$/, '') : _('the other sources take too long'),
                });
                this.#incidents.update(id, { summary });
            } else if (this.#incidents.get(id)?.summary === lookingText()) this.#incidents.update(id, { summary: '' });
            if (!isUnavailable) log('warning', 'Could not diagnose an incident', { incident: id, error: reason });
        }
    }

    async #plan(fixes: readonly ProposedFix[], signal: AbortSignal): Promise<Plan[]> {
        const planned = await Promise.all(fixes.map(fix => this.#planOne(fix, signal)));
        return planned.filter(plan => plan !== null);
    }

    /** @returns null for what is not offered: no other finding depends on it */
    async #planOne(fix: ProposedFix, signal: AbortSignal): Promise<Plan | null> {
        try {
            return await this.#actions.plan(fix, signal, longTimeLimit);
        } catch (error) {
            if (signal.aborted) throw error;
            const cannotBeDoneNow = error instanceof ReeveError && error.code === 'InvalidState';
            if (!cannotBeDoneNow) {
                const reason = messageOf(error);
                log('warning', 'Could not plan a fix', { action: fix.action, error: reason });
            }
            return null;
        }
    }

    #familyOf(name: string): DiagnosedFamily | undefined {
        return this.#families.get(name) ?? this.#localFamily(name);
    }

    #triedInVain(id: number): Tried[] {
        return this.#proposals
            .list(id)
            .filter(({ state, standing }) => ['applied', 'partial', 'failed'].includes(state) || standing.isInVain)
            .map(({ plan: { action, parameters, explanation, steps }, done }) => {
                // If a fix was begun, its first step was tried, even if it failed.
                const reached = done === null ? [] : steps.slice(0, Math.max(done, 1));
                return {
                    action,
                    parameters,
                    explanation,
                    isDone: done === steps.length,
                    hasStarted: reached.some(startsUnit),
                };
            });
    }
}

/**
 * `more`, or `findings` alone when its source does not answer, such as the package manager of a busy computer.
 */
async function orWithout(findings: Findings, more: Promise<Findings> = Promise.resolve(findings)): Promise<Findings> {
    try {
        return await more;
    } catch (error) {
        if (error instanceof ReeveError && error.code === 'Unavailable') return findings;
        throw error;
    }
}

/** Stands for the findings while there are none. */
function lookingText(): string {
    return _('Reeve is looking for the cause.');
}
