import * as z from 'zod';

import { lazy } from '../util/lazy.ts';
import type { Scope } from './unit.ts';

export const severities = ['low', 'medium', 'high', 'critical'] as const;
export const severity = z.enum(severities);
export type Severity = z.infer<typeof severity>;

/** A piece of evidence for a diagnosis. `message` is plain text of at most 2048 characters. */
export const evidence = lazy(() =>
    z.object({
        source: z.enum(['journal', 'text', 'systemd', 'file', 'system', 'timeline']),
        time: z.int().nonnegative().nullable(),
        /** The writer: a unit, a program or a path; may be empty. */
        origin: z.string(),
        message: z.string(),
        cursor: z.string().nullable(),
        line: z.int().positive().nullable(),
    }),
);
export type Evidence = z.infer<ReturnType<typeof evidence>>;

export const scope = z.enum(['system', 'user']);

/** The prefix of the families of rules that people add; Reeve's own never have it. */
export const localPrefix = 'local:';

/** Whether a rule that somebody added reported it. Such an incident must not hide one of Reeve's own. */
export function isLocal({ family }: { family: string }): boolean {
    return family.startsWith(localPrefix);
}

/**
 * The result of detection: one occurrence of one fault. Findings with the same family, scope and subject belong to one
 * incident; so do those whose `rootCause` names an open incident's subject, and the failure of a unit with what its own
 * processes said of it (the facts `reasonOf` and `causeOf` name the unit).
 */
export type Finding = {
    family: string;
    /** The fault within the family; a later finding may sharpen the kind of an open incident. */
    kind: string;
    scope: Scope;
    subject: string;
    severity: Severity;
    /** Short line for people, such as "ssh.service failed". */
    title: string;
    /** Why, as far as the log alone shows; empty when it does not. */
    cause: string;
    /** Microseconds since the Unix epoch; null when the log carries no time. */
    time: number | null;
    /**
     * Identifies the occurrence (for a unit its INVOCATION_ID), so that several lines, or several sources, count as one
     * when they report the same failure. Null when nothing identifies it.
     */
    occurrence: string | null;
    evidence: Evidence[];
    /** Subject of the fault that caused this one, in the same scope; null for a fault of its own. */
    rootCause: string | null;
    /** Facts for the diagnosis, such as exitStatus or result. */
    facts: Record<string, string>;
};

export const incidentState = z.enum(['open', 'fixing', 'fixed', 'recovered', 'dismissed', 'removed']);
export type IncidentState = z.infer<typeof incidentState>;

export const notification = z.enum(['undecided', 'none', 'wanted', 'shown']);

export const incident = lazy(() =>
    z.object({
        id: z.int().positive(),
        family: z.string(),
        kind: z.string(),
        scope,
        subject: z.string(),
        severity,
        title: z.string(),
        summary: z.string(),
        cause: z.string(),
        state: incidentState,
        stillWrong: z.string(),
        firstSeen: z.int().nonnegative(),
        lastSeen: z.int().nonnegative(),
        count: z.int().positive(),
        /** The last occurrence counted, so that a replayed entry is not counted twice. */
        occurrence: z.string().nullable(),
        affected: z.array(z.string()),
        evidence: z.array(evidence()),
        facts: z.record(z.string(), z.string()),
        notification,
    }),
);
export type Incident = z.infer<ReturnType<typeof incident>>;

/**
 * The state of a fault that a source reported, or is about to report: its incident is open; it was closed because the
 * fault seemed to be gone; the user dismissed it as it was then; or nothing was reported, or the user has muted it.
 */
export type IncidentStatus = 'open' | 'over' | 'dismissed' | 'unreported';

/** Its title, and the subject if the diagnosis has called that by another name. */
export function fullTitle({ title, subject, facts }: Pick<Incident, 'title' | 'subject' | 'facts'>): string {
    return facts.titled === undefined || title.includes(subject) ? title : `${title} (${subject})`;
}

/** The logged lines that the programs themselves wrote. */
export function programMessages(evidence: readonly Evidence[]): Evidence[] {
    return evidence.filter(({ origin }) => origin !== 'systemd' && origin !== 'kernel' && origin !== '');
}
