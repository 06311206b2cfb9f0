import { existsSync } from 'node:fs';
import { lstat, readdir } from 'node:fs/promises';
import { homedir } from 'node:os';
import { basename, dirname, join } from 'node:path';

import * as z from 'zod';

import { ReeveError } from '../../util/errors.ts';
import { _ } from '../../i18n/i18n.ts';
import { keysOf } from '../../machine/desktop/keyFile.ts';
import { isAbsence } from '../../machine/machine.ts';
import { trashFolder } from '../../machine/storage/freeable.ts';
import type { Step } from '../../model/proposal.ts';
import { defineAction } from '../action.ts';
import { programStep } from '../programStep.ts';
import { filePath } from './fileManager.ts';
import { fileMeant } from './fileMeant.ts';
import { heldFile } from './heldFile.ts';

/** Nobody can agree to a name that does not show as what it is. */
const fileName = z
    .string()
    .refine(name => !name.includes('/') && filePath.safeParse(`/${name}`).success, { error: 'is no name of a file' });

/** Where a file of the trash is, and where its former path is kept; the Trash Specification of freedesktop.org. */
const trashed = (name: string) => join(trashFolder(), 'files', name);
const noted = (name: string) => join(trashFolder(), 'info', `${name}.trashinfo`);

/** Moves one file of the home folder to the trash. */
export const trashPut = defineAction({
    name: 'trash.put',
    parameters: z.strictObject({ path: filePath }),
    touches: ({ path }) => [path],
    wishes: [
        {
            phrases: {
                en: [
                    '(delete|remove|trash) [file] {file}',
                    '(move|put|send) [file] {file} (to|in|into) (trash|bin|wastebasket)',
                    'throw [file] {file} away',
                    'throw away [file] {file}',
                ],
                de: [
                    '(lösche|entferne) [datei] {file}',
                    '(verschiebe|lege|wirf) [datei] {file} in papierkorb',
                    '[datei] {file} (löschen|entfernen|in papierkorb verschieben|in papierkorb)',
                ],
                ar: ['(احذف|حذف) [ملف] {file}', 'انقل [ملف] {file} إلى [سلة] (سلة|مهملات)'],
            },
            parameters: async ({ file = '' }) => (await fileMeant(file, ['file'])).map(path => ({ path })),
        },
    ],
    async plan({ path }) {
        const { dev, ino, uid } = await requireFile(path);
        if (uid !== process.getuid?.() || dirname(path) === '/' || !path.startsWith(join(homedir(), '/')))
            throw new ReeveError('InvalidState', _('{path} is not a file of yours in your home folder', { path }));
        if (path.startsWith(join(trashFolder(), '/')))
            throw new ReeveError('InvalidState', _('{path} is already in the trash', { path }));
        // gio(1) uses the trash of the home folder for what is on the same file system.
        if ((await lstat(homedir())).dev !== dev)
            throw new ReeveError('InvalidState', _('{path} is on another disk than your home folder', { path }));
        const name = freeName(basename(path));
        return {
            title: _('Move {name} to the trash', { name: basename(path) }),
            steps: [put(path)],
            risk: 'low',
            riskText: _('The file stays in the trash until you empty it.'),
            undo: { text: _('Moves it back'), steps: [back(name, path)] },
            authentication: false,
            preconditions: { [path]: `${dev} ${ino}`, 'name in the trash': name },
        };
    },
    verify({ path }) {
        const gone = !existsSync(path);
        return Promise.resolve({ gone, detail: gone ? '' : _('{path} is still there', { path }) });
    },
});

/** Moves one file of the trash back to where it was. */
export const trashRestore = defineAction({
    name: 'trash.restore',
    parameters: z.strictObject({ name: fileName }),
    touches: () => ['trash'],
    wishes: [
        {
            phrases: {
                en: [
                    '(restore|recover|undelete) [file] {file} [from] (trash|bin|wastebasket)',
                    '(restore|recover|undelete) [deleted] file {file}',
                    '(put|move|get|take|bring) [file] {file} (back from|out of) (trash|bin|wastebasket)',
                ],
                de: [
                    '[datei] {file} aus papierkorb (wiederherstellen|holen|zurückholen)',
                    '(hole|hol) [datei] {file} aus papierkorb [zurück]',
                    '[gelöschte] datei {file} wiederherstellen',
                ],
                ar: ['(استعد|استرجع|استعادة) [ملف] {file} من [سلة] (سلة|مهملات)'],
            },
            parameters: async ({ file = '' }) => {
                const names = await namesIn(join(trashFolder(), 'files'));
                return names.filter(name => name.toLowerCase() === file.toLowerCase()).map(name => ({ name }));
            },
        },
    ],
    async plan({ name }) {
        const info = (await heldFile(noted(name)))?.contents.toString('utf8') ?? '';
        const path = filePath.safeParse(decoded(keysOf(info, 'Trash Info')('Path'))).data;
        if (path === undefined)
            throw new ReeveError('InvalidState', _('There is no file {name} in the trash', { name }));
        const { dev, ino } = await requireFile(trashed(name));
        if (existsSync(path)) throw new ReeveError('InvalidState', _('{path} already exists', { path }));
        if (!existsSync(dirname(path)))
            throw new ReeveError('InvalidState', _('The folder {path} no longer exists', { path: dirname(path) }));
        return {
            title: _('Restore {name} from the trash', { name: basename(path) }),
            steps: [back(name, path)],
            risk: 'low',
            riskText: _('The file is moved to {path}, where it was.', { path }),
            undo: { text: _('Moves it to the trash again'), steps: [put(path)] },
            authentication: false,
            preconditions: { [`trash ${name}`]: `${dev} ${ino} ${path}` },
        };
    },
    verify({ name }) {
        const gone = !existsSync(trashed(name));
        return Promise.resolve({ gone, detail: gone ? '' : _('{name} is still in the trash', { name }) });
    },
});

function put(path: string): Step {
    return {
        description: _('Move {path} to the trash', { path }),
        ...programStep('user', ['gio', 'trash', '--', path]),
    };
}

/** By a hard link, which replaces no file that is there by then; ln(1). */
function back(name: string, path: string): Step {
    return {
        description: _('Move {name} from the trash to {path}', { name, path }),
        ...programStep('user', ['rm', '--', trashed(name), noted(name)], {
            before: [['ln', '--no-target-directory', '--', trashed(name), path]],
        }),
    };
}

/** @throws ReeveError InvalidState for what is missing, and for what is no regular file */
async function requireFile(path: string) {
    try {
        const found = await lstat(path);
        if (found.isFile()) return found;
    } catch (error) {
        if (!isAbsence(error)) throw error;
    }
    throw new ReeveError('InvalidState', _('{path} is not a regular file', { path }));
}

/** The name that GIO gives a file in the trash: get_unique_filename() of gio/glocalfile.c. */
function freeName(name: string): string {
    const dot = name.indexOf('.');
    const numbered = (number: number) =>
        dot < 0 ? `${name}.${number}` : `${name.slice(0, dot)}.${number}${name.slice(dot)}`;
    for (let number = 1; ; number += 1) {
        const free = number === 1 ? name : numbered(number);
        if (!existsSync(noted(free))) return free;
    }
}

async function namesIn(folder: string): Promise<string[]> {
    try {
        return await readdir(folder);
    } catch (error) {
        if (isAbsence(error)) return [];
        throw error;
    }
}

/** A path as it is written in the trash: RFC 2396, escaped. */
function decoded(text: string): string {
    try {
        return decodeURIComponent(text);
    } catch {
        return '';
    }
}
