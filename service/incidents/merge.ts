import { burst, isInTraceOf, longestReach, reachTo, relationOf } from './causes.ts';
import type { PossibleCauses } from './causes.ts';
import type { UnitFaults } from './family.ts';
import type { Evidence, Finding, Incident, IncidentState } from '../model/incident.ts';
import { isLocal, severities } from '../model/incident.ts';

/** How many pieces of evidence an incident keeps: the first ones, which show how it began, and the last. */
export const evidenceLimit = { first: 8, last: 16 } as const;
const affectedLimit = 64;
/**
 * A subject that was well, or gone while somebody replaced it, and fails again this soon after its last failure continues its
 * incident: one fault, reported once.
 */
const relapseWindow = 600_000_000;
/** What a unit's own processes report this shortly before or after its failure belongs to it. Microseconds, as all times. */
const reasonWindow = 10_000_000;

export type IncidentDraft = Omit<Incident, 'id' | 'notification'>;

export function isClosed(state: IncidentState): boolean {
    return state !== 'open' && state !== 'fixing';
}

/** When the present fault began: after the subject was last well. */
export function beganAt({ firstSeen, facts }: Pick<Incident, 'firstSeen' | 'facts'>): number {
    return facts.reopened === undefined ? firstSeen : Number(facts.reopened);
}

/** A new incident for a finding that belongs to none. */
export function openIncident(finding: Finding, now: number, cause = finding.cause): IncidentDraft {
    const time = finding.time ?? now;
    return {
        family: finding.family,
        kind: finding.kind,
        scope: finding.scope,
        subject: finding.subject,
        severity: finding.severity,
        title: finding.title,
        summary: '',
        cause,
        state: 'open',
        stillWrong: '',
        firstSeen: time,
        lastSeen: time,
        count: 1,
        occurrence: finding.occurrence,
        affected: [],
        evidence: mergeEvidence([], finding.evidence),
        facts: finding.facts,
    };
}

/**
 * The incident with a further finding about its subject. An occurrence that is already counted only adds more precise facts; if
 * there are none, the same object comes back.
 *
 * Findings may arrive out of order when two sources report one fault, so the incident keeps the newest occurrence. An older one
 * still counts; a second report of the newest does not.
 */
function mergeFinding<T extends IncidentDraft>(incident: T, finding: Finding, { causeOf }: UnitFaults, now: number): T {
    const time = finding.time ?? now;
    const again = isCounted(incident, finding);
    // A dump is logged after all other messages about the crash, and carries the time of the crash.
    const logged = isSameProcess(incident, finding) ? Number(finding.facts.logged ?? time) : time;
    const older = logged < incident.lastSeen;
    const evidence = mergeEvidence(incident.evidence, finding.evidence);
    if (again && older && evidence === incident.evidence) return incident;
    const merged: T = {
        ...incident,
        evidence,
        firstSeen: Math.min(incident.firstSeen, time),
        lastSeen: Math.max(incident.lastSeen, time),
        count: again ? incident.count : incident.count + 1,
        severity: worse(incident.severity, finding.severity),
    };
    if (!older) {
        merged.occurrence = finding.occurrence ?? incident.occurrence;
        merged.kind = finding.kind;
        // The diagnosis knows a better name for the subject; it runs again for whatever else is new.
        if (incident.facts.titled !== finding.kind) merged.title = finding.title;
        // A later line seldom repeats the reason that an earlier one gave.
        const cause = causeOf({ ...finding, cause: finding.cause || incident.cause, evidence });
        // The same occurrence is not diagnosed again, so the change that was blamed for it stays.
        merged.cause = again && cause === incident.facts.logCause ? incident.cause : cause;
        merged.facts = { ...withoutOtherProcess(incident.facts, finding.facts), ...finding.facts };
    }
    return again && sameContent(incident, merged) ? incident : merged;
}

/** Facts about one process do not apply to another. */
const ofOneProcess = new Set([
    'started',
    'switches',
    'waits',
    'process',
    'processStarted',
    'thread',
    'size',
    'service',
    'serviceScope',
]);

function withoutOtherProcess(known: Finding['facts'], facts: Finding['facts']): Finding['facts'] {
    if (facts.pid === undefined || facts.pid === known.pid) return known;
    return Object.fromEntries(Object.entries(known).filter(([name]) => !ofOneProcess.has(name)));
}

/** The incident with one more subject that failed because of it, and that makes it at least as severe. */
function attachAffected<T extends IncidentDraft>(of: T, finding: Finding): T {
    const incident = withNameOf(of, finding);
    const known = finding.subject === incident.subject || incident.affected.includes(finding.subject);
    const evidence = mergeEvidence(incident.evidence, finding.evidence);
    if (known && evidence === incident.evidence) return incident;
    const severity = worse(incident.severity, finding.severity);
    const affected =
        known || incident.affected.length >= affectedLimit
            ? incident.affected
            : [...incident.affected, finding.subject];
    return { ...incident, affected, evidence, severity };
}

/** Of a unit that an earlier line only described, a later one tells the name. */
function withNameOf<T extends IncidentDraft>(incident: T, { subject, facts: { description } }: Finding): T {
    if (description === undefined || !incident.affected.includes(description)) return incident;
    const others = incident.affected.filter(name => name !== description && name !== subject);
    return { ...incident, affected: [...others, subject] };
}

/**
 * The incident with a further sign of its own fault, reported by another family or about another subject: more evidence, no
 * further occurrence.
 */
export function addEvidence<T extends IncidentDraft>(incident: T, finding: Pick<Finding, 'evidence' | 'severity'>): T {
    const evidence = mergeEvidence(incident.evidence, finding.evidence);
    if (evidence === incident.evidence) return incident;
    return { ...incident, evidence, severity: worse(incident.severity, finding.severity) };
}

/**
 * The incident without occurrences that turned out to be no fault; null if it has had no others. One is known by its first entry,
 * which is evidence. The evidence may also be of what follows from the fault, so that only the last occurrence proves that these
 * were its own.
 */
export function withoutOccurrences<T extends IncidentDraft>(incident: T, ordinary: ReadonlySet<string>): T | null {
    const isOrdinary = (occurrence: string | null) =>
        occurrence !== null && occurrence !== '' && ordinary.has(occurrence);
    const evidence = incident.evidence.filter(piece => !isOrdinary(occurrenceAt(piece)));
    const isLast = isOrdinary(incident.occurrence);
    const withdrawn = Math.max(isLast ? 1 : 0, incident.evidence.length - evidence.length);
    if (withdrawn === 0) return incident;
    // What is harmless alone explains nothing any more.
    if (evidence.length <= Number(incident.facts.ofCause ?? 0)) return null;
    if (isLast && withdrawn >= incident.count) return null;
    const occurrence = isLast ? null : incident.occurrence;
    return { ...incident, evidence, occurrence, count: Math.max(1, incident.count - withdrawn) };
}

/** The occurrence that begins with this piece. @see Finding.occurrence */
function occurrenceAt({ cursor, line }: Evidence): string | null {
    return cursor ?? (line === null ? null : `line ${line}`);
}

/** The incident, merged with one of common words about the same subject. */
export function withEvidenceOf<T extends IncidentDraft>(incident: T, of: IncidentDraft): T {
    return {
        ...incident,
        evidence: mergeEvidence(incident.evidence, of.evidence),
        firstSeen: Math.min(incident.firstSeen, of.firstSeen),
        lastSeen: Math.max(incident.lastSeen, of.lastSeen),
    };
}

/** Facts about what was reported, which do not apply to the fault behind it. */
const ofReport = new Set(['place', 'unnamed', 'speaker', 'hint', 'titled']);

function withoutOwn(facts: Finding['facts']): Finding['facts'] {
    return Object.fromEntries(Object.entries(facts).filter(([name]) => !ofReport.has(name)));
}

/** The incident, reported from now on as the finding: that turned out to be the fault behind the sign. */
function turnInto<T extends IncidentDraft>(incident: T, finding: Finding, { causeOf }: UnitFaults): T {
    const { family, kind, scope, subject, title, occurrence } = finding;
    const evidence = mergeEvidence(incident.evidence, finding.evidence);
    return {
        ...incident,
        ...{ family, kind, scope, subject, title, occurrence, evidence },
        cause: causeOf({ ...finding, evidence }),
        summary: '',
        severity: worse(incident.severity, finding.severity),
        lastSeen: Math.max(incident.lastSeen, finding.time ?? 0),
        facts: { ...withoutOwn(incident.facts), ...finding.facts },
    };
}

/** Lookups of the incident that a finding belongs to. */
export type Lookup<T> = UnitFaults & {
    /** The open incident about a subject, of any family. */
    root(scope: Finding['scope'], subject: string): T | undefined;
    /** The open incident of whatever made the subject fail. */
    affecting(scope: Finding['scope'], subject: string): T | undefined;
    /** The open incident of the subject, or else the one that was opened last. */
    latest(of: Pick<Finding, 'family' | 'scope' | 'subject'>): T | undefined;
    /** The open incident of a family about one of these processes or threads. */
    process(family: string, pids: readonly string[]): T | undefined;
    /** The same for reports from a unit's own processes: an incident whose facts name the unit as `reasonOf` or `causeOf`. */
    reportedBy(scope: Finding['scope'], unit: string): T | undefined;
    /** The open incident whose cause is a change of this file. */
    blamedOn(file: string): T | undefined;
    /**
     * The open incidents about which anything was reported between two times, oldest first; those of local rules are left out.
     * Microseconds.
     */
    near(since: number, until: number): Iterable<T>;
    readonly possibleCauses: PossibleCauses;
};

/**
 * The result for a finding: the incident as it was (null when a new one is opened), as it is now, and other incidents that
 * turned out to be part of it.
 */
export type Placement<T> = ({ before: T; after: T } | { before: null; after: IncidentDraft }) & {
    absorbed?: readonly T[];
};

/**
 * Finds the incident that a finding belongs to and adds it there.
 *
 * @param now stands in for a time that the log does not carry, microseconds since the Unix epoch
 * @param options.isHarmlessAlone whether it opens an incident only for what it explains
 * @param options.isSign whether it opens none, but adds to the evidence of others
 * @returns null when the finding reports an occurrence whose incident is closed, or nothing that matters so far
 */
export function placeFinding<T extends IncidentDraft>(
    finding: Finding,
    lookup: Lookup<T>,
    now: number,
    { isHarmlessAlone = false, isSign = false } = {},
): Placement<T> | null {
    const time = finding.time ?? now;
    const root = rootOf(finding, lookup, time);
    if (finding.facts.modules !== undefined) return placeTrace(finding, root ?? lookup.latest(finding), lookup, time);
    // It had only its description until now.
    if (root !== undefined && root.subject === finding.facts.description)
        return { before: root, after: turnInto(root, finding, lookup) };
    // A sign makes nothing worse.
    if (root !== undefined)
        return { before: root, after: attachAffected(root, isSign ? { ...finding, severity: 'low' } : finding) };
    const latest = lookup.latest(finding);
    const isKnown = latest !== undefined && !isClosed(latest.state);
    const besideProcess = placeBesideProcess(finding, isKnown ? latest : undefined, lookup, now);
    if (besideProcess !== null) return besideProcess;
    if (isKnown) {
        if (isSign) {
            // A sign makes nothing worse, and only one of the same kind shows that the fault is still there.
            const known = addEvidence(latest, { ...finding, severity: latest.severity });
            return { before: latest, after: finding.kind === latest.kind ? seenAgain(known, time) : known };
        }
        const after = mergeFinding(latest, finding, lookup, now);
        if (after.count === latest.count) return { before: latest, after };
        const effects = effectsOf(finding, lookup, time);
        return { before: latest, after: withEffects(after, finding, effects, lookup), absorbed: effects };
    }
    // After the clock was set back, a time in the future is meaningless, and new failures would seem older than it.
    const isOlder = latest !== undefined && time < latest.lastSeen && latest.lastSeen <= now;
    if (latest !== undefined && (isCounted(latest, finding) || isOlder)) return null;
    const explained = placeBesideCause(finding, lookup, time);
    const isWorthOne = explained?.before !== null || !isHarmlessAlone;
    if (explained !== null && isWorthOne) return explained.before === null && isSign ? null : explained;
    const beside = placeBesideUnit(finding, lookup, now);
    if (beside !== null) return beside ?? null;
    if (isSign) {
        const { place, causeOf } = finding.facts;
        if (place !== undefined || causeOf !== undefined) lookup.possibleCauses.add(finding, time, { isSign });
        return null;
    }
    const effects = effectsOf(finding, lookup, time);
    if (effects.length > 0) return placeAboveEffects(finding, effects, lookup, time);
    if (isHarmlessAlone) {
        lookup.possibleCauses.add(finding, time);
        return null;
    }
    const wasWell = latest?.state === 'recovered' || latest?.state === 'removed';
    if (wasWell && time - latest.lastSeen < relapseWindow) {
        const merged = mergeFinding(latest, finding, lookup, now);
        const facts = { ...merged.facts, reopened: String(time) };
        return { before: latest, after: { ...merged, facts, state: 'open' } };
    }
    return { before: null, after: openIncident(finding, now, lookup.causeOf(finding)) };
}

/**
 * The kernel's trace of what the finding reported shortly before names the modules where that happened. If one of them reported
 * a fault itself, that is the cause.
 *
 * @param known the incident of the finding
 */
function placeTrace<T extends IncidentDraft>(
    finding: Finding,
    known: T | undefined,
    lookup: Lookup<T>,
    time: number,
): Placement<T> | null {
    if (known?.state !== 'open') return null;
    for (const cause of lookup.near(time - longestReach, time + longestReach)) {
        if (isAbout(cause, { ...finding, subject: known.subject }) || cause.state !== 'open') continue;
        const { severity } = known;
        if (!isInTraceOf(cause, { ...finding, severity }, timeAfter(cause, Math.min(time, known.firstSeen)))) continue;
        const joined = { ...finding, evidence: [...known.evidence, ...finding.evidence] };
        const after = attachAffected(attachAffected(cause, { ...joined, subject: known.subject }), joined);
        return { before: cause, after, absorbed: [known] };
    }
    const all = [known, finding].flatMap(({ facts }) => facts.modules?.split(' ') ?? []);
    const modules = [...new Set(all)].join(' ');
    return modules === known.facts.modules
        ? null
        : { before: known, after: { ...known, facts: { ...known.facts, modules } } };
}

/** The incident of what made the unit or program fail, now or just before: it fails again at each start. */
function rootOf<T extends IncidentDraft>(finding: Finding, lookup: Lookup<T>, time: number): T | undefined {
    const { family, scope, subject, rootCause, facts } = finding;
    const named =
        rootCause === null ? undefined : (lookup.root(scope, rootCause) ?? lookup.affecting(scope, rootCause));
    if (named !== undefined || lookup.root(scope, subject) !== undefined) return named;
    const sibling =
        family !== lookup.unitFamily || rootCause === null ? undefined : failedByRoot(rootCause, finding, lookup, time);
    if (sibling !== undefined) return sibling;
    const known = lookup.affecting(scope, subject);
    // What fails again is a unit or a program; other subjects are reported again in the same family.
    const mayFailAgain = family === lookup.unitFamily || facts.pid !== undefined || known?.family === family;
    return known !== undefined && mayFailAgain && Math.abs(time - known.lastSeen) <= relapseWindow ? known : undefined;
}

/** The incident of the first unit that failed just before because of the same root, which has no incident itself. */
function failedByRoot<T extends IncidentDraft>(
    root: string,
    { family, scope }: Finding,
    lookup: Lookup<T>,
    time: number,
): T | undefined {
    for (const known of lookup.near(time - burst, time + burst)) {
        const isSibling = known.family === family && known.scope === scope && known.facts.rootCause === root;
        if (isSibling && known.state === 'open' && Math.abs(time - known.lastSeen) <= burst) return known;
    }
    return undefined;
}

/** Adds the finding to the incident that explains it, or opens one for a cause that was harmless until now. */
function placeBesideCause<T extends IncidentDraft>(
    finding: Finding,
    lookup: Lookup<T>,
    time: number,
): Placement<T> | null {
    if (isLocal(finding)) return null;
    for (const known of lookup.near(time - reachTo(finding), time + burst)) {
        const after = timeAfter(known, time);
        const relation = relationOf(known, finding, { unitFamily: lookup.unitFamily, after });
        if (relation === 'sign') return { before: known, after: addEvidence(known, finding) };
        if (relation === 'consequence') return { before: known, after: attachAffected(known, finding) };
    }
    const cause = lookup.possibleCauses.of(finding, time, lookup.unitFamily);
    if (cause === null) return null;
    const opened = openIncident(cause, time, lookup.causeOf(cause));
    const facts = { ...opened.facts, ofCause: String(opened.evidence.length) };
    return { before: null, after: attachAffected({ ...opened, facts }, finding) };
}

/** How long after the incident; 0 while it lasts, and negative before it. */
function timeAfter({ firstSeen, lastSeen }: IncidentDraft, time: number): number {
    return time <= lastSeen ? Math.min(time - firstSeen, 0) : time - lastSeen;
}

/** The open incidents that began in the same burst, or since the first sign of the finding, and that it explains. */
function effectsOf<T extends IncidentDraft>(finding: Finding, lookup: Lookup<T>, time: number): T[] {
    if (isLocal(finding)) return [];
    const earliest = finding.evidence.reduce((first, piece) => Math.min(first, piece.time ?? time), time);
    const began = Math.max(earliest, time - longestReach);
    return Array.from(lookup.near(began - burst, time + burst)).filter(known => {
        if (isAbout(known, finding)) return false;
        const start = beganAt(known);
        if (known.state !== 'open' || start < began - burst || start > time + burst) return false;
        const after = Math.min(start - began, 0);
        return relationOf(finding, known, { unitFamily: lookup.unitFamily, after }) !== null;
    });
}

function isAbout({ family, scope, subject }: IncidentDraft, finding: Finding): boolean {
    return family === finding.family && scope === finding.scope && subject === finding.subject;
}

/** The cause was reported after what follows from it: the incident of the first of these becomes that of the cause. */
function placeAboveEffects<T extends IncidentDraft>(
    finding: Finding,
    [first, ...others]: T[],
    lookup: Lookup<T>,
    time: number,
): Placement<T> | null {
    if (first === undefined) return null;
    const joined = others.reduce((one, other) => withEvidenceOf(one, other), { ...first, affected: [] });
    const turned = turnInto(joined, { ...finding, time }, lookup);
    const after = withEffects({ ...turned, count: 1 }, finding, [first, ...others], lookup);
    return { before: first, after, absorbed: others };
}

/** The incident with others that turned out to be part of it. */
function withEffects<T extends IncidentDraft>(
    incident: T,
    cause: Finding,
    effects: readonly T[],
    { unitFamily }: UnitFaults,
): T {
    if (effects.length === 0) return incident;
    const follow = effects.filter(effect => relationOf(cause, effect, { unitFamily, after: 0 }) === 'consequence');
    const named = [...follow.map(({ subject }) => subject), ...effects.flatMap(({ affected }) => affected)];
    const affected = [...new Set([...incident.affected, ...named])].filter(subject => subject !== incident.subject);
    const severity = effects.map(effect => effect.severity).reduce(worse, incident.severity);
    const joined = effects.reduce((one, other) => withEvidenceOf(one, other), incident);
    return { ...joined, affected: affected.slice(0, affectedLimit), severity };
}

/** What is reported as a sign only shows that the fault is still there. */
function seenAgain<T extends IncidentDraft>(incident: T, time: number): T {
    return time <= incident.lastSeen ? incident : { ...incident, lastSeen: time };
}

/**
 * The kernel reports a crash first. It knows only the thread, by its own name, and not which manager it belongs to. Later
 * reports about that process are the same fault.
 *
 * @param known the open incident of the finding's own subject
 * @returns null when it is no part of such a fault
 */
function placeBesideProcess<T extends IncidentDraft>(
    finding: Finding,
    known: T | undefined,
    lookup: Lookup<T>,
    now: number,
): Placement<T> | null {
    const pids = processesOf(finding.facts);
    const reported = pids.length === 0 ? undefined : lookup.process(finding.family, pids);
    if (reported?.kind !== finding.kind) return null;
    const joined: Finding = { ...finding, evidence: [...reported.evidence, ...finding.evidence] };
    const failed = failedByThat(reported, finding, lookup);
    if (failed !== undefined) return { before: failed, after: addEvidence(failed, joined), absorbed: [reported] };
    const isOther = reported.scope !== finding.scope || reported.subject !== finding.subject;
    if (reported.state !== 'open' || !isOther || !isSameProcess(reported, finding)) return null;
    if (finding.scope === 'system' && reported.scope === 'user')
        return { before: reported, after: addEvidence(reported, finding) };
    if (known === undefined) return { before: reported, after: turnInto(reported, finding, lookup) };
    return { before: known, after: mergeFinding(known, joined, lookup, now), absorbed: [reported] };
}

/**
 * The open incident of the unit that failed because of the finding. The kernel reports a crash before anybody knows whose
 * process it was; `reported` is the incident that this report opened or reopened. Earlier crashes are no part of it.
 */
function failedByThat<T extends IncidentDraft>(reported: T, finding: Finding, lookup: Lookup<T>): T | undefined {
    const { scope, facts, time } = finding;
    if (facts.reasonOf === undefined || time === null || reported.state !== 'open') return undefined;
    if (!isSameProcess({ ...reported, lastSeen: beganAt(reported) }, finding)) return undefined;
    const failed = lookup.latest({ family: lookup.unitFamily, scope, subject: facts.reasonOf });
    return failed === undefined || isClosed(failed.state) ? undefined : failed;
}

/**
 * The failure of a unit, and what its own processes say about it, are one fault, whichever is reported first. It is reported as
 * the failure of the unit if that can be fixed, such as a mistake in its settings, and otherwise as what made it fail, such as
 * a package that cannot be installed. The rule of the line knows which.
 *
 * @returns null when it is no part of such a fault, undefined when that fault is over
 */
function placeBesideUnit<T extends IncidentDraft>(
    finding: Finding,
    lookup: Lookup<T>,
    now: number,
): Placement<T> | null | undefined {
    const { family, scope, subject, facts } = finding;
    const time = finding.time ?? now;
    const isNear = (incident: T) => isAtOnce(incident, { ...finding, time });
    if (family === lookup.unitFamily) {
        const reported = lookup.reportedBy(scope, subject);
        if (reported === undefined || reported.family === lookup.unitFamily) return null;
        if (!isNear(reported))
            return failsOfMistake(reported, finding, lookup.ofMistakes)
                ? joinMistake(reported, finding, lookup, time)
                : null;
        if (reported.facts.causeOf === subject) {
            return isClosed(reported.state)
                ? undefined
                : { before: reported, after: attachAffected(reported, finding) };
        }
        return reported.state === 'open' ? { before: reported, after: turnInto(reported, finding, lookup) } : null;
    }
    const changed = facts.lasts === undefined ? undefined : lookup.blamedOn(subject);
    if (changed !== undefined) return { before: changed, after: addEvidence(changed, finding) };
    const unit = facts.reasonOf ?? facts.causeOf;
    if (unit === undefined) return null;
    const failed = lookup.latest({ family: lookup.unitFamily, scope, subject: unit });
    const isFailed = failed !== undefined && !isClosed(failed.state);
    if (facts.causeOf !== undefined) {
        if (!isFailed || failed.state !== 'open' || !isNear(failed)) return null;
        return {
            before: failed,
            after: { ...turnInto(failed, finding, lookup), affected: [unit, ...failed.affected] },
        };
    }
    if (isFailed) return { before: failed, after: addEvidence(failed, finding) };
    const reported = lookup.reportedBy(scope, unit);
    const isSame = reported?.facts.reasonOf === unit && reported.state === 'open' && isNear(reported);
    return isSame ? { before: reported, after: addEvidence(reported, finding) } : null;
}

/** Whether the reported fault may have made the unit fail: a mistake in its settings is there until somebody corrects it. */
function failsOfMistake(
    { state, facts }: IncidentDraft,
    { kind, subject }: Finding,
    ofMistakes: ReadonlySet<string>,
): boolean {
    return state === 'open' && facts.lasts !== undefined && facts.reasonOf === subject && ofMistakes.has(kind);
}

/** The incident of a mistake, reported from now on as the failure that it caused: the failure began only now. */
function joinMistake<T extends IncidentDraft>(
    reported: T,
    finding: Finding,
    units: UnitFaults,
    time: number,
): Placement<T> {
    const joined = turnInto(reported, finding, units);
    const facts = Object.entries(joined.facts).filter(([name]) => name !== 'lasts');
    const began = { mistaken: String(reported.firstSeen), reopened: String(time) };
    return { before: reported, after: { ...joined, facts: { ...Object.fromEntries(facts), ...began } } };
}

/** Whether the finding reports the occurrence that the incident counted last. */
function isCounted(incident: IncidentDraft, finding: Finding): boolean {
    if (isSameProcess(incident, finding)) return true;
    return finding.occurrence !== null && finding.occurrence === incident.occurrence;
}

/** Whether both report the same process, which ends once: the kernel and systemd-coredump do, for example. */
function isSameProcess(incident: IncidentDraft, { family, facts, time }: Finding): boolean {
    const isSame = family === incident.family && isOfProcess(incident.facts, processesOf(facts));
    return isSame && time !== null && isAtOnce(incident, { facts, time });
}

/** Its own number, and that of its thread to which it happened. */
export function processesOf({ pid, thread }: Finding['facts']): string[] {
    return [pid, thread].filter(number => number !== undefined);
}

export function isOfProcess(facts: Finding['facts'], pids: readonly string[]): boolean {
    return processesOf(facts).some(pid => pids.includes(pid));
}

/**
 * Whether both happened, or were logged, at about the same time: what was logged some time after it happened has a time for
 * each.
 */
function isAtOnce({ lastSeen, facts }: IncidentDraft, finding: { time: number; facts: Finding['facts'] }): boolean {
    const until = Math.max(lastSeen, Number(facts.logged ?? lastSeen));
    const logged = Math.max(finding.time, Number(finding.facts.logged ?? finding.time));
    return finding.time - until <= reasonWindow && lastSeen - logged <= reasonWindow;
}

function worse<T extends Finding['severity']>(one: T, other: T): T {
    return severities.indexOf(one) >= severities.indexOf(other) ? one : other;
}

/** @returns `known` itself where nothing is new */
export function mergeEvidence(known: Evidence[], added: readonly Evidence[]): Evidence[] {
    const fresh = added.filter(piece => !known.some(old => samePiece(old, piece)));
    if (fresh.length === 0) return known;
    const all = [...known, ...fresh];
    if (all.length <= evidenceLimit.first + evidenceLimit.last) return all;
    return [...all.slice(0, evidenceLimit.first), ...all.slice(-evidenceLimit.last)];
}

export function samePiece(one: Evidence, other: Evidence): boolean {
    if (one.cursor !== null || other.cursor !== null) return one.cursor === other.cursor;
    if (one.line !== null || other.line !== null) return one.line === other.line;
    return one.message === other.message && one.time === other.time;
}

function sameContent(one: IncidentDraft, other: IncidentDraft): boolean {
    return JSON.stringify(one) === JSON.stringify(other);
}
