import type { Evidence } from '../model/incident.ts';
import type { JournalEntry } from '../model/journalEntry.ts';

/** A journal entry as evidence, with the position at which anyone can find it. */
export function entryFact(entry: JournalEntry): Evidence {
    return {
        source: 'journal',
        time: entry.time,
        origin: entry.userUnit ?? entry.unit ?? entry.identifier ?? '',
        message: entry.message,
        cursor: entry.cursor,
        line: null,
    };
}
