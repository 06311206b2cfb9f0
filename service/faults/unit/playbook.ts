import { access, lstat } from 'node:fs/promises';
import { setTimeout as delay } from 'node:timers/promises';

import type { KnownFix } from '../../actions/actions.ts';
import { _ } from '../../i18n/i18n.ts';
import { programMessages } from '../../model/incident.ts';
import type { Evidence, Incident } from '../../model/incident.ts';
import { entryFact } from '../../journal/facts.ts';
import type { JournalEntry } from '../../model/journalEntry.ts';
import { dependantsLimit, stoppedUnits } from '../../machine/units/stoppedUnits.ts';
import type { UnitDetails } from '../../machine/units/systemd.ts';
import { isRestarting, isRunning } from '../../machine/units/unitState.ts';
import { safeText } from '../../text/sanitise.ts';
import { findFailedDependency } from './dependencies.ts';
import type { Dependency } from './dependencies.ts';
import { childCode, exitStatusName, failedBeforeStart, signalName } from './exitStatus.ts';
import { causeFromLog } from './lastWords.ts';
import { recognise } from './knownLines.ts';
import type { Playbook } from '../../diagnosis/family.ts';
import type { Case, Findings } from '../../diagnosis/playbook.ts';
import { checkUnit } from './check.ts';
import { unitTitle } from './finding.ts';
import { readFacts } from './facts.ts';
import { unitRemedyOf } from './remedies.ts';
import { wasStopped } from './stopped.ts';
import { calledName, describeState, howItEnded, listNames, whatHappened } from './texts.ts';

const ownLines = 8;
/** What a service wrote longer than this before it ended is about something else, unless it had just been started. */
const lastWords = { beforeEnd: 10_000_000, ofStart: 120_000_000 } as const;
/**
 * If a unit ended this recently, microseconds, its last words may still be on their way; they are polled at these delays,
 * milliseconds.
 */
const fresh = 2_000_000;
const lateWords = { ofError: [200, 400, 800], ofOthers: [300] };
/** The maximum of evidence in an incident; the oldest is left out first. */
const evidenceLimit = 20;
/** After this many failed attempts, another is not worth offering. */
const attemptsLimit = 2;
/** SD_MESSAGE_SPAWN_FAILED of sd-messages.h: systemd's words, though its child of the unit writes them. */
const spawnFailed = '641257651c1b4ec9a8624d7a40a9e1e7';
/** What a program adds to its reason without giving one: mount(8), in its cause_libmount_error() and mk_exit_code(). */
const afterword = /^\s*dmesg\(1\) may have more information/;
const exitExec = 203;
const exitMemory = 204;

/** Why a unit is down, and whether starting it again can help. */
type Verdict = {
    cause: string;
    facts: Record<string, string>;
    /** Whether another start has a chance, and what for; null when it would fail the same way. */
    restart: { reset: boolean; explanation: string } | null;
    /** What must be done before another start, and starts it. */
    repair?: KnownFix;
    /** The next step of a person, where that of the kind says less. */
    advice?: string;
};

export const unitPlaybook: Playbook = {
    diagnose,
    check: checkUnit,
};

async function diagnose(of: Case): Promise<Findings> {
    const { incident, systemd, signal } = of;
    const unit = await systemd.unit(incident.scope, incident.subject, { signal });
    if (unit === null) return unitIsGone(incident);
    const { timedOut, restarts = 0 } = readFacts(incident.facts);
    const title = unitTitle(calledName(unit), incident.kind, { restarts, timedOut: timedOut ?? null });
    return { ...(await diagnoseUnit(of, unit)), title };
}

async function diagnoseUnit(of: Case, unit: UnitDetails): Promise<Findings> {
    const { incident, systemd, signal } = of;
    const lines = await readOwnLines(of, unit);
    const evidence = await collectEvidence(of, unit, lines);
    const unusable = unusableFile(unit, incident);
    if (unusable !== null) return { ...unusable, evidence };
    const isDown = unit.activeState === 'failed' || unit.activeState === 'inactive';
    const dependency =
        isDown && (incident.kind === 'dependency' || unit.activeState === 'inactive')
            ? await findFailedDependency(systemd, unit, signal)
            : null;
    if (dependency !== null) return await dependencyFailed(of, unit, dependency, evidence);
    if (incident.kind === 'dependency' && unit.activeState === 'inactive') return dependencyHealed(unit, evidence);
    return await unitFailed(of, unit, lines, evidence);
}

/** The unit failed by itself; others may have failed because of it. */
async function unitFailed(of: Case, unit: UnitDetails, lines: JournalEntry[], evidence: Evidence[]): Promise<Findings> {
    const { incident, tried, systemd, signal } = of;
    const gaveUp = hasGivenUp(unit, incident);
    const ofRun = messagesOf(lines);
    // The start that systemd refused ran nothing; the attempts before it gave the reason.
    const words = ofRun.length === 0 && gaveUp ? messagesOf(earlierLines(incident)) : ofRun;
    const verdict = await judge(unit, words, incident.facts, gaveUp);
    const affected = await stoppedUnits(systemd, incident.scope, incident.affected, signal);
    const isStopped = unit.activeState === 'failed' && wasStopped(incident);
    const chosen = isStopped ? [forget(unit)] : chooseFixes(unit, affected, verdict);
    const fixes = tried.length >= attemptsLimit ? [] : chosen;
    const sentences = [whatHappened(unit, { gaveUp, restarting: isRestarting(unit) })];
    if (affected.length > 0) {
        const rest = incident.affected.slice(dependantsLimit);
        const units = listNames([...affected.map(({ name }) => name), ...rest]);
        sentences.push(_('As a result, these could not start: {units}.', { units }));
    }
    if (tried.some(({ hasStarted }) => hasStarted)) sentences.push(_('Restarting it did not help.'));
    if (fixes.length === 0 && !isRunning(unit) && !isRestarting(unit))
        sentences.push(verdict.advice ?? unitRemedyOf(incident.kind).advice());
    // A unit that has since restarted no longer knows how it failed; the log does.
    const cause = unit.result === 'success' ? causeFromLog(incident) : verdict.cause;
    return { summary: joined(sentences), cause, evidence, facts: verdict.facts, fixes };
}

/** It was not started because of another unit, which is well again. */
function dependencyHealed(unit: UnitDetails, evidence: Evidence[]): Findings {
    return {
        summary: whatHappened(unit, { gaveUp: false, restarting: false }),
        cause: _('The dependency works again, but nothing has started the unit since then.'),
        evidence,
        facts: {},
        fixes: [
            {
                action: 'unit.restart',
                parameters: { scope: unit.scope, unit: unit.name },
                explanation: _('The dependency works again.'),
            },
        ],
    };
}

/** The unit is only down because another is. */
async function dependencyFailed(
    of: Case,
    unit: UnitDetails,
    dependency: Dependency,
    evidence: Evidence[],
): Promise<Findings> {
    const values = { dependency: dependency.name };
    const facts = { rootCause: dependency.name };
    const summary = whatHappened(unit, { gaveUp: false, restarting: false });
    if (dependency.unit === null) {
        const cause = _('It needs {dependency}, which does not exist on this computer.', values);
        return { summary, cause, evidence, facts, fixes: [] };
    }
    const because = (why: string) => _('It needs {dependency}, which failed: {why}', { ...values, why });
    const lines = await readOwnLines(of, dependency.unit);
    const all = [...evidence, stateEvidence(dependency.unit), ...lines.map(entryFact)].slice(-evidenceLimit);
    const unusable = unusableFile(dependency.unit, of.incident);
    if (unusable !== null) {
        const cause = because(unusable.cause);
        return { ...unusable, summary, cause, evidence: all, facts };
    }
    const verdict = await judge(dependency.unit, messagesOf(lines), {}, hasGivenUp(dependency.unit, null));
    const fixes =
        verdict.restart === null || of.tried.length >= attemptsLimit
            ? []
            : [startDependency(dependency.unit, [unit], verdict.restart)];
    const sentences = [summary];
    if (of.tried.some(({ hasStarted }) => hasStarted)) sentences.push(_('Restarting it did not help.'));
    return {
        summary: joined(sentences),
        cause: because(verdict.cause),
        evidence: all,
        facts: { ...facts, ...verdict.facts },
        fixes,
    };
}

function unitIsGone({ subject, evidence }: Incident): Findings {
    return {
        over: true,
        summary: _('{unit} no longer exists on this computer.', { unit: subject }),
        cause: _('It was removed after it failed.'),
        evidence,
        facts: {},
        fixes: [],
    };
}

/** A unit whose file is missing, masked or invalid cannot be started at all, whatever it did before. */
function unusableFile(unit: UnitDetails, incident: Incident): Omit<Findings, 'evidence'> | null {
    const values = { unit: unit.name };
    const facts = { loadState: unit.loadState };
    const { scope } = incident;
    switch (unit.loadState) {
        case 'not-found':
            return {
                summary: _('The program was probably removed.'),
                cause: _('There is no unit file for {unit}.', values),
                facts,
                fixes: [
                    {
                        action: 'unit.reset',
                        parameters: { scope, unit: unit.name },
                        explanation: _('It cannot run any more, so its failed state can be cleared.'),
                    },
                ],
            };
        case 'masked':
            return {
                summary: _('Someone disabled it permanently, so it cannot start.'),
                cause: _('{unit} is masked.', values),
                facts,
                fixes: [],
            };
        case 'bad-setting':
        case 'error':
            return {
                summary: _('It cannot start until its unit file is corrected.'),
                cause: _('Its unit file {path} has an error, so systemd cannot use it.', {
                    path: safeText(unit.fragmentPath, 256) || unit.name,
                }),
                facts,
                fixes: [],
            };
        default:
            return null;
    }
}

/** systemd 262 says so in the result; 257 keeps the result of the last run (both seen), so the number of restarts decides. */
function hasGivenUp(unit: UnitDetails, incident: Incident | null): boolean {
    if (unit.activeState !== 'failed') return false;
    return (
        unit.result === 'start-limit-hit' ||
        incident?.kind === 'start-limit' ||
        (unit.process !== null && unit.process.restart !== 'no' && unit.process.restarts > 0)
    );
}

async function judge(
    unit: UnitDetails,
    words: readonly string[],
    logged: Record<string, string>,
    gaveUp: boolean,
): Promise<Verdict> {
    const known = recognise(words);
    const { code = 0, status = 0, executable = null } = unit.process ?? {};
    const isUnprepared = unit.result === 'resources' || (code === childCode.exited && failedBeforeStart(status));
    const facts = factsOf(unit);
    if (code === childCode.exited && status === exitExec && executable !== null) {
        const cause = await whyNotExecutable(executable, logged.reason);
        const repair = await makeExecutable(unit, executable, gaveUp);
        return {
            cause,
            facts: { ...facts, executable: safeText(executable, 256) },
            restart: null,
            ...(repair !== null && { repair }),
        };
    }
    const missing = isUnprepared ? await whatIsMissing(unit) : null;
    if (missing !== null) {
        const advice = _('Put back what is missing, or correct the setting. Then start the unit again.');
        return { cause: missing, facts, restart: null, advice };
    }
    const ended = howItEnded(unit, words.at(-1) ?? '', logged);
    const explanation = (text: string) => ({ reset: gaveUp, explanation: text });
    if (code === childCode.exited && failedBeforeStart(status) && status !== exitMemory) {
        return { cause: ended, facts, restart: null };
    }
    if (unit.refusesManualStart || !unit.canStart) {
        return { cause: known?.text ?? ended, facts, restart: null };
    }
    if (known !== null && unit.result !== 'timeout' && unit.result !== 'watchdog') {
        return {
            cause: _('{reason} Its message: “{line}”', { reason: known.text, line: safeText(known.line, 160) }),
            facts,
            restart: known.repeats
                ? null
                : explanation(known.first === '' ? tryAgainText(gaveUp) : afterwards(known.first)),
        };
    }
    return { cause: ended, facts, restart: explanation(tryAgainText(gaveUp)) };
}

/** The output of the unit's processes, without lines that do not explain the failure. */
function messagesOf(lines: readonly Pick<JournalEntry, 'message' | 'messageId'>[]): string[] {
    return lines
        .filter(({ messageId, message }) => messageId !== spawnFailed && !afterword.test(message))
        .map(({ message }) => message);
}

function earlierLines({ evidence }: Incident): { message: string; messageId: null }[] {
    const ofJournal = evidence.filter(({ source }) => source === 'journal');
    return programMessages(ofJournal).map(({ message }) => ({ message, messageId: null }));
}

/** An honest reason for a start that helps only after another step. */
function afterwards(first: string): string {
    return _('{first} This then starts it again.', { first });
}

function joined(sentences: readonly string[]): string {
    return sentences.filter(sentence => sentence !== '').join(' ');
}

function tryAgainText(gaveUp: boolean): string {
    return gaveUp
        ? _('Resets the count of failed starts and tries once more. If the cause is gone, it will run.')
        : _('If the cause is gone, it will run.');
}

function chooseFixes(unit: UnitDetails, affected: UnitDetails[], verdict: Verdict): KnownFix[] {
    if (isRunning(unit)) {
        return affected.map(({ scope, name }) => ({
            action: 'unit.restart',
            parameters: { scope, unit: name },
            explanation: _('The dependency works again.'),
        }));
    }
    // systemd is trying that already.
    if (isRestarting(unit)) return [];
    if (verdict.restart === null) return verdict.repair === undefined ? [] : [verdict.repair];
    if (affected.length > 0) return [startDependency(unit, affected, verdict.restart)];
    const { reset, explanation } = verdict.restart;
    return [
        {
            action: reset ? 'unit.resetAndRestart' : 'unit.restart',
            parameters: { scope: unit.scope, unit: unit.name },
            explanation,
        },
    ];
}

function forget({ scope, name }: UnitDetails): KnownFix {
    return {
        action: 'unit.reset',
        parameters: { scope, unit: name },
        explanation: _('It was meant to stop, and it has stopped. Only the failed state is left.'),
    };
}

function startDependency(
    dependency: UnitDetails,
    dependants: readonly UnitDetails[],
    { reset, explanation }: { reset: boolean; explanation: string },
): KnownFix {
    return {
        action: 'unit.startDependency',
        parameters: {
            scope: dependency.scope,
            dependency: dependency.name,
            dependants: dependants.map(({ name }) => name),
            reset,
        },
        explanation,
    };
}

function factsOf(unit: UnitDetails): Record<string, string> {
    const { code = 0, status = 0 } = unit.process ?? {};
    return {
        ...(unit.result !== null && { result: unit.result }),
        ...(code === childCode.exited && { exitName: exitStatusName(status) }),
        ...((code === childCode.killed || code === childCode.dumped) && { signal: signalName(status) }),
        ...(unit.invocationId !== null && { invocation: unit.invocationId }),
    };
}

/** What the processes of the unit's last run wrote, oldest first. */
async function readOwnLines({ journal, signal }: Case, unit: UnitDetails): Promise<JournalEntry[]> {
    if (unit.invocationId === null) return [];
    // Both fields are set by journald from the writer's control group, so nothing else can write into a unit's last words.
    const ofRun = { matches: [`_SYSTEMD_INVOCATION_ID=${unit.invocationId}`], lines: ownLines, signal };
    let entries = await journal.query(ofRun);
    const isFresh = Date.now() * 1000 - (unit.stateChangedAt ?? 0) < fresh;
    // Only a process that ended by itself certainly had the time for last words.
    const pauses = unit.result === 'exit-code' ? lateWords.ofError : lateWords.ofOthers;
    for (const pause of isFresh ? pauses : []) {
        if (entries.length > 0) break;
        // systemd and the unit write on sockets of their own: the news of a death can overtake the last words.
        await delay(pause, undefined, { signal });
        entries = await journal.query(ofRun);
    }
    const { startedAt = null, pid = 0 } = unit.process ?? {};
    if (entries.length === 0 && startedAt !== null) {
        // journald reads the invocation from a file that is gone once the unit has ended (seen with systemd 262). The name of
        // the unit it knows from the stream, if the manager is that of the system: stdout_stream_line() of
        // journald-stream.c. For the user's it reads that from /proc, and of a process that has ended it knows only the number.
        const match = unit.scope === 'system' ? `_SYSTEMD_UNIT=${unit.name}` : `_PID=${pid}`;
        const ofUnit = await journal.query({ ...ofRun, matches: [match] });
        entries = ofUnit.filter(({ time }) => time !== null && time >= startedAt);
    }
    const ofEnd = entries.filter(({ time }) => time === null || isNearEnd(unit, time));
    return ofEnd.toSorted((one, other) => (one.time ?? 0) - (other.time ?? 0));
}

/** Whether it was written shortly before the run ended, or during a start that failed. */
function isNearEnd({ stateChangedAt, process }: UnitDetails, time: number): boolean {
    const { startedAt = null, exitedAt = null } = process ?? {};
    const endedAt = exitedAt ?? stateChangedAt;
    if (endedAt === null || startedAt === null) return true;
    return endedAt - startedAt <= lastWords.ofStart || time >= endedAt - lastWords.beforeEnd;
}

async function collectEvidence(
    { incident, journal }: Case,
    unit: UnitDetails,
    lines: readonly JournalEntry[],
): Promise<Evidence[]> {
    const state = stateEvidence(unit);
    const known = new Set(incident.evidence.map(({ cursor }) => cursor).filter(cursor => cursor !== null));
    const added = lines.filter(({ cursor }) => cursor === null || !known.has(cursor)).map(entryFact);
    // Evidence of an earlier state is replaced by the present one.
    const kept = incident.evidence.filter(({ source }) => source === 'journal' || source === 'text');
    const all = [...kept, ...added, state].sort((one, other) => (one.time ?? 0) - (other.time ?? 0));
    const notice = lines.length === 0 && incident.scope === 'system' ? await unreadableJournal(journal) : [];
    return [...notice, ...all.slice(-evidenceLimit)];
}

async function unreadableJournal(journal: Case['journal']): Promise<Evidence[]> {
    if ((await journal.access()) === 'system') return [];
    const message = _('You cannot read the system log, so its last messages are missing here.');
    return [{ source: 'system', time: null, origin: '', message, cursor: null, line: null }];
}

function stateEvidence(unit: UnitDetails): Evidence {
    return {
        source: 'systemd',
        time: unit.stateChangedAt,
        origin: unit.name,
        message: describeState(unit),
        cursor: null,
        line: null,
    };
}

/** @param reason as systemd had it from the kernel, such as "Permission denied" */
async function whyNotExecutable(executable: string, reason: string | undefined): Promise<string> {
    const file = safeText(executable, 256);
    if (!(await exists(executable))) return _('Its program {file} does not exist.', { file });
    return reason === undefined || reason === ''
        ? _('Its program {file} could not be run.', { file })
        : _('Its program {file} could not be run: {reason}.', { file, reason });
}

/** For a program that nobody may execute, unlike one on a file system that forbids it, or of another architecture. */
async function makeExecutable({ scope, name }: UnitDetails, path: string, reset: boolean): Promise<KnownFix | null> {
    const found = await lstat(path).catch(() => null);
    if (found?.isFile() !== true || (found.mode & 0o6111) !== 0) return null;
    const mode = found.mode & 0o777;
    const permissions = (bits: number) => `${found.uid}:${found.gid} ${bits.toString(8).padStart(4, '0')}`;
    return {
        action: 'file.permissions',
        parameters: {
            path,
            // Whoever may read it may then execute it.
            before: permissions(mode | ((mode & 0o444) >> 2)),
            after: permissions(mode),
            restart: { scope, unit: name, reset },
        },
        explanation: _('Nobody is allowed to execute it now.'),
    };
}

/** What systemd could not find for a unit that it did not start; systemd itself only says that something is missing. */
async function whatIsMissing({ named }: UnitDetails): Promise<string | null> {
    // A pattern may match nothing: glob(7).
    const needed = named.filter(({ path, isOptional }) => !isOptional && !/[*?[]/.test(path));
    for (const { setting, path } of needed)
        if (!(await exists(path)))
            return _('{path} does not exist, which its setting {setting}= names.', {
                path: safeText(path, 256),
                setting,
            });
    return null;
}

async function exists(path: string): Promise<boolean> {
    try {
        await access(path);
        return true;
    } catch (error) {
        // A path that we may not access may well exist.
        return (error as NodeJS.ErrnoException).code !== 'ENOENT';
    }
}
