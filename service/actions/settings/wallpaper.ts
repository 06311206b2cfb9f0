import { access, constants } from 'node:fs/promises';
import { basename, extname } from 'node:path';
import { pathToFileURL } from 'node:url';

import * as z from 'zod';

import { ReeveError } from '../../util/errors.ts';
import { _ } from '../../i18n/i18n.ts';
import { isAbsence } from '../../machine/machine.ts';
import { defineAction, valueCheck } from '../action.ts';
import { fileMeant } from '../files/fileMeant.ts';
import { filePath } from '../files/fileManager.ts';
import { readKey, writeKey } from './gsettings.ts';

const pictures = /^\.(?:avif|bmp|gif|heic|jpe?g|jxl|png|svg|tiff?|webp)$/i;
const parameters = z.strictObject({
    path: filePath.refine(path => pictures.test(extname(path)), { error: 'is no picture' }),
});

/** For the light and the dark style; org.gnome.desktop.background.gschema.xml of gsettings-desktop-schemas. */
const keys = ['picture-uri', 'picture-uri-dark'].map(key => ({ schema: 'org.gnome.desktop.background', key }));

/** Shows a picture as the background of the desktop. */
export const wallpaper = defineAction({
    name: 'wallpaper.set',
    parameters,
    touches: () => ['wallpaper'],
    wishes: [
        {
            phrases: {
                en: [
                    '(use|set|make|put) {picture} [as|for] [desktop] (wallpaper|background) [picture]',
                    '(set|change) [desktop] (wallpaper|background) [picture] to {picture}',
                ],
                de: [
                    '(nimm|benutze|verwende|setze) {picture} (als|für) (hintergrund|hintergrundbild)',
                    '{picture} als (hintergrund|hintergrundbild) [verwenden|setzen|nehmen]',
                    '(setze|stelle|ändere) (hintergrund|hintergrundbild) (auf|zu) {picture}',
                ],
                ar: ['(استخدم|اجعل|ضع) {picture} (خلفية|كخلفية)', '(غير|اضبط) خلفية (إلى|على) {picture}'],
            },
            parameters: async ({ picture = '' }) =>
                (await fileMeant(picture, ['file']))
                    .filter(path => pictures.test(extname(path)))
                    .map(path => ({ path })),
        },
    ],
    async plan({ path }, { machine, signal }) {
        if (!(await isReadable(path))) throw new ReeveError('InvalidState', _('{path} cannot be read', { path }));
        const value = valueOf(path);
        const before = await Promise.all(keys.map(key => readKey(key, machine, signal)));
        if (before.every(each => each === value))
            throw new ReeveError('InvalidState', _('{name} is already the wallpaper', { name: basename(path) }));
        const title = _('Use {name} as the wallpaper', { name: basename(path) });
        return {
            title,
            steps: keys.map(key => writeKey(title, key, value)),
            risk: 'low',
            riskText: _('Only this setting changes, and only for you.'),
            undo: {
                text: _('Sets it back'),
                steps: keys.map((key, index) => writeKey(_('Set the wallpaper back'), key, before[index] ?? '')),
            },
            authentication: false,
            preconditions: { wallpaper: before.join(' ') },
        };
    },
    async verify({ path }, { machine, signal }) {
        const now = await Promise.all(keys.map(key => readKey(key, machine, signal)));
        return valueCheck(now.every(each => each === valueOf(path)));
    },
});

async function isReadable(path: string): Promise<boolean> {
    try {
        await access(path, constants.R_OK);
        return true;
    } catch (error) {
        if (isAbsence(error)) return false;
        throw error;
    }
}

/** As gsettings(1) prints the text; a URL escapes all that would need it there, but for the quotation mark. */
function valueOf(path: string): string {
    return `'${pathToFileURL(path).href.replaceAll("'", '%27')}'`;
}
