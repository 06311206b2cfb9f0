const units = ['byte', 'kilobyte', 'megabyte', 'gigabyte', 'terabyte', 'petabyte'] as const;

/**
 * "2.5 GB" on one line, as the service writes it beside (service/i18n/format.ts): GLib has no translated units where the translations of the
 * system are left out.
 *
 * @param locale a BCP 47 tag; that of the session, if not given
 */
export function sizeText(bytes: number, locale?: string): string {
    let value = bytes;
    let unit = 0;
    while (value >= 1000 && unit < units.length - 1) {
        value /= 1000;
        unit += 1;
    }
    const digits = unit === 0 ? 0 : 1;
    const format = new Intl.NumberFormat(locale, {
        style: 'unit',
        unit: units[unit] ?? 'byte',
        unitDisplay: unit === 0 ? 'long' : 'short',
        numberingSystem: 'latn',
        minimumFractionDigits: digits,
        maximumFractionDigits: digits,
    });
    return format.format(value).replaceAll(' ', '\u00a0');
}
