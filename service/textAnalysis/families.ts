import type { FaultFamily } from '../detection/faultRule.ts';
import { families } from '../faults/generated/text.ts';
import { ofComplaints } from './complaint.ts';

/** The rules that assess lines of text. */
export const textFamilies = withRulesOfText(families);

/** Adds the rules that are not used for journals. */
export function withRulesOfText<Family extends FaultFamily>(all: readonly Family[]): readonly Family[] {
    return all.map(family =>
        family.name === 'program' ? { ...family, rules: [...family.rules, ofComplaints] } : family,
    );
}
