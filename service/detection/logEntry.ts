import type { Evidence } from '../model/incident.ts';
import type { ExportedEntry } from '../journal/exportParser.ts';
import type { KnownHead } from '../sources/knownHeads.ts';
import { knownHeadOf, parseTextLine } from '../sources/textLine.ts';
import type { TextLine } from '../sources/textLine.ts';
import { safeText } from '../text/sanitise.ts';
import type { AnchorIndex } from './anchorIndex.ts';

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
    /** Microseconds of the log's own clock, which may count from the boot: to tell how far apart entries are. */
    clock(): number | null;
    /** Microseconds since the start of the computer, where the kernel or a line of text tells them; null otherwise. */
    uptime(): number | null;
    /** Safe to keep and show, at most 2048 characters. */
    message(): string;
    /** Who wrote a line of text, where that is known without reading it; null otherwise. */
    knownHead(): KnownHead | null;
    /** Some of what the log holds around the line of text, to see what is common in it; nothing for journals. */
    sample(): Uint8Array;
    /** Looks for literals in what `raw` returns. @returns null when there are none */
    find<T>(index: AnchorIndex<T>): T[] | null;
    /** At most 16 KiB of the bytes: of the message, or of the whole line of text. */
    raw(): Buffer;
}

const positions = Object.fromEntries(journalFields.map((name, position) => [name, position])) as Record<
    JournalField,
    number
>;

const empty = Buffer.alloc(0);
/** `message()` holds nothing of what comes later, so nothing is to be found there. */
const rawLimit = 16_384;

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

    knownHead(): null {
        return null;
    }

    sample(): Uint8Array {
        return empty;
    }

    message(): string {
        return safeText(this.#bytes());
    }

    find<T>(index: AnchorIndex<T>): T[] | null {
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

const sampleLimit = 32_768;
const messageLimit = 2048;
/** A head and a message of the length that is kept. */
const lineKept = 4096;

/** A line of a plain-text log. It is only read when something in it asks for it, as most lines are of no interest. */
export class TextLogEntry implements LogEntry {
    readonly line: number;
    readonly #bytes: Buffer;
    readonly #start: number;
    readonly #end: number;
    readonly #notAfter: number;
    #parsed: TextLine | null = null;
    #message: string | null = null;

    /**
     * @param bytes hold the line, without its line break and without colours, from `start` up to `end`; must not change
     * @param line from 1
     * @param notAfter when the log ended, in microseconds since the Unix epoch, for times without a year
     */
    constructor(bytes: Buffer, line: number, notAfter: number, start = 0, end = bytes.length) {
        this.#bytes = bytes;
        this.#start = start;
        this.#end = end;
        this.line = line;
        this.#notAfter = notAfter;
    }

    field(name: JournalField): string | null {
        if (name === 'SYSLOG_IDENTIFIER') return this.#parse().identifier;
        if (name === 'SYSLOG_PID') return this.#parse().pid;
        if (name === 'PRIORITY') return this.#parse().priority?.toString() ?? null;
        return null;
    }

    time(): number | null {
        return this.#parse().time;
    }

    clock(): number | null {
        const { time, uptime } = this.#parse();
        return time ?? uptime;
    }

    uptime(): number | null {
        return this.#parse().uptime;
    }

    knownHead(): KnownHead | null {
        return knownHeadOf(this.#bytes, this.#start, this.#end);
    }

    sample(): Uint8Array {
        return this.#bytes.subarray(this.#start, this.#start + sampleLimit);
    }

    message(): string {
        return (this.#message ??= withinLimit(this.#parse().message));
    }

    find<T>(index: AnchorIndex<T>): T[] | null {
        return index.find(this.#bytes, this.#start, Math.min(this.#end, this.#start + rawLimit));
    }

    raw(): Buffer {
        return this.#bytes.subarray(this.#start, Math.min(this.#end, this.#start + rawLimit));
    }

    #parse(): TextLine {
        if (this.#parsed !== null) return this.#parsed;
        const line = this.#bytes.subarray(this.#start, this.#end);
        return (this.#parsed = parseTextLine(safeText(line, lineKept), this.#notAfter));
    }
}

/** @param message part of a line that is safe already */
function withinLimit(message: string): string {
    return message.length <= messageLimit ? message : safeText(message, messageLimit);
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
