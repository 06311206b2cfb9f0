import { lastReversible } from '../../../service/cli/commands/change.ts';

describe('What reeve undo takes back', () => {
    it('is what came last of what can be taken back, in whatever order the fixes are ranked', () => {
        const applied = [
            { id: 2, reversible: true },
            { id: 5, reversible: true },
            { id: 7, reversible: false },
            { id: 3, reversible: true },
        ];
        expect(lastReversible(applied)?.id).toBe(5);
        expect(lastReversible([{ id: 7, reversible: false }])).toBeUndefined();
    });
});
