import { lstat } from 'node:fs/promises';
import { basename } from 'node:path';

import * as z from 'zod';

import { ReeveError } from '../errors.ts';
import { _ } from '../i18n/i18n.ts';
import { scope } from '../model/incident.ts';
import type { Step } from '../model/proposal.ts';
import { permissionsOf } from '../sources/files/fileChange.ts';
import { isAbsence } from '../tools/machine.ts';
import type { Action } from './action.ts';
import { filePath, managerFor } from './fileManager.ts';
import { permissionText } from './fileStep.ts';
import { programStep } from './programStep.ts';
import type { Argv } from './programStep.ts';
import { unitName } from './unitPlan.ts';
import { unitResetAndRestart } from './unitResetAndRestart.ts';
import { unitRestart } from './unitRestart.ts';

const parameters = z.strictObject({
    path: filePath,
    /** Owner, group and mode that it shall have: "0:0 0644". */
    before: permissionText,
    /** Those that it must have now for this to make sense. */
    after: permissionText,
    /** The unit that is started again with them. */
    restart: z.strictObject({ scope, unit: unitName, reset: z.boolean() }).nullable(),
});

/** Gives a file the owner, group and mode that it had before; of what it holds nothing is read or written. */
export const filePermissions: Action<z.infer<typeof parameters>> = {
    name: 'file.permissions',
    parameters,
    async plan({ path, before, after, restart }, system) {
        const { permissions, owner } = await readPermissions(path);
        if (permissions !== after)
            throw new ReeveError('InvalidState', _('{path} has been changed again since', { path }));
        const manager = await managerFor(path, owner);
        const starts =
            restart === null
                ? null
                : await (restart.reset ? unitResetAndRestart : unitRestart).plan(
                      { scope: restart.scope, unit: restart.unit },
                      system,
                  );
        return {
            title: _('Give {name} its permissions back', { name: basename(path) }),
            steps: [permissionStep(manager, path, after, before), ...(starts?.steps ?? [])],
            risk: starts?.risk === 'medium' ? 'medium' : 'low',
            riskText: _('Who may read and change {path} is as before, until this is undone.', { path }),
            undo: {
                text: _('Gives {path} the permissions that it had before the repair', { path }),
                steps: [permissionStep(manager, path, before, after)],
            },
            authentication: manager === 'system' || (starts?.authentication ?? false),
            preconditions: { ...starts?.preconditions, [`${path} permissions`]: permissions },
        };
    },
};

/** @throws ReeveError InvalidState for what is no regular file, or not there */
async function readPermissions(path: string): Promise<{ permissions: string; owner: number }> {
    try {
        const found = await lstat(path);
        if (!found.isFile()) throw new ReeveError('InvalidState', _('{path} is no regular file', { path }));
        const permissions = permissionsOf({ mode: found.mode & 0o7777, owner: found.uid, group: found.gid });
        return { permissions, owner: found.uid };
    } catch (error) {
        if (!isAbsence(error)) throw error;
        throw new ReeveError('InvalidState', _('{path} is not there any more', { path }));
    }
}

/** chown(1), which looks first whose it is, and chmod(1). */
function permissionStep(of: 'user' | 'system', path: string, from: string, to: string): Step {
    const [wasOf = ''] = from.split(' ');
    const [owner = '', mode = ''] = to.split(' ');
    const give: Argv[] = owner === wasOf ? [] : [['chown', '--no-dereference', `--from=${wasOf}`, owner, '--', path]];
    return {
        description: _('Set owner, group and mode of {path} to {permissions}', { path, permissions: to }),
        ...programStep(of, ['chmod', '--', mode, path], { before: give }),
    };
}
