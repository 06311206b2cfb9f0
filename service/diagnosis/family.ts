import type { Machine } from '../machine/machine.ts';
import type { Run } from '../machine/run.ts';
import type { Systemd } from '../machine/units/systemd.ts';
import type { Incident } from '../model/incident.ts';
import type { CheckResult } from '../model/proposal.ts';
import type { Case, Findings, Tried } from './playbook.ts';
import type { Remediations } from './remediation.ts';

export type CheckOptions = {
    /** The check follows a change that should have put it right: only what has run since then counts as well. */
    afterFix?: boolean;
    /** Says how things are at this moment, without waiting for what is under way. */
    atOnce?: boolean;
    signal?: AbortSignal;
};

/** Diagnoses what takes more than the log to understand. */
export type Playbook = {
    /** The summary that can be given at once, from the finding alone; empty when the title says all. */
    preview(incident: Incident): string;
    /** Gathers evidence, names the cause and picks remedies. Changes nothing. */
    diagnose(of: Case): Promise<Findings>;
    /** Whether the fault is there now. */
    check(systemd: Systemd, incident: Incident, options: CheckOptions): Promise<CheckResult>;
};

/** The families of the rules that people added, by their names; they change while the service runs. */
export type LocalFamilies = (name: string) => DiagnosedFamily | undefined;

/** What diagnosis has to know of a family of faults. It has either remediations by kind, or a playbook. */
export type DiagnosedFamily = {
    readonly name: string;
    /** Its subjects are units: the service managers signal when one is well again. */
    readonly hasUnits?: true;
    readonly remediation?: Remediations;
    readonly playbook?: Playbook;
    /** Adds what else can be found out. @param on.machine null when what is watched is not this computer */
    enrich?(of: Case, findings: Findings, on: { machine: Machine | null; run: Run }): Promise<Findings>;
    /** What to say of fixes that did not help, where that says more than that; null where it does not. */
    describeFailure?(incident: Incident, tried: readonly Tried[]): string | null;
};
