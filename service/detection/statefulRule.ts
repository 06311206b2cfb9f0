import type { LogEntry } from '../journal/logEntry.ts';
import type { Severity } from '../model/incident.ts';
import type { Verdict } from './verdict.ts';
import type { Writer } from './writer.ts';

/**
 * A rule that needs state to decide. Rules are found by the message ID of an entry or by a literal in its message, so that the
 * cost of an entry does not depend on the number of rules. Faults that a single line reports are `FaultRule`s.
 */
export type StatefulRule = {
    /** Who must have written the entry, see `Writer`. */
    from: readonly Writer['kind'][];
    /** Message IDs, 32 hexadecimal digits, of the entries that it applies to. */
    messageIds?: readonly string[];
    /** Literals of at least four characters: one of them occurs in every message that it applies to. */
    anchors: readonly string[];
    /**
     * Linear in the length of the message: anchored at the start and without nested repetition. With a message ID, the fields
     * of the entry may be more precise than the message, so there it need not match.
     */
    pattern: RegExp;
    /** Whether the entries are part of a failure that needs action. */
    isFault?: true | ((match: RegExpExecArray | null) => boolean);
    /** Whether it is only for entries that no other rule applies to. */
    isFallback?: true;
    /**
     * @param match null when the message ID matches but the wording is unknown
     * @returns `ordinary` when the entry is part of no failure after all
     */
    apply(match: RegExpExecArray | null, entry: LogEntry, writer: Writer): readonly Verdict[];
};

/** Gets every journal entry that no rule applied to, such as a unit's own last words. */
export interface EntryObserver {
    /** Must be cheap. */
    observe(entry: LogEntry, writer: Writer): readonly Verdict[];
}

/** The rules for one family of faults, with the state that they share. */
export interface StatefulFamily {
    readonly name: string;
    readonly rules: readonly StatefulRule[];
    /** The severity of the failure that an entry is part of, before there is a finding. */
    severityOf(match: RegExpExecArray | null, writer: Writer): Severity;
}
