import { joined } from '../../../service/detection/ruleRunner.ts';
import { nothing, ordinary } from '../../../service/detection/verdict.ts';
import type { Verdict } from '../../../service/detection/verdict.ts';

describe('What two rules report of one entry', () => {
    const cleared: readonly Verdict[] = [
        { cleared: { family: 'unit', scope: 'system', subject: 'a.service', time: 1, restarted: false } },
    ];

    it('is ordinary where one knows it as that and the other reports nothing', () => {
        expect(joined(ordinary, nothing)).toBe(ordinary);
        expect(joined(nothing, ordinary)).toBe(ordinary);
        expect(joined(nothing, nothing)).toBe(nothing);
    });

    it('is all that either of them reports', () => {
        expect(joined(ordinary, cleared)).toBe(cleared);
        expect(joined(cleared, ordinary)).toBe(cleared);
        expect(joined(cleared, cleared).length).toBe(2);
    });
});
