import type { RecoveryCheck } from '../../diagnosis/recovery.ts';
import { _ } from '../../i18n/i18n.ts';
import { isShort, readFilesystemOf, readSpace, usedShare } from '../../machine/storage/filesystems.ts';
import type { Filesystem } from '../../machine/storage/filesystems.ts';
import { readFacts } from './facts.ts';

/** Above this, and with less than `enough` bytes left, a filesystem counts as full. */
const fullShare = 0.98;

const enough = 512 * 1024 * 1024;

const fullInodes = 0.98;

/** A little more than the reporting threshold, so that it is not reported again at once. */
const margin = 1.1;

/** Whether there is free space again: on the named filesystem, or otherwise wherever it may have been short. */
export const hasSpace: RecoveryCheck = {
    about: 'the filesystem, or every filesystem if none is named, has space and inodes left',
    async check({ machine, incident }) {
        const { place } = readFacts(incident.facts);
        if (place !== undefined) {
            const named = await readFilesystemOf(machine, place);
            return named?.path === place && (isShort(named, margin) || isFull(named))
                ? { gone: false, detail: _('There is still little space on {path}', { path: place }) }
                : { gone: true, detail: _('There is enough space again') };
        }
        const full = (await readSpace(machine)).find(isFull);
        if (full === undefined) return { gone: true, detail: _('There is enough space again') };
        const { path } = full;
        const found = { subject: subjectOf(path), facts: { place: path } };
        return { gone: false, detail: _('{path} is full', { path }), found };
    },
};

/** What a full filesystem is called in an incident, so that whoever reports it, it is the same one. */
export function subjectOf(path: string): string {
    return path === '/' ? 'disk' : path;
}

/** Whether there is no space left, or no inode. */
export function isFull({
    used,
    available,
    readOnly,
    inodesUsed,
}: Pick<Filesystem, 'used' | 'available' | 'readOnly' | 'inodesUsed'>): boolean {
    if (readOnly) return false;
    const isNearlyUsed = usedShare({ used, available }) > fullShare && available < enough;
    return isNearlyUsed || (inodesUsed ?? 0) > fullInodes;
}
