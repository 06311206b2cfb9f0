import { _ } from './i18n.ts';

const byteUnits = ['byte', 'kilobyte', 'megabyte', 'gigabyte', 'terabyte', 'petabyte'] as const;
const day = 86_400;

/** Numbers, sizes and times in the words of one locale. */
export class Format {
    readonly #locale: string;
    readonly #clock: () => number;

    /**
     * Its digits are Latin in every language: those of the names, versions and log lines in the same texts are.
     *
     * @param locale a BCP 47 tag such as "de-AT"
     * @param clock microseconds since the Unix epoch
     */
    constructor(locale: string, clock: () => number = () => Date.now() * 1000) {
        this.#locale = `${locale}-u-nu-latn`;
        this.#clock = clock;
    }

    number(value: number, digits = 0): string {
        return new Intl.NumberFormat(this.#locale, { maximumFractionDigits: digits }).format(value);
    }

    /** Powers of 1000 and one decimal, as g_format_size() of GLib shows sizes everywhere in GNOME, and never on two lines. */
    size(bytes: number): string {
        let value = bytes;
        let unit = 0;
        while (value >= 1000 && unit < byteUnits.length - 1) {
            value /= 1000;
            unit += 1;
        }
        const digits = unit === 0 ? 0 : 1;
        const format = new Intl.NumberFormat(this.#locale, {
            style: 'unit',
            unit: byteUnits[unit] ?? 'byte',
            unitDisplay: unit === 0 ? 'long' : 'short',
            minimumFractionDigits: digits,
            maximumFractionDigits: digits,
        });
        return format.format(value).replaceAll(' ', '\u00a0');
    }

    /** @param share 0 to 1 */
    percent(share: number): string {
        return new Intl.NumberFormat(this.#locale, { style: 'percent', maximumFractionDigits: 0 }).format(share);
    }

    celsius(degrees: number): string {
        const options = { style: 'unit', unit: 'celsius', maximumFractionDigits: 0 } as const;
        return new Intl.NumberFormat(this.#locale, options).format(degrees);
    }

    /** The two largest units: "3 days, 4 hours", "12 minutes". */
    duration(seconds: number): string {
        const parts: [number, 'day' | 'hour' | 'minute' | 'second'][] = [
            [Math.floor(seconds / day), 'day'],
            [Math.floor((seconds % day) / 3600), 'hour'],
            [Math.floor((seconds % 3600) / 60), 'minute'],
            [Math.floor(seconds % 60), 'second'],
        ];
        const largest = parts.findIndex(([count]) => count > 0);
        const shown = parts.slice(largest < 0 ? 3 : largest).slice(0, 2);
        const texts = shown
            .filter(([count], index) => count > 0 || (index === 0 && largest < 0))
            .map(([count, unit]) =>
                new Intl.NumberFormat(this.#locale, { style: 'unit', unit, unitDisplay: 'long' }).format(count),
            );
        return new Intl.ListFormat(this.#locale, { type: 'unit' }).format(texts);
    }

    /** "5 minutes ago (14:02)"; the date too when it was not today. @param time microseconds since the Unix epoch */
    when(time: number): string {
        return _('{relative} ({absolute})', { relative: this.relative(time), absolute: this.absolute(time) });
    }

    /** "14:02 (5 minutes ago)", to stand after "since". */
    since(time: number): string {
        return _('{absolute} ({relative})', { relative: this.relative(time), absolute: this.absolute(time) });
    }

    relative(time: number): string {
        const seconds = (time - this.#clock()) / 1_000_000;
        const format = new Intl.RelativeTimeFormat(this.#locale, { numeric: 'auto' });
        const size = Math.abs(seconds);
        if (size < 60) return format.format(Math.round(seconds), 'second');
        if (size < 3600) return format.format(Math.round(seconds / 60), 'minute');
        if (size < day) return format.format(Math.round(seconds / 3600), 'hour');
        // By the calendar, as people count: what was the day before yesterday is not “yesterday” at 30 hours.
        const midnight = (moment: number) => new Date(moment / 1000).setHours(0, 0, 0, 0);
        return format.format(Math.round((midnight(time) - midnight(this.#clock())) / (day * 1000)), 'day');
    }

    /** The time of day, and the date when it is not today's. */
    absolute(time: number): string {
        const moment = new Date(time / 1000);
        const today = new Date(this.#clock() / 1000);
        const options: Intl.DateTimeFormatOptions =
            moment.toDateString() === today.toDateString()
                ? { timeStyle: 'short' }
                : { dateStyle: 'medium', timeStyle: 'short' };
        return new Intl.DateTimeFormat(this.#locale, options).format(moment);
    }

    /** "0.7 seconds", with a decimal; from a minute on as `duration`. */
    seconds(seconds: number): string {
        if (seconds >= 60) return this.duration(seconds);
        const options = { style: 'unit', unit: 'second', unitDisplay: 'long', maximumFractionDigits: 1 } as const;
        return new Intl.NumberFormat(this.#locale, options).format(seconds);
    }

    /**
     * Day and time of day.
     *
     * @param time microseconds since the Unix epoch
     * @param timeZone where; this process keeps the time zone in which it was started
     */
    clock(time: number, timeZone?: string): string {
        const options = { dateStyle: 'full', timeStyle: 'short' } as const;
        const moment = new Date(time / 1000);
        try {
            return new Intl.DateTimeFormat(this.#locale, { ...options, timeZone }).format(moment);
        } catch (error) {
            // The system may know a time zone that is unknown here.
            if (!(error instanceof RangeError)) throw error;
            return new Intl.DateTimeFormat(this.#locale, options).format(moment);
        }
    }

    list(texts: readonly string[]): string {
        return new Intl.ListFormat(this.#locale, { type: 'conjunction' }).format(texts);
    }

    /** Codes under which desktop entries keep names in this locale's language: "pt_BR", then "pt". */
    get languages(): string[] {
        const { language, region } = new Intl.Locale(this.#locale);
        return region === undefined ? [language] : [`${language}_${region}`, language];
    }
}
