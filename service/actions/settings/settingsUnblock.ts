import { dirname } from 'node:path';

import * as z from 'zod';

import { ReeveError } from '../../util/errors.ts';
import { _ } from '../../i18n/i18n.ts';
import { settingsFlag } from '../../machine/desktop/settingsFlag.ts';
import { ownerOf } from '../../machine/machine.ts';
import { defineAction } from '../action.ts';
import { programStep } from '../programStep.ts';

const parameters = z.strictObject({ path: z.string().regex(settingsFlag) });

/** Removes an empty file of dconf that another user left in the user's own folder. */
export const settingsUnblock = defineAction({
    name: 'settings.unblock',
    parameters,
    async plan({ path }, { machine }) {
        const us = process.getuid?.() ?? null;
        const [owner, folder] =
            machine === null ? [null, null] : [await ownerOf(machine, path), await ownerOf(machine, dirname(path))];
        if (owner === null || owner === us)
            throw new ReeveError('InvalidState', _('{path} no longer belongs to another user', { path }));
        if (folder !== us)
            throw new ReeveError('InvalidState', _('You do not own the folder that contains {path}', { path }));
        return {
            title: _('Remove the file that blocks your settings'),
            steps: [
                { description: _('Remove {path}', { path }), ...programStep('user', ['rm', '--force', '--', path]) },
            ],
            risk: 'low',
            riskText: _('The file is empty. It is created again when a setting changes.'),
            undo: null,
            authentication: false,
            preconditions: { [path]: String(owner) },
        };
    },
});
