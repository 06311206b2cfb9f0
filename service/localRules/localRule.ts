import type { FaultFamily, FaultRule } from '../detection/faultRule.ts';

/** The fixes that a rule may ask for. Each acts on the unit whose process wrote the line, and takes no values from the file. */
export const localFixes = ['unit.restart', 'unit.resetAndRestart', 'unit.reset'] as const;
export type LocalFix = (typeof localFixes)[number];

/** A rule that somebody added to this computer. */
export type LocalRule = FaultRule & {
    /** Its line in the file, from 1. */
    line: number;
    advice?: string;
    fixes: readonly LocalFix[];
    /** Minutes without such a line, after which the fault is over. */
    quiet: number;
};

/** The rules of one file. The name of the family begins with `local:`. */
export type LocalFamily = Omit<FaultFamily, 'rules'> & {
    readonly path: string;
    readonly title: string;
    readonly about: string;
    readonly rules: readonly LocalRule[];
};

/** The location of a rule, for people: "/etc/reeve/faults.d/backup.yaml:7". */
export function placeOf({ path }: LocalFamily, { line }: LocalRule): string {
    return `${path}:${line}`;
}
