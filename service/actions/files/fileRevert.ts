import { lstat } from 'node:fs/promises';
import { basename } from 'node:path';

import * as z from 'zod';

import { ReeveError } from '../../util/errors.ts';
import { _ } from '../../i18n/i18n.ts';
import type { Step } from '../../model/proposal.ts';
import type { Scope } from '../../model/unit.ts';
import { permissionsOf } from '../../sources/files/fileChange.ts';
import type { Contents } from '../../store/contents.ts';
import type { UnitDetails } from '../../machine/units/systemd.ts';
import { mountPoint } from '../../model/unitName.ts';
import { localTime } from '../../text/localTime.ts';
import { difference } from '../../timeline/difference.ts';
import { unescapeMount } from '../../machine/storage/filesystems.ts';
import { fstab } from '../../machine/storage/fstabMistakes.ts';
import { defineAction } from '../action.ts';
import type { Surroundings } from '../surroundings.ts';
import { filePath, managerFor } from './fileManager.ts';
import { isOfTheSystem, isWritableByOthers, permissionText, writeStep } from './fileStep.ts';
import { heldFile } from './heldFile.ts';
import { planStart, startedAgain, stopAndUndo } from '../units/startAgain.ts';
import { undoOfStarts } from '../units/unitStartDependency.ts';
import { reloadStep, requireUnit, unitStep } from '../units/unitPlan.ts';
import { restartRisk } from '../units/unitRisk.ts';

/** What may be created as root: a name that reads as one, and not as a sentence of the question about it. */
const plainName = /^[\w.@+:~-][\w.@+:~ -]{0,79}$/;
const hash = z.string().regex(/^[0-9a-f]{64}$/);
const parameters = z.strictObject({
    path: filePath,
    /** Of the earlier content; null when the file did not exist. */
    before: hash.nullable(),
    /** Of the present content, which the plan requires; null when the file does not exist. */
    after: hash.nullable(),
    /** Of a file that is gone, as the timeline has them: "0:0 0644". */
    permissions: permissionText.optional(),
    /** When a file that is deleted was created; microseconds since the Unix epoch. */
    created: z.int().nonnegative().optional(),
    /** The unit that is started again afterwards. */
    restart: startedAgain,
});

type PlanContext = Surroundings & { signal: AbortSignal };

/** Gives a file its earlier content, or removes one that did not exist. */
export const fileRevert = defineAction({
    name: 'file.revert',
    parameters,
    async plan({ path, before, after, permissions: removedWith, created, restart }, system) {
        const { contents } = system;
        if (system.asRoot === true) await managerFor(path, undefined, system);
        const current = await readCurrent(path, contents);
        if (current.hash !== after) {
            throw new ReeveError('InvalidState', _('{path} has changed again since then', { path }));
        }
        const wanted = before === null ? null : await requireContents(contents, before, path);
        const permissions = current.permissions ?? removedWith;
        if (permissions === undefined)
            throw new ReeveError(
                'InvalidState',
                _('The previous permissions of {path} are not known, so it is not created again', { path }),
            );
        const manager = await managerFor(path, current.owner, system);
        const isCreated = current.hash === null;
        if (manager === 'system' && isCreated && !(isOfTheSystem(permissions) && !isWritableByOthers(permissions)))
            throw new ReeveError(
                'InvalidState',
                _('{path} could be changed by users, so it is not created again', { path }),
            );
        if (manager === 'system' && isCreated && !plainName.test(basename(path)))
            throw new ReeveError('InvalidState', _('{path} is not the usual name of a file', { path }));
        const write = async (to: Buffer | null, from: Buffer | null, description: string): Promise<Step> => ({
            description,
            // Nobody reads it there, and it takes seconds for a long file.
            ...(system.asRoot !== true && { diff: await difference(from, to) }),
            ...writeStep(manager, path, { from, to, permissions }, contents),
        });
        const reloaded = reloads(path);
        const starts =
            restart !== null && reloaded !== null
                ? await unitStartAnew(restart, path, wanted, system)
                : await planStart(restart, system);
        const putBack =
            wanted === null ? _('Delete {path}', { path }) : _('Restore the previous content of {path}', { path });
        return {
            title:
                wanted === null
                    ? deletionTitle(basename(path), await creationOf(path, created))
                    : _('Restore the previous version of {name}', { name: basename(path) }),
            steps: [
                await write(wanted, current.bytes, putBack),
                ...(reloaded === null ? [] : [reloadStep(reloaded)]),
                ...(starts?.steps ?? []),
            ],
            risk: wanted === null || starts?.risk === 'medium' ? 'medium' : 'low',
            riskText:
                wanted === null
                    ? _('The content of {path} is lost until you undo this.', { path })
                    : _('Later changes to {path} are lost until you undo this.', { path }),
            undo: stopAndUndo(
                {
                    text: _('Restores the content that {path} had before the fix', { path }),
                    steps: [
                        await write(
                            current.bytes,
                            wanted,
                            _('Restore the content that {path} had before the fix', { path }),
                        ),
                        ...(reloaded === null ? [] : [reloadStep(reloaded)]),
                    ],
                },
                restart,
                starts,
                reloaded === null ? 1 : 2,
            ),
            authentication: manager === 'system' || reloaded === 'system' || (starts?.authentication ?? false),
            preconditions: { ...starts?.preconditions, [`${path} contents`]: current.hash ?? 'absent' },
        };
    },
});

/** The time of creation that somebody names, if the file was created then: a title has it to the minute. */
async function creationOf(path: string, named: number | undefined): Promise<number | undefined> {
    if (named === undefined) return undefined;
    const { birthtimeMs } = await lstat(path);
    return Math.abs(named / 1000 - birthtimeMs) <= 60_000 ? named : undefined;
}

function deletionTitle(name: string, created: number | undefined): string {
    // To the minute, and with the date: the title of a plan may not depend on when it is read.
    return created === undefined
        ? _('Delete {name}', { name })
        : _('Delete {name}, which was created at {time}', { name, time: localTime(created).slice(0, 16) });
}

/**
 * Files that their manager reads only on request: unit files, drop-ins, and the files from which its generators make
 * units, such as fstab(5), the autostart and quadlets; systemd.unit(5), systemd-xdg-autostart-generator(8),
 * podman-systemd.unit(5).
 */
function reloads(path: string): Scope | null {
    if (path === fstab || /^\/(?:etc|run)\/(?:systemd\/system|containers\/systemd)\//.test(path)) return 'system';
    return /\/(?:systemd\/user|xdg\/autostart|\.config\/(?:autostart|containers\/systemd))\//.test(path)
        ? 'user'
        : null;
}

/** A unit that could not be loaded can be, once its file is restored: so its present state does not decide. */
async function unitStartAnew(
    {
        scope: of,
        unit: name,
        dependants = [],
    }: { scope: Scope; unit: string; dependants?: readonly string[] | undefined },
    path: string,
    wanted: Buffer | null,
    system: PlanContext,
) {
    const unit = await requireUnit(system.systemd, of, name, system.signal);
    const reset = unit.activeState === 'failed' ? [unitStep('ResetFailedUnit', unit)] : [];
    const started = staysThere(unit, path, wanted);
    const needing = await Promise.all(
        (started ? dependants : []).map(dependant => system.systemd.unit(of, dependant, system)),
    );
    const starts = started ? [unit, ...needing.filter(each => each !== null)] : [];
    return {
        steps: [...reset, ...starts.map(each => unitStep('StartUnit', each))],
        undo: undoOfStarts(starts, reset.length),
        ...restartRisk(unit),
        authentication: of === 'system',
        // The step changes the unit's own file, so only whether the unit runs must stay as it is.
        preconditions: { [`${name} state`]: unit.activeState },
    };
}

/** Whether the unit exists once the file is restored. */
function staysThere({ name, fragmentPath, sourcePath }: UnitDetails, path: string, wanted: Buffer | null): boolean {
    if (path !== fragmentPath && path !== sourcePath) return true;
    if (wanted === null) return false;
    return path !== fstab || !name.endsWith('.mount') || mountsIn(wanted).includes(mountPoint(name));
}

/** fstab(5): the second field, in which white space is written in octal digits. */
function mountsIn(table: Buffer): string[] {
    const lines = table
        .toString()
        .split('\n')
        .filter(line => !/^\s*#/.test(line));
    return lines.map(line => unescapeMount(line.trim().split(/\s+/)[1] ?? '').replace(/(?<=.)\/+$/, ''));
}

/** The present content, kept so that it can be written again. */
async function readCurrent(
    path: string,
    contents: Contents,
): Promise<{ hash: string | null; bytes: Buffer | null; permissions?: string; owner?: number }> {
    const held = await heldFile(path);
    if (held === null) return { hash: null, bytes: null };
    if (held === undefined) {
        throw new ReeveError(
            'InvalidState',
            _('The current content of {path} cannot be kept, so it is not replaced', { path }),
        );
    }
    const hash = await contents.put(held.contents);
    return { hash, bytes: held.contents, permissions: permissionsOf(held), owner: held.owner };
}

async function requireContents(contents: Contents, wanted: string, path: string): Promise<Buffer> {
    const bytes = await contents.get(wanted);
    if (bytes === null)
        throw new ReeveError('InvalidState', _('The previous content of {path} is no longer kept', { path }));
    return bytes;
}
