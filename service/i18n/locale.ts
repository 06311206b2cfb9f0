import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { useCatalogue, type Catalogue } from './i18n.ts';

/** Languages that run from right to left, of those that GNOME is translated into (characterOrder in Unicode's CLDR). */
const rightToLeft = /^(?:ar|ckb|fa|he|ps|ug|ur|yi)\b/;

export const isRightToLeft = (language: string) => rightToLeft.test(language.replace('_', '-'));

/**
 * Speaks the language of the environment if `directory` has a catalogue (LANG.json) for it, else English.
 *
 * With `isolate`, what is inserted into a text that runs from right to left is kept apart from it. Not for a terminal:
 * few know the characters that do this, and they would be copied along into commands.
 *
 * The order of the variables is gettext's: https://www.gnu.org/software/gettext/manual/html_node/Locale-Environment-Variables.html
 */
export function useLocale(
    directory: string,
    { environment = process.env, isolate = false }: { environment?: NodeJS.ProcessEnv; isolate?: boolean } = {},
): void {
    for (const language of languages(environment)) {
        try {
            const catalogue = JSON.parse(readFileSync(join(directory, `${language}.json`), 'utf8')) as Catalogue;
            useCatalogue(catalogue, { isolate: isolate && isRightToLeft(language), language });
            return;
        } catch (error) {
            if ((error as NodeJS.ErrnoException).code !== 'ENOENT') throw error;
        }
    }
}

/** The user's locale as BCP 47 writes it. Not from Intl, which loads eight megabytes for what only some answers need. */
export function localeTag(environment: NodeJS.ProcessEnv = process.env): string {
    return languages(environment)[0]?.replace('_', '-') ?? 'en';
}

/** Names of catalogues to try, best first: "de_AT", "de". */
export function languages({ LANGUAGE, LC_ALL, LC_MESSAGES, LANG }: NodeJS.ProcessEnv): string[] {
    const locale = LC_ALL || LC_MESSAGES || LANG || 'C';
    if (/^(C|POSIX)\b/.test(locale)) return [];
    return (LANGUAGE ? LANGUAGE.split(':') : [locale])
        .map(name => name.replace(/[.@].*$/, ''))
        .filter(name => /^[a-z]{2,3}(_[A-Z]{2})?$/.test(name))
        .flatMap(name => (name.includes('_') ? [name, name.slice(0, name.indexOf('_'))] : [name]));
}
