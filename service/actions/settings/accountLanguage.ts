import * as z from 'zod';

import { ReeveError } from '../../util/errors.ts';
import { _ } from '../../i18n/i18n.ts';
import { readProperties } from '../../machine/properties.ts';
import { defineAction, valueCheck } from '../action.ts';
import { isGenerated, localeName } from '../computer/systemLanguage.ts';
import { languagesCalled, titleOfLocale } from '../languagesCalled.ts';
import type { Surroundings } from '../surroundings.ts';
import { accountStep, accountObject } from './accountSettings.ts';
import { readKey, writeKey } from './gsettings.ts';

const parameters = z.strictObject({ locale: localeName });
type Asked = Pick<Surroundings, 'machine'> & { signal: AbortSignal };

/** Of org.freedesktop.Accounts.User.xml; empty where the language of the system counts. */
const properties = z.object({ Language: z.string() });
/** org.gnome.system.locale.gschema.xml of gsettings-desktop-schemas; empty where the language counts. */
const region = { schema: 'org.gnome.system.locale', key: 'region' };

/** Sets the language in which this person logs in; AccountsService lets everybody do so. */
export const accountLanguage = defineAction({
    name: 'account.language',
    parameters,
    touches: () => ['language of the account'],
    wishes: [
        {
            phrases: {
                en: [
                    '(set|change|switch) (account|desktop|user) language to {locale}',
                    '(set|change|switch) language of [this] (account|desktop) to {locale}',
                    '(show|use) [this] desktop in {locale}',
                ],
                de: [
                    '(stelle|setze|ändere) sprache (von|dieses|meines) (kontos|benutzers|schreibtischs) auf {locale}',
                    '(stelle|setze|ändere) (kontosprache|benutzersprache) auf {locale}',
                    '(zeige|benutze) [diesen] (desktop|schreibtisch) auf {locale}',
                ],
                ar: ['(غير|اضبط) لغة (حساب|حسابي|سطح مكتب) (إلى|على) {locale}'],
            },
            slots: { locale: languagesCalled('locale') },
            parameters: ({ locale = '' }) => [{ locale }],
        },
    ],
    async plan({ locale }, asked) {
        const before = await readLanguage(asked);
        if (before === locale) throw new ReeveError('InvalidState', _('The setting already has this value'));
        await requireGenerated(locale, asked);
        const title = _('Use {language} for your account', { language: titleOfLocale(locale) });
        const set = (to: string, description: string) => accountStep(ownUid(), 'SetLanguage', 's', to, description);
        return {
            title,
            steps: [set(locale, title)],
            risk: 'low',
            riskText: _('It takes effect at your next login. Other accounts keep their language.'),
            undo: { text: _('Sets it back'), steps: [set(before, _('Use the earlier language again'))] },
            authentication: false,
            preconditions: { language: before },
        };
    },
    async verify({ locale }, asked) {
        return valueCheck((await readLanguage(asked)) === locale);
    },
});

/** Sets how dates, numbers and sums of money are written. */
export const accountFormats = defineAction({
    name: 'account.formats',
    parameters,
    touches: () => ['formats'],
    wishes: [
        {
            phrases: {
                en: [
                    '(set|change|switch) (formats|region|date format|number format) to {locale}',
                    'use {locale} (formats|dates|numbers|date format|number format)',
                ],
                de: [
                    '(stelle|setze|ändere) (formate|region|datumsformat|zahlenformat) auf {locale}',
                    '(formate|region|datumsformat|zahlenformat) auf {locale} (stellen|setzen|ändern)',
                    '(benutze|verwende) {locale} (formate|datumsformate|zahlenformate)',
                ],
                ar: ['(غير|اضبط) (تنسيقات|منطقة|تنسيق تاريخ) (إلى|على) {locale}'],
            },
            slots: { locale: languagesCalled('locale') },
            parameters: ({ locale = '' }) => [{ locale }],
        },
    ],
    async plan({ locale }, asked) {
        const before = await readKey(region, asked.machine, asked.signal);
        if (before === `'${locale}'`) throw new ReeveError('InvalidState', _('The setting already has this value'));
        await requireGenerated(locale, asked);
        const title = _('Write dates and numbers as in {language}', { language: titleOfLocale(locale) });
        return {
            title,
            steps: [writeKey(title, region, `'${locale}'`)],
            risk: 'low',
            riskText: _('It takes effect at your next login, and only for you.'),
            undo: { text: _('Sets it back'), steps: [writeKey(_('Use the earlier formats again'), region, before)] },
            authentication: false,
            preconditions: { formats: before },
        };
    },
    async verify({ locale }, { machine, signal }) {
        return valueCheck((await readKey(region, machine, signal)) === `'${locale}'`);
    },
});

/** @throws ReeveError InvalidState where nobody knows whose account it is */
function ownUid(): number {
    const uid = process.getuid?.();
    if (uid === undefined)
        throw new ReeveError('InvalidState', _('AccountsService does not know the language of your account'));
    return uid;
}

/** @throws ReeveError InvalidState where AccountsService does not run */
async function readLanguage({ machine, signal }: Asked): Promise<string> {
    const object = accountObject(ownUid());
    const known = await readProperties(machine?.system ?? null, object, signal, { start: true });
    const { data } = properties.safeParse(known);
    if (data === undefined)
        throw new ReeveError('InvalidState', _('AccountsService does not know the language of your account'));
    return data.Language;
}

/** @throws ReeveError InvalidState */
async function requireGenerated(locale: string, asked: Asked): Promise<void> {
    if (await isGenerated(locale, asked)) return;
    throw new ReeveError(
        'InvalidState',
        _('This computer does not have {language}. Add it in the settings of the system first', {
            language: titleOfLocale(locale),
        }),
    );
}
