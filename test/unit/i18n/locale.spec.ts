import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { _, ngettext, useCatalogue } from '../../../service/i18n/i18n.ts';
import { languages, useLocale } from '../../../service/i18n/locale.ts';

describe('The language of the environment', () => {
    it('is looked up in gettext’s order, country first', () => {
        expect(languages({ LANG: 'de_AT.UTF-8' })).toEqual(['de_AT', 'de']);
        expect(languages({ LANG: 'de_DE.UTF-8', LC_MESSAGES: 'ar_EG.UTF-8' })).toEqual(['ar_EG', 'ar']);
        expect(languages({ LANG: 'de_DE', LC_ALL: 'ca_ES.UTF-8@valencia' })).toEqual(['ca_ES', 'ca']);
        expect(languages({ LANG: 'en_US.UTF-8', LANGUAGE: 'de:ar_EG' })).toEqual(['de', 'ar_EG', 'ar']);
    });

    it('is English without a locale, whatever LANGUAGE says', () => {
        expect(languages({})).toEqual([]);
        expect(languages({ LANG: 'C.UTF-8', LANGUAGE: 'de' })).toEqual([]);
        expect(languages({ LC_ALL: 'POSIX', LANG: 'de_DE' })).toEqual([]);
    });

    it('cannot lead out of the directory', () => {
        expect(languages({ LANG: '../../etc/passwd', LANGUAGE: '/etc/x:..' })).toEqual([]);
    });

    describe('with catalogues', () => {
        let directory: string;

        beforeEach(() => {
            directory = mkdtempSync(join(tmpdir(), 'reeve-locale-'));
            const catalogue = {
                messages: { Yes: ['Ja'], '{count} unit': ['{count} Einheit', '{count} Einheiten'] },
                pluralForms: Array.from({ length: 1000 }, (_value, n) => (n === 1 ? 0 : 1)),
            };
            writeFileSync(join(directory, 'de.json'), JSON.stringify(catalogue));
        });
        afterEach(() => {
            rmSync(directory, { recursive: true });
            useCatalogue({ messages: {}, pluralForms: [] });
        });

        it('is spoken where there is a catalogue for it', () => {
            useLocale(directory, { LANG: 'de_CH.UTF-8' });

            expect(_('Yes')).toBe('Ja');
            expect(_('No')).toBe('No');
            expect(ngettext('{count} unit', '{count} units', 1)).toBe('1 Einheit');
            expect(ngettext('{count} unit', '{count} units', 1001)).toBe('1001 Einheiten');
        });

        it('stays English where there is none', () => {
            useLocale(directory, { LANG: 'fr_FR.UTF-8' });

            expect(_('Yes')).toBe('Yes');
        });
    });
});
