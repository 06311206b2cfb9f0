import { setTimeout as delay } from 'node:timers/promises';

import { ngettext } from '../../../i18n/i18n.ts';
import type { Change, TimelineEntry } from '../../../model/timelineEntry.ts';
import { filesOf } from '../../../machine/machine.ts';
import { findOldLibraries } from '../../../machine/packages/oldLibraries.ts';
import type { SourceDefinition } from '../../../sources/definition.ts';

/** An upgrade takes a while, and so do the restarts by its scripts. Milliseconds. */
const usualSettle = 60_000;
const programsShown = 50;

/** Programs that still use libraries that an upgrade has replaced. */
export const libraries: SourceDefinition = librariesSource();

export function librariesSource(settle = usualSettle): SourceDefinition {
    const name = 'libraries';
    return {
        name,
        async run({ root, timeline, incidentStatus }, outlet, signal) {
            const machine = filesOf(root);
            let wake = Promise.withResolvers<undefined>();
            const awake = () => {
                wake.resolve(undefined);
            };
            const added = ({ kind, event }: TimelineEntry) => {
                if (kind === 'package' && event === 'upgraded') awake();
            };
            const isStopped = () => signal.aborted;
            timeline.on('added', added);
            signal.addEventListener('abort', awake, { once: true });
            try {
                outlet.watching();
                for (;;) {
                    await wake.promise;
                    await delay(settle, undefined, { signal }).catch(() => undefined);
                    if (isStopped()) return;
                    wake = Promise.withResolvers();
                    const found = await findOldLibraries(machine, signal);
                    if (found.size === 0) continue;
                    const change = toChange(found);
                    if (incidentStatus({ ...change, source: name }) !== 'open') outlet.emit(change);
                    await outlet.kept();
                }
            } finally {
                timeline.off('added', added);
            }
        },
    };
}

function toChange(found: ReadonlyMap<string, readonly string[]>): Change {
    const programs = [...found].slice(0, programsShown);
    return {
        time: Date.now() * 1000,
        kind: 'package',
        event: 'libraries-outdated',
        subject: 'programs',
        summary: ngettext(
            '{count} program still uses a library that an upgrade has replaced',
            '{count} programs still use libraries that an upgrade has replaced',
            found.size,
        ),
        detail: programs.map(([program, paths]) => `${program}: ${paths.join(', ')}`).join('\n'),
        facts: { programs: programs.map(([program]) => program).join(', ') },
    };
}
