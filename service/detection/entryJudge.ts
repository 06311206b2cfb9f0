import type { LogEntry } from '../journal/logEntry.ts';
import type { Severity } from '../model/incident.ts';
import type { Source } from './programs.ts';
import type { RuleLine } from './ruleLines.ts';
import type { Writer } from './writer.ts';

/**
 * How far the declarative rules trust the entries of one kind of log. `JournalJudge` knows journals; service/textAnalysis knows
 * lines of text, which say less about their writer and more by their words.
 */
export interface EntryJudge<Entry extends LogEntry> {
    /** Whether `sourcesOf` costs nothing, so that entries from unknown writers need not be read any further. */
    readonly knowsWritersAtOnce: boolean;
    /** Who may have written the entry; null when anybody may have. */
    sourcesOf(entry: Entry, writer: Writer): ReadonlySet<Source> | null;
    /** Whether the line's rule trusts these sources. */
    isTrusted(line: RuleLine, sources: ReadonlySet<Source> | null): boolean;
    /** Whether the state has to confirm what the line reports before it has any effect. */
    hasToConfirm(line: RuleLine): boolean;
    read(entry: Entry, sources: ReadonlySet<Source> | null): Reading;
    /** What the entry is about, if its writer is more specific than the rule; otherwise null. */
    attribute(line: RuleLine, entry: Entry): Attribution | null;
    /** Whether the entry is of the first minute after a start. */
    isAtStart(entry: Entry): boolean;
    /** The entry reports that the computer starts. */
    noteStart(entry: Entry): void;
}

/** The message of an entry, and which lines of rules it counts for. */
export interface Reading {
    readonly message: string;
    /** With its letters in lower case. */
    readonly folded: string;
    /** Whether a rule's line may be searched for in the message. */
    admits(line: RuleLine): boolean;
    /** The text to search, in lower case and as long as the message. */
    textFor(line: RuleLine): string;
    /** Whether the message, which has the words of the line, also means what the line's rule says. */
    confirms(line: RuleLine): boolean;
}

export type Attribution = {
    family: string;
    /** Whether the writer of the entry named it; otherwise only some words suggest it. */
    isNamed: boolean;
    /** The device that it is about; empty if none is named. */
    device: string;
    /** The minimum severity of a failure in the family. */
    severity: Severity;
};
