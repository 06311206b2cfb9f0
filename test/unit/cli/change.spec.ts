import { choose, lastReversible, possibleFixes } from '../../../service/cli/commands/change.ts';

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

    it('of a closed incident is what ended halfway, and nothing else', () => {
        const fixes = [
            { number: 3, state: 'offered' as const, finishDigest: '' },
            { number: 4, state: 'partial' as const, finishDigest: 'abc' },
        ];
        const closed = { id: '1', isOpen: false };
        expect(choose(closed, fixes, undefined).number).toBe(4);
        expect(() => choose(closed, fixes, '3')).toThrowError('Incident 1 is closed.');
        expect(choose({ ...closed, isOpen: true }, fixes, '3').number).toBe(3);
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
