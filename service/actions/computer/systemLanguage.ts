import * as z from 'zod';

import { ReeveError } from '../../util/errors.ts';
import { _ } from '../../i18n/i18n.ts';
import { readProperties } from '../../machine/properties.ts';
import { defineAction, valueCheck } from '../action.ts';
import { languagesCalled, titleOfLocale } from '../languagesCalled.ts';
import { shownWord } from '../programStep.ts';
import type { Surroundings } from '../surroundings.ts';

/** A language and its country, as glibc calls them: locale(1). */
export const localeName = z.string().regex(/^[a-z]{2,3}_[A-Z]{2}\.UTF-8$/);
const parameters = z.strictObject({ locale: localeName });

const bus = 'org.freedesktop.locale1';
const localed = { destination: bus, path: '/org/freedesktop/locale1', interface: bus };
const properties = z.object({ Locale: z.array(z.string().max(128)).max(16) });

type Asked = Pick<Surroundings, 'machine'> & { signal: AbortSignal };

/** Sets the language of the system, which people have who chose none of their own; org.freedesktop.locale1(5). */
export const systemLanguage = defineAction({
    name: 'computer.language',
    parameters,
    touches: () => ['system language'],
    wishes: [
        {
            phrases: {
                en: ['(set|change|switch) [system] (language|locale) [of] [system|computer] to {locale}'],
                de: [
                    '(stelle|setze|ändere) (sprache|systemsprache) [von|vom] [system] auf {locale}',
                    '(sprache|systemsprache) auf {locale} (stellen|setzen|ändern)',
                ],
                ar: ['(غير|اضبط) لغة [نظام] (إلى|على) {locale}'],
            },
            slots: { locale: languagesCalled('locale') },
            parameters: ({ locale = '' }) => [{ locale }],
        },
    ],
    async plan({ locale }, asked) {
        const before = await readLocale(asked);
        const after = [`LANG=${locale}`, ...before.filter(each => !/^(?:LANG|LANGUAGE|LC_MESSAGES)=/.test(each))];
        if (before.includes(`LANG=${locale}`) && after.length === before.length)
            throw new ReeveError(
                'InvalidState',
                _('The language of the system is already {language}', { language: titleOfLocale(locale) }),
            );
        if (!(await isGenerated(locale, asked)))
            throw new ReeveError(
                'InvalidState',
                _('This computer does not have {language}. Add it in the settings of the system first', {
                    language: titleOfLocale(locale),
                }),
            );
        return {
            title: _('Set the language of the system to {language}', { language: titleOfLocale(locale) }),
            steps: [set(after)],
            risk: 'low',
            riskText: _('This counts after the next start. A language that you chose in the settings counts more.'),
            undo: before.length === 0 ? null : { text: _('Sets it back'), steps: [set(before)] },
            authentication: true,
            preconditions: { locale: before.join(' ') },
        };
    },
    async verify({ locale }, asked) {
        return valueCheck((await readLocale(asked)).includes(`LANG=${locale}`));
    },
});

/** @throws ReeveError InvalidState where nothing manages it */
async function readLocale({ machine, signal }: Asked): Promise<string[]> {
    const { data } = properties.safeParse(
        await readProperties(machine?.system ?? null, localed, signal, { start: true }),
    );
    if (data === undefined) throw new ReeveError('InvalidState', _('No service on this computer manages its language'));
    return data.Locale.filter(each => /^[A-Z_]+=[\w.@:-]+$/.test(each));
}

/** Whether programs can use it, by locale(1), which writes “utf8” for the character set. */
export async function isGenerated(locale: string, { machine, signal }: Asked): Promise<boolean> {
    const listed = (await machine?.run('locale', ['-a'], { signal, limit: 65_536 })) ?? '';
    return listed.split('\n').some(line => line.replace(/\.utf-?8$/i, '.UTF-8') === locale);
}

function set(settings: readonly string[]) {
    return {
        description: _('Set the language of the system: {settings}', { settings: settings.join(' ') }),
        command: ['localectl', 'set-locale', ...settings].map(shownWord).join(' '),
        // The second argument: whether polkit may ask for a password.
        call: {
            bus: 'system' as const,
            ...localed,
            member: 'SetLocale',
            signature: 'asb',
            arguments: [[...settings], true],
        },
    };
}
