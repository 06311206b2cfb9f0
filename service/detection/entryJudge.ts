import type { LogEntry } from '../journal/logEntry.ts';
import type { Severity } from '../model/incident.ts';
import type { FaultRule } from './faultRule.ts';
import type { Source } from './programs.ts';
import type { RuleLine } from './ruleLines.ts';
import type { Writer } from './writer.ts';

/**
 * What the entries of one kind of log are worth to the declarative rules. `JournalJudge` knows those of a journal;
 * service/textAnalysis knows lines of text, which tell less of who wrote them and more by their words.
 */
export interface EntryJudge<Entry extends LogEntry> {
    /** Whether `sourcesOf` costs nothing, so that entries of strangers need not be read any further. */
    readonly knowsWritersAtOnce: boolean;
    /** Who the entry may be from; null when that may be anybody. */
    sourcesOf(entry: Entry, writer: Writer): ReadonlySet<Source> | null;
    /** Whether the line's rule believes these. */
    isBelieved(line: RuleLine, sources: ReadonlySet<Source> | null): boolean;
    /** Whether the state has to confirm what a rule says before anything comes of it. */
    hasToConfirm(rule: FaultRule): boolean;
    read(entry: Entry, sources: ReadonlySet<Source> | null): Reading;
    /** What the entry is about, where whoever wrote it says more than the rule; null otherwise. */
    attribute(line: RuleLine, entry: Entry): Attribution | null;
    /** The entry reports that the computer starts. */
    noteStart(entry: Entry): void;
}

/** The message of an entry, and which lines of rules it counts for. */
export interface Reading {
    readonly message: string;
    /** With its letters in lower case. */
    readonly folded: string;
    /** Whether a line of a rule may be looked for in the message. */
    admits(line: RuleLine): boolean;
    /** What the line is looked for in, as long as the message and in lower case. */
    textFor(line: RuleLine): string;
    /** Whether the message means what the line's rule says, given that it has its words. */
    confirms(line: RuleLine): boolean;
}

export type Attribution = {
    family: string;
    /** Whether whoever wrote the entry named it, which is enough for an incident; else only some words seem to. */
    isNamed: boolean;
    /** The device that it is about; empty where none is named. */
    device: string;
    /** What a failure in the family matters at least. */
    severity: Severity;
};
