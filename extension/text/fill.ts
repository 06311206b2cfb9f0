export type Values = Record<string, string | number>;

/** Puts values into the named placeholders of a translated text, `{unit}`. One without a value stays as it is. */
export function fill(text: string, values: Values): string {
    return text.replace(/\{(\w+)\}/g, (placeholder, name: string) => String(values[name] ?? placeholder));
}
