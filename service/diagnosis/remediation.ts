import type { Incident } from '../model/incident.ts';
import type { Tried } from './playbook.ts';
import type { RecoveryCheck } from './recovery.ts';

/** A typed action that may put it right. What cannot be done as things are is not offered. */
export type Fix = {
    action: string;
    /** null when it does not fit this incident, or what was tried so far. */
    parameters: (incident: Incident, tried?: readonly Tried[]) => Record<string, unknown> | null;
    explanation: () => string;
};

/** What is done about one kind of fault. */
export type Remediation = {
    /** When it is over. */
    recovery: RecoveryCheck;
    /** What people can do themselves, in one or two sentences; without an incident for the documentation. */
    advice: (incident?: Incident) => string;
    /** Best first. */
    fixes?: readonly Fix[];
};

/** By kind of fault; `otherwise` is for the kinds that are not named. */
export type Remediations = { otherwise: Remediation; kinds?: Readonly<Record<string, Remediation>> };
