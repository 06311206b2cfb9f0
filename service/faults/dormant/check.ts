import type { Machine } from '../../machine/machine.ts';
import type { Severity } from '../../model/incident.ts';
import type { Scope } from '../../model/unit.ts';
import type { WrittenFacts } from './facts.ts';

/** Where a check looks. */
export type Place = {
    machine: Machine;
    /** The user's home directory, below the root of `machine`. */
    home: string;
    uid: number;
    signal: AbortSignal;
};

export type DormantFault = {
    /** The file or folder that is wrong, or the name that is set and not there. */
    subject: string;
    title: string;
    /** What was read, for the evidence. */
    detail: string;
    facts?: Omit<WrittenFacts, 'of'>;
};

/** One thing that a next log-in, start or program would stumble over. It only reads, and takes milliseconds. */
export type DormantCheck<Kind extends string = string> = {
    kind: Kind;
    scope: Scope;
    severity: Severity;
    /** What will happen, and to whom. */
    cause: () => string;
    advice: () => string;
    /** Everything of this kind that is wrong now. */
    find(place: Place): Promise<DormantFault[]>;
};

/** The part of the user's environment that says where programs are; only this computer's own session has a PATH. */
export function environmentOf({ machine, home }: Place): NodeJS.ProcessEnv {
    return { HOME: home, ...(machine.root === '/' && { PATH: process.env.PATH }) };
}
