import type { ActionName, ParametersOf } from '../actions/actions.ts';
import type { Incident } from '../model/incident.ts';
import type { Tried } from './playbook.ts';
import type { Guide } from './guide.ts';
import type { RecoveryCheck } from './recovery.ts';

/** A typed action that may fix it. It is offered only if it is possible at the moment. */
export type Fix = { [Name in ActionName]: FixBy<Name> }[ActionName];

export type FixBy<Name extends ActionName> = {
    action: Name;
    /** null when it does not fit this incident, or the fixes tried so far. */
    parameters: (incident: Incident, tried?: readonly Tried[]) => ParametersOf<Name> | null;
    explanation: () => string;
};

/** The remediation of one kind of fault. */
export type Remediation = {
    /** Its recovery check. */
    recovery: RecoveryCheck;
    /** What people can do themselves, in one or two sentences; without an incident, for the documentation. */
    advice: (incident?: Incident) => string;
    /** What people can do themselves step by step, instead of the advice, where Reeve can see each step. */
    guide?: Guide;
    /** Best first. */
    fixes?: readonly Fix[];
};

/** By kind of fault; `otherwise` is for the kinds that are not named. */
export type Remediations<Kind extends string = string> = {
    otherwise: Remediation;
    kinds?: Readonly<Partial<Record<Kind, Remediation>>>;
};
