import { Outline } from '../../../../service/assistant/tools/outline.ts';
import { bytes, duration, moment } from '../../../../service/assistant/tools/figures.ts';
import { now } from './context.ts';

describe('An outline', () => {
    it('says how many rows it leaves out', () => {
        const out = new Outline();
        out.list('Things', [1, 2, 3, 4], String, 2);
        out.list('Others', [], String);

        expect(out.text).toBe('Things:\n- 1\n- 2\n- and 2 more\nOthers: none');
    });

    it('never grows beyond its budget, whatever is written', () => {
        const out = new Outline();
        out.block('x\n'.repeat(5000));
        out.list(
            'Rows',
            Array.from({ length: 5000 }, () => 'y'.repeat(5000)),
            String,
            5000,
        );
        for (let n = 0; n < 5000; n += 1) out.line('z'.repeat(300));

        expect(out.text.length).toBeLessThan(3700);
        expect(out.text).toMatch(/\(\d+ more lines\)/);
    });

    it('keeps each line a line', () => {
        const out = new Outline();
        out.line('a\nb\u2028c');

        expect(out.text).toBe('a b c');
    });
});

describe('Figures', () => {
    it('are short and have their units', () => {
        expect([0, 999, 1000, 1_234_567, 2e12].map(bytes)).toEqual(['0 B', '999 B', '1.0 kB', '1.2 MB', '2.0 TB']);
        expect([0, 59, 60, 3600, 90_061].map(duration)).toEqual(['0 s', '59 s', '1 min', '1 h', '1 d 1 h']);
        expect(moment(now - 60_000_000, now)).toBe('2026-11-21 11:59:00 (1 min ago)');
        expect(moment(now + 60_000_000, now)).toBe('2026-11-21 12:01:00 (in 1 min)');
    });
});
