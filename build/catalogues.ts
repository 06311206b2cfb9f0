// Converts po/LANG.po: to .mo files for the extension, to JSON for the service.
import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { globSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';
import { runInNewContext } from 'node:vm';
import { mo, po, type GetTextTranslations } from 'gettext-parser';
import type { Catalogue } from '../service/i18n/i18n.ts';

export type Translation = { language: string; table: GetTextTranslations };

/** Reads po/*.po without fuzzy entries: like msgfmt(1), it shows no guesses to people. */
export async function readTranslations(folder: string): Promise<Translation[]> {
    return Promise.all(
        globSync(join(folder, '*.po'))
            .sort()
            .map(async file => {
                const table = po.parse(await readFile(file), { validation: true });
                for (const context of Object.values(table.translations)) {
                    for (const [id, entry] of Object.entries(context))
                        if (id !== '' && entry.comments?.flag?.includes('fuzzy')) entry.msgstr = [];
                }
                return { language: basename(file, '.po'), table };
            }),
    );
}

/** Writes FOLDER/LANG/LC_MESSAGES/DOMAIN.mo for each language. */
export async function writeMoFiles(
    translations: readonly Translation[],
    folder: string,
    domain: string,
): Promise<void> {
    for (const { language, table } of translations) {
        const file = join(folder, language, 'LC_MESSAGES', `${domain}.mo`);
        await mkdir(dirname(file), { recursive: true });
        await writeFile(file, mo.compile(table));
    }
}

/** Writes FOLDER/LANG.json for each language, see service/i18n. */
export async function writeCatalogues(translations: readonly Translation[], folder: string): Promise<void> {
    await mkdir(folder, { recursive: true });
    for (const { language, table } of translations)
        await writeFile(join(folder, `${language}.json`), JSON.stringify(toCatalogue(language, table)));
}

function toCatalogue(language: string, table: GetTextTranslations): Catalogue {
    const messages: Catalogue['messages'] = {};
    for (const { msgid, msgstr } of Object.values(table.translations[''] ?? {}))
        if (msgid !== '' && msgstr.some(text => text !== '')) messages[msgid] = msgstr;
    return { messages, pluralForms: pluralForms(language, table.headers['Plural-Forms'] ?? '') };
}

/**
 * Works out which form each number takes. The expression is C, and what gettext allows of C means the same in JavaScript:
 * https://www.gnu.org/software/gettext/manual/html_node/Plural-forms.html
 */
function pluralForms(language: string, header: string): number[] {
    const expression = /^\s*nplurals=\d+;\s*plural=([n0-9\s()?:!=<>&|%+*/-]+);?\s*$/.exec(header)?.[1];
    if (expression === undefined) throw new Error(`po/${language}.po: Plural-Forms cannot be read: ${header}`);
    const formOf = runInNewContext(`n => Number(${expression})`) as (n: number) => number;
    return Array.from({ length: 1000 }, (_, n) => formOf(n));
}
