import { safeText } from '../text/sanitise.ts';
import type { ExportedEntry } from './exportParser.ts';

/** What rules look at, of systemd.journal-fields(7) and of the fields that systemd's own messages carry. */
export const journalFields = [
    '__CURSOR',
    '__REALTIME_TIMESTAMP',
    '_SOURCE_MONOTONIC_TIMESTAMP',
    '_BOOT_ID',
    '_TRANSPORT',
    '_PID',
    '_UID',
    '_COMM',
    '_EXE',
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
    'REALTIME_USEC',
    'BOOTTIME_USEC',
    'EXECUTABLE',
    'COREDUMP_PID',
    'COREDUMP_TID',
    'COREDUMP_TIMESTAMP',
    'COREDUMP_UID',
    'COREDUMP_COMM',
    'COREDUMP_EXE',
    'COREDUMP_SIGNAL_NAME',
    'COREDUMP_UNIT',
    'COREDUMP_USER_UNIT',
    'COREDUMP_PACKAGE_NAME',
    'COREDUMP_PACKAGE_VERSION',
] as const;
export type JournalField = (typeof journalFields)[number];

/** Finds literals in bytes; null when there are none. */
export interface LiteralSearch<T> {
    find(bytes: Uint8Array, start: number, end: number): T[] | null;
}

/**
 * One entry of a journal, or one line of a plain-text log, which service/textAnalysis reads. It is valid only while it is
 * handed over; what outlives that must be copied.
 */
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
    /** Microseconds of the log's own clock, which may count from the boot: to tell how far apart entries are. */
    clock(): number | null;
    /** Microseconds since the start of the computer, where the kernel or a line of text tells them; null otherwise. */
    uptime(): number | null;
    /** Safe to keep and show, at most 2048 characters. */
    message(): string;
    /** Looks for literals in what `raw` returns. @returns null when there are none */
    find<T>(index: LiteralSearch<T>): T[] | null;
    /** At most 16 KiB of the bytes: of the message, or of the whole line of text. */
    raw(): Buffer;
}

const positions = Object.fromEntries(journalFields.map((name, position) => [name, position])) as Record<
    JournalField,
    number
>;

const empty = Buffer.alloc(0);
/** `message()` holds nothing of what comes later, so nothing is to be found there. */
export const rawLimit = 16_384;

/** The entry that an export parser over `journalFields` hands out. */
export class JournalLogEntry implements LogEntry {
    readonly line = null;
    readonly #exported: ExportedEntry;
    #message: Buffer | null = null;

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

    clock(): number | null {
        return this.time();
    }

    uptime(): number | null {
        // Only what the kernel says bears its own time; others' entries have when journald got them. See dev_kmsg_record() in
        // systemd's src/journal/journald-kmsg.c.
        if (this.field('_TRANSPORT') !== 'kernel') return null;
        const uptime = this.field('_SOURCE_MONOTONIC_TIMESTAMP');
        return uptime !== null && /^\d{1,15}$/.test(uptime) ? Number(uptime) : null;
    }

    message(): string {
        return safeText(this.#bytes());
    }

    find<T>(index: LiteralSearch<T>): T[] | null {
        const bytes = this.#bytes();
        return index.find(bytes, 0, Math.min(bytes.length, rawLimit));
    }

    raw(): Buffer {
        return this.#bytes().subarray(0, rawLimit);
    }

    #bytes(): Buffer {
        return (this.#message ??= this.#exported.bytes(positions.MESSAGE) ?? empty);
    }
}
