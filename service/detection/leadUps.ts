import type { LogEntry } from '../journal/logEntry.ts';
import type { Evidence } from '../model/incident.ts';
import { BoundedMap } from '../util/boundedMap.ts';
import { isInBurst, momentOf } from './moment.ts';
import type { Moment } from './moment.ts';
import { RecentLines } from './recentLines.ts';

/** Entries that lead up to a fault of their family, kept as evidence for it. */
export class LeadUps {
    readonly #leadUps = new BoundedMap<string, Moment & { lines: RecentLines }>(64);

    add(family: string, entry: LogEntry): void {
        const leadUp = this.#leadUps.getOrInsert(family, () => ({
            lines: new RecentLines(4),
            clock: null,
            line: null,
        }));
        leadUp.lines.add(entry);
        Object.assign(leadUp, momentOf(entry));
    }

    /** The entries that led up to the fault in this entry; they are not used for any other fault. */
    take(family: string, entry: LogEntry): Evidence[] {
        const leadUp = this.#leadUps.get(family);
        if (leadUp === undefined) return [];
        const lines = isInBurst(leadUp, entry) ? leadUp.lines.evidence(null) : [];
        leadUp.lines.clear();
        return lines.map(({ evidence }) => evidence);
    }
}
