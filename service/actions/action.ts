import * as z from 'zod';
import { _ } from '../i18n/i18n.ts';
import type { CheckResult, Owner, SinglePlan } from '../model/proposal.ts';
import type { Surroundings } from './surroundings.ts';
import type { Wish } from './wish.ts';

/** A fix that a diagnosis asks for: a typed action, its target, and why it should help. */
export type ProposedFix = {
    action: string;
    parameters: Record<string, unknown>;
    explanation: string;
    /** The name of the model that asks for it; absent for a rule's. */
    proposedBy?: string;
};

/** It explains itself where nobody else said why: what a package is, and the like. */
type Planned = Omit<SinglePlan, 'action' | 'parameters' | 'explanation' | 'touches'> & { explanation?: string };

/**
 * A typed action: the only kind of thing that can ever change the system. Its steps follow from validated parameters and
 * from the state that the managers report, never from text.
 */
export type Action<
    Name extends string = string,
    Parameters extends Record<string, unknown> = Record<string, unknown>,
> = {
    /** Such as "unit.restart"; kept in the database and the audit log. */
    name: Name;
    parameters: z.ZodType<Parameters>;
    /** How people ask for it; absent when it only mends a fault. */
    wishes?: readonly Wish<Parameters>[];
    /**
     * What a model may propose it for: an incident, whose units it changes, or the task of a person whose words no pattern fits. Absent
     * where a model may not propose it: where it can lose data, or where its parameters are nothing that a person says.
     */
    proposable?: readonly Owner['kind'][];
    /** One change instead of several that are asked for at once; absent where each is made for itself. */
    joined?(all: readonly Parameters[]): Parameters;
    /**
     * What a person allows who lets Reeve do this without asking, such as "Always restart a.service when it fails". Only for what can be
     * undone and loses nothing; absent where each time has to be approved.
     */
    grantable?(parameters: Parameters): string;
    /**
     * What it changes besides the files and units of its steps, such as "setting dark-style": plans that change the same thing are
     * carried out one at a time, and undone newest first. Without it, that is everything that actions of its family change.
     */
    touches?(parameters: Parameters): string[];
    /**
     * Works out the steps as of now.
     *
     * @throws ReeveError InvalidState when the action is impossible or would change nothing; the message says why
     */
    plan(parameters: Parameters, system: Surroundings & { signal: AbortSignal }): Planned | Promise<Planned>;
    /** How long `verify` takes where that is longer than most. Milliseconds. */
    verifyTime?: number;
    /**
     * Whether what it is for has come true; for a change that a person asked for, as no fault's recovery check tells then.
     * Without it, that every step succeeded is all there is to know.
     */
    verify?(parameters: Parameters, system: Surroundings & { signal: AbortSignal }): Promise<CheckResult>;
};

export function defineAction<const Name extends string, Parameters extends Record<string, unknown>>(
    action: Action<Name, Parameters>,
): Action<Name, Parameters> {
    return action;
}

/** Of an action that depends on the state of the computer alone. */
export const noParameters = z.strictObject({});

/** What `verify` returns for a setting. @param isWanted whether it has the value that it was given */
export function valueCheck(isWanted: boolean): CheckResult {
    return { gone: isWanted, detail: isWanted ? '' : _('The setting has another value now') };
}
