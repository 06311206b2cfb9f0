import { constants } from 'node:os';

import { stepUnitPrefix } from '../../actions/programStep.ts';
import type { Severity } from '../../model/incident.ts';
import type { Scope } from '../../model/unit.ts';
import { restartScheduled } from '../../machine/units/restarts.ts';
import { isUnitName, unnumbered } from '../../model/unitName.ts';
import { safeText } from '../../text/sanitise.ts';
import { BoundedMap } from '../../util/boundedMap.ts';
import { documentationUnitPrefix } from '../../util/names.ts';
import { toEvidence } from '../../detection/evidence.ts';
import { momentOf, occurrenceOf as occurrenceOfEntry } from '../../detection/moment.ts';
import type { LogEntry } from '../../journal/logEntry.ts';
import type { OrderedEvidence } from '../../detection/recentLines.ts';
import { unitSeverity } from '../shared/severity.ts';
import type { EntryObserver, StatefulFamily, StatefulRule } from '../../detection/statefulRule.ts';
import { managerOf } from '../../detection/sessions.ts';
import type { Sessions } from '../../detection/sessions.ts';
import { nothing, ordinary } from '../../detection/verdict.ts';
import type { Verdict } from '../../detection/verdict.ts';
import type { Writer } from '../../detection/writer.ts';
import { unitCause, unitFacts, unitKind, unitTitle } from './finding.ts';
import { newRecord, newRun } from './run.ts';
import type { UnitRecord, UnitRun } from './run.ts';

/**
 * Message IDs of systemd's src/systemd/sd-messages.h; all were there in version 240 but the one for systemd-oomd (247). The
 * wordings are in src/core: job.c and the unit types' tables (job results), unit.c (results, exits), service.c, mount.c,
 * socket.c and swap.c (time-outs), exec-invoke.c (execute.c before 255; steps).
 */
const messageIds = {
    starting: '7d4958e842da4a758f6c1cdc7b36dcc5',
    started: '39f53479d3a045ac8e11786248231fbf',
    stopping: 'de5b426a63be47a7b6ac3eaac82e2f6f',
    skipped: '0e4284a0caca4bfc81c0bb6786972673',
    jobFailed: 'be02cf6855d2428ba40df7e9d022f03d',
    spawnFailed: '641257651c1b4ec9a8624d7a40a9e1e7',
    processExit: '98e322203f7a4ed290d09fe03c09fe15',
    failureResult: 'd9b373ed55a64feb8242e02dbe79a49c',
    restartScheduled,
    outOfMemory: 'fe6faa94e7774663a0da52717891d8ef',
    oomdKill: 'd989611b15e44c9dbf31e3c81256e4ed',
} as const;

/** The characters of unit names: VALID_CHARS in systemd's src/basic/unit-name.c. The last is of the type, so a letter. */
const unit = String.raw`(?<unit>[A-Za-z0-9:_.\\@-]{1,254}[a-z])`;
/** How job messages name a unit: its name, description or both, by StatusUnitFormat= of systemd-system.conf(5). */
const ident = '(?<ident>.+?)';
const invocationPattern = /^[0-9a-f]{32}$/;

/** A root cause is logged right before what fails because of it: job_finish_and_invalidate() in src/core/job.c. */
const burstWindow = 2_000_000;
const burstLines = 3;
const slowWindow = 30_000_000;
/** Lines of others between two of the manager's about one unit. */
const linesBetween = 12;
/** However many lines of others are between two of this moment, in a log that is so precise. */
const moment = 20_000;
/** How long before the manager's first report of a failure the program may have said why. */
const lastWordsWindow = 10_000_000;
/** Lines of the program that journald gets after systemd has reported its end, as they came another way. */
const lateLines = 4;
/** The suffixes of systemd.unit(5). */
const unitTypes = [
    'service',
    'socket',
    'device',
    'mount',
    'automount',
    'swap',
    'target',
    'path',
    'timer',
    'slice',
    'scope',
] as const;

/** A process killed by one of these signals ended cleanly, by is_clean_exit() in systemd's src/basic/exit-status.c. */
const cleanSignals = /^(?:HUP|INT|TERM|PIPE)$/;

/** As cleanSignals, of what crashes without leaving a core dump. */
const crashSignals = new Set(
    (['SIGILL', 'SIGTRAP', 'SIGABRT', 'SIGBUS', 'SIGFPE', 'SIGSEGV', 'SIGSYS'] as const).map(
        name => constants.signals[name],
    ),
);

type Mention = { unit: string; time: number | null; line: number | null; isOrdinary: boolean };

/** The last lines of units' own processes, to be evidence of what became of them. */
export interface OwnLines {
    /** Those of a unit that has just failed. */
    of(record: UnitRecord): OrderedEvidence[];
    /** A new run of the unit begins, to which earlier lines do not belong. */
    begin(record: UnitRecord): void;
}

/** A journal names the unit of each line. */
const linesOfJournal: OwnLines = {
    of: ({ own, name }) => own.evidence(name),
    begin: ({ own }) => {
        own.clear();
    },
};

/** Units that fail: services, mounts, sockets and the rest, of the system's manager and the user's. */
export class UnitRules implements StatefulFamily, EntryObserver {
    readonly name = 'unit';
    readonly rules: readonly StatefulRule[];
    readonly #records = {
        system: new BoundedMap<string, UnitRecord>(512),
        user: new BoundedMap<string, UnitRecord>(512),
    };
    /** Units by description, for logs whose job messages have nothing else. */
    readonly #described = new BoundedMap<string, string>(512);
    /** What failed last: the root of the dependency failures that follow at once. */
    readonly #lastFailed = new Map<Scope, Mention>();
    /** The last failure of a unit of which only the description was known. */
    readonly #lastDescribed = new Map<Scope, Mention>();
    /** The unit whose restart systemd scheduled last. */
    readonly #lastScheduled = new Map<Scope, Mention>();
    /** What the manager last reported a problem about. */
    readonly #lastReported = new Map<Scope, Mention>();
    readonly #sessions: Sessions;
    readonly #ownLines: OwnLines;

    constructor(sessions: Sessions, ownLines: OwnLines = linesOfJournal) {
        this.#sessions = sessions;
        this.#ownLines = ownLines;
        const manager = { from: ['manager', 'unknown'] as const };
        this.rules = [
            {
                isFault: true,
                ...manager,
                messageIds: [messageIds.failureResult],
                anchors: ["Failed with result '", 'entered failed state'],
                // "Unit entered failed state" is what versions before 243 and 230 wrote.
                pattern: new RegExp(
                    `^(?:Unit )?${unit}:? (?:Failed with result '(?<result>[a-z-]{1,40})'|(?:Unit )?entered failed state)`,
                ),
                apply: (match, entry, writer) => this.#failed(match, entry, writer),
            },
            {
                // Beside "entered failed state", in versions from 219 to 229.
                isFault: true,
                ...manager,
                anchors: [' failed.'],
                pattern: new RegExp(`^${unit} failed\\.$`),
                apply: () => nothing,
            },
            {
                isFault: match => match?.groups?.status !== '0' && !cleanSignals.test(match?.groups?.name ?? ''),
                ...manager,
                messageIds: [messageIds.processExit],
                anchors: [' exited, code='],
                pattern: new RegExp(
                    `^${unit}: (?<process>[A-Za-z -]{1,40}) exited, code=(?<code>exited|killed|dumped),? status=(?<status>\\d{1,3})(?:/(?<name>[A-Za-z0-9_/+-]{1,40}))?`,
                ),
                apply: (match, entry, writer) => this.#processExited(match, entry, writer),
            },
            {
                isFault: true,
                from: ['unit', 'other'],
                messageIds: [messageIds.spawnFailed],
                anchors: [],
                pattern:
                    /^(?<unit>\S{1,255}): Failed at step (?<step>[A-Z_]{1,40}) spawning (?<path>.*): (?<reason>[^:]*)$/,
                apply: (match, entry, writer) => this.#stepFailed(match, entry, writer),
            },
            {
                isFault: true,
                // Plain text: the line bears the name that the process was to have, or "systemd" up to version 253.
                from: ['other', 'manager', 'unknown'],
                anchors: ['Failed at step '],
                pattern: new RegExp(
                    `^(?:${unit}: )?Failed at step (?<step>[A-Z_]{1,40}) spawning (?<path>.*): (?<reason>[^:]*)$`,
                ),
                apply: (match, entry, writer) => this.#stepFailed(match, entry, writer),
            },
            {
                // Before version 233.
                isFault: true,
                ...manager,
                anchors: ['never wrote its PID file'],
                pattern: new RegExp(`^${unit}:? never wrote its PID file\\. Failing`),
                apply: (match, entry, writer) => this.#noteLine(match, entry, writer),
            },
            {
                isFault: true,
                ...manager,
                anchors: [' timed out'],
                pattern: new RegExp(`^${unit}:? (?<what>[A-Za-z0-9 '/:_.\\\\@-]{1,300}) timed out\\b`),
                apply: (match, entry, writer) => this.#timedOut(match, entry, writer),
            },
            {
                isFault: true,
                ...manager,
                anchors: ['Watchdog timeout'],
                pattern: new RegExp(`^${unit}:? [Ww]atchdog timeout`),
                apply: (match, entry, writer) => this.#noteLine(match, entry, writer),
            },
            {
                isFault: true,
                ...manager,
                messageIds: [messageIds.outOfMemory, messageIds.oomdKill],
                anchors: ['OOM killer', 'systemd-oomd killed'],
                pattern: new RegExp(
                    `^${unit}: (?:(?:A process of this unit has been killed by the|The kernel) OOM killer|(?<oomd>systemd-oomd killed))`,
                ),
                apply: (match, entry, writer) => this.#outOfMemory(match, entry, writer),
            },
            {
                ...manager,
                messageIds: [messageIds.restartScheduled],
                anchors: ['cheduled restart job', 'scheduling restart'],
                pattern: new RegExp(
                    `^${unit}:? (?:Scheduled restart job\\b.*restart counter is at (?<restarts>\\d{1,9})|.*scheduling restart)`,
                ),
                apply: (match, entry, writer) => this.#restartScheduled(match, entry, writer),
            },
            {
                isFault: true,
                ...manager,
                anchors: ['tart request repeated too quickly'],
                pattern: new RegExp(
                    `^(?:${unit}:? [Ss]tart request repeated too quickly|start request repeated too quickly for (?<named>[A-Za-z0-9:_.\\\\@-]{1,255}))`,
                ),
                apply: (match, entry, writer) => this.#startLimit(match, entry, writer),
            },
            {
                isFault: true,
                ...manager,
                messageIds: [messageIds.jobFailed],
                anchors: [
                    'Failed to start ',
                    'Failed to mount ',
                    'Failed to listen on ',
                    'Failed to set up automount ',
                    'Failed to activate swap ',
                    'Timed out ',
                    'Dependency failed for ',
                    'Assertion failed for ',
                    'Starting of ',
                ],
                // The verbs of the unit types' finished_start_job tables.
                pattern: new RegExp(
                    `^(?:(?<failed>Failed to (?:start|mount|listen on|set up automount|activate swap))|(?<timeout>Timed out (?:starting|mounting|waiting for device|activating swap))|(?<dependency>Dependency failed for)|(?<assert>Assertion failed for)|(?<unsupported>Starting of)) ${ident}\\.?$`,
                ),
                apply: (match, entry, writer) => this.#jobFailed(match, entry, writer),
            },
            {
                isFault: true,
                ...manager,
                anchors: ["failed with result 'dependency'"],
                // Without the unit before version 230.
                pattern: new RegExp(
                    `^(?:${unit}: )?Job \\S{1,300}/(?<job>[a-z-]{1,20}) failed with result '(?<dependency>dependency)'`,
                ),
                apply: (match, entry, writer) => this.#jobFailed(match, entry, writer),
            },
            {
                from: ['manager'],
                anchors: [' is inactive.'],
                pattern: new RegExp(`^${ident} is (?<inactive>inactive)\\.$`),
                apply: (match, entry, writer) => this.#foundInactive(match, entry, writer),
            },
            {
                from: ['manager'],
                anchors: ["but unit isn't active."],
                pattern: new RegExp(`^${unit}: Bound to unit (?<bound>\\S{1,255}), but unit isn't active\\.$`),
                apply: (match, entry, writer) => this.#foundInactive(match, entry, writer),
            },
            {
                from: ['manager'],
                messageIds: [messageIds.starting],
                anchors: ['Starting ', 'Mounting '],
                pattern: new RegExp(`^(?:Starting|Mounting) ${ident}(?:\\.\\.\\.|…)$`),
                apply: (match, entry, writer) => this.#starting(match, entry, writer),
            },
            {
                from: ['manager'],
                messageIds: [messageIds.stopping],
                anchors: ['Stopping ', 'Unmounting '],
                pattern: new RegExp(`^(?:Stopping|Unmounting) ${ident}(?:\\.\\.\\.|…)$`),
                apply: (match, entry, writer) => this.#stopping(match, entry, writer),
            },
            {
                from: ['manager'],
                anchors: ['Stopped '],
                pattern: new RegExp(`^Stopped ${ident}\\.?$`),
                apply: (match, entry, writer) => this.#stopped(match, entry, writer),
            },
            {
                from: ['manager'],
                messageIds: [messageIds.skipped],
                anchors: ["Skipped due to 'exec-condition'"],
                pattern: new RegExp(`^${unit}: Skipped due to 'exec-condition'`),
                apply: (match, entry, writer) => this.#skipped(match, entry, writer),
            },
            {
                from: ['manager'],
                anchors: [' was skipped because ', 'Condition check resulted in '],
                // The second before version 250.
                pattern: new RegExp(
                    `^(?:Condition check resulted in )?${ident} (?:was skipped because .+|being skipped\\.)$`,
                ),
                apply: (match, entry, writer) => this.#foundNeedless(match, entry, writer),
            },
            {
                from: ['manager'],
                messageIds: [messageIds.started],
                anchors: ['Started ', 'Finished ', 'Mounted ', 'Listening on ', 'Reached target ', 'Activated swap '],
                pattern: new RegExp(
                    `^(?:Started|Finished|Mounted|Listening on|Reached target|Activated swap|Set up automount|Found device) ${ident}\\.?$`,
                ),
                apply: (match, entry, writer) => this.#started(match, entry, writer),
            },
            {
                ...manager,
                isFallback: true,
                anchors: unitTypes.map(type => `.${type}: `),
                // "…, ignoring" is systemd's own word for what has no consequence.
                pattern: new RegExp(`^${unit}: (?!.*, ignoring)`),
                apply: (match, entry, writer) => this.#noteLine(match, entry, writer),
            },
        ];
    }

    observe(entry: LogEntry, writer: Writer): readonly Verdict[] {
        return writer.kind === 'unit' ? this.#ownLine(entry, writer.scope, writer.unit) : nothing;
    }

    severityOf(match: RegExpExecArray | null, writer: Writer): Severity {
        return unitSeverity(writer.kind === 'manager' ? writer.scope : 'system', match?.groups?.unit ?? '');
    }

    #failed(match: RegExpExecArray | null, entry: LogEntry, writer: Writer): readonly Verdict[] {
        const record = this.#recordOf(match, entry, writer);
        if (record === null) return nothing;
        const result = entry.field('UNIT_RESULT') ?? match?.groups?.result ?? null;
        const isNamed = result !== null && /^[a-z-]{1,40}$/.test(result);
        const verdicts = this.#report(record, isNamed ? 'result' : 'state', entry, () => {
            if (!isNamed) return;
            if (isOfStarted.test(result)) record.run.rootCause ??= startedBy(record.name);
            // service-, mount-, … and plain start-limit-hit: the results of the unit types.
            if (result.endsWith('start-limit-hit') || result === 'start-limit') record.run.startLimit = true;
            // What ends a run that has failed already, such as being stopped after a time-out, is not why it failed.
            else record.run.result ??= result;
        });
        if (verdicts !== ordinary) this.#mention(this.#lastFailed, record, entry);
        return verdicts;
    }

    #processExited(match: RegExpExecArray | null, entry: LogEntry, writer: Writer): readonly Verdict[] {
        const record = this.#recordOf(match, entry, writer);
        if (record === null || match?.groups === undefined) return nothing;
        const { code, status, name } = match.groups;
        if (entry.line !== null && record.run.failure !== null) this.#begin(record);
        // The first process to fail decides; those that are ended because of it follow.
        const decided =
            record.run.exit !== null && !(record.run.exit.code === 'exited' && record.run.exit.status === 0);
        if (!decided && (code === 'exited' || code === 'killed' || code === 'dumped')) {
            record.run.exit = { code, status: Number(status), name: name ?? '' };
        }
        return this.#note(record, entry);
    }

    #stepFailed(match: RegExpExecArray | null, entry: LogEntry, writer: Writer): readonly Verdict[] {
        const { step, path, reason } = match?.groups ?? {};
        if (step === undefined) return nothing;
        const record = this.#recordOfStep(match?.groups?.unit, entry, writer);
        if (record === null) return nothing;
        if (entry.line !== null && record.run.failure !== null) this.#begin(record);
        record.run.step = { name: step, path: safeText(path ?? '', 512), reason: safeText(reason ?? '', 256) };
        return this.#note(record, entry);
    }

    #timedOut(match: RegExpExecArray | null, entry: LogEntry, writer: Writer): readonly Verdict[] {
        const record = this.#recordOf(match, entry, writer);
        if (record === null) return nothing;
        const what = match?.groups?.what ?? '';
        if (entry.line !== null && record.run.failure !== null) this.#begin(record);
        // The rest of these lines tell how the processes are ended, of which the first begins.
        record.run.timedOut ??= /^(?:start|Starting|Activation|Mounting|Mount operation|Job \S+\/start)/.test(what)
            ? 'start'
            : 'stop';
        return this.#note(record, entry);
    }

    #outOfMemory(match: RegExpExecArray | null, entry: LogEntry, writer: Writer): readonly Verdict[] {
        const record = this.#recordOf(match, entry, writer);
        if (record === null) return nothing;
        const isOomd = entry.field('MESSAGE_ID') === messageIds.oomdKill || match?.groups?.oomd !== undefined;
        record.run.outOfMemory = isOomd ? 'systemd-oomd' : 'kernel';
        return this.#note(record, entry);
    }

    #noteLine(match: RegExpExecArray | null, entry: LogEntry, writer: Writer): readonly Verdict[] {
        this.#recordOf(match, entry, writer)?.run.managerLines.add(entry);
        return nothing;
    }

    #restartScheduled(match: RegExpExecArray | null, entry: LogEntry, writer: Writer): readonly Verdict[] {
        const record = this.#recordOf(match, entry, writer);
        if (record === null) return nothing;
        const restarts = Number(entry.field('N_RESTARTS') ?? match?.groups?.restarts ?? record.restarts + 1);
        if (Number.isSafeInteger(restarts)) record.restarts = restarts;
        record.restartScheduled = true;
        const last = this.#lastScheduled.get(record.scope);
        const isAmbiguous = last !== undefined && last.unit !== record.name && isInBurst(last, entry);
        if (isAmbiguous) this.#lastScheduled.delete(record.scope);
        else this.#mention(this.#lastScheduled, record, entry);
        return nothing;
    }

    /** Up to version 249, only the description: of a unit that was to be restarted, the next line but for those of others. */
    #stopped(match: RegExpExecArray | null, entry: LogEntry, writer: Writer): readonly Verdict[] {
        if (entry.line === null || writer.kind !== 'manager') return nothing;
        const last = this.#lastScheduled.get(writer.scope);
        this.#lastScheduled.delete(writer.scope);
        const description = match?.groups?.ident ?? '';
        if (last !== undefined && isSoonAfter(last, entry) && !description.includes(' - '))
            this.#described.getOrInsert(`${writer.scope} ${description}`, () => last.unit);
        return nothing;
    }

    #startLimit(match: RegExpExecArray | null, entry: LogEntry, writer: Writer): readonly Verdict[] {
        const record = this.#recordOf(match, entry, writer);
        if (record === null) return nothing;
        const verdicts = this.#report(record, 'start-limit', entry, () => {
            record.run.startLimit = true;
            record.restartScheduled = false;
            // The same lines follow once more for the start that was refused.
            record.run.failure?.lines.clear();
        });
        if (verdicts !== ordinary) this.#mention(this.#lastFailed, record, entry);
        return verdicts;
    }

    #jobFailed(match: RegExpExecArray | null, entry: LogEntry, writer: Writer): readonly Verdict[] {
        const groups = match?.groups ?? {};
        const result =
            entry.field('JOB_RESULT') ?? ['dependency', 'timeout', 'assert', 'unsupported'].find(name => groups[name]);
        const record = this.#recordOf(match, entry, writer);
        if (record === null) return nothing;
        // Such a job only looks whether the unit is there.
        if (groups.job === 'verify-active') return ordinary;
        if (result === 'dependency' || result === 'assert' || result === 'unsupported') {
            const description = result === 'dependency' ? this.#describedOf(record, groups.unit, entry) : null;
            const root = result === 'dependency' && description === null ? this.#rootOf(record, entry) : null;
            const last = this.#lastFailed.get(record.scope);
            if (result === 'dependency' && last?.isOrdinary === true && isInBurst(last, entry)) {
                this.#mention(this.#lastFailed, record, entry, { isOrdinary: true });
                return ordinary;
            }
            const verdicts = this.#report(record, groups.ident === undefined ? 'job' : result, entry, () => {
                record.run.job = result;
                record.run.rootCause ??= root;
                record.run.description ??= description;
            });
            // What fails next does so for the same reason.
            if (
                result === 'dependency' &&
                root === null &&
                verdicts !== ordinary &&
                !(last !== undefined && isInBurst(last, entry))
            )
                this.#mention(this.#lastFailed, record, entry);
            return verdicts;
        }
        // The line after the failure of a unit has only its description where that was not known.
        const last = this.#lastFailed.get(record.scope);
        if (last?.isOrdinary === true && entry.line !== null && last.line === entry.line - 1) return ordinary;
        const verdicts = this.#report(record, 'job-failed', entry, () => {
            if (result !== 'timeout') return;
            record.run.timedOut ??= 'start';
            record.run.result ??= 'timeout';
        });
        if (verdicts !== ordinary) this.#mention(this.#lastFailed, record, entry);
        return verdicts;
    }

    /**
     * Requisite= and BindsTo= of systemd.unit(5): what needs the inactive unit fails next. In a session that has no use for that
     * unit, and where a condition made its start needless, this is ordinary.
     */
    #foundInactive(match: RegExpExecArray | null, entry: LogEntry, writer: Writer): readonly Verdict[] {
        const record = this.#recordOf(match, entry, writer);
        const bound = match?.groups?.bound;
        if (record === null || (bound !== undefined && !isUnitName(bound))) return nothing;
        const inactive = bound === undefined ? record : this.#record(record.scope, bound);
        const last = this.#lastFailed.get(record.scope);
        const isKnown = last?.unit === inactive.name && isInBurst(last, entry);
        const isUnused = (record.scope === 'user' || inactive.run.isNeedless) && inactive.run.failure === null;
        const isOrdinary = isKnown ? last.isOrdinary : isUnused;
        this.#mention(this.#lastFailed, inactive, entry, { isOrdinary });
        return nothing;
    }

    #starting(match: RegExpExecArray | null, entry: LogEntry, writer: Writer): readonly Verdict[] {
        const record = this.#recordOf(match, entry, writer);
        if (record === null) return nothing;
        if (entry.line !== null) this.#begin(record);
        record.run.began = momentOf(entry);
        record.run.isNeedless = false;
        return nothing;
    }

    #stopping(match: RegExpExecArray | null, entry: LogEntry, writer: Writer): readonly Verdict[] {
        const record = this.#recordOf(match, entry, writer);
        if (record !== null) record.run.isStopping = true;
        return nothing;
    }

    #skipped(match: RegExpExecArray | null, entry: LogEntry, writer: Writer): readonly Verdict[] {
        const record = this.#recordOf(match, entry, writer);
        if (record === null) return nothing;
        // Of the unit's other messages about conditions, which have this ID as well, systemd tries none again.
        if (match === null) record.run.isNeedless = true;
        else record.run.isSkipped = true;
        return nothing;
    }

    #foundNeedless(match: RegExpExecArray | null, entry: LogEntry, writer: Writer): readonly Verdict[] {
        const record = this.#recordOf(match, entry, writer);
        if (record !== null) record.run.isNeedless = true;
        return nothing;
    }

    #started(match: RegExpExecArray | null, entry: LogEntry, writer: Writer): readonly Verdict[] {
        // A start that a condition made needless leaves the unit as it was: job_done_message_format() in src/core/job.c.
        const result = entry.field('JOB_RESULT');
        if (match === null && entry.message().includes(' skipped')) return this.#foundNeedless(match, entry, writer);
        if (match === null || (result !== null && result !== 'done')) return nothing;
        const record = this.#recordOf(match, entry, writer);
        if (record === null) return nothing;
        const restarted = record.restartScheduled;
        record.restartScheduled = false;
        if (!restarted) record.restarts = 0;
        record.run.isStopping = false;
        record.run.isSkipped = false;
        record.run.isNeedless = false;
        if (entry.line !== null && record.run.failure !== null) this.#begin(record);
        return [
            {
                cleared: {
                    family: this.name,
                    scope: record.scope,
                    subject: record.name,
                    time: entry.time(),
                    restarted,
                },
            },
        ];
    }

    #ownLine(entry: LogEntry, scope: Scope, name: string): readonly Verdict[] {
        const record = this.#record(scope, name);
        record.own.add(entry);
        const { failure } = record.run;
        if (failure === null || failure.late >= lateLines) return nothing;
        const invocation = entry.field('_SYSTEMD_INVOCATION_ID');
        if (invocation === null || invocation !== record.invocation) return nothing;
        failure.late += 1;
        return [this.#finding(record, failure.occurrence, [toEvidence(entry, name)], entry)];
    }

    /**
     * Reports the failure of a unit's run, or what a further line adds to it.
     *
     * @param kindOfLine lines of different kinds report one failure; where no invocation distinguishes runs, a second line of
     * the same kind reports another
     */
    #report(record: UnitRecord, kindOfLine: string, entry: LogEntry, learn: () => void): readonly Verdict[] {
        // What Reeve itself runs for the moment, and tells the outcome of: in the plan, and as a notice.
        if (record.name.startsWith(stepUnitPrefix) || record.name.startsWith(documentationUnitPrefix)) return nothing;
        const repeated = record.run.failure?.lines.has(kindOfLine) ?? false;
        const ofJob = kindOfLine === 'dependency' || kindOfLine === 'assert' || kindOfLine === 'unsupported';
        if (repeated && (record.invocation === null || ofJob)) this.#begin(record);
        learn();
        const occurrence = record.run.failure?.occurrence ?? occurrenceOf(record, ofJob, entry);
        if (this.#isOrdinary(record, occurrence, entry)) {
            this.#mention(this.#lastFailed, record, entry, { isOrdinary: true });
            record.run.managerLines.add(entry);
            return ordinary;
        }
        record.run.failure ??= { occurrence, lines: new Set(), late: 0 };
        record.run.failure.lines.add(kindOfLine);
        this.#note(record, entry);
        const ofManager = record.run.managerLines.evidence('systemd');
        const evidence = [...nearEnd(this.#ownLines.of(record), ofManager), ...ofManager]
            .toSorted((one, other) => one.order - other.order)
            .map(line => line.evidence);
        return [this.#finding(record, record.run.failure.occurrence, evidence, entry)];
    }

    #finding(
        record: UnitRecord,
        occurrence: string,
        evidence: ReturnType<typeof toEvidence>[],
        entry: LogEntry,
    ): Verdict {
        const kind = unitKind(record.run);
        return {
            finding: {
                family: this.name,
                kind,
                scope: record.scope,
                subject: record.name,
                severity: this.#severityOf(record, entry),
                title: unitTitle(record.name, kind, { ...record, ...record.run }),
                cause: unitCause(record, kind),
                time: entry.time(),
                occurrence,
                evidence,
                rootCause: record.run.rootCause ?? record.run.description,
                facts: unitFacts(record),
            },
        };
    }

    /** What failed in the same burst, so that `record` could not be started. */
    #rootOf(record: UnitRecord, entry: LogEntry): string | null {
        const last = this.#lastFailed.get(record.scope);
        if (last === undefined || last.unit === record.name || !isInBurst(last, entry)) return null;
        // Without times, what stands above may have failed days before.
        if (last.time === null || entry.clock() === null) return null;
        // What else fails because of it follows this line.
        last.line = entry.line;
        return last.unit;
    }

    /** Up to version 249, the first line of a failure has the description of the unit alone, and the next its name. */
    #describedOf(record: UnitRecord, named: string | undefined, entry: LogEntry): string | null {
        const last = this.#lastDescribed.get(record.scope);
        if (named === undefined || entry.line === null || last?.line !== entry.line - 1) return null;
        this.#lastDescribed.delete(record.scope);
        return this.#described.getOrInsert(`${record.scope} ${last.unit}`, () => record.name) === record.name
            ? last.unit
            : null;
    }

    /** What explains an entry moves nothing that stands above it further away. */
    passOver(): void {
        for (const mentions of [this.#lastReported, this.#lastFailed, this.#lastDescribed, this.#lastScheduled])
            for (const mention of mentions.values()) if (mention.line !== null) mention.line += 1;
    }

    #mention(
        mentions: Map<Scope, Mention>,
        record: UnitRecord,
        entry: LogEntry,
        { isOrdinary = false }: { isOrdinary?: boolean } = {},
    ): void {
        mentions.set(record.scope, { unit: record.name, time: entry.clock(), line: entry.line, isOrdinary });
    }

    /** The entry is part of a failure that a later one reports. */
    #note(record: UnitRecord, entry: LogEntry): readonly Verdict[] {
        record.run.managerLines.add(entry);
        this.#mention(this.#lastReported, record, entry);
        return this.#isOrdinary(record, '', entry) ? ordinary : nothing;
    }

    /** Whether the unit fails because its session or the system ends, or was refused a start that it did not need. */
    #isOrdinary({ scope, name, run, origin }: UnitRecord, occurrence: string, entry: LogEntry): boolean {
        if (isCrash(run)) return false;
        if (run.isSkipped && run.exit === null && run.step === null) return true;
        // A scope starts nothing: its process had ended before it could be put there (scope_start() in systemd's src/core/scope.c).
        if (run.result === 'resources' && name.endsWith('.scope')) return true;
        // They end with the status of the shell that somebody used; why there was one is reported before (units/emergency.service.in).
        if (/^(?:emergency|rescue)\.service$/.test(name) && run.exit?.code === 'exited') return true;
        // Only a program itself sets its alarm (alarm(2)): a service of D-Bus ends so when it is idle, and is started with the next call.
        if (name.startsWith('dbus-') && run.exit?.code === 'killed' && run.exit.status === constants.signals.SIGALRM)
            return true;
        const isOfGreeter = scope === 'user' && this.#sessions.isGreeter(origin);
        if (isOfGreeter && unitSeverity(scope, name) !== 'critical') return true;
        const isOfSession = scope === 'system' && origin !== 'system';
        // What is left of a session is killed in the end.
        if (isOfSession && isLateStop(run)) return true;
        // That the system takes long to stop is worth reading, even if nothing is broken.
        if (origin === 'system' && run.timedOut === 'stop') return false;
        const isSevere = !run.isStopping && unitSeverity(scope, name) === 'critical';
        const { began } = run;
        return this.#sessions.excuses(origin, entry, {
            occurrence: () => occurrence,
            isSymptom: false,
            isSevere,
            began,
        });
    }

    /** A unit that was to stop is down as it should be; a greeter's concerns nobody who is logged in. */
    #severityOf({ scope, name, run, origin }: UnitRecord, entry: LogEntry): Severity {
        const severity = unitSeverity(scope, name);
        if ((run.isStopping && run.timedOut === null) || this.#sessions.isEnding(origin, entry)) return 'low';
        return this.#sessions.isGreeter(origin) && severity !== 'low' ? 'medium' : severity;
    }

    #begin(record: UnitRecord): void {
        this.#ownLines.begin(record);
        record.run = newRun();
    }

    #record(scope: Scope, of: string): UnitRecord {
        const name = unnumbered(of);
        return this.#records[scope].getOrInsert(name, () => newRecord(scope, name));
    }

    /** The record of the unit that an entry of the manager is about, with a new run if the entry reports one. */
    #recordOf(match: RegExpExecArray | null, entry: LogEntry, writer: Writer): UnitRecord | null {
        const scope = writer.kind === 'manager' ? writer.scope : 'system';
        const field = entry.field(scope === 'system' ? 'UNIT' : 'USER_UNIT');
        if (field !== null && !isUnitName(field)) return null;
        const name = field ?? this.#nameIn(match, entry, writer, scope);
        if (name === null) return null;
        const record = this.#record(scope, name);
        if (scope === 'user') record.origin = managerOf(entry);
        const invocation = entry.field(scope === 'system' ? 'INVOCATION_ID' : 'USER_INVOCATION_ID');
        if (invocation !== null && invocationPattern.test(invocation) && invocation !== record.invocation) {
            if (record.invocation !== null) this.#begin(record);
            record.invocation = invocation;
        }
        return record;
    }

    /** The step's line comes from the process that was to become the program; it may report only on its own unit. */
    #recordOfStep(name: string | undefined, entry: LogEntry, writer: Writer): UnitRecord | null {
        if (writer.kind === 'unit')
            return name !== undefined && unnumbered(name) === writer.unit
                ? this.#record(writer.scope, writer.unit)
                : null;
        if (name === undefined || !isUnitName(name)) return null;
        if (entry.line === null) {
            // A process that ended before journald examined it has no unit, but journald knows who it was.
            const isRoot = entry.field('_UID') === '0' && entry.field('_SYSTEMD_UNIT') === null;
            return isRoot && entry.field('UNIT') === name ? this.#record('system', name) : null;
        }
        const known = unnumbered(name);
        return this.#records.system.get(known) ?? this.#records.user.get(known) ?? this.#record('system', name);
    }

    /** The unit that the wording names, where no field does. */
    #nameIn(match: RegExpExecArray | null, entry: LogEntry, writer: Writer, scope: Scope): string | null {
        const groups = match?.groups ?? {};
        const named = groups.unit ?? groups.named ?? /^([^\s]{1,255}): /.exec(entry.message())?.[1];
        if (named !== undefined && isUnitName(named)) return named;
        const text = groups.ident;
        if (text === undefined) return null;
        // "NAME - DESCRIPTION" since version 250; only the description before.
        const [first = ''] = text.split(' - ', 1);
        if (isUnitName(first)) return first;
        if (writer.kind !== 'manager' || (entry.line === null && !isKernelLog(entry))) return null;
        if (text.startsWith('/')) return unitOfPath(text, match?.[0] ?? '');
        const known = this.#described.get(`${scope} ${text}`);
        if (known !== undefined) return known;
        const isFailure = groups.failed !== undefined || groups.timeout !== undefined;
        const last = isFailure ? this.#lastReported.get(scope) : undefined;
        if (last !== undefined && entry.line !== null && isSoonAfter(last, entry)) {
            const { failure } = this.#record(scope, last.unit).run;
            const isDue = !failure?.lines.has('job-failed');
            if (isDue) return this.#described.getOrInsert(`${scope} ${text}`, () => last.unit);
        }
        if (!isFailure && (groups.dependency ?? groups.inactive) === undefined) return null;
        const description = safeText(text, 255);
        this.#lastDescribed.set(scope, { unit: description, time: entry.clock(), line: entry.line, isOrdinary: false });
        return description;
    }
}

function isCrash({ exit, result }: UnitRun): boolean {
    if (result === 'core-dump' || exit?.code === 'dumped') return true;
    return exit?.code === 'killed' && crashSignals.has(exit.status);
}

/** The results of a socket or path whose service may not be started again: src/core/{socket,path}.c of systemd. */
const isOfStarted = /^(?:service-start-limit-hit|unit-start-limit-hit|trigger-limit-hit)$/;

/** What a socket or path starts, unless its settings say otherwise: systemd.socket(5). */
function startedBy(name: string): string | null {
    return /\.(?:socket|path)$/.test(name) ? name.replace(/[a-z]+$/, 'service') : null;
}

/** Without more, a time-out of something that had been started. */
function isLateStop({ timedOut, result }: UnitRun): boolean {
    return timedOut === 'stop' || (timedOut === null && result === 'timeout');
}

/** A service may have written its last line days before it failed, about something else. */
function nearEnd(own: readonly OrderedEvidence[], ofManager: readonly OrderedEvidence[]): OrderedEvidence[] {
    const end = ofManager[0]?.evidence.time ?? null;
    return own.filter(({ evidence: { time } }) => end === null || time === null || end - time <= lastWordsWindow);
}

function isInBurst(last: Mention, entry: LogEntry): boolean {
    const time = entry.clock();
    if (areAtOnce(last.time, time)) return true;
    if (entry.line !== null && last.line !== null && entry.line - last.line > burstLines) return false;
    return time === null || last.time === null || Math.abs(time - last.time) <= burstWindow;
}

/** Whether the manager may not have written anything in between, also of a computer that is slow. */
function isSoonAfter(last: Mention, entry: LogEntry): boolean {
    const time = entry.clock();
    if (entry.line !== null && last.line !== null && entry.line - last.line > linesBetween) return false;
    return time === null || last.time === null || Math.abs(time - last.time) <= slowWindow;
}

/** Whether both times are of the same moment; those in whole seconds do not show that. */
function areAtOnce(one: number | null, other: number | null): boolean {
    if (one === null || other === null || one % 1_000_000 === 0 || other % 1_000_000 === 0) return false;
    return Math.abs(other - one) <= moment;
}

/** The first lines of a boot, which have no fields of the manager's. */
function isKernelLog(entry: LogEntry): boolean {
    return entry.field('_TRANSPORT') === 'kernel';
}

function occurrenceOf(record: UnitRecord, ofJob: boolean, entry: LogEntry): string {
    // A job that never ran the unit leaves it with the invocation of an earlier run.
    if (record.invocation !== null && !ofJob) return record.invocation;
    const job = entry.field('JOB_ID');
    if (job !== null) return safeText(`job ${entry.field('_BOOT_ID') ?? ''} ${job}`, 128);
    return occurrenceOfEntry(entry);
}

/** The unit of a mount point or device: unit_name_from_path() in systemd's src/basic/unit-name.c. */
function unitOfPath(path: string, message: string): string {
    const parts = path.split('/').filter(part => part !== '');
    const escaped = Array.from(Buffer.from(parts.join('/')))
        .map((byte, position) => {
            const character = String.fromCharCode(byte);
            if (character === '/') return '-';
            const plain = /[A-Za-z0-9:_]/.test(character) || (character === '.' && position > 0);
            return plain ? character : `\\x${byte.toString(16).padStart(2, '0')}`;
        })
        .join('');
    const suffix = message.includes('waiting for device') || path.startsWith('/dev/') ? 'device' : 'mount';
    return `${escaped === '' ? '-' : escaped}.${suffix}`;
}
