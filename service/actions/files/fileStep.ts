import { basename, dirname, join } from 'node:path';

import * as z from 'zod';

import type { Step } from '../../model/proposal.ts';
import type { Scope } from '../../model/unit.ts';
import { Contents } from '../../store/contents.ts';
import { programStep, type Argv } from '../programStep.ts';
import { sha256 } from '../../util/sha256.ts';

/** Owner, group and mode of a file, such as "0:0 0644". None that would let it run as somebody else. */
export const permissionText = z.string().regex(/^\d{1,10}:\d{1,10} 0[0-7]{3}$/);

/** The users of people begin there: UID_MIN of login.defs(5). */
const firstPerson = 1000;

/** Whether such permissions leave a file to root or to a user of the system. */
export function isOfTheSystem(permissions: string): boolean {
    const [, owner = '', group = ''] = /^(\d+):(\d+) /.exec(permissions) ?? [];
    return Number(owner) < firstPerson && Number(group) < firstPerson;
}

/** Whether others than a file's owner can change it. */
export function isWritableByOthers(permissions: string): boolean {
    return (Number.parseInt(permissions.split(' ')[1] ?? '', 8) & 0o022) !== 0;
}

/**
 * Has a service manager write a file, or remove it, by programs that take this path as an argument and these bytes as
 * their input. So the call carries the whole content of the file.
 *
 * The user may have to type a password in between. So the first program checks that the file is unchanged: cmp(1), or
 * ln(1), which fails when the file exists. The new content goes into a file beside it, which then replaces it in one
 * step (rename(2)): a full disk loses nothing. A copy by cp(1) keeps owner, permissions, attributes and labels. The new content is
 * on the disk before it has the name, and the name is once the step has ended (sync(1)): a power cut leaves one of the two whole.
 *
 * @param change the present content, which must be kept, and the new one; null for no file
 * @param change.permissions of a file that this creates
 * @param change.isTrashed the present content goes to the trash, under a name beside that of the file where the file stays
 * @throws ReeveError InvalidState when this system lacks one of the programs
 */
export function writeStep(
    of: Scope,
    path: string,
    {
        from,
        to,
        permissions,
        isTrashed = false,
    }: { from: Buffer | null; to: Buffer | null; permissions: string; isTrashed?: boolean },
    contents: Contents,
): Pick<Step, 'command' | 'commands' | 'cleanup' | 'call' | 'file'> {
    const before = from && Contents.hashOf(from);
    const after = to && Contents.hashOf(to);
    const file = { path, before, after };
    const compare = before === null ? [] : [['cmp', '--', path, contents.path(before)] as const];
    const remove = isTrashed ? trash(path) : (['rm', '--', path] as const);
    const keepName = ['sync', '--', dirname(path)] as const;
    if (to === null || after === null)
        return { file, ...programStep(of, remove, { before: compare, after: [keepName] }) };
    const beside = join(dirname(path), `.${nameFor(path, after)}.tmp`);
    const keepContent = ['sync', '--', beside] as const;
    const input = { bytes: to, path: contents.path(after) };
    if (before === null) {
        return {
            file,
            ...programStep(of, ['install', ...installOptions(of, permissions), '--', '/dev/stdin', beside], {
                input,
                after: [keepContent, ['ln', '--no-target-directory', '--', beside, path], keepName],
                last: [['rm', '--force', '--', beside]],
            }),
        };
    }
    // A second name of the present content, which goes to the trash while the file is still there.
    const old = `${path}.${nameFor(path, before)}`;
    const keep = [['ln', '--no-target-directory', '--', path, old] as const, trash(old)];
    return {
        file,
        ...programStep(of, ['tee', '--', beside], {
            input,
            before: [...compare, ['cp', '--archive', '--remove-destination', '--', path, beside]],
            after: [
                keepContent,
                ...(isTrashed ? keep : []),
                ['mv', '--no-target-directory', '--', beside, path],
                keepName,
            ],
            last: [['rm', '--force', '--', beside, ...(isTrashed ? [old] : [])]],
        }),
    };
}

/** gio(1): as the Trash Specification of freedesktop.org has it, without a service of the session. */
function trash(path: string): Argv {
    return ['gio', 'trash', '--', path];
}

/** Deterministic, as a plan that is made again must not differ; short enough beside any name. */
function nameFor(path: string, hash: string): string {
    return `reeve-${sha256(`${basename(path)} ${hash}`).slice(0, 16)}`;
}

/** Only root can give a file to others. */
function installOptions(of: Scope, permissions: string): string[] {
    const [, owner = '', group = '', mode = ''] = /^(\d+):(\d+) (\d+)$/.exec(permissions) ?? [];
    return [`--mode=${mode}`, ...(of === 'system' ? [`--owner=${owner}`, `--group=${group}`] : [])];
}

/** Of a file that this person creates, which everybody may read. */
export const ownPermissions = `${process.getuid?.() ?? 0}:${process.getgid?.() ?? 0} 0644`;
