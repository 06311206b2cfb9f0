import { lstat, readlink, realpath } from 'node:fs/promises';
import { dirname, join } from 'node:path';

import * as z from 'zod';

import { _ } from '../../i18n/i18n.ts';
import type { Step, UndoStep } from '../../model/proposal.ts';
import { Contents } from '../../store/contents.ts';
import { safeText } from '../../text/sanitise.ts';
import { difference } from '../../timeline/difference.ts';
import { ReeveError } from '../../util/errors.ts';
import { defineAction } from '../action.ts';
import { filePath } from '../files/fileManager.ts';
import { permissionText, writeStep } from '../files/fileStep.ts';
import { programStep, shownWord } from '../programStep.ts';
import type { Surroundings } from '../surroundings.ts';
import { isMissing, keptFile } from './keptFile.ts';
import { isChangeable } from './changeable.ts';

/** Nobody reads more of them. */
export const mostChanges = 100;

const hash = z.string().regex(/^[0-9a-f]{64}$/);

/** What a command changed in the copy of a folder. */
const fileChange = z.discriminatedUnion('kind', [
    z.strictObject({
        kind: z.literal('file'),
        path: filePath,
        /** Hashes of the contents; null for no file. */
        before: hash.nullable(),
        after: hash.nullable(),
        /** Of the new file, or of the one that is gone. */
        permissions: permissionText,
    }),
    z.strictObject({ kind: z.literal('folder'), path: filePath, isThere: z.boolean() }),
    z.strictObject({
        kind: z.literal('link'),
        path: filePath,
        target: z.string().min(1).max(4096),
        isThere: z.boolean(),
    }),
]);
export type FileChange = z.infer<typeof fileChange>;

const parameters = z.strictObject({
    /** The command that was run; it is not run again. */
    argv: z.array(z.string().max(4096)).min(1).max(256),
    folders: z.array(filePath).min(1).max(8),
    network: z.boolean(),
    /** What confined it. */
    sandbox: z.enum(['bubblewrap', 'landlock']),
    /** In the order in which they are made. */
    changes: z.array(fileChange).min(1).max(mostChanges),
});

/**
 * Makes the changes that a command made to copies of folders, which it ran with in a sandbox (`service/sandbox/`). The command is
 * not run again: the plan consists of the files that it left.
 */
export const commandRun = defineAction({
    name: 'command.run',
    parameters,
    touches: ({ changes }) => changes.map(({ path }) => path),
    async plan({ argv, folders, sandbox, changes }, { contents }) {
        for (const folder of folders) await requireChangeable(folder);
        for (const { path } of changes) await requireInside(path, folders);
        const planned: { step: Step; inverse: Omit<UndoStep, 'undoes'> }[] = [];
        const preconditions: Record<string, string> = {};
        for (const change of changes) {
            // What replaces something of another kind follows after its deletion.
            if (Object.hasOwn(preconditions, change.path)) {
                planned.push(await stepsFor(change, contents));
                continue;
            }
            const present = await presentAt(change.path);
            if (present !== standingOf(change, 'before'))
                throw new ReeveError(
                    'InvalidState',
                    _('{path} has changed since the command ran', { path: change.path }),
                );
            preconditions[change.path] = present;
            planned.push(await stepsFor(change, contents));
        }
        const command = safeText(argv.map(shownWord).join(' '), 80);
        const isHarmless = changes.every(change => standingOf(change, 'before') === absent);
        return {
            title: _('Keep what “{command}” changed', { command }),
            explanation: [
                _('The command ran with a copy of {folders}. This makes the same changes there.', {
                    folders: folders.join(', '),
                }),
                ...(sandbox === 'landlock'
                    ? [
                          _(
                              'Landlock confined it, as user namespaces are not allowed here. It could see which other programs run.',
                          ),
                      ]
                    : []),
            ].join(' '),
            steps: planned.map(({ step }) => step),
            risk: isHarmless ? 'low' : 'medium',
            riskText: isHarmless
                ? _('It only creates files.')
                : _('Files that it replaces or deletes go to the trash.'),
            undo: {
                text: _('Restores these files as they were before'),
                steps: planned.map(({ inverse }, undoes) => ({ ...inverse, undoes })).toReversed(),
            },
            authentication: false,
            preconditions,
        };
    },
    async verify({ changes }) {
        // The last change of a path is what is left of it.
        for (const change of new Map(changes.map(each => [each.path, each])).values())
            if ((await presentAt(change.path)) !== standingOf(change, 'after'))
                return { gone: false, detail: _('{path} is not as the command left it', { path: change.path }) };
        return { gone: true, detail: _('The files are as the command left them') };
    },
});

const absent = 'absent';

/** In words for the plan's preconditions: what is there before a change, or after it. */
function standingOf(change: FileChange, when: 'before' | 'after'): string {
    switch (change.kind) {
        case 'file':
            return change[when] ?? absent;
        case 'folder':
            return change.isThere === (when === 'after') ? 'folder' : absent;
        case 'link':
            return change.isThere === (when === 'after') ? `link ${change.target}` : absent;
    }
}

async function presentAt(path: string): Promise<string> {
    try {
        const found = await lstat(path);
        if (found.isDirectory()) return 'folder';
        if (found.isSymbolicLink()) return `link ${await readlink(path)}`;
        const kept = await keptFile(path);
        return kept === null || typeof kept === 'string' ? 'other' : Contents.hashOf(kept.bytes);
    } catch (error) {
        if (isMissing(error)) return absent;
        throw error;
    }
}

async function stepsFor(
    change: FileChange,
    contents: Surroundings['contents'],
): Promise<{ step: Step; inverse: Omit<UndoStep, 'undoes'> }> {
    const { path } = change;
    switch (change.kind) {
        case 'folder': {
            const create = {
                description: _('Create the folder {path}', { path }),
                ...programStep('user', ['mkdir', '--', path]),
            };
            const remove = {
                description: _('Delete the empty folder {path}', { path }),
                ...programStep('user', ['rmdir', '--', path]),
            };
            return change.isThere ? { step: create, inverse: remove } : { step: remove, inverse: create };
        }
        case 'link': {
            const link = ['ln', '--symbolic', '--no-target-directory', '--', change.target, path] as const;
            const create = {
                description: _('Create the link {path} to {target}', { path, target: change.target }),
                ...programStep('user', link),
            };
            const remove = {
                description: _('Delete the link {path}', { path }),
                ...programStep('user', ['rm', '--', path]),
            };
            return change.isThere ? { step: create, inverse: remove } : { step: remove, inverse: create };
        }
        case 'file': {
            const [from, to] = [
                await readContent(change.before, path, contents),
                await readContent(change.after, path, contents),
            ];
            const { permissions } = change;
            return {
                step: {
                    description: described(path, from, to),
                    ...(await shownDifference(from, to)),
                    ...writeStep('user', path, { from, to, permissions, isTrashed: true }, contents),
                },
                inverse: {
                    description: described(path, to, from),
                    ...(await shownDifference(to, from)),
                    ...writeStep('user', path, { from: to, to: from, permissions }, contents),
                },
            };
        }
    }
}

function described(path: string, from: Buffer | null, to: Buffer | null): string {
    if (from === null) return _('Create {path}', { path });
    return to === null ? _('Delete {path}', { path }) : _('Replace {path}', { path });
}

/** Nobody can read a difference of bytes that are no text. */
async function shownDifference(from: Buffer | null, to: Buffer | null): Promise<{ diff?: string }> {
    const isText = (bytes: Buffer | null) => bytes?.includes(0) !== true;
    return isText(from) && isText(to) ? { diff: await difference(from, to) } : {};
}

async function readContent(
    wanted: string | null,
    path: string,
    contents: Surroundings['contents'],
): Promise<Buffer | null> {
    if (wanted === null) return null;
    const bytes = await contents.get(wanted);
    if (bytes !== null) return bytes;
    throw new ReeveError(
        'InvalidState',
        _('What the command wrote to {path} is no longer kept. Run it again', { path }),
    );
}

async function requireChangeable(folder: string): Promise<void> {
    const why = await isChangeable(folder);
    if (why !== null) throw new ReeveError('InvalidState', why);
}

/** No link may lead out of the folder: a step would follow it. */
async function requireInside(path: string, folders: readonly string[]): Promise<void> {
    const isInside = folders.some(folder => path.startsWith(`${folder}/`));
    let above = dirname(path);
    for (;;) {
        const real = await realpath(above).catch((error: unknown) => {
            if (isMissing(error)) return null;
            throw error;
        });
        if (isInside && real === above) return;
        if (!isInside || real !== null || above === dirname(above))
            throw new ReeveError('InvalidState', _('{path} is not in a folder that the command may change', { path }));
        above = join(above, '..');
    }
}
