import type { LogEntry } from '../journal/logEntry.ts';
import type { Severity } from '../model/incident.ts';
import type { Verdict } from './verdict.ts';
import type { Writer } from './writer.ts';

/**
 * What to look for and what to make of it, where that needs state. Rules are found by the message ID of an entry or by a
 * literal in its message, so that an entry costs the same however many rules there are. What single lines report is a
 * `FaultRule`.
 */
export type StatefulRule = {
    /** Who must have written the entry, see `Writer`. */
    from: readonly Writer['kind'][];
    /** The kinds of message, 32 hexadecimal digits, that it applies to when the entry names its kind. */
    messageIds?: readonly string[];
    /** Literals of at least four characters: one of them occurs in every message that it applies to. */
    anchors: readonly string[];
    /**
     * Linear in the length of the message: anchored at the start and without nested repetition. With a message ID the fields
     * of the entry may say more than the message, so there it need not match.
     */
    pattern: RegExp;
    /** Whether what it applies to is part of a failure, which somebody ought to act on. */
    isFault?: true | ((match: RegExpExecArray | null) => boolean);
    /** Whether it is for entries that no other rule applies to. */
    isFallback?: true;
    /** @param match null when the message ID fits but the wording is unknown */
    apply(match: RegExpExecArray | null, entry: LogEntry, writer: Writer): readonly Verdict[];
};

/** Sees every entry of a journal that no rule applied to, such as a unit's own last words. */
export interface EntryObserver {
    /** Must be cheap. */
    observe(entry: LogEntry, writer: Writer): readonly Verdict[];
}

/** The rules for one family of faults, with the state that they share. */
export interface StatefulFamily {
    readonly name: string;
    readonly rules: readonly StatefulRule[];
    /** How much the failure matters that an entry is part of, before anything is found. */
    severityOf(match: RegExpExecArray | null, writer: Writer): Severity;
}
