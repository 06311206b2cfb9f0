import { homedir } from 'node:os';

import type { ActionName, KnownFix } from '../../actions/actions.ts';
import { _ } from '../../i18n/i18n.ts';
import { log } from '../../util/log.ts';
import { ownText } from '../../text/ownText.ts';
import { fact } from '../../machine/evidence.ts';
import { readSpace, usedShare } from '../../machine/storage/filesystems.ts';
import type { Machine } from '../../machine/machine.ts';
import { findDiskUsage } from '../../machine/storage/diskUsage.ts';
import type { DiskUsage } from '../../machine/storage/diskUsage.ts';
import type { Case, Findings } from '../../diagnosis/playbook.ts';
import { messageOf } from '../../util/errors.ts';

const origin = 'lstat';
const fullShare = 0.9;
/** Milliseconds. */
const patience = 8000;
/** What frees space where it is used. */
const fixFor: Partial<Record<DiskUsage['what'], ActionName>> = {
    downloads: 'packages.cleanCache',
    journal: 'journal.vacuum',
    kernels: 'packages.removeKernels',
};
/**
 * Adds the disk usage to the findings about a full disk, or about a program that could not write because of it, and first
 * offers what frees the most.
 */
export async function nameDiskUsage(
    { incident, signal }: Case,
    findings: Findings,
    machine: Machine | null,
    { isVictim = false, home = homedir() } = {},
): Promise<Findings> {
    if (machine === null) return findings;
    const users = await inTime(signal, async within => {
        const place = incident.facts.place ?? (await fullest(machine));
        return place === null ? [] : await findDiskUsage({ root: machine.root, home, place }, within);
    });
    if (users === null || users.length === 0) return findings;
    const names = users.map(user => nameOf(user)).join(', ');
    const measured = users.map(({ path, size }) => `${path}: ${size} B`).join('\n');
    const wanted = users.map(({ what }) => fixFor[what]);
    const named = _('Among the largest items: {names}.', { names });
    const fixes: KnownFix[] = [
        ...findings.fixes,
        // Trash is the user's own, so deleting it is offered last, and only where it helps.
        ...users
            .filter(({ what }) => !isVictim && what === 'trash')
            .map(() => ({
                action: 'trash.empty' as const,
                parameters: {},
                explanation: _('It takes up space until you empty it.'),
            })),
    ];
    const rank = (action: ActionName) => (wanted.includes(action) ? wanted.indexOf(action) : wanted.length);
    return {
        ...findings,
        // For a service, the failed write comes first.
        cause: (isVictim ? [findings.cause, named] : [named, findings.cause]).filter(text => text !== '').join(' '),
        evidence: [
            ...findings.evidence.filter(piece => piece.source !== 'system' || piece.origin !== origin),
            fact('system', origin, ownText(measured, 2048, { multiline: true })),
        ],
        fixes: fixes.sort((one, other) => rank(one.action) - rank(other.action)),
    };
}

/** What takes too long or cannot be read, as on a bad disk, is left out: the rest of a diagnosis does not depend on it. */
async function inTime<T>(signal: AbortSignal, measure: (signal: AbortSignal) => Promise<T>): Promise<T | null> {
    const limit = AbortSignal.timeout(patience);
    try {
        return await measure(AbortSignal.any([signal, limit]));
    } catch (error) {
        if (signal.aborted) throw error;
        const reason = messageOf(error);
        if (!limit.aborted) log('warning', 'Could not measure what uses the space', { error: reason });
        return null;
    }
}

/** Where no space is left; null if something else is short, as when a filesystem holds too many files. */
async function fullest(machine: Machine): Promise<string | null> {
    const filesystems = (await readSpace(machine)).filter(({ readOnly }) => !readOnly);
    const [first] = filesystems.sort((one, other) => usedShare(other) - usedShare(one));
    return first !== undefined && usedShare(first) >= fullShare ? first.path : null;
}

function nameOf({ what, path, size }: DiskUsage): string {
    const values = { megabytes: Math.round(size / 1_000_000), path: ownText(path, 256) };
    switch (what) {
        case 'trash':
            return _('the trash ({megabytes} MB)', values);
        case 'caches':
            return _('data that programs keep in your {path} ({megabytes} MB)', values);
        case 'journal':
            return _('the log ({megabytes} MB)', values);
        case 'downloads':
            return _('packages that were downloaded ({megabytes} MB)', values);
        case 'dumps':
            return _('core dumps of crashed programs ({megabytes} MB)', values);
        case 'kernels':
            return _('old kernels ({megabytes} MB)', values);
        case 'folder':
            return _('{path} ({megabytes} MB)', values);
    }
}
