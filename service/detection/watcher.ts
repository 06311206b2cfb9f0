import { readFile } from 'node:fs/promises';

import { _ } from '../i18n/i18n.ts';
import type { Incidents } from '../incidents/incidents.ts';
import { log } from '../util/log.ts';
import type { Scope, UnitState } from '../model/unit.ts';
import { unnumbered } from '../model/unitName.ts';
import { isLocal } from '../model/incident.ts';
import type { Finding, Incident } from '../model/incident.ts';
import { endOf } from '../model/proposal.ts';
import type { CheckResult } from '../model/proposal.ts';
import type { Journal, JournalHandler } from '../journal/journal.ts';
import type { Source } from '../model/source.ts';
import type { UnitStates, UnitStatesHandler } from '../sources/unitStates.ts';
import type { Database } from '../store/database.ts';
import type { AttachedDevices } from '../machine/hardware/attachedDevices.ts';
import type { Systemd } from '../machine/units/systemd.ts';
import type { Timeline } from '../timeline/timeline.ts';
import type { UnitChanges } from '../timeline/unitChanges.ts';
import { aroundSleep } from './circumstances.ts';
import { Confirmations } from './confirmations.ts';
import { Detector } from './detector.ts';
import type { DetectedFamily } from './family.ts';
import type { LogEntry } from '../journal/logEntry.ts';
import { KeptSigns } from './keptSigns.ts';
import type { NewErrors } from './newErrors.ts';
import { nothing } from './verdict.ts';
import type { Clearing, Verdict } from './verdict.ts';
import { writerOf } from './writer.ts';
import { messageOf } from '../util/errors.ts';

const cursorKey = 'journal-cursor';
const bootKey = 'boot';
/**
 * How many entries without consequences may pass before the journal position is stored. After a crash, at most this many are
 * processed again, again without consequences; an entry with consequences is stored together with them.
 */
const entriesBetweenSaves = 5000;

/** The part of service/localRules/localRules.ts that takes entries. */
type LocalDetection = {
    feed(entry: LogEntry): readonly Verdict[];
    /** State from earlier entries is no longer valid. */
    forget(): void;
};

/**
 * Leads events from the sources through detection to the incidents, and closes incidents whose fault has gone.
 *
 * The effects of journal entries and the journal position are one transaction, so that a crash at any moment neither loses nor
 * doubles an incident.
 */
export class Watcher {
    readonly #families: readonly DetectedFamily[];
    readonly #ofManager: DetectedFamily['ofManager'];
    /** Families and kinds that are ordinary around a suspend. */
    readonly #ofSleep: ReadonlySet<string>;
    readonly #database: Database;
    readonly #incidents: Incidents;
    readonly #timeline: Timeline;
    readonly #systemd: Systemd;
    readonly #journal: Journal | null;
    readonly #woken: () => void;
    readonly #managers: readonly UnitStates[];
    readonly #unitChanges: UnitChanges;
    readonly #newErrors: NewErrors;
    readonly #check: (incident: Incident, options: { signal: AbortSignal }) => Promise<CheckResult>;
    readonly #confirmations: Confirmations;
    readonly #isIgnored: (unit: string) => boolean;
    readonly #uid: number | null;
    readonly #checking = new Map<number, { again: boolean; done: Promise<void> }>();
    readonly #local: LocalDetection | null;
    readonly #readDevices: (() => Promise<AttachedDevices>) | null;
    #devices: AttachedDevices | null = null;
    #signs: KeptSigns;
    #detector: Detector;
    #verdicts: Verdict[] = [];
    /** Occurrences that turned out to be ordinary. */
    #withdrawn: string[] = [];
    #unsaved = 0;
    /** Whether entries were taken whose effects may not be stored. */
    #isUnsettled = false;
    /** What earlier entries report may be over. Nobody is notified until that has been checked. */
    #isCatchingUp = true;
    #signal: AbortSignal = AbortSignal.abort();
    /** The journal position after the last processed entry; empty while there is none. */
    #place = '';
    readonly #tasks = new Set<Promise<void>>();

    /**
     * @param dependencies.woken called when the journal has woken the service
     * @param dependencies.local the rules that people added to Reeve's own; null for none
     * @param dependencies.check the detector's own check, whether the fault of an incident is there now
     * @param dependencies.journal null when the user does not want it read
     * @param dependencies.devices what is attached to the computer whose log this is; only the log tells it by default
     * @param dependencies.settle delay between a line and the check of the state that has to confirm it, in milliseconds
     * @param dependencies.isIgnored whether the user ignores a unit
     * @param dependencies.uid the user whose own units are watched; null for the units of everybody in the journal that is read
     */
    constructor(dependencies: {
        families: readonly DetectedFamily[];
        database: Database;
        incidents: Incidents;
        timeline: Timeline;
        systemd: Systemd;
        journal: Journal | null;
        managers: readonly UnitStates[];
        unitChanges: UnitChanges;
        newErrors: NewErrors;
        check: (incident: Incident, options: { signal: AbortSignal }) => Promise<CheckResult>;
        isIgnored: (unit: string) => boolean;
        settle?: number;
        uid: number | null;
        local?: LocalDetection;
        devices?: () => Promise<AttachedDevices>;
        woken?: () => void;
    }) {
        const { families } = dependencies;
        this.#families = families;
        this.#ofManager = families.find(({ ofManager }) => ofManager !== undefined)?.ofManager;
        this.#ofSleep = new Set(
            families.flatMap(({ name, rules }) =>
                rules.filter(rule => rule.notNear === 'sleep').map(({ kind }) => `${name} ${kind}`),
            ),
        );
        this.#database = dependencies.database;
        this.#incidents = dependencies.incidents;
        this.#timeline = dependencies.timeline;
        this.#systemd = dependencies.systemd;
        this.#journal = dependencies.journal;
        this.#managers = dependencies.managers;
        this.#unitChanges = dependencies.unitChanges;
        this.#newErrors = dependencies.newErrors;
        this.#check = dependencies.check;
        this.#confirmations = new Confirmations(dependencies);
        this.#isIgnored = dependencies.isIgnored;
        this.#uid = dependencies.uid;
        this.#local = dependencies.local ?? null;
        this.#readDevices = dependencies.devices ?? null;
        this.#woken = dependencies.woken ?? (() => undefined);
        this.#signs = new KeptSigns(this.#database);
        this.#detector = this.#newDetector();
    }

    get sources(): readonly Source[] {
        return [...(this.#journal === null ? [] : [this.#journal]), ...this.#managers];
    }

    /**
     * Watches until `signal` aborts; resolves once everything is released. It continues where the last run stopped, unless
     * `forget` was called since.
     */
    async run(signal: AbortSignal): Promise<void> {
        this.#signal = signal;
        this.#isCatchingUp = true;
        await this.#noteBoot();
        this.#devices = (await this.#readDevices?.()) ?? null;
        this.#newErrors.watch(signal);
        const running = this.#managers.map(manager => manager.run(this.#unitStatesHandler(manager.scope), signal));
        // How to treat what the journal reports depends on whether the managers can be queried.
        await Promise.all(this.#managers.map(manager => manager.whenSettled()));
        if (this.#journal === null) this.#startReconciling();
        else running.push(this.#journal.run(this.#journalHandler(), this.#database.getState(cursorKey), signal));
        await Promise.all(running);
        try {
            this.#save({ isLast: true });
        } catch (error) {
            logFailure('What was found last could not be stored', error);
        }
        await Promise.all(this.#tasks);
    }

    /** Makes the next `run` begin with entries logged after this call; earlier ones are never processed. */
    forget(): void {
        this.#place = '';
        this.#database.setState(cursorKey, 'now');
    }

    #newDetector(): Detector {
        const { persistence } = this.#signs;
        return new Detector({ families: this.#families, uid: this.#uid, devices: this.#devices, persistence });
    }

    #journalHandler(): JournalHandler {
        return {
            begin: () => {
                // What was taken since comes again, and must not count twice.
                if (this.#isUnsettled) this.#signs = new KeptSigns(this.#database);
                this.#isUnsettled = false;
                this.#detector = this.#newDetector();
                this.#local?.forget();
                // What could not be stored is read again, so the stored position stays before it.
                if (this.#verdicts.length > 0) this.#place = '';
                this.#verdicts = [];
                this.#withdrawn = [];
                this.#unsaved = 0;
            },
            entry: (entry, isNew) => {
                this.#takeEntry(entry, isNew);
            },
            settled: cursor => {
                this.#place = cursor;
                const isDue = this.#verdicts.length > 0 || this.#withdrawn.length > 0;
                if (isDue || this.#unsaved >= entriesBetweenSaves) this.#save();
                this.#isUnsettled = false;
                this.#woken();
            },
            caughtUp: () => {
                this.#startReconciling();
            },
            gap: (_lost, detail) => {
                const summary = _('Part of the journal was missed');
                this.#timeline.add({ time: Date.now() * 1000, kind: 'reeve', subject: 'journal', summary, detail });
            },
        };
    }

    #takeEntry(entry: LogEntry, isNew: boolean): void {
        this.#signs.persistence.isReplay = !isNew;
        const verdicts = this.#detector.feed(entry);
        const local = this.#local?.feed(entry) ?? nothing;
        if (!isNew) return;
        this.#unsaved += 1;
        this.#isUnsettled = true;
        if (local.length > 0) this.#verdicts.push(...local);
        const explained = this.#detector.assessment?.ordinary;
        if (explained !== undefined) this.#withdraw(explained.map(({ occurrence }) => occurrence));
        for (const verdict of verdicts) {
            if ('finding' in verdict && verdict.isUnconfirmed) this.#confirm(verdict.finding);
            else this.#verdicts.push(verdict);
        }
        if (this.#detector.assessment === null && verdicts.length === 0)
            this.#newErrors.learn(entry, () => writerOf(entry, this.#uid));
    }

    /** Takes back what later entries explain. */
    #withdraw(occurrences: readonly string[]): void {
        const isExplained = (verdict: Verdict) =>
            'finding' in verdict && !isLocal(verdict.finding) && occurrences.includes(verdict.finding.occurrence ?? '');
        this.#verdicts = this.#verdicts.filter(verdict => !isExplained(verdict));
        this.#withdrawn.push(...occurrences.filter(occurrence => occurrence !== ''));
    }

    /** Stores the effects of the entries since the last time, and the position after them. */
    #save({ isLast = false } = {}): void {
        const cleared = new Map<string, Clearing>();
        const key = ({ scope, subject }: Pick<Clearing, 'scope' | 'subject'>) => `${scope} ${subject}`;
        this.#database.transaction(() => {
            for (const verdict of this.#verdicts) {
                if ('finding' in verdict) {
                    this.#report(verdict.finding, verdict);
                    // It was started, and then failed.
                    cleared.delete(key(verdict.finding));
                } else if (this.#canAsk(verdict.cleared.scope)) {
                    cleared.set(key(verdict.cleared), verdict.cleared);
                } else {
                    // The journal was brought from another machine.
                    this.#incidents.recover(verdict.cleared);
                }
            }
            if (this.#withdrawn.length > 0) this.#incidents.withdraw(new Set(this.#withdrawn));
            if (this.#place !== '') this.#database.setState(cursorKey, this.#place);
            this.#newErrors.store({ isLast });
            this.#signs.store({ isLast });
        });
        this.#verdicts = [];
        this.#withdrawn = [];
        this.#unsaved = 0;
        for (const { scope, subject } of cleared.values()) this.#considerRecovery(scope, subject);
    }

    #confirm(finding: Finding): void {
        if (!this.#confirmations.isDue(finding)) return;
        this.#start('A fault could not be confirmed', async () => {
            const confirmed = await this.#confirmations.confirm(finding, this.#signal);
            if (confirmed !== null && !this.#signal.aborted) this.#report(confirmed);
        });
    }

    #report(finding: Finding, options: Omit<Extract<Verdict, { finding: Finding }>, 'finding'> = {}): void {
        if (this.#isIgnored(finding.subject) || this.#isOfSleep(finding)) return;
        this.#incidents.report(finding, { ...options, notify: !this.#isCatchingUp });
    }

    /** A card loses its link and is off while the computer sleeps. If it stays away afterwards, other sources report it. */
    #isOfSleep({ family, kind, time }: Finding): boolean {
        if (!this.#ofSleep.has(`${family} ${kind}`) || time === null) return false;
        const near = { since: time - aroundSleep, until: time + aroundSleep };
        const entries = this.#timeline.query({ ...near, kinds: ['suspend'] });
        // Does not apply to what keeps the computer awake, which is of this kind, too.
        return entries.some(({ event }) => event === 'suspend' || event === 'resume');
    }

    #unitStatesHandler(scope: Scope): UnitStatesHandler {
        return {
            connected: () => {
                if (this.#isCatchingUp) return;
                this.#start('The failed units could not be read', () => this.#reconcileScope(scope));
            },
            state: unit => {
                this.#unitChanges.state(scope, unit);
                this.#takeState(scope, unit);
            },
            jobEnded: (unit, result) => {
                this.#unitChanges.jobEnded(scope, unit, result);
                if (result === 'dependency' && !this.#isJournalReporting(scope)) {
                    this.#start('A unit could not be read', () => this.#takeDependencyFailure(scope, unit));
                }
            },
        };
    }

    #takeState(scope: Scope, { name, activeState }: Pick<UnitState, 'name' | 'activeState'>): void {
        if (activeState === 'active' || activeState === 'inactive') this.#considerRecovery(scope, unnumbered(name));
        else if (activeState === 'failed' && !this.#isJournalReporting(scope))
            this.#start('A unit could not be read', () => this.#takeFailure(scope, name));
    }

    /** Whether the journal will report a failure, in more detail than the manager's signal can. */
    #isJournalReporting(scope: Scope): boolean {
        if (this.#journal === null) return false;
        const { state } = this.#journal.status;
        if (state !== 'watching' && state !== 'starting') return false;
        return this.#journal.access === 'system' || (this.#journal.access === 'own' && scope === 'user');
    }

    #canAsk(scope: Scope): boolean {
        return this.#managers.some(manager => manager.scope === scope && manager.status.state === 'watching');
    }

    async #takeFailure(scope: Scope, name: string): Promise<void> {
        const unit = await this.#systemd.unit(scope, name, { signal: this.#signal });
        if (unit?.activeState !== 'failed' || this.#ofManager === undefined) return;
        const finding = this.#ofManager.failed(unit);
        // The journal has reported it, in more detail.
        if (this.#incidents.find(finding)?.occurrence === finding.occurrence) return;
        this.#report(finding);
    }

    async #takeDependencyFailure(scope: Scope, name: string): Promise<void> {
        const unit = await this.#systemd.unit(scope, name, { signal: this.#signal });
        if (unit === null || this.#ofManager === undefined) return;
        const needed = [...unit.requires, ...unit.requisite, ...unit.bindsTo];
        const failed = await this.#systemd.list(scope, { states: ['failed'], signal: this.#signal });
        const root = failed.find(({ name: candidate }) => needed.includes(candidate))?.name ?? null;
        this.#report(this.#ofManager.dependencyFailed(unit, root, `job ${Date.now()}`));
    }

    #startReconciling(): void {
        this.#start('Could not reconcile incidents with the service managers', () => this.#reconcile());
    }

    /** Checks what is broken now: earlier incidents may be over, and units may have failed unnoticed. */
    async #reconcile(): Promise<void> {
        for (const { scope } of this.#managers) {
            await this.#reconcileScope(scope).catch((error: unknown) => {
                if (!this.#signal.aborted) logFailure('The failed units could not be read', error);
            });
        }
        // What has not been checked is left to the next run.
        if (this.#signal.aborted) return;
        this.#isCatchingUp = false;
        this.#incidents.decideNotifications();
    }

    async #reconcileScope(scope: Scope): Promise<void> {
        if (this.#signal.aborted || !this.#canAsk(scope)) return;
        const failed = await this.#systemd.list(scope, { states: ['failed'], signal: this.#signal });
        for (const { name } of failed) await this.#takeFailure(scope, name);
        const open = this.#incidents.list().filter(incident => incident.scope === scope && incident.state === 'open');
        await Promise.all(open.map(incident => this.#checkRecovery(incident.id)));
    }

    #considerRecovery(scope: Scope, subject: string): void {
        // An incident is over only when what failed because of it works again, too.
        const incident = this.#incidents.findUnit({ scope, subject });
        for (const { id, state } of [
            ...(incident === undefined ? [] : [incident]),
            ...this.#incidents.waitingFor({ scope, subject }),
        ])
            if (state === 'open') this.#start('Could not check an incident', () => this.#checkRecovery(id));
    }

    /** Closes the incident if its fault has gone. A second request while a check runs makes it run once more. */
    #checkRecovery(id: number): Promise<void> {
        const running = this.#checking.get(id);
        if (running !== undefined) {
            running.again = true;
            return running.done;
        }
        const state = { again: false, done: Promise.resolve() };
        this.#checking.set(id, state);
        state.done = this.#checkUntilSettled(id, state).finally(() => this.#checking.delete(id));
        return state.done;
    }

    async #checkUntilSettled(id: number, state: { again: boolean }): Promise<void> {
        const isWantedAgain = () => state.again;
        do {
            state.again = false;
            const before = this.#incidents.get(id);
            if (before?.state !== 'open') return;
            const result = await this.#check(before, { signal: this.#signal });
            const after = this.#incidents.get(id);
            // It failed again during the check, or has been taken over elsewhere.
            if (this.#signal.aborted || after?.state !== 'open' || after.count !== before.count) continue;
            if (result.gone) this.#incidents.setState(id, endOf(result), result.detail);
        } while (isWantedAgain());
    }

    /** Runs `work` in the background; `run` waits for it at the end. */
    #start(failure: string, work: () => Promise<void>): void {
        const task = work()
            .catch((error: unknown) => {
                if (!this.#signal.aborted) logFailure(failure, error);
            })
            .finally(() => this.#tasks.delete(task));
        this.#tasks.add(task);
    }

    /** The start of the computer is the last big change; random/boot_id and stat: proc_sys_kernel(5), proc_stat(5). */
    async #noteBoot(): Promise<void> {
        try {
            const boot = (await readFile('/proc/sys/kernel/random/boot_id', 'utf8')).trim();
            if (this.#database.getState(bootKey) === boot) return;
            const btime = /^btime (\d+)$/m.exec(await readFile('/proc/stat', 'utf8'))?.[1];
            this.#database.transaction(() => {
                this.#database.setState(bootKey, boot);
                if (btime === undefined) return;
                const summary = _('The computer was started');
                this.#timeline.add({
                    time: Number(btime) * 1_000_000,
                    kind: 'boot',
                    subject: boot,
                    summary,
                    detail: '',
                });
            });
        } catch (error) {
            logFailure('The time of the last start could not be read', error);
        }
    }
}

function logFailure(message: string, error: unknown): void {
    log('warning', message, { error: messageOf(error) });
}
