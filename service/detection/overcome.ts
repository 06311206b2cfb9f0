import type { LogEntry } from '../journal/logEntry.ts';
import { areNear, momentOf } from './moment.ts';
import type { Moment } from './moment.ts';
import type { EntryReference } from './verdict.ts';

const kept = 32;

type Report = Moment & EntryReference & { family: string; subject: string; names: readonly string[] };

/** Reports that may still turn out to be of something that succeeded after all. */
export class LatestReports {
    #reports: Report[] = [];

    /** @param names the other names in the entry, any of which may be what it is about */
    add(
        { family, subject, occurrence }: Pick<Report, 'family' | 'subject' | 'occurrence'>,
        names: readonly string[],
        entry: LogEntry,
    ): void {
        const { clock, line } = momentOf(entry);
        // Not for each report, as removing the first element of an array is expensive.
        if (this.#reports.length >= 4 * kept) this.#reports = this.#reports.slice(1 - kept);
        const all = [subject, ...names, processOf(entry)];
        this.#reports.push({ clock, line, occurrence, family, subject, names: all });
    }

    /**
     * The entry reports that something works.
     *
     * @returns its failures of these families just before
     */
    overcome({ families, within }: Overcoming, name: string | null, entry: LogEntry): readonly Report[] {
        const working = name ?? processOf(entry);
        const now = momentOf(entry);
        const isOver = (report: Report) =>
            families.includes(report.family) &&
            report.names.includes(working) &&
            areNear(report, now, within * 1_000_000);
        const reports = this.#reports.slice(-kept);
        const over = reports.filter(isOver);
        if (over.length > 0) this.#reports = reports.filter(report => !over.includes(report));
        return over;
    }
}

/**
 * What a harmless line says about failures of families: they were overcome, if they were no more than seconds ago.
 *
 * @property subject what works; if the line names it, its placeholder `{subject}` does; otherwise, it is what the same process
 * said that failed
 */
export type Overcoming = { families: readonly string[]; within: number; subject?: string };

function processOf(entry: LogEntry): string {
    return `${entry.field('SYSLOG_IDENTIFIER') ?? ''}[${entry.field('SYSLOG_PID') ?? entry.field('_PID') ?? ''}]`;
}
