import { bar, sparkline } from '../../../service/cli/figures.ts';

describe('A figure in a terminal', () => {
    it('is a bar as long as the share, and no longer than the whole', () => {
        expect([bar(0), bar(0.5), bar(7), bar(-1)]).toEqual([
            '░'.repeat(20),
            '█'.repeat(10) + '░'.repeat(10),
            '█'.repeat(20),
            '░'.repeat(20),
        ]);
    });

    it('is a line of blocks, with a gap where nothing is known', () => {
        expect(sparkline([0, 0.5, -1, 1, 0.99, 0.13])).toBe('▁▅ ██▂');
    });
});
