import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { mo } from 'gettext-parser';

import { readTranslations, writeCatalogues, writeMoFiles } from '../../../build/catalogues.ts';
import type { Catalogue } from '../../../service/i18n/i18n.ts';

const header = (plural: string) => `msgid ""
msgstr ""
"Content-Type: text/plain; charset=UTF-8\\n"
"Plural-Forms: ${plural}\\n"
`;

describe('Catalogues', () => {
    let folder: string;

    beforeEach(() => {
        folder = mkdtempSync(join(tmpdir(), 'reeve-po-'));
    });
    afterEach(() => {
        rmSync(folder, { recursive: true });
    });

    async function build(po: string): Promise<{ catalogue: Catalogue; translations: ReturnType<typeof mo.parse> }> {
        writeFileSync(join(folder, 'xx.po'), po);
        const translations = await readTranslations(folder);
        await writeCatalogues(translations, folder);
        await writeMoFiles(translations, join(folder, 'locale'), 'reeve');
        return {
            catalogue: JSON.parse(readFileSync(join(folder, 'xx.json'), 'utf8')) as Catalogue,
            translations: mo.parse(readFileSync(join(folder, 'locale/xx/LC_MESSAGES/reeve.mo'))),
        };
    }

    it('carry what is translated, and neither gaps nor guesses', async () => {
        const { catalogue, translations } = await build(
            `${header('nplurals=2; plural=(n != 1);')}
msgid "yes"
msgstr "ja"

msgid "no"
msgstr ""

#, fuzzy
msgid "perhaps"
msgstr "wohl"

msgid "{count} unit"
msgid_plural "{count} units"
msgstr[0] "{count} Einheit"
msgstr[1] "{count} Einheiten"
`,
        );

        const expected = { yes: ['ja'], '{count} unit': ['{count} Einheit', '{count} Einheiten'] };
        expect(catalogue.messages).toEqual(expected);
        const inMo = Object.values(translations.translations[''] ?? {}).filter(({ msgid }) => msgid !== '');
        expect(Object.fromEntries(inMo.map(({ msgid, msgstr }) => [msgid, msgstr]))).toEqual(expected);
    });

    it('know which form each number takes', async () => {
        const arabic =
            'nplurals=6; plural=(n==0 ? 0 : n==1 ? 1 : n==2 ? 2 : n%100>=3 && n%100<=10 ? 3 : n%100>=11 ? 4 : 5);';

        const { catalogue } = await build(header(arabic));

        const forms = [0, 1, 2, 3, 10, 11, 99, 100, 103, 111, 200].map(n => catalogue.pluralForms[n]);
        expect(forms).toEqual([0, 1, 2, 3, 3, 4, 4, 5, 3, 4, 5]);
    });

    it('are not built from a rule that is none', async () => {
        await expectAsync(build(header('nplurals=2; plural=process.exit();'))).toBeRejectedWithError(/Plural-Forms/);
        await expectAsync(build(header('nonsense'))).toBeRejectedWithError(/Plural-Forms/);
    });
});
