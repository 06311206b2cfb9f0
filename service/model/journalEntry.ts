import * as z from 'zod';

/**
 * One log entry from any source: the live journal, a journal file, an export stream or a line of plain text.
 *
 * Text is already safe to keep and show: decoded, without control or bidirectional-override characters, bounded. Field
 * names follow systemd.journal-fields(7); a field that the source cannot know is null.
 */
export const journalEntry = z.object({
    /** Opaque position in the journal (`__CURSOR`); null for plain text. */
    cursor: z.string().nullable(),
    /** Number of the line in a plain-text log, from 1; null for journals. */
    line: z.int().positive().nullable(),
    /** Wall-clock time in microseconds since the Unix epoch; null when the line carries none. */
    time: z.int().nonnegative().nullable(),
    bootId: z.string().nullable(),
    /** `_TRANSPORT`: journal, stdout, syslog, kernel, audit, driver. Trusted: set by journald, not by the writer. */
    transport: z.string().nullable(),
    /** syslog priority, 0 (emergency) to 7 (debug). */
    priority: z.int().min(0).max(7).nullable(),
    /** `SYSLOG_IDENTIFIER`; the writer chooses it, so it proves nothing. */
    identifier: z.string().nullable(),
    /** `_PID`, trusted. */
    pid: z.int().nonnegative().nullable(),
    /** `_UID`, trusted. */
    uid: z.int().nonnegative().nullable(),
    /** `_COMM`, trusted. */
    command: z.string().nullable(),
    /** `_SYSTEMD_UNIT`, trusted: the unit whose process wrote the entry. */
    unit: z.string().nullable(),
    /** `_SYSTEMD_USER_UNIT`, trusted. */
    userUnit: z.string().nullable(),
    messageId: z.string().nullable(),
    message: z.string(),
    /** Further fields that rules ask for, such as UNIT, USER_UNIT, INVOCATION_ID, JOB_RESULT, EXIT_CODE, COREDUMP_EXE. */
    fields: z.record(z.string(), z.string()),
});

export type JournalEntry = z.infer<typeof journalEntry>;
