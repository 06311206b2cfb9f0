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
                messages: {
                    Yes: ['Ja'],
                    '{unit} failed': ['{unit} ist fehlgeschlagen'],
                    '{count} unit': ['{count} Einheit', '{count} Einheiten'],
                },
                pluralForms: Array.from({ length: 1000 }, (_value, n) => (n === 1 ? 0 : 1)),
            };
            writeFileSync(join(directory, 'de.json'), JSON.stringify(catalogue));
        });
        afterEach(() => {
            rmSync(directory, { recursive: true });
            useCatalogue({ messages: {}, pluralForms: [] });
        });

        it('is spoken where there is a catalogue for it', () => {
            useLocale(directory, { environment: { LANG: 'de_CH.UTF-8' }, isolate: true });

            expect(_('Yes')).toBe('Ja');
            expect(_('No')).toBe('No');
            expect(_('{unit} failed', { unit: 'a.service' })).toBe('a.service ist fehlgeschlagen');
            expect(ngettext('{count} unit', '{count} units', 1)).toBe('1 Einheit');
            expect(ngettext('{count} unit', '{count} units', 1001)).toBe('1001 Einheiten');
        });

        it('keeps what it quotes apart from a text that runs from right to left, but for a terminal', () => {
            const catalogue = { messages: { '{unit} failed {count} times': ['فشلت {unit} {count}'] }, pluralForms: [] };
            writeFileSync(join(directory, 'ar.json'), JSON.stringify(catalogue));
            const environment = { LANG: 'ar_EG.UTF-8' };
            const say = (unit: string) => _('{unit} failed {count} times', { unit, count: 3 });

            useLocale(directory, { environment, isolate: true });
            expect(say('a.service')).toBe('فشلت \u2068a.service\u2069 3');
            expect(say('')).toBe('فشلت  3');
            expect(say('\u2069a\u2068')).toBe('فشلت \u2068a\u2068\u2069\u2069 3');

            useLocale(directory, { environment });
            expect(say('a.service')).toBe('فشلت a.service 3');
        });

        it('stays English where there is none', () => {
            useLocale(directory, { environment: { LANG: 'fr_FR.UTF-8' } });

            expect(_('Yes')).toBe('Yes');
        });
    });
});
