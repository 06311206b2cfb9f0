import { defaults, parseConfig } from '../../../service/config/parse.ts';
import { isIgnoredBy, noiseBudget } from '../../../service/config/use.ts';

describe('Quiet hours', () => {
    const at = (time: string) => new Date(`2026-11-21T${time}:00`);
    const { config } = parseConfig('[notifications]\nquiet_hours = "22:00-07:30"\nper_hour = 4');

    it('span midnight', () => {
        for (const time of ['22:00', '23:59', '00:00', '07:29'])
            expect(noiseBudget(config, at(time)).perHour)
                .withContext(time)
                .toBe(0);
        for (const time of ['21:59', '07:30', '12:00'])
            expect(noiseBudget(config, at(time)).perHour)
                .withContext(time)
                .toBe(4);
    });

    it('may lie within a day', () => {
        const { config: siesta } = parseConfig('[notifications]\nquiet_hours = "13:00-14:00"\nper_hour = 4');

        expect(noiseBudget(siesta, at('13:30')).perHour).toBe(0);
        expect(noiseBudget(siesta, at('14:00')).perHour).toBe(4);
        expect(noiseBudget(siesta, at('02:00')).perHour).toBe(4);
    });

    it('are none by default', () => {
        expect(noiseBudget(defaults, at('03:00')).perHour).toBe(defaults.notifications.per_hour);
    });
});

describe('Ignored units', () => {
    const { config, problems } = parseConfig(String.raw`[watch]
ignore = ["cups.service", "backup@*.service", 'dev-disk\x2d*', "*.timer"]`);

    it('are named whole or with *', () => {
        expect(problems).toEqual([]);
        for (const unit of ['cups.service', 'backup@home.service', 'dev-disk\\x2duuid.swap', 'a.b.timer'])
            expect(isIgnoredBy(config, unit)).withContext(unit).toBeTrue();
    });

    it('are no others', () => {
        for (const unit of ['cupsXservice', 'my-cups.service', 'backup.service', 'cups.service2', 'timer'])
            expect(isIgnoredBy(config, unit)).withContext(unit).toBeFalse();
    });

    it('are compared part by part, each found after the one before', () => {
        const matches = (pattern: string, unit: string) =>
            isIgnoredBy(parseConfig(`[watch]\nignore = ["${pattern}"]`).config, unit);
        expect(matches('a*b*c', 'a-bb-c')).toBeTrue();
        expect(matches('a*b*c', 'ac-b')).toBeFalse();
        expect(matches('ab*ba', 'aba')).toBeFalse();
        expect(matches('ab**', 'ab')).toBeTrue();
    });

    it('take no time to speak of with many asterisks', () => {
        const { config } = parseConfig(`[watch]\nignore = ["${'*a'.repeat(100)}*b"]`);
        expect(isIgnoredBy(config, 'a'.repeat(255))).toBeFalse();
    });

    it('cannot be given as anything but names', () => {
        expect(parseConfig('[watch]\nignore = ["a b", "(x)"]').problems.length).toBe(1);
    });
});
