import { readFile } from 'node:fs/promises';

import { _, ngettext } from '../../i18n/i18n.ts';
import type { Change } from '../../model/timelineEntry.ts';
import type { Contents } from '../../store/contents.ts';
import { difference } from '../../timeline/difference.ts';
import type { Indexed } from './fileIndex.ts';
import type { Place } from './places.ts';

/** A change of a file. */
export type Observation = {
    place: Place;
    path: string;
    before: Indexed | null;
    after: Indexed | null;
    /** Microseconds since the Unix epoch. */
    time: number;
    /** It happened while nobody watched. */
    unseen: boolean;
};

/** Beyond this many at a time, one entry covers the rest: a restored backup must not push everything else out. */
const mostSingle = 100;
const namesInSummary = 500;

/** Groups observations that were made together into timeline entries. */
export async function toChanges(observations: readonly Observation[], contents: Contents): Promise<Change[]> {
    const changes: Change[] = [];
    const all = pairRenames(observations);
    for (const { observation, from } of all.slice(0, mostSingle))
        changes.push(await describe(observation, from, contents));
    const rest = all.slice(mostSingle);
    const last = rest.at(-1)?.observation;
    if (last === undefined) return changes;
    const paths = rest.map(({ observation }) => observation.path);
    changes.push({
        time: last.time,
        kind: 'file',
        event: 'many',
        subject: last.place.path,
        summary: ngettext(
            '{count} more file changed in {place}',
            '{count} more files changed in {place}',
            rest.length,
            {
                place: last.place.path,
            },
        ),
        detail: paths.slice(0, namesInSummary).join('\n'),
        facts: { count: String(rest.length) },
    });
    return changes;
}

/** A file that disappeared and a new file with the same inode are one renamed file. */
function pairRenames(observations: readonly Observation[]): { observation: Observation; from: Observation | null }[] {
    const inode = (file: Indexed | null) => file?.stamp.split(' ', 1)[0];
    const gone = new Map(
        observations.filter(({ after }) => after === null).map(each => [inode(each.before) ?? '', each] as const),
    );
    const paired = new Set<Observation>();
    const pairs = observations.map(observation => {
        const from = observation.before === null ? gone.get(inode(observation.after) ?? '') : undefined;
        if (from === undefined || paired.has(from) || from.before?.hash !== observation.after?.hash)
            return { observation, from: null };
        paired.add(from);
        return { observation, from };
    });
    return pairs.filter(({ observation }) => !paired.has(observation));
}

async function describe(observation: Observation, from: Observation | null, contents: Contents): Promise<Change> {
    const { place, path, before, after, time, unseen } = observation;
    if (place.kind === 'crash') return describeCrash(observation);
    const facts: Record<string, string> = {};
    if (before?.hash) facts.before = before.hash;
    if (after?.hash) facts.after = after.hash;
    if (unseen) facts.unseen = 'true';
    if (from !== null) facts.from = from.path;
    const change = (event: string, summary: string, detail = ''): Change => ({
        time,
        kind: 'file',
        event,
        subject: path,
        summary,
        detail,
        facts,
    });
    if (from !== null) {
        if (from.before !== null) facts.mode_before = permissionsOf(from.before);
        return change('renamed', _('{from} was renamed to {path}', { from: from.path, path }));
    }
    if (after === null) {
        if (before !== null) facts.mode_before = permissionsOf(before);
        return change('removed', _('{path} was removed', { path }), await shown(before, after, contents));
    }
    const target = linkTarget(after);
    if (before === null) {
        const summary =
            target === null
                ? _('{path} was created', { path })
                : _('{path} was created as a link to {target}', { path, target });
        return change('created', summary, await shown(before, after, contents));
    }
    const isSame = hasSameContents(before, after);
    if (!isSame && target !== null) {
        const old = linkTarget(before);
        const detail = old === null ? '' : _('Before, it was a link to {target}', { target: old });
        return change('redirected', _('{path} is now a link to {target}', { path, target }), detail);
    }
    if (isSame || hasOtherPermissions(before, after)) {
        facts.mode_before = permissionsOf(before);
        facts.mode_after = permissionsOf(after);
        if (isSame || before.note === 'unreadable' || after.note === 'unreadable')
            return change('permissions', await permissionsText(path, before, after));
    }
    return change('edited', _('{path} was edited', { path }), await shown(before, after, contents));
}

/** The reports of Apport and whoopsie are named after the program, with underscores for its slashes, and the user's id. */
function describeCrash({ path, after, time }: Observation): Change {
    const name = path.slice(path.lastIndexOf('/') + 1);
    const program = name.replace(/\.\d+\.crash$/, '').replaceAll('_', '/');
    const summary =
        after === null
            ? _('The crash report of {program} was removed', { program })
            : _('{program} crashed, and a crash report was saved', { program });
    return {
        time,
        kind: 'crash',
        event: after === null ? 'report-removed' : 'reported',
        subject: program,
        summary,
        detail: path,
        facts: { report: path },
    };
}

async function shown(before: Indexed | null, after: Indexed | null, contents: Contents): Promise<string> {
    const isKept = (file: Indexed | null) => file?.hash !== null;
    if (isKept(before) && isKept(after)) {
        const read = (file: Indexed | null) => (file?.hash ? contents.get(file.hash) : null);
        return await difference(await read(before), await read(after));
    }
    switch (after?.note || before?.note || '') {
        case 'secret':
            return _('Its contents are not kept: they may be secret.');
        case 'large':
            return _('Its contents are not kept: it is too large.');
        case 'full':
            return _('Its contents are not kept: the store is full.');
        case 'binary':
            return _('Its contents are not kept: they are not text.');
        case 'unreadable':
            return _('You are not allowed to read it.');
        default:
            return '';
    }
}

/** If the contents of a file are not stored, only its size and time show a change. */
export function hasSameContents(before: Indexed, after: Indexed): boolean {
    if (before.note !== after.note) return false;
    if (before.hash !== null || after.hash !== null) return before.hash === after.hash;
    const sizeAndTime = ({ stamp }: Indexed) => stamp.split(' ').slice(1, 3).join(' ');
    return after.note.startsWith('link ') || sizeAndTime(before) === sizeAndTime(after);
}

export function hasOtherPermissions(before: Indexed, after: Indexed): boolean {
    return before.mode !== after.mode || before.owner !== after.owner || before.group !== after.group;
}

/** Only what changed is shown: the mode, the owner, or all of it. */
async function permissionsText(path: string, before: Indexed, after: Indexed): Promise<string> {
    const [isSameMode, isSameOwner, isSameGroup] = [
        before.mode === after.mode,
        before.owner === after.owner,
        before.group === after.group,
    ];
    if (isSameOwner && isSameGroup) {
        const values = { path, before: modeOf(before), after: modeOf(after) };
        return _('The permissions of {path} changed from {before} to {after}', values);
    }
    const named = async (file: Indexed) => ({
        owner: await nameOf('passwd', file.owner),
        group: await nameOf('group', file.group),
    });
    const [old, now] = [await named(before), await named(after)];
    if (isSameMode && isSameGroup)
        return _('The owner of {path} changed from {before} to {after}', { path, before: old.owner, after: now.owner });
    if (isSameMode && isSameOwner)
        return _('The group of {path} changed from {before} to {after}', { path, before: old.group, after: now.group });
    const all = (of: typeof old, file: Indexed) => `${of.owner}:${of.group} ${modeOf(file)}`;
    const values = { path, before: all(old, before), after: all(now, after) };
    return _('The permissions of {path} changed from {before} to {after}', values);
}

/** passwd(5), group(5); the number itself for whoever is not listed there, such as those of a directory service. */
async function nameOf(list: 'passwd' | 'group', id: number): Promise<string> {
    const lines = (await readFile(`/etc/${list}`, 'utf8').catch(() => '')).split('\n');
    return lines.map(line => line.split(':')).find(([, , number]) => number === String(id))?.[0] ?? String(id);
}

function modeOf({ mode }: Pick<Indexed, 'mode'>): string {
    return mode.toString(8).padStart(4, '0');
}

/** In the notation of chown(1) and chmod(1). */
export function permissionsOf({ mode, owner, group }: Pick<Indexed, 'mode' | 'owner' | 'group'>): string {
    return `${owner}:${group} ${modeOf({ mode })}`;
}

function linkTarget({ note }: Indexed): string | null {
    return note.startsWith('link ') ? note.slice('link '.length) : null;
}
