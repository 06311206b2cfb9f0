import type { Machine } from '../machine/machine.ts';
import type { Run } from '../machine/run.ts';
import type { Systemd } from '../machine/units/systemd.ts';
import type { Incident } from '../model/incident.ts';
import type { CheckResult } from '../model/proposal.ts';
import type { Case, Findings, Tried } from './playbook.ts';
import type { Remediations } from './remediation.ts';

export type CheckOptions = {
    /** The check follows a change that should have fixed it: only what has run since then counts as well. */
    afterFix?: boolean;
    /** Reports the state at this moment, without waiting for what is under way. */
    atOnce?: boolean;
    signal?: AbortSignal;
};

/** Diagnoses faults that the log alone does not explain. */
export type Playbook = {
    /** Gathers evidence, names the cause and picks remediations. Changes nothing. */
    diagnose(of: Case): Promise<Findings>;
    /** Whether the fault is there now. */
    check(systemd: Systemd, incident: Incident, options: CheckOptions): Promise<CheckResult>;
};

/** The families of the rules that people added, by their names; they change while the service runs. */
export type LocalFamilies = (name: string) => DiagnosedFamily | undefined;

/** What diagnosis needs to know about a family of faults. It has either remediations by kind, or a playbook. */
export type DiagnosedFamily<Kind extends string = string> = {
    readonly name: string;
    /** Its subjects are units: the service managers signal when one is well again. */
    readonly hasUnits?: true;
    readonly remediation?: Remediations<Kind>;
    readonly playbook?: Playbook;
    /** Adds further findings. @param on.machine null when the watched system is not this computer */
    enrich?(of: Case<Kind>, findings: Findings, on: { machine: Machine | null; run: Run }): Promise<Findings>;
    /** What to say about fixes that did not help, if it is more than that; otherwise null. */
    describeFailure?(incident: Incident, tried: readonly Tried[]): string | null;
};
