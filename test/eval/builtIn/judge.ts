import { answersOf } from './facts.ts';
import type { Wanted } from './load.ts';
import type { Reading } from './read.ts';

export const verdicts = ['right', 'refused', 'wrong'] as const;
export type Verdict = (typeof verdicts)[number];

/** Refused is what was understood as nothing; another answer or action than the wanted one is wrong. */
export function judge(wanted: Wanted, reading: Reading): Verdict {
    if (wanted.kind === 'refusal') return reading.kind === 'refusal' ? 'right' : 'wrong';
    if (reading.kind === 'refusal') return 'refused';
    if (wanted.kind !== reading.kind || !wanted.named.every(name => isNamed(name, reading.named))) return 'wrong';
    if (wanted.kind === 'question') {
        const fitting = answersOf(wanted.answers);
        return reading.kind === 'question' && reading.answers.every(id => fitting.has(id)) ? 'right' : 'wrong';
    }
    if (reading.kind !== 'wish' || !reading.actions.every(action => wanted.action.includes(action))) return 'wrong';
    const given = reading.parameters;
    const fits = Object.entries(wanted.parameters).every(([name, value]) => given === null || given[name] === value);
    return fits ? 'right' : 'wrong';
}

function isNamed(name: string, found: readonly string[]): boolean {
    return found.some(text => text.toLowerCase().includes(name.toLowerCase()));
}
