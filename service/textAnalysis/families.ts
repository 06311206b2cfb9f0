import type { FaultFamily } from '../detection/faultRule.ts';
import { families } from '../faults/generated/text.ts';
import { ofComplaints } from './complaint.ts';

/** The rules that lines of text are assessed by. */
export const textFamilies = withRulesOfText(families);

/** Adds the rules that journals are not assessed by. */
export function withRulesOfText<Family extends FaultFamily>(all: readonly Family[]): readonly Family[] {
    return all.map(family =>
        family.name === 'program' ? { ...family, rules: [...family.rules, ofComplaints] } : family,
    );
}
