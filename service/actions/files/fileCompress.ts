import { existsSync } from 'node:fs';
import { lstat } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';

import * as z from 'zod';

import { ReeveError } from '../../util/errors.ts';
import { _ } from '../../i18n/i18n.ts';
import { isAbsence } from '../../machine/machine.ts';
import { sha256 } from '../../util/sha256.ts';
import { defineAction } from '../action.ts';
import { programStep } from '../programStep.ts';
import { filePath } from './fileManager.ts';
import { fileMeant } from './fileMeant.ts';

const targetOf = (path: string) => `${path}.tar.gz`;

/** Makes an archive of a file or a folder beside it; tar(1). The original stays. */
export const fileCompress = defineAction({
    name: 'file.compress',
    parameters: z.strictObject({ path: filePath }),
    touches: ({ path }) => [targetOf(path)],
    wishes: [
        {
            phrases: {
                en: [
                    '(compress|zip|archive|pack) [folder|file|directory] {file}',
                    '(compress|zip|archive|pack) {file} (folder|directory|file)',
                    'make archive of [folder|file] {file}',
                ],
                de: [
                    '(komprimiere|packe|archiviere) [ordner|datei] {file}',
                    '[ordner|datei] {file} (komprimieren|packen|archivieren|zippen)',
                ],
                ar: ['(اضغط|ضغط) [مجلد|ملف] {file}'],
            },
            parameters: async ({ file = '' }) => (await fileMeant(file, ['file', 'folder'])).map(path => ({ path })),
        },
    ],
    async plan({ path }) {
        const { dev, ino } = await requireThere(path);
        const target = targetOf(path);
        if (existsSync(target)) throw new ReeveError('InvalidState', _('{path} already exists', { path: target }));
        const beside = join(dirname(path), `.reeve-${sha256(target).slice(0, 16)}.tmp`);
        const archive = ['--create', '--gzip', '--force-local', '--file', beside] as const;
        return {
            title: _('Compress {name}', { name: basename(path) }),
            steps: [
                {
                    description: _('Write {path}, which replaces no file', { path: target }),
                    ...programStep('user', ['tar', ...archive, '--directory', dirname(path), '--', basename(path)], {
                        after: [['ln', '--no-target-directory', '--', beside, target]],
                        last: [['rm', '--force', '--', beside]],
                    }),
                },
            ],
            risk: 'low',
            riskText: _('The original stays as it is. The archive takes space beside it.'),
            undo: {
                text: _('Deletes the archive'),
                steps: [
                    {
                        description: _('Remove {path}', { path: target }),
                        ...programStep('user', ['rm', '--', target]),
                    },
                ],
            },
            authentication: false,
            preconditions: { [path]: `${dev} ${ino}` },
        };
    },
    verify({ path }) {
        const gone = existsSync(targetOf(path));
        return Promise.resolve({ gone, detail: gone ? '' : _('{path} does not exist', { path: targetOf(path) }) });
    },
});

/** @throws ReeveError InvalidState for what is missing, and for what is neither file nor folder */
async function requireThere(path: string) {
    try {
        const found = await lstat(path);
        if (found.isFile() || found.isDirectory()) return found;
    } catch (error) {
        if (!isAbsence(error)) throw error;
    }
    throw new ReeveError('InvalidState', _('{path} is neither a file nor a folder', { path }));
}
