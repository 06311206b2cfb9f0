import { setTimeout as delay } from 'node:timers/promises';

import * as z from 'zod';

import { _ } from '../../i18n/i18n.ts';
import type { TimelineEntry } from '../../model/timelineEntry.ts';
import type { Database } from '../../store/database.ts';
import { isShort, readSpace } from '../../machine/storage/filesystems.ts';
import type { Filesystem } from '../../machine/storage/filesystems.ts';
import { filesOf } from '../../machine/machine.ts';
import type { SourceDefinition } from '../../sources/definition.ts';
import type { WrittenFacts } from './facts.ts';
import { readState } from '../../store/stored.ts';

type Space = Pick<Filesystem, 'path' | 'size' | 'available' | 'readOnly'>;

/** In milliseconds. */
type Times = {
    /** The delay between an event that may fill a filesystem and the check of it. */
    settle: number;
    /** The shortest interval between two checks. */
    between: number;
};

/**
 * GNOME checks every minute (CHECK_EVERY_X_SECONDS of gsd-disk-space.c). The regular polls are enough, with one more after an
 * event that may fill a filesystem.
 */
const usualTimes: Times = { settle: 3000, between: 5000 };
/** A filesystem that was short of space and is only slightly less so still counts as short. */
const margin = 1.1;
const stateKey = 'space-low';

/** Events that fill filesystems, add others, or free space. */
function isReason({ kind, event, source }: TimelineEntry): boolean {
    if (source === space.name) return false;
    return ['package', 'storage', 'action', 'file'].includes(kind) || event === 'resume';
}

/** Filesystems that become full. */
export const space: SourceDefinition = spaceSource(root => readSpace(filesOf(root)));

/** @param measure how full the filesystems are */
export function spaceSource(measure: (root: string) => Promise<Space[]>, times: Times = usualTimes): SourceDefinition {
    return {
        name: 'space',
        async run({ root, timeline, database, pollClock }, outlet, signal) {
            const low = remembered(database);
            let wake = Promise.withResolvers<'reason' | 'regular'>();
            const added = (entry: TimelineEntry) => {
                if (isReason(entry)) wake.resolve('reason');
            };
            const isStopped = () => signal.aborted;
            timeline.on('added', added);
            try {
                while (!isStopped()) {
                    const filesystems = await measure(root);
                    const changed = filesystems.filter(
                        filesystem => isLow(filesystem, low) !== low.has(filesystem.path),
                    );
                    for (const filesystem of changed) {
                        outlet.emit(toChange(filesystem, !low.has(filesystem.path)));
                        if (!low.delete(filesystem.path)) low.add(filesystem.path);
                    }
                    const there = new Set(filesystems.map(({ path }) => path));
                    for (const path of low) if (!there.has(path)) low.delete(path);
                    await outlet.kept();
                    remember(database, low);
                    outlet.watching();

                    const polled = performance.now();
                    const turn = new AbortController();
                    const { resolve, promise } = wake;
                    void pollClock.next(AbortSignal.any([signal, turn.signal])).then(() => {
                        resolve('regular');
                    });
                    const why = await promise;
                    turn.abort();
                    if (isStopped()) break;
                    const left = Math.max(times.settle, polled + times.between - performance.now());
                    if (why === 'reason') await delay(left, undefined, { signal }).catch(() => undefined);
                    wake = Promise.withResolvers();
                }
            } finally {
                timeline.off('added', added);
            }
        },
    };
}

function isLow(filesystem: Space, low: ReadonlySet<string>): boolean {
    return isShort(filesystem, low.has(filesystem.path) ? margin : 1);
}

/** What was reported already is not reported again at each start. */
function remembered(database: Database): Set<string> {
    return new Set(readState(database, stateKey, z.array(z.string())));
}

function remember(database: Database, low: ReadonlySet<string>): void {
    const text = JSON.stringify([...low]);
    if (database.getState(stateKey) !== text) database.setState(stateKey, text);
}

function toChange({ path, size, available }: Space, isNowLow: boolean) {
    const megabytes = Math.round(available / 1_000_000);
    return {
        time: Date.now() * 1000,
        kind: 'storage' as const,
        event: isNowLow ? 'space-low' : 'space-back',
        subject: path,
        summary: isNowLow
            ? _('Only {megabytes} MB are left on {path}', { megabytes, path })
            : _('There is enough space again on {path}', { path }),
        detail: '',
        facts: { place: path, available: String(available), size: String(size) } satisfies WrittenFacts,
    };
}
