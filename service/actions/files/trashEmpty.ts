import { existsSync } from 'node:fs';
import { join } from 'node:path';

import { ReeveError } from '../../util/errors.ts';
import { _ } from '../../i18n/i18n.ts';
import { trashFolder } from '../../machine/storage/freeable.ts';
import { readTrash } from '../../machine/storage/trash.ts';
import { defineAction, noParameters } from '../action.ts';
import { programStep, type Argv } from '../programStep.ts';

/**
 * Empties the trash, as the Trash Specification has it. Not with gio(1), which deletes only what gvfsd-trash knows of,
 * and succeeds even when that has missed something.
 */
export const trashEmpty = defineAction({
    name: 'trash.empty',
    parameters: noParameters,
    wishes: [
        {
            phrases: {
                en: [
                    '(empty|clear|clean|delete) [everything in] (trash|bin|trash can|recycle bin|wastebasket|rubbish)',
                ],
                de: ['(leere|leer) papierkorb [aus]', 'papierkorb (leeren|ausleeren)'],
                ar: ['(افرغ|إفراغ) [سلة] (سلة|مهملات)'],
            },
            parameters: () => [{}],
        },
    ],
    async plan() {
        const trash = trashFolder();
        const info = join(trash, 'info');
        const { names, hash } = await readTrash(trash);
        const count = names.length;
        const allIn = (folder: string): Argv => ['find', folder, '-xdev', '-mindepth', '1', '-delete'];
        if (count === 0) throw new ReeveError('InvalidState', _('The trash is empty'));
        return {
            title: _('Empty the trash'),
            steps: [
                {
                    description: _('Delete everything in the trash ({count})', { count }),
                    // The info files stay as long as one of the trashed files is there: else those that could not be
                    // deleted could not be restored either.
                    ...programStep('user', allIn(join(trash, 'files')), {
                        after: existsSync(info) ? [allIn(info)] : [],
                    }),
                },
            ],
            risk: 'high',
            riskText: _('Everything in the trash is permanently deleted. Check it first: you cannot undo this.'),
            subject: _('Trash'),
            undo: null,
            authentication: false,
            preconditions: { trash: hash },
        };
    },
});
