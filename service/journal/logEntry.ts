import { safeText } from '../text/sanitise.ts';
import type { ExportedEntry, LiteralSearch } from './exportParser.ts';

/** The fields that rules read, of systemd.journal-fields(7) and of those that systemd's own messages carry. */
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

/**
 * One entry of a journal, or one line of a plain-text log, which service/textAnalysis reads. It is valid only while it is
 * handed over; copy what has to outlive that.
 */
export interface LogEntry {
    /** Number of the line in a plain-text log, from 1; null for journals. */
    readonly line: number | null;
    /**
     * The raw field, one character a byte: compare it or check it against a pattern, but never store or show it. For plain
     * text, SYSLOG_IDENTIFIER and SYSLOG_PID come from the line itself, and __CURSOR identifies it if the log has several files.
     *
     * @param limit how much of a journal's value is needed, in bytes
     */
    field(name: JournalField, limit?: number): string | null;
    /** Microseconds since the Unix epoch; null when the log carries no time. */
    time(): number | null;
    /** Microseconds of the log's own clock, which may count from the boot: only for the distance between entries. */
    clock(): number | null;
    /** Microseconds since the start of the computer, if the kernel or the line of text carries them; otherwise null. */
    uptime(): number | null;
    /** Safe to store and show, at most 2048 characters. */
    message(): string;
    /** Searches for literals in what `raw` returns. @returns null when there are none */
    find<T>(index: LiteralSearch<T>): T[] | null;
    /** At most 16 KiB of the bytes: of the message, or of the whole line of text. */
    raw(): Buffer;
}

const positions = Object.fromEntries(journalFields.map((name, position) => [name, position])) as Record<
    JournalField,
    number
>;

const empty = Buffer.alloc(0);
/** `message()` contains nothing beyond this, so nothing needs to be searched there. */
export const rawLimit = 16_384;

/** The entry that an export parser over `journalFields` hands out. */
export class JournalLogEntry implements LogEntry {
    readonly line = null;
    readonly #exported: ExportedEntry;
    #bytes: Buffer | null = null;
    /** Several rules ask for these. */
    #message: string | null = null;
    #time: number | null | undefined = undefined;

    constructor(exported: ExportedEntry) {
        this.#exported = exported;
    }

    field(name: JournalField, limit?: number): string | null {
        return this.#exported.latin1(positions[name], limit);
    }

    time(): number | null {
        if (this.#time === undefined) {
            const time = Number(this.field('__REALTIME_TIMESTAMP'));
            this.#time = Number.isSafeInteger(time) && time > 0 ? time : null;
        }
        return this.#time;
    }

    clock(): number | null {
        return this.time();
    }

    uptime(): number | null {
        // Only kernel messages carry their own time; other entries have the time when journald received them. See
        // dev_kmsg_record() in systemd's src/journal/journald-kmsg.c.
        if (this.field('_TRANSPORT') !== 'kernel') return null;
        const uptime = this.field('_SOURCE_MONOTONIC_TIMESTAMP');
        return uptime !== null && /^\d{1,15}$/.test(uptime) ? Number(uptime) : null;
    }

    message(): string {
        return (this.#message ??= safeText(this.#messageBytes()));
    }

    find<T>(index: LiteralSearch<T>): T[] | null {
        return this.#exported.find(positions.MESSAGE, index, rawLimit);
    }

    raw(): Buffer {
        return this.#messageBytes().subarray(0, rawLimit);
    }

    #messageBytes(): Buffer {
        return (this.#bytes ??= this.#exported.bytes(positions.MESSAGE) ?? empty);
    }
}
