import { parseTimespan } from '../../../service/text/timespan.ts';

describe('Spans of time that systemd writes', () => {
    it('are read as seconds', () => {
        expect(parseTimespan('33.222s')).toBe(33.222);
        expect(parseTimespan('1h 1min 40us')).toBeCloseTo(3660.00004, 9);
        expect(parseTimespan('1w 2d 3h')).toBe(788_400);
        expect(parseTimespan('1y 2month')).toBe(31_557_600 + 2 * 2_629_800);
    });

    it('are no number where a part of them is not known', () => {
        for (const text of ['', 'soon', '1h 3 parsecs', '-5s']) expect(parseTimespan(text)).withContext(text).toBeNaN();
    });
});
