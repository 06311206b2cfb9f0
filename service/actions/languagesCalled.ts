/** Languages that people name when they ask for a keyboard layout or for the language of the system. */
import { languageTag } from '../i18n/i18n.ts';
import type { SlotValues } from './wish.ts';

type Language = { layout: string; locale: string; called: string };

/** Layouts as xkeyboard-config(7) names them, locales as locale(1) does. */
const languages: readonly Language[] = [
    {
        layout: 'us',
        locale: 'en_US.UTF-8',
        called: '(us|american|english|us english|englisch|englische|englisches|amerikanisch|amerikanische|إنجليزية|إنجليزي|أمريكية)',
    },
    {
        layout: 'gb',
        locale: 'en_GB.UTF-8',
        called: '(uk|british|uk english|british english|britisch|britische|britisches|بريطانية|بريطاني)',
    },
    { layout: 'de', locale: 'de_DE.UTF-8', called: '(german|deutsch|deutsche|deutsches|ألمانية|ألماني)' },
    { layout: 'at', locale: 'de_AT.UTF-8', called: '(austrian|österreichisch|österreichische|نمساوية|نمساوي)' },
    { layout: 'ch', locale: 'de_CH.UTF-8', called: '(swiss|schweizerisch|schweizer|سويسرية|سويسري)' },
    { layout: 'ara', locale: 'ar_EG.UTF-8', called: '(arabic|arabisch|arabische|arabisches|عربية|عربي)' },
    { layout: 'fr', locale: 'fr_FR.UTF-8', called: '(french|französisch|französische|französisches|فرنسية|فرنسي)' },
    { layout: 'es', locale: 'es_ES.UTF-8', called: '(spanish|spanisch|spanische|spanisches|إسبانية|إسباني)' },
    { layout: 'it', locale: 'it_IT.UTF-8', called: '(italian|italienisch|italienische|italienisches|إيطالية|إيطالي)' },
    { layout: 'pt', locale: 'pt_PT.UTF-8', called: '(portuguese|portugiesisch|portugiesische|برتغالية|برتغالي)' },
    { layout: 'nl', locale: 'nl_NL.UTF-8', called: '(dutch|niederländisch|niederländische|هولندية|هولندي)' },
    { layout: 'pl', locale: 'pl_PL.UTF-8', called: '(polish|polnisch|polnische|بولندية|بولندي)' },
    { layout: 'ru', locale: 'ru_RU.UTF-8', called: '(russian|russisch|russische|russisches|روسية|روسي)' },
    { layout: 'ua', locale: 'uk_UA.UTF-8', called: '(ukrainian|ukrainisch|ukrainische|أوكرانية|أوكراني)' },
    { layout: 'tr', locale: 'tr_TR.UTF-8', called: '(turkish|türkisch|türkische|تركية|تركي)' },
    { layout: 'se', locale: 'sv_SE.UTF-8', called: '(swedish|schwedisch|schwedische|سويدية|سويدي)' },
    { layout: 'cz', locale: 'cs_CZ.UTF-8', called: '(czech|tschechisch|tschechische|تشيكية|تشيكي)' },
    { layout: 'gr', locale: 'el_GR.UTF-8', called: '(greek|griechisch|griechische|يونانية|يوناني)' },
    { layout: 'il', locale: 'he_IL.UTF-8', called: '(hebrew|hebräisch|hebräische|عبرية|عبري)' },
];

/** What people call a locale such as "de_DE.UTF-8": “German (Germany)”. */
export function titleOfLocale(locale: string): string {
    const tag = locale.replace(/\..*$/, '').replace('_', '-');
    const names = new Intl.DisplayNames([languageTag()], { type: 'language', languageDisplay: 'standard' });
    return names.of(tag) ?? locale;
}

/** Their layouts, or their locales, by what people call them. */
export function languagesCalled(of: 'layout' | 'locale'): SlotValues {
    return Object.fromEntries(languages.map(language => [language[of], [language.called]]));
}
