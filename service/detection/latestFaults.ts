import type { LogEntry } from '../journal/logEntry.ts';
import { isInBurst, momentOf } from './moment.ts';
import type { Moment } from './moment.ts';

/** The last fault of each kind: the next may be part of it. */
export class LatestFaults {
    readonly #latest = new Map<string, Moment & { subject: string }>();

    /** The subject of the last fault of this kind, if the entry is in the same burst. */
    subjectNear({ family, kind }: { family: string; kind: string }, entry: LogEntry): string | null {
        const latest = this.#latest.get(`${family} ${kind}`);
        return latest !== undefined && isInBurst(latest, entry) ? latest.subject : null;
    }

    /**
     * The subject of the earlier fault that has the same cause, if there is one. From now on this fault is the latest.
     *
     * @param isOneCause whether faults of this kind in one burst have one cause, whatever they are about
     */
    add(
        { family, kind, subject }: { family: string; kind: string; subject: string },
        { isOneCause }: { isOneCause: boolean },
        entry: LogEntry,
    ): string | null {
        const near = isOneCause ? this.subjectNear({ family, kind }, entry) : null;
        const root = near === subject ? null : near;
        this.#latest.set(`${family} ${kind}`, { subject: root ?? subject, ...momentOf(entry) });
        return root;
    }
}
