import type { LogEntry } from '../journal/logEntry.ts';
import { isInBurst, momentOf } from './moment.ts';
import type { Moment } from './moment.ts';

/** The last fault of each kind: the next may be part of it. */
export class LatestFaults {
    readonly #latest = new Map<string, Moment & { subject: string }>();

    /**
     * The subject of the last fault of this kind, if the entry is in the same burst.
     *
     * @param kind with its family
     */
    subjectNear(kind: string, entry: LogEntry): string | null {
        const latest = this.#latest.get(kind);
        return latest !== undefined && isInBurst(latest, entry) ? latest.subject : null;
    }

    /**
     * The subject of the earlier fault that has the same cause, if there is one. From now on this fault is the latest.
     *
     * @param kind with its family
     * @param isOneCause whether faults of this kind in one burst have one cause, whatever they are about
     */
    add(
        { kind, subject }: { kind: string; subject: string },
        { isOneCause }: { isOneCause: boolean },
        entry: LogEntry,
    ): string | null {
        const near = isOneCause ? this.subjectNear(kind, entry) : null;
        const root = near === subject ? null : near;
        const { clock, line } = momentOf(entry);
        this.#latest.set(kind, { subject: root ?? subject, clock, line });
        return root;
    }
}
