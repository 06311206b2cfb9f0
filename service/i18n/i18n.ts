/**
 * Translation of what the service says, with the same msgids and catalogues (po/) as the extension.
 *
 * Placeholders are named, `{unit}`, so that translators can reorder them. Values are inserted as they are: they are text,
 * and stay text.
 */
export type Values = Record<string, string | number>;

/** A catalogue as the build writes it from po/LANG.po. */
export type Catalogue = {
    messages: Record<string, string[]>;
    /** Which plural form 0 … 999 take; larger numbers go by their last two digits, as every known rule does. */
    pluralForms: number[];
};

let catalogue: Catalogue = { messages: {}, pluralForms: [] };

export function useCatalogue(next: Catalogue): void {
    catalogue = next;
}

/** Translates `message` and fills in its placeholders. A placeholder without a value stays as it is. */
export function _(message: string, values: Values = {}): string {
    return fill(catalogue.messages[message]?.[0] || message, values);
}

/** As `_`, choosing between `one` and `many` by `count`, which is also available as `{count}`. */
export function ngettext(one: string, many: string, count: number, values: Values = {}): string {
    const form = catalogue.pluralForms[count < 1000 ? count : 900 + (count % 100)];
    const translated = form === undefined ? undefined : catalogue.messages[one]?.[form];
    return fill(translated || (count === 1 ? one : many), { count, ...values });
}

function fill(message: string, values: Values): string {
    return message.replace(/\{(\w+)\}/g, (placeholder, name: string) => String(values[name] ?? placeholder));
}
