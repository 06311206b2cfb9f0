import type { Finding, Severity } from '../model/incident.ts';
import type { Scope } from '../model/unit.ts';

/** A fault that is over, according to the log that reported it. */
export type Clearing = {
    family: string;
    scope: Scope;
    subject: string;
    time: number | null;
    /** Whether an automatic restart brought it back, so that only time shows whether it lasts. */
    restarted: boolean;
};

/**
 * Only the recovery check can decide an unconfirmed finding; one that is harmless alone only explains others; a sign only adds
 * to the evidence of others. What a session reports may turn out to be its end in the next line, as what follows a
 * suspend or a cancellation may turn out to be that, and what is tried again may work a moment later. The lines after it may be a trace of the kernel.
 */
export type Verdict =
    | {
          finding: Finding;
          isUnconfirmed?: boolean;
          isHarmlessAlone?: boolean;
          isSign?: boolean;
          mayBeExplained?: boolean;
          mayBeOvercome?: boolean;
          hasTrace?: boolean;
      }
    | { cleared: Clearing };

/** No verdicts, without an allocation. */
export const nothing: readonly Verdict[] = [];

/** The same for an entry that sounds like a fault and, for once, reports none. */
export const ordinary: readonly Verdict[] = [];

/** What a single entry means to the user. */
export type Assessment = {
    /** Whether it needs action. */
    actionable: boolean;
    /** Empty for an entry that only explains others. */
    family: string;
    severity: Severity;
    /** Whether it shows that something is wrong, but not that it harms anybody. */
    isSign?: boolean;
    /** Earlier lines of the log that turn out to report the same fault. */
    earlier?: readonly number[];
    /** Earlier entries that turn out to report no fault. */
    ordinary?: readonly EntryReference[];
};

/** An entry of the log. @see Finding.occurrence */
export type EntryReference = { line: number | null; occurrence: string };
