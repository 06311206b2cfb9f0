import type { Evidence, Finding, Incident, IncidentState } from '../model/incident.ts';
import { severities } from '../model/incident.ts';

/** How many pieces of evidence an incident keeps: the first ones, which tell how it began, and the last. */
export const evidenceLimit = { first: 8, last: 16 } as const;
const affectedLimit = 64;

export type IncidentDraft = Omit<Incident, 'id' | 'notification'>;

export function isClosed(state: IncidentState): boolean {
    return state !== 'open' && state !== 'fixing';
}

/** A new incident for a finding that belongs to none. `now` stands in for a time that the log does not carry. */
export function openIncident(finding: Finding, now: number): IncidentDraft {
    const time = finding.time ?? now;
    return {
        family: finding.family,
        kind: finding.kind,
        scope: finding.scope,
        subject: finding.subject,
        severity: finding.severity,
        title: finding.title,
        summary: '',
        cause: finding.cause,
        state: 'open',
        stillWrong: '',
        firstSeen: firstTime(finding) ?? time,
        lastSeen: time,
        count: 1,
        occurrence: finding.occurrence,
        affected: [],
        evidence: mergeEvidence([], finding.evidence),
        facts: finding.facts,
    };
}

/**
 * The incident with a further finding about its subject. An occurrence that is already counted only adds what it knows
 * better; the same object comes back when it knows nothing new.
 *
 * Findings may come out of order when two sources tell of one fault, so the incident keeps the newest occurrence: an older
 * one still counts, and the newest, told a second time, does not.
 */
export function mergeFinding<T extends IncidentDraft>(incident: T, finding: Finding, now: number): T {
    const time = finding.time ?? now;
    const again = isCounted(incident, finding);
    const older = time < incident.lastSeen;
    const evidence = mergeEvidence(incident.evidence, finding.evidence);
    if (again && older && evidence === incident.evidence) return incident;
    const merged: T = {
        ...incident,
        evidence,
        firstSeen: Math.min(incident.firstSeen, firstTime(finding) ?? time),
        lastSeen: Math.max(incident.lastSeen, time),
        count: again ? incident.count : incident.count + 1,
        severity: worse(incident.severity, finding.severity),
    };
    if (!older) {
        merged.occurrence = finding.occurrence ?? incident.occurrence;
        merged.kind = finding.kind;
        merged.title = finding.title;
        // A later line seldom repeats the reason that an earlier one gave.
        merged.cause = finding.cause || incident.cause;
        merged.facts = { ...incident.facts, ...finding.facts };
    }
    return again && sameContent(incident, merged) ? incident : merged;
}

/** The incident with one more subject that failed because of it. */
export function attachAffected<T extends IncidentDraft>(incident: T, finding: Finding): T {
    const known = incident.affected.includes(finding.subject);
    const evidence = mergeEvidence(incident.evidence, finding.evidence);
    if (known && evidence === incident.evidence) return incident;
    const affected =
        known || incident.affected.length >= affectedLimit
            ? incident.affected
            : [...incident.affected, finding.subject];
    return { ...incident, affected, evidence };
}

/** Whether the finding tells of the occurrence that the incident counted last. */
export function isCounted(incident: IncidentDraft, finding: Finding): boolean {
    return finding.occurrence !== null && finding.occurrence === incident.occurrence;
}

function firstTime(finding: Finding): number | null {
    return finding.evidence.find(piece => piece.time !== null)?.time ?? finding.time;
}

function worse<T extends Finding['severity']>(one: T, other: T): T {
    return severities.indexOf(one) >= severities.indexOf(other) ? one : other;
}

function mergeEvidence(known: Evidence[], added: readonly Evidence[]): Evidence[] {
    const fresh = added.filter(piece => !known.some(old => samePiece(old, piece)));
    if (fresh.length === 0) return known;
    const all = [...known, ...fresh];
    if (all.length <= evidenceLimit.first + evidenceLimit.last) return all;
    return [...all.slice(0, evidenceLimit.first), ...all.slice(-evidenceLimit.last)];
}

function samePiece(one: Evidence, other: Evidence): boolean {
    if (one.cursor !== null || other.cursor !== null) return one.cursor === other.cursor;
    if (one.line !== null || other.line !== null) return one.line === other.line;
    return one.message === other.message && one.time === other.time;
}

function sameContent(one: IncidentDraft, other: IncidentDraft): boolean {
    return JSON.stringify(one) === JSON.stringify(other);
}
