import { setTimeout as delay } from 'node:timers/promises';

import { _ } from '../i18n/i18n.ts';
import type { TimelineEntry } from '../model/timelineEntry.ts';
import { readFilesystems } from '../tools/filesystems.ts';
import type { Filesystem } from '../tools/filesystems.ts';
import { run as runProgram } from '../tools/run.ts';
import type { SourceDefinition } from './definition.ts';

type Space = Pick<Filesystem, 'path' | 'size' | 'available' | 'readOnly'>;

/** What a program may still write below this, and below a twentieth of the whole, is little. Bytes. */
const little = 2 * 1024 ** 3;
const share = 0.05;
/** Filesystems are asked so often at most. Milliseconds. */
const pause = 60_000;

/** What fills filesystems, or brings others. */
function isReason({ kind, event, source }: TimelineEntry): boolean {
    if (source === space.name) return false;
    return kind === 'package' || kind === 'storage' || kind === 'action' || event === 'resume' || event === 'many';
}

/** Filesystems that get full. */
export const space: SourceDefinition = spaceSource(async root => {
    const machine = { root, system: null, session: null, run: runProgram };
    return (await readFilesystems(machine))?.filesystems ?? [];
});

/** @param measure how full the filesystems are; @param between milliseconds from one look to the next */
export function spaceSource(measure: (root: string) => Promise<Space[]>, between = pause): SourceDefinition {
    return {
        name: 'space',
        async run({ root, timeline }, outlet, signal) {
            const low = new Set<string>();
            let wake = Promise.withResolvers<undefined>();
            const added = (entry: TimelineEntry) => {
                if (isReason(entry)) wake.resolve(undefined);
            };
            const stop = () => {
                wake.resolve(undefined);
            };
            signal.addEventListener('abort', stop, { once: true });
            timeline.on('added', added);
            const isStopped = () => signal.aborted;
            try {
                while (!isStopped()) {
                    for (const filesystem of await measure(root)) {
                        const isLow = isLittle(filesystem);
                        if (isLow === low.has(filesystem.path)) continue;
                        if (isLow) low.add(filesystem.path);
                        else low.delete(filesystem.path);
                        outlet.emit(tell(filesystem, isLow));
                    }
                    outlet.watching();
                    await wake.promise;
                    wake = Promise.withResolvers();
                    if (isStopped()) break;
                    await delay(between, undefined, { signal }).catch(() => undefined);
                }
            } finally {
                timeline.off('added', added);
            }
        },
    };
}

function isLittle({ size, available, readOnly }: Space): boolean {
    return !readOnly && available < Math.min(little, size * share);
}

function tell({ path, size, available }: Space, isLow: boolean) {
    const megabytes = Math.round(available / 1_000_000);
    return {
        time: Date.now() * 1000,
        kind: 'storage' as const,
        event: isLow ? 'space-low' : 'space-back',
        subject: path,
        summary: isLow
            ? _('Only {megabytes} MB are left on {path}', { megabytes, path })
            : _('There is room again on {path}', { path }),
        detail: '',
        facts: { available: String(available), size: String(size) },
    };
}
