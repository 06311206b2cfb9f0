import type { Scope } from '../model/unit.ts';
import type { Finding } from '../model/incident.ts';
import type { LogEntry } from './logEntry.ts';
import type { Writer } from './writer.ts';

/** A fault that is over, told by the same log that told of it. */
export type Clearing = {
    family: string;
    scope: Scope;
    subject: string;
    time: number | null;
    /** Whether it came back by an automatic restart, so that only time tells whether it lasts. */
    restarted: boolean;
};

export type Verdict = { finding: Finding } | { cleared: Clearing };

/** Nothing to say, without an allocation. */
export const nothing: readonly Verdict[] = [];

/**
 * What to look for and what to make of it, where that needs state. Rules are found by the message ID of an entry or by a
 * literal in its message, so that an entry costs the same however many rules there are. What single lines tell is a
 * `FaultRule`.
 */
export type Rule = {
    /** Who must have written the entry, see `Writer`. */
    from: readonly Writer['kind'][];
    /** The kinds of message, 32 hexadecimal digits, that it applies to when the entry names its kind. */
    messageIds?: readonly string[];
    /** Literals of at least four characters: one of them occurs in every message that it applies to. */
    anchors: readonly string[];
    /**
     * Linear in the length of the message: anchored at the start and without nested repetition. With a message ID the fields
     * of the entry may tell more than the message, so there it need not match.
     */
    pattern: RegExp;
    /** Whether what it applies to is part of a failure, which somebody ought to act on. */
    isFault?: true | ((match: RegExpExecArray | null) => boolean);
    /** Whether it is for entries that no other rule applies to. */
    isFallback?: true;
    /** @param match null when the message ID fits but the wording is unknown */
    apply(match: RegExpExecArray | null, entry: LogEntry, writer: Writer): readonly Verdict[];
};

/** The rules for one family of faults, with the state that they share. */
export interface Family {
    readonly name: string;
    readonly rules: readonly Rule[];
    /** Sees every entry of a journal that no rule applied to, such as a unit's own last words. Must be cheap. */
    observe(entry: LogEntry, writer: Writer): readonly Verdict[];
    /** Sees every line of text that no rule applied to, still unread. Must be very cheap. */
    observeLine(entry: LogEntry): void;
}
