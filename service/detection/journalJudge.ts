import type { LogEntry } from '../journal/logEntry.ts';
import type { EntryJudge, Reading } from './entryJudge.ts';
import { foldCase } from './linePattern.ts';
import { sourcesOf } from './programs.ts';
import type { Source } from './programs.ts';
import type { RuleLine } from './ruleLines.ts';

const firstMinute = 60_000_000;

/** Announcements and settings. If the action fails, a later line says so, unless the same line does. */
export const ofPlans =
    /^(?:[\w.-]{1,48}: )?(?:Add|Allocat|Check|Configur|Creat|Detect|Disabl|Enabl|Initiali[sz]|Load|Prob|Register|Reserv|Scann|Sett|Us)ing (?!.*(?:fail|timed out|[Ee]rror[ :,]|err(?:no)? |unable|cannot|could not|no response|[Cc]orrupt|lost|giving up|because|due to|after))/;

/** Entries of a journal, whose writers journald itself records. */
export class JournalJudge implements EntryJudge<LogEntry> {
    readonly knowsWritersAtOnce = true;
    readonly sourcesOf = sourcesOf;

    isTrusted(line: RuleLine, sources: ReadonlySet<Source> | null): boolean {
        return line.isForAnybody || isOneOf(line, sources);
    }

    hasToConfirm(line: RuleLine): boolean {
        return line.isForAnybody;
    }

    read(entry: LogEntry): Reading {
        return new JournalReading(entry);
    }

    attribute(): null {
        return null;
    }

    isAtStart(entry: LogEntry): boolean {
        return isInFirstMinute(entry.uptime());
    }

    noteStart(): void {
        // The kernel's entries carry the time since the start.
    }
}

class JournalReading implements Reading {
    readonly message: string;
    readonly folded: string;
    readonly #entry: LogEntry;
    readonly #isAtStart: boolean;

    constructor(entry: LogEntry) {
        this.#entry = entry;
        this.message = entry.message();
        this.folded = foldCase(this.message);
        this.#isAtStart = isInFirstMinute(entry.uptime());
    }

    admits({ isGeneric, rule }: RuleLine): boolean {
        if (this.#isAtStart && rule?.atStart === false) return false;
        return !isGeneric || !(isInformational(this.#entry) || ofPlans.test(this.message));
    }

    textFor(): string {
        return this.folded;
    }

    confirms(): boolean {
        return true;
    }
}

/** Whether the line's rule trusts one of the sources. */
export function isOneOf({ from }: Pick<RuleLine, 'from'>, sources: ReadonlySet<Source> | null): boolean {
    for (const source of sources ?? []) if (from.includes(source)) return true;
    return false;
}

/** In the first minute, drivers report many things that they do not find. @param uptime microseconds */
export function isInFirstMinute(uptime: number | null): boolean {
    return uptime !== null && uptime < firstMinute;
}

/** Whether the entry's own priority is informational: then it is no failure, whatever its words. */
export function isInformational(entry: LogEntry): boolean {
    return Number(entry.field('PRIORITY') ?? 0) >= 6;
}
