import type { LogEntry } from '../journal/logEntry.ts';
import { isInBurst, momentOf } from './moment.ts';
import type { Moment } from './moment.ts';

/** The last fault of each family, and of each kind in it: the next faults may follow from it. */
export class LatestFaults {
    readonly #latest = new Map<string, Moment & { subject: string }>();

    /** The subject of the last fault of this kind, if the entry is in the same burst. */
    subjectNear({ family, kind }: { family: string; kind: string }, entry: LogEntry): string | null {
        return this.#near([`${family} ${kind}`], entry)[0]?.subject ?? null;
    }

    /**
     * The subject of the cause of this fault, if there is one. From now on this fault is the latest.
     *
     * @param follows families, or a family and a kind: a fault of theirs, about another subject, is the cause
     * @param duplicates the same, about the same subject
     */
    add(
        fault: { family: string; kind: string; subject: string },
        { follows, duplicates }: { follows: readonly string[]; duplicates: readonly string[] },
        entry: LogEntry,
    ): string | null {
        const { family, kind, subject } = fault;
        const root =
            this.#near(follows, entry).find(known => known.subject !== subject)?.subject ??
            this.#near(duplicates, entry).find(known => known.subject === subject)?.subject ??
            null;
        const latest = { subject: root ?? subject, ...momentOf(entry) };
        this.#latest.set(family, latest).set(`${family} ${kind}`, latest);
        return root;
    }

    #near(keys: readonly string[], entry: LogEntry): { subject: string }[] {
        return keys.flatMap(key => this.#latest.get(key) ?? []).filter(known => isInBurst(known, entry));
    }
}
