import type { ProposedFix } from '../actions/action.ts';
import type { KnownFix } from '../actions/actions.ts';
import type { Evidence, Incident } from '../model/incident.ts';
import type { JournalReader } from '../journal/query.ts';
import type { Systemd } from '../machine/units/systemd.ts';

/** A remediation that was applied and did not help. */
export type Tried = ProposedFix & {
    /** Whether all its steps were done. */
    isDone: boolean;
    /** Whether it got as far as starting a unit. */
    hasStarted: boolean;
};

export type Case<Kind extends string = string> = {
    incident: Incident & { kind: Kind };
    tried: readonly Tried[];
    systemd: Systemd;
    journal: JournalReader;
    signal: AbortSignal;
};

/** The result of a diagnosis. Texts are plain, for people, and translated. */
export type Findings = {
    /** A better title than that of the log, such as one with the name that people know. */
    title?: string;
    /** At most three sentences in addition to the title; none when the title says all. */
    summary: string;
    /** One sentence. */
    cause: string;
    evidence: Evidence[];
    facts: Record<string, string>;
    /** Best first; empty when no safe remediation is known, which whoever shows the incident says. */
    fixes: KnownFix[];
    /** Nothing is left that could be wrong: what failed no longer exists. */
    over?: true;
};
