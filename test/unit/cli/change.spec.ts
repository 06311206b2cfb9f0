import { lastReversible, possibleFixes } from '../../../service/cli/commands/change.ts';

describe('What reeve fix applies', () => {
    it('is what ended halfway before what was never begun, best first', () => {
        const fixes = [
            { number: 3, state: 'offered' as const, finishDigest: '' },
            { number: 1, state: 'applied' as const, finishDigest: '' },
            { number: 4, state: 'partial' as const, finishDigest: 'abc' },
            { number: 2, state: 'offered' as const, finishDigest: '' },
            { number: 5, state: 'partial' as const, finishDigest: '' },
        ];
        expect(possibleFixes(fixes).map(({ number }) => number)).toEqual([4, 3, 2]);
    });
});

describe('What reeve undo takes back', () => {
    it('is what was applied last of what can be taken back, in whatever order the fixes were offered', () => {
        const applied = [
            { id: 2, applied: 40, reversible: true },
            { id: 5, applied: 20, reversible: true },
            { id: 7, applied: 50, reversible: false },
            { id: 3, applied: 30, reversible: true },
        ];
        expect(lastReversible(applied)?.id).toBe(2);
        expect(lastReversible([{ applied: 7, reversible: false }])).toBeUndefined();
    });
});
