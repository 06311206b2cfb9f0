export type Values = Record<string, string | number>;

/**
 * Puts values into the named placeholders of a translated text, `{unit}`. One without a value stays as it is.
 *
 * @param isolates puts FIRST STRONG ISOLATE and POP DIRECTIONAL ISOLATE around each value that is a text, as the service does:
 *   in a text that runs from right to left, Latin names would otherwise be drawn in the wrong order (UAX #9)
 */
export function fill(text: string, values: Values, isolates = false): string {
    return text.replace(/\{(\w+)\}/g, (placeholder, name: string) => {
        const value = values[name] ?? placeholder;
        return isolates && typeof values[name] === 'string' && value !== '' ? `\u2068${value}\u2069` : String(value);
    });
}
