import { localTime } from '../../../service/text/localTime.ts';
import { jsonTime, parseTime } from '../../../service/cli/times.ts';

describe('Times on the command line', () => {
    const now = new Date(2026, 10, 21, 3, 14, 5);
    const at = (...parts: [number, number, number, number?, number?, number?]) => new Date(...parts).getTime() * 1000;

    it('may be durations before now', () => {
        const second = 1_000_000;
        expect(parseTime('90s', now)).toBe(now.getTime() * 1000 - 90 * second);
        expect(parseTime('90min', now)).toBe(now.getTime() * 1000 - 5400 * second);
        expect(parseTime('2 h', now)).toBe(now.getTime() * 1000 - 7200 * second);
        expect(parseTime('1w', now)).toBe(now.getTime() * 1000 - 7 * 86_400 * second);
    });

    it('may be days', () => {
        expect(parseTime('today', now)).toBe(at(2026, 10, 21));
        expect(parseTime('yesterday', now)).toBe(at(2026, 10, 20));
        expect(parseTime('2026-11-01', now)).toBe(at(2026, 10, 1));
    });

    it('may be moments', () => {
        expect(parseTime('3:14', now)).toBe(at(2026, 10, 21, 3, 14));
        expect(parseTime('03:14:07', now)).toBe(at(2026, 10, 21, 3, 14, 7));
        expect(parseTime('2026-11-01 13:00', now)).toBe(at(2026, 10, 1, 13));
        expect(parseTime('2026-11-01T13:00:00Z', now)).toBe(Date.UTC(2026, 10, 1, 13) * 1000);
    });

    it('are nothing else', () => {
        for (const text of ['', 'soon', '2', '2y', '25:00', '2026-13-01', '-2h', '2026-11-01 13'])
            expect(parseTime(text, now)).withContext(text).toBeNull();
    });

    it('are shown in local time and told in UTC, to the microsecond', () => {
        expect(localTime(at(2026, 0, 2, 3, 4, 5))).toBe('2026-01-02 03:04:05');
        expect(jsonTime(1_700_000_000_123_456)).toBe('2023-11-14T22:13:20.123456Z');
        expect(jsonTime(1_700_000_000_000_007)).toBe('2023-11-14T22:13:20.000007Z');
        expect(jsonTime(0)).toBeNull();
    });
});
