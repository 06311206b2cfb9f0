/**
 * Writes all digits as the names, sizes and log lines do that are quoted in the same texts: those of a computer are Latin in each
 * language. The service writes numbers so, too (service/i18n/format.ts).
 */
export function latinDigits(text: string): string {
    // Arabic and Persian digits: the last four bits of each are its value (the Unicode chart U0600).
    return text.replaceAll(/[\u0660-\u0669\u06f0-\u06f9]/g, digit => String(digit.charCodeAt(0) & 0xf));
}
