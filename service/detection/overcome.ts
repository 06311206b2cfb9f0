import type { LogEntry } from '../journal/logEntry.ts';
import { areNear, momentOf } from './moment.ts';
import type { Moment } from './moment.ts';
import type { EntryReference } from './verdict.ts';

const kept = 32;

type Report = Moment & EntryReference & { family: string; names: readonly string[] };

/** Reports that may still turn out to be of something that succeeded after all. */
export class LatestReports {
    #reports: Report[] = [];

    /** @param names what the entry is about: its subject, and whatever else it names */
    add(family: string, names: readonly string[], entry: LogEntry, occurrence: string): void {
        const { clock, line } = momentOf(entry);
        // Not for each report, as removing the first element of an array is expensive.
        if (this.#reports.length >= 4 * kept) this.#reports = this.#reports.slice(1 - kept);
        this.#reports.push({ clock, line, occurrence, family, names });
    }

    /**
     * The entry reports that what has this name works.
     *
     * @param within seconds
     * @returns the failures of these families that it had just before
     */
    overcome(name: string, { families, within }: Overcoming, entry: LogEntry): EntryReference[] {
        const now = momentOf(entry);
        const isOver = (report: Report) =>
            families.includes(report.family) && report.names.includes(name) && areNear(report, now, within * 1_000_000);
        const reports = this.#reports.slice(-kept);
        const over = reports.filter(isOver);
        if (over.length > 0) this.#reports = reports.filter(report => !over.includes(report));
        return over;
    }
}

/**
 * What a harmless line says about failures of families: they were overcome, if they were no more than seconds ago.
 *
 * @property subject what works; if the line names it, its placeholder `{subject}` does
 */
export type Overcoming = { families: readonly string[]; within: number; subject?: string };
