import { Format } from '../../../service/i18n/format.ts';

const now = new Date(2026, 10, 21, 12).getTime() * 1000;
const format = (locale: string) => new Format(locale, () => now);
/** Intl puts no-break spaces and marks of direction where a language wants them. */
const spaced = (text: string) => text.replace(/[\u00a0\u202f]/g, ' ');

describe('Sizes', () => {
    it('are in powers of 1000 with one decimal, as GLib shows them', () => {
        const sizes = [0, 1, 999, 1000, 8_212_000_000, 2_000_000_000_000].map(size => spaced(format('en').size(size)));
        expect(sizes).toEqual(['0 bytes', '1 byte', '999 bytes', '1.0 kB', '8.2 GB', '2.0 TB']);
        expect(spaced(format('de').size(8_212_000_000))).toBe('8,2 GB');
        for (const locale of ['en', 'de', 'ar']) expect(format(locale).size(1e9)).not.toContain(' ');
    });
});

describe('Durations', () => {
    it('are told in the two largest units', () => {
        const texts = [0, 45, 60, 3700, 90_061, 86_400 * 12].map(seconds => format('en').duration(seconds));
        expect(texts).toEqual(['0 seconds', '45 seconds', '1 minute', '1 hour, 1 minute', '1 day, 1 hour', '12 days']);
        expect(format('de').duration(7200)).toBe('2 Stunden');
    });
});

describe('Times', () => {
    it('are told from now and by the clock, with the date when it is another day', () => {
        expect(format('en').when(now - 300_000_000)).toMatch(/^5 minutes ago \(\d+:55\s[AP]M\)$/);
        expect(format('en').when(now - 86_400_000_000 * 3)).toMatch(/^3 days ago \(Nov 18, 2026, /);
        expect(format('de').relative(now - 3_600_000_000)).toBe('vor 1 Stunde');
    });
});

describe('The locale', () => {
    it('has the languages of desktop entries', () => {
        expect(format('pt-BR').languages).toEqual(['pt_BR', 'pt']);
        expect(format('de').languages).toEqual(['de']);
    });

    it('has one system of digits, that of the names and log lines beside them', () => {
        const arabic = new Format('ar-EG', () => 1_700_000_000_000_000);
        const texts = [
            arabic.number(1204.5, 1),
            arabic.size(1_204_000_000),
            arabic.percent(0.25),
            arabic.duration(11_100),
            arabic.seconds(1.5),
            arabic.celsius(71),
            arabic.when(1_699_000_000_000_000),
            arabic.clock(1_699_000_000_000_000),
        ];
        for (const text of texts) expect(text).toMatch(/[0-9]/);
        expect(texts.join(' ')).not.toMatch(/[\u0660-\u0669]/);
    });
});
