import type { LogEntry } from '../journal/logEntry.ts';
import type { Evidence } from '../model/incident.ts';
import { safeText } from '../text/sanitise.ts';

/** The entry as a piece of evidence. @param origin who wrote it: a unit or a program */
export function toEvidence(entry: LogEntry, origin: string): Evidence {
    const cursor = entry.field('__CURSOR');
    return {
        source: entry.line === null ? 'journal' : 'text',
        time: entry.time(),
        origin,
        message: entry.message(),
        cursor: cursor === null ? null : safeText(cursor, 512),
        line: entry.line,
    };
}
