import type { Incident } from '../../model/incident.ts';
import type { CheckResult } from '../../model/proposal.ts';
import type { Tried } from '../playbook.ts';
import type { Systemd } from '../../machine/units/systemd.ts';
import type { Machine } from '../../machine/machine.ts';

/** The computer that an incident is about. */
export type Place = {
    incident: Incident;
    machine: Machine;
    systemd: Systemd;
    /** The check follows a change that should have put it right. */
    afterFix: boolean;
    /** Microseconds since the Unix epoch. */
    now: number;
    signal: AbortSignal;
};

/** The symptom's own check. */
export type Condition = {
    /** When the fault counts as gone, for the documentation. */
    about: string;
    check(place: Place): Promise<CheckResult> | CheckResult;
};

/** A typed action that may put it right. What cannot be done as things are is not offered. */
export type Fix = {
    action: string;
    /** null when it does not fit this incident, or what was tried so far. */
    parameters: (incident: Incident, tried?: readonly Tried[]) => Record<string, unknown> | null;
    explanation: () => string;
};

/** What a steward does about one kind of fault. */
export type Care = {
    isOver: Condition;
    /** What people can do themselves, in one or two sentences; without an incident for the documentation. */
    advice: (incident?: Incident) => string;
    /** Best first. */
    fixes?: readonly Fix[];
};

/** By kind of fault; `others` is for the kinds that are not named. */
export type FamilyCare = { family: string; others: Care; kinds?: Readonly<Record<string, Care>> };
