import { basename } from 'node:path';

import * as z from 'zod';

import { ReeveError } from '../../util/errors.ts';
import { _ } from '../../i18n/i18n.ts';
import type { Step } from '../../model/proposal.ts';
import { defineAction } from '../action.ts';
import { filePath, managerFor, programs } from './fileManager.ts';
import { fileMeant } from './fileMeant.ts';
import { isOfTheSystem, permissionText } from './fileStep.ts';
import { heldPermissions } from './heldFile.ts';
import { programStep } from '../programStep.ts';
import type { Argv } from '../programStep.ts';
import { planStart, startedAgain, stopAndUndo } from '../units/startAgain.ts';

const parameters = z.strictObject({
    path: filePath,
    /** It should always have had them; otherwise it had them before. */
    purpose: z.literal('protect').optional(),
    /** The owner, group and mode to set: "0:0 0644". */
    before: permissionText,
    /** The present ones, which the plan requires. */
    after: permissionText,
    /** The unit that is started again afterwards. */
    restart: startedAgain,
});

/** Gives a file the owner, group and mode that it had before, or that it needs; its content is neither read nor written. */
export const filePermissions = defineAction({
    name: 'file.permissions',
    parameters,
    wishes: [
        {
            phrases: {
                en: ['make [file|script|program] {file} (executable|runnable)', '(allow|let me) run {file}'],
                de: ['(mach|mache) [datei|skript|programm] {file} ausführbar', '{file} ausführbar machen'],
                ar: ['اجعل [ملف] {file} (قابلا للتنفيذ|تنفيذيا)'],
            },
            parameters: async ({ file = '' }) => await changed(file, mode => mode | ((mode & 0o444) >> 2)),
        },
        {
            phrases: {
                en: [
                    'protect [file] {file} [from others]',
                    'make [file] {file} private',
                    'hide [file] {file} from others',
                ],
                de: ['schütze [datei] {file} [vor anderen]', '[datei] {file} vor anderen schützen'],
                ar: ['احم [ملف] {file} [من آخرين]'],
            },
            parameters: async ({ file = '' }) =>
                (await changed(file, mode => mode & ~0o077)).map(each => ({ ...each, purpose: 'protect' as const })),
        },
    ],
    async plan({ path, purpose, before, after, restart }, system) {
        if (system.asRoot === true) await managerFor(path, undefined, { asRoot: true, places: programs });
        const { permissions, owner } = await readPermissions(path);
        if (permissions !== after)
            throw new ReeveError('InvalidState', _('{path} has changed again since then', { path }));
        const [old, wanted] = [parse(after), parse(before)];
        const isMadeExecutable =
            old.owner === wanted.owner &&
            old.group === wanted.group &&
            // A program that runs with the rights of its owner is more than one that can be run.
            (wanted.mode & 0o6000) === 0 &&
            (old.mode ^ wanted.mode) === (wanted.mode & 0o111);
        const manager = await managerFor(path, owner, { ...system, ...(isMadeExecutable && { places: programs }) });
        const given = gained(after, before);
        const isSameOwner = old.owner === wanted.owner && old.group === wanted.group;
        // The title says that it takes away.
        if (purpose === 'protect' && !(isSameOwner && given === 0 && (old.mode & 0o700) === (wanted.mode & 0o700)))
            throw new ReeveError('InvalidState', _('This would give somebody a right to {path}', { path }));
        if (manager === 'system' && !isSameOwner && !isOfTheSystem(before))
            throw new ReeveError('InvalidState', _('{path} is not given to a user', { path }));
        // A mistake in the settings is better than a file of root's that everybody can change.
        if ((given & (manager === 'system' ? 0o022 : 0o002)) !== 0)
            throw new ReeveError(
                'InvalidState',
                _('Before, users other than its owner could change {path}, so its old permissions are not restored', {
                    path,
                }),
            );
        const isOpened = (given & 0o004) !== 0;
        const starts = await planStart(restart, system);
        return {
            title:
                purpose === 'protect'
                    ? _('Protect {name} from others', { name: basename(path) })
                    : isMadeExecutable
                      ? _('Make {name} executable', { name: basename(path) })
                      : _('Restore the permissions of {name}', { name: basename(path) }),
            steps: [permissionStep(manager, path, after, before), ...(starts?.steps ?? [])],
            risk: isOpened || starts?.risk === 'medium' ? 'medium' : 'low',
            riskText: isOpened
                ? _('Everyone can read {path} again, until you undo this.', { path })
                : purpose === 'protect'
                  ? _('Others lose the access to {path} that they should not have, until you undo this.', { path })
                  : isMadeExecutable
                    ? _('{path} can be executed until you undo this.', { path })
                    : _('{path} has its previous permissions until you undo this.', { path }),
            undo: stopAndUndo(
                {
                    text: _('Restores the permissions that {path} had before the fix', { path }),
                    steps: [permissionStep(manager, path, before, after, 'perhaps')],
                },
                restart,
                starts,
                1,
            ),
            authentication: manager === 'system' || (starts?.authentication ?? false),
            preconditions: { ...starts?.preconditions, [`${path} permissions`]: permissions },
        };
    },
});

/** The present permissions of a file that a person names, and those with another mode; none where that is no change. */
async function changed(file: string, change: (mode: number) => number) {
    const [path] = await fileMeant(file, ['file']);
    if (path === undefined) return [];
    const { permissions } = await readPermissions(path);
    const { owner, group, mode } = parse(permissions);
    const wanted = `${owner}:${group} 0${change(mode).toString(8).padStart(3, '0')}`;
    return [{ path, before: wanted, after: permissions, restart: null }];
}

/** @throws ReeveError InvalidState when it is missing or no regular file */
async function readPermissions(path: string): Promise<{ permissions: string; owner: number }> {
    const held = await heldPermissions(path);
    if (held === undefined) throw new ReeveError('InvalidState', _('{path} is not a regular file', { path }));
    if (held === null) throw new ReeveError('InvalidState', _('{path} no longer exists', { path }));
    return held;
}

/**
 * The bits of the mode that a group and everybody else have by one text and not by the other; all bits of the group
 * when the groups differ.
 */
function gained(from: string, to: string): number {
    const old = parse(from);
    const { group, mode } = parse(to);
    return mode & 0o077 & ~(group === old.group ? old.mode : old.mode & ~0o070);
}

function parse(permissions: string) {
    const [, owner = '', group = '', mode = ''] = /^(\d+):(\d+) (\d+)$/.exec(permissions) ?? [];
    return { owner, group, mode: parseInt(mode, 8) };
}

/**
 * chown(1) and chmod(1), after find(1) has checked that the file is unchanged: the user may have taken a while to type
 * a password. If it differs or is missing, false(1) makes the step fail.
 *
 * @param isPartlyDone for a step that may have ended between the two programs, in either direction: then owner and mode
 * may each be the old or the new, and chown --from leaves a correct owner alone
 */
function permissionStep(
    of: 'user' | 'system',
    path: string,
    from: string,
    to: string,
    isPartlyDone: 'perhaps' | 'no' = 'no',
): Step {
    const old = parse(from);
    const [owner = '', mode = ''] = to.split(' ');
    const wasOf = `${old.owner}:${old.group}`;
    const owned = ({ owner: user, group }: ReturnType<typeof parse>) => ['-uid', user, '-gid', group];
    const moded = ({ mode: bits }: ReturnType<typeof parse>) => ['-perm', bits.toString(8)];
    const either = (tests: (of: ReturnType<typeof parse>) => string[]) =>
        isPartlyDone === 'no' ? tests(old) : ['(', ...tests(old), '-o', ...tests(parse(to)), ')'];
    const isAsBefore = ['-type', 'f', ...either(owned), ...either(moded)];
    const test: Argv = ['find', path, '-maxdepth', '0', '!', '(', ...isAsBefore, ')', '-exec', 'false', '{}', '+'];
    const give: Argv[] = owner === wasOf ? [] : [['chown', '--no-dereference', `--from=${wasOf}`, owner, '--', path]];
    return {
        description: _('Set owner, group and mode of {path} to {permissions}', { path, permissions: to }),
        permissions: { path, before: from, after: to },
        ...programStep(of, ['chmod', '--', mode, path], { before: [test, ...give] }),
    };
}
