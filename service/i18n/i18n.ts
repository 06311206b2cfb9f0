import { pairIsolates } from '../text/sanitise.ts';

/**
 * Translates the service's texts, with the same msgids and catalogues (po/) as the extension.
 *
 * Placeholders are named, `{unit}`, so that translators can reorder them. Values are inserted unchanged, at most
 * isolated from the text around them: they are text, and stay text.
 */
export type Values = Record<string, string | number>;

/** A catalogue as the build writes it from po/LANG.po. */
export type Catalogue = {
    messages: Record<string, string[]>;
    /** Which plural form 0 … 999 take; larger numbers go by their last two digits, as every known rule does. */
    pluralForms: number[];
};

/** A catalogue in use, and whether values are kept from mixing with the text around them; see `isolate`. */
export type Speech = {
    catalogue: Catalogue;
    isolates: boolean;
    /** Such as "de"; empty for English without a catalogue. */ language: string;
};

let usual: Speech = { catalogue: { messages: {}, pluralForms: [] }, isolates: false, language: '' };
let instead: () => Speech | undefined = () => undefined;
const speech = () => instead() ?? usual;

/**
 * @param options.isolate whether values are kept from mixing with the text around them; see `isolate`
 * @param options.language the name of the catalogue, such as "de"
 */
export function useCatalogue(next: Catalogue, options: { isolate?: boolean; language?: string } = {}): void {
    usual = { catalogue: next, isolates: options.isolate ?? false, language: options.language ?? '' };
}

/** The session's language, by the name of its catalogue; empty for English. */
export function language(): string {
    return usual.language;
}

/** What `_` speaks, as BCP 47 writes it. */
export function languageTag(): string {
    return speech().language.replace('_', '-') || 'en';
}

/** @param current gives the speech of what is being said now, if it is not the session's */
export function speakInstead(current: () => Speech | undefined): void {
    instead = current;
}

/** What `made` returns, with its texts in another language than the session's. */
export function inSpeech<T>(other: Speech, made: () => T): T {
    const before = instead;
    instead = () => other;
    try {
        return made();
    } finally {
        instead = before;
    }
}

/** Whether what `_` puts into a text stands between U+2068 and U+2069. */
export function isolatesValues(): boolean {
    return speech().isolates;
}

/** Translates `message` and fills in its placeholders. A placeholder without a value stays as it is. */
export function _(message: string, values: Values = {}): string {
    return translate(message, values);
}

/** As `_`, for variable texts: po/update.ts extracts them from their source, as the texts of the rules for faults. */
export function translate(message: string, values: Values = {}): string {
    return fill(speech().catalogue.messages[message]?.[0] || message, values);
}

/** As `_`, choosing between `one` and `many` by `count`, which is also available as `{count}`. */
export function ngettext(one: string, many: string, count: number, values: Values = {}): string {
    const { catalogue } = speech();
    const form = catalogue.pluralForms[count < 1000 ? count : 900 + (count % 100)];
    const translated = form === undefined ? undefined : catalogue.messages[one]?.[form];
    return fill(translated || (count === 1 ? one : many), { count, ...values });
}

function fill(message: string, values: Values): string {
    return message.replace(/\{(\w+)\}/g, (placeholder, name: string) => {
        const value = values[name];
        if (value === undefined) return placeholder;
        return typeof value === 'string' && speech().isolates ? isolate(value) : String(value);
    });
}

/**
 * Puts FIRST STRONG ISOLATE and POP DIRECTIONAL ISOLATE around a value: in a text that runs from right to left, a name or
 * a log line in Latin letters would otherwise be drawn in pieces and in the wrong order (Unicode Bidirectional Algorithm,
 * UAX #9, sections 2.4 and 2.5).
 */
function isolate(value: string): string {
    return value === '' ? '' : `\u2068${pairIsolates(value)}\u2069`;
}

/** Several short statements in one line; none of `parts` makes "". */
export function joinStatements(parts: readonly string[]): string {
    const [first = '', ...others] = parts;
    return others.reduce((one, other) => _('{one}; {other}', { one, other }), first);
}
