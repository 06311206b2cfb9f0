import { expandTabs } from '../../../service/text/expandTabs.ts';

describe('Tabs', () => {
    it('become as many blanks as a terminal would leave, in each line separately', () => {
        expect(expandTabs('a\tb\tc')).toBe('a       b       c');
        expect(expandTabs('\tx\n1234567\ty\n12345678\tz')).toBe('        x\n1234567 y\n12345678        z');
        expect(expandTabs('ä😀\tb')).toBe('ä😀      b');
    });

    it('leave everything else as it is', () => {
        for (const text of ['', '\n\n', ' a  b \n']) expect(expandTabs(text)).toBe(text);
    });

    it('cost no more where there are many of them', () => {
        expect(expandTabs('\t'.repeat(100_000)).length).toBe(800_000);
    });
});
