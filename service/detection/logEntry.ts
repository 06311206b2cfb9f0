import type { Evidence } from '../model/incident.ts';
import type { ExportedEntry } from '../sources/exportParser.ts';
import { safeText } from '../text/sanitise.ts';

/** What rules look at, of systemd.journal-fields(7) and of the fields that systemd's own messages carry. */
export const journalFields = [
    '__CURSOR',
    '__REALTIME_TIMESTAMP',
    '_BOOT_ID',
    '_TRANSPORT',
    '_PID',
    '_UID',
    '_COMM',
    '_SYSTEMD_UNIT',
    '_SYSTEMD_USER_UNIT',
    '_SYSTEMD_INVOCATION_ID',
    'PRIORITY',
    'SYSLOG_IDENTIFIER',
    'SYSLOG_PID',
    'MESSAGE_ID',
    'MESSAGE',
    'UNIT',
    'USER_UNIT',
    'INVOCATION_ID',
    'USER_INVOCATION_ID',
    'JOB_ID',
    'JOB_TYPE',
    'JOB_RESULT',
    'UNIT_RESULT',
    'N_RESTARTS',
    'N_DROPPED',
    'EXECUTABLE',
] as const;
export type JournalField = (typeof journalFields)[number];

/** One log entry while it is looked at; what outlives the look must be copied. */
export interface LogEntry {
    /** Number of the line in a plain-text log, from 1; null for journals. */
    readonly line: number | null;
    /**
     * A field as it is, one character a byte: compare it or check it against a pattern, but never keep or show it. For plain
     * text, SYSLOG_IDENTIFIER and SYSLOG_PID are what the line says.
     *
     * @param limit how much of a journal's value is wanted, in bytes
     */
    field(name: JournalField, limit?: number): string | null;
    /** Microseconds since the Unix epoch; null when the log carries no time. */
    time(): number | null;
    /** Safe to keep and show, at most 2048 characters. */
    message(): string;
}

const positions = Object.fromEntries(journalFields.map((name, position) => [name, position])) as Record<
    JournalField,
    number
>;

/** The entry that an export parser over `journalFields` hands out. */
export class JournalLogEntry implements LogEntry {
    readonly line = null;
    readonly #exported: ExportedEntry;

    constructor(exported: ExportedEntry) {
        this.#exported = exported;
    }

    field(name: JournalField, limit?: number): string | null {
        return this.#exported.latin1(positions[name], limit);
    }

    time(): number | null {
        const time = Number(this.field('__REALTIME_TIMESTAMP'));
        return Number.isSafeInteger(time) && time > 0 ? time : null;
    }

    message(): string {
        return safeText(this.#exported.bytes(positions.MESSAGE) ?? '');
    }
}

/** A line of a plain-text log. */
export class TextLogEntry implements LogEntry {
    readonly line: number;
    readonly #time: number | null;
    readonly #identifier: string | null;
    readonly #pid: string | null;
    readonly #message: string;

    /** @param line.message already safe */
    constructor(line: {
        number: number;
        time: number | null;
        identifier: string | null;
        pid: string | null;
        message: string;
    }) {
        this.line = line.number;
        this.#time = line.time;
        this.#identifier = line.identifier;
        this.#pid = line.pid;
        this.#message = line.message;
    }

    field(name: JournalField): string | null {
        if (name === 'SYSLOG_IDENTIFIER') return this.#identifier;
        if (name === 'SYSLOG_PID') return this.#pid;
        return null;
    }

    time(): number | null {
        return this.#time;
    }

    message(): string {
        return this.#message;
    }
}

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
