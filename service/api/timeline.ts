/** org.reevedesktop.Reeve1.Timeline on the bus. */
import type { TimelineEntry } from '../model/timelineEntry.ts';
import { timelineFilter, type Timeline } from '../timeline/timeline.ts';
import type { ExportedObjects } from '../dbus/exportedObjects.ts';
import { timelineTable, type Timeline as TimelineInterface } from './generated/interfaces.ts';
import { readOptions } from '../dbus/options.ts';
import { redact } from '../text/redact.ts';
import { variant, type Dictionary } from '../dbus/variant.ts';

const filter = {
    schema: timelineFilter,
    signatures: { since: 't', until: 't', kinds: 'as', subject: 's', text: 's', limit: 'u' },
};

export function exportTimeline({
    objects,
    path,
    timeline,
}: {
    objects: ExportedObjects;
    path: string;
    timeline: Timeline;
}): Disposable {
    const exported = objects.export<TimelineInterface>(path, timelineTable, {
        properties: () => ({ version: 1 }),
        methods: {
            Query: args => ({ entries: timeline.query(readOptions(args.filter, filter)).map(toDictionary) }),
        },
    });
    const added = (entry: TimelineEntry) => {
        exported.emit('Added', { entry: toDictionary(entry) });
    };
    timeline.on('added', added);
    return {
        [Symbol.dispose]: () => {
            timeline.off('added', added);
            exported[Symbol.dispose]();
        },
    };
}

function toDictionary(entry: TimelineEntry): Dictionary {
    return {
        id: variant('t', entry.id),
        time: variant('t', entry.time),
        kind: variant('s', entry.kind),
        event: variant('s', entry.event),
        subject: variant('s', entry.subject),
        source: variant('s', entry.source),
        summary: variant('s', redact(entry.summary)),
        detail: variant('s', redact(entry.detail)),
        facts: variant(
            'a{ss}',
            Object.fromEntries(Object.entries(entry.facts).map(([name, value]) => [name, redact(value)])),
        ),
    };
}
