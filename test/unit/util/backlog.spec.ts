import { Backlog } from '../../../service/util/backlog.ts';

const second = 1_000_000;

describe('A backlog', () => {
    it('is too much when it stays, and not when it is caught up with', () => {
        const backlog = new Backlog({ longestWait: 30 * second, patience: 5000 });

        expect(backlog.isTooMuch(29 * second, 0)).toBeFalse();
        expect(backlog.isTooMuch(8 * 3600 * second, 1000)).toBeFalse();
        expect(backlog.isTooMuch(31 * second, 5999)).toBeFalse();
        expect(backlog.isTooMuch(31 * second, 6000)).toBeTrue();
        expect(backlog.isTooMuch(second, 6001)).toBeFalse();
        expect(backlog.isTooMuch(31 * second, 20_000)).toBeFalse();
        backlog.clear();
        expect(backlog.isTooMuch(31 * second, 30_000)).toBeFalse();
        expect(backlog.isTooMuch(31 * second, 35_000)).toBeTrue();
    });
});
