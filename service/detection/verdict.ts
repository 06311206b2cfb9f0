import type { Finding, Severity } from '../model/incident.ts';
import type { Scope } from '../model/unit.ts';

/** A fault that is over, by the same log that reported it. */
export type Clearing = {
    family: string;
    scope: Scope;
    subject: string;
    time: number | null;
    /** Whether it came back by an automatic restart, so that only time tells whether it lasts. */
    restarted: boolean;
};

/** What is unconfirmed only the recovery check can tell. */
export type Verdict = { finding: Finding; isUnconfirmed?: boolean } | { cleared: Clearing };

/** Nothing to say, without an allocation. */
export const nothing: readonly Verdict[] = [];

/** What a single entry means to the person who looks after the computer. */
export type Assessment = {
    /** Whether somebody ought to act on it. */
    actionable: boolean;
    family: string;
    severity: Severity;
    /** Earlier lines of the log that turn out to report the same fault. */
    earlier?: readonly number[];
    /** Earlier entries that turn out to report no fault. */
    ordinary?: readonly EntryReference[];
};

/** An entry of the log. @see Finding.occurrence */
export type EntryReference = { line: number | null; occurrence: string };
