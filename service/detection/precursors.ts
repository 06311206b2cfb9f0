import type { LogEntry } from '../journal/logEntry.ts';
import type { Evidence } from '../model/incident.ts';
import { BoundedMap } from '../util/boundedMap.ts';
import { isInBurst, momentOf } from './moment.ts';
import type { Moment } from './moment.ts';
import { RecentLines } from './recentLines.ts';

/** Entries that lead up to a fault of their family, kept as evidence for it. */
export class Precursors {
    readonly #precursors = new BoundedMap<string, Moment & { lines: RecentLines }>(64);

    add(family: string, entry: LogEntry): void {
        const precursors = this.#precursors.getOrInsert(family, () => ({
            lines: new RecentLines(4),
            clock: null,
            line: null,
        }));
        precursors.lines.add(entry);
        Object.assign(precursors, momentOf(entry));
    }

    /** The entries that led up to the fault in this entry; they are not used for any other fault. */
    take(family: string, entry: LogEntry): Evidence[] {
        const precursors = this.#precursors.get(family);
        if (precursors === undefined) return [];
        const lines = isInBurst(precursors, entry) ? precursors.lines.evidence(null) : [];
        precursors.lines.clear();
        return lines.map(({ evidence }) => evidence);
    }
}
