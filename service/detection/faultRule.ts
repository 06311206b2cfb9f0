import type { Severity } from '../model/incident.ts';
import type { Scope } from '../model/unit.ts';
import type { JournalField } from '../journal/logEntry.ts';
import type { Source } from './programs.ts';
import type { Captures } from './linePattern.ts';
import type { Overcoming } from './overcome.ts';
import type { Persistent } from './persistence.ts';

/** A kind of fault that single lines of a log report. */
export type FaultRule<Kind extends string = string> = {
    /** What went wrong within the family. Rules may share a kind. */
    kind: Kind;
    /** Who reports it; other writers are not trusted. */
    from: Source | readonly Source[];
    /** Patterns of the lines that report it. */
    lines: readonly string[];
    /** Texts, in lower case, that make such a line harmless. */
    unless?: readonly string[];
    /** Whether the values of the placeholders make it a fault, for example if a count must not be 0. */
    when?: (captures: Captures) => boolean;
    /**
     * Whether it counts in the first minute after a start. By default everything does except `isHint` rules. This applies only
     * to logs that carry the time since the start.
     */
    atStart?: boolean;
    /**
     * Such lines are ordinary near a harmless line that `indicates` the circumstance, or near the end of a session, whatever
     * kind of session it was. After a device was unplugged, they are ordinary about it and what was connected to it, unless it
     * had failed just before.
     */
    notNear?: Circumstance | typeof sessionEnd | typeof unplugging;
    /** Such lines are ordinary right after another fault or sign of this kind, of the same family, about the same subject. */
    notAfter?: string;
    /**
     * What reports a fault while its session or the system ends is ordinary, unless the rule has a severity for that. The
     * kernel's reports never are.
     */
    atEnd?: Severity;
    severity: Severity | SeverityByCapture | ((captures: Captures) => Severity);
    /**
     * Placeholders that have journal fields, which are more precise than the words. They are trusted from the same writers as
     * the line.
     */
    fields?: Readonly<Record<string, JournalField>>;
    /** When it happened, if the line says so in addition to when it was logged: microseconds since the Unix epoch. */
    occurredAt?: (captures: Captures) => number;
    /** The subject: a placeholder, `=` with a fixed word, or made of the placeholders and the message. */
    subject: string | NamedSubject | ((captures: Captures, message: string) => string);
    /** One line for people, untranslated, or the first of several whose placeholders are known. */
    title: RuleText;
    /** Why, or what it means, in a sentence. */
    cause?: RuleText;
    /** Each line reports an occurrence of its own, however close the lines are. */
    each?: true;
    /** The lines of one burst are about the same subject, even if they name it differently: the first of them names it. */
    oneSubject?: true;
    /**
     * A fault only when it is reported this often, about the same subject, within this many seconds; `{count}` counts as that
     * many. Rules of one kind count together, except those that count `apart` because others report the same events.
     */
    repeat?: { times: number; within: number; apart?: string };
    /**
     * In text, the reports about several subjects in one burst have one cause: the first is the incident, the others are
     * affected.
     */
    oneCause?: true;
    /**
     * It shows that something is wrong, but not that it harms anybody: it opens no incident by itself, and is evidence for one of
     * the same cause. With a persistence, it opens one when it has been reported that often over that time.
     */
    sign?: Sign | ((report: { message: string; severity: Severity }) => Sign | null);
    /** A trace of the kernel follows, whose modules say which driver or filesystem is the cause, if that failed, too. */
    hasTrace?: true;
    /**
     * It is no fault by itself, but the cause of faults that it explains: people unplug devices, but not while these are in use.
     */
    isHarmlessAlone?: true;
    /** What failed is not the attempt itself, so that its success, see `Overcoming`, says nothing of it. */
    outlastsSuccess?: true;
    /**
     * How the fault relates to the failure of the unit whose own process reports it. A `reason` is reported as that failure,
     * since the unit is what has to be fixed. A `cause` lies elsewhere, and the failure becomes part of its incident.
     */
    ofUnit?: 'reason' | 'cause';
    /** The unit that `ofUnit` is about, if another program reports on its process. null when that is not known. */
    unit?: (captures: Captures) => UnitOfProcess | null;
    /** The line is worth reading but no incident by itself, except in text where its writer says what it is about. */
    isHint?: true;
    /** The words are too common to count where a line of text does not name its writer. */
    requiresWriter?: true;
    /** The words report a fault only if a driver or filesystem of these families says them about itself, see `subsystemOf`. */
    subsystems?: readonly string[];
    /**
     * The words may be about any device: in text, the family is that of the driver or filesystem that says them about itself.
     */
    familyFromSubsystem?: true;
    /** The words report a fault only if everything else in the program's message sounds like one, too, see `isComplaint`. */
    complains?: true;
    /** The line leads up to a fault that a later line names, and adds to its evidence. */
    isPrecursor?: true;
    /**
     * In a journal, anybody's line counts, since it only triggers a check: an incident opens only if the recovery check of the
     * kind finds the fault.
     */
    needsConfirmation?: true;
};

/** See `FaultRule.sign`. */
export type Sign = true | Persistent;

/** The severity by what a placeholder stands for; `*` is anything. */
export type SeverityByCapture = { of: string; is: Readonly<Record<string, Severity>>; otherwise: Severity };

/** How a rule transforms a name before it becomes the subject, see `shapes` in ruleValues.ts. */
export type SubjectShape = 'bare' | 'baseName' | 'disk' | 'file' | 'volume';

/**
 * A subject taken from the line: the first of placeholders, texts with placeholders and `message` (the whole of it) that is not
 * empty; and the name to use if all are.
 */
export type NamedSubject = { of: string | readonly string[]; as?: SubjectShape; otherwise?: string };

/**
 * A text for people with `{placeholders}`; of several, the first whose placeholders all have values; or a function that
 * translates by itself.
 */
export type RuleText = string | readonly string[] | ((captures: Captures) => string);

/** Whether a rule makes incidents of a journal's entries. A rule that trusts anybody does so only if the state confirms it. */
export function countsInJournals({
    from,
    isHint = false,
    needsConfirmation = false,
}: {
    from: string | readonly string[];
    isHint?: boolean | undefined;
    needsConfirmation?: boolean | undefined;
}): boolean {
    return !isHint && (needsConfirmation || [from].flat().some(source => source !== 'anybody'));
}

/** A unit as named by a reporter of one of its processes. @param uid the owner, for a unit of a user's manager */
export type UnitOfProcess =
    { scope: 'system'; name: string } | { scope: Extract<Scope, 'user'>; name: string; uid: number };

/** The rules of one family. */
export type FaultFamily<Kind extends string = string> = {
    readonly name: string;
    /** Its rules match words that may be about anything. */
    readonly isGeneric?: true;
    readonly rules: readonly FaultRule<Kind>[];
    readonly harmless: readonly HarmlessLines[];
};

/** Lines that look like a fault of a family but are none; they are tried before its rules. */
export type HarmlessLines = {
    from: Source | readonly Source[];
    lines: readonly string[];
    unless?: readonly string[];
    indicates?: 'start' | Circumstance;
    /** What works now: its failures in these families just before are none. */
    overcomes?: Overcoming;
};

/** A family with the content of its page. */
export type DescribedFamily = FaultFamily & { readonly title: string; readonly about: string };

/** The circumstance that `Sessions` follows. */
export const sessionEnd = 'session-end';

/** The circumstance that `DeviceTree` follows. */
export const unplugging = 'unplugging';

/**
 * Circumstances that make other lines ordinary: the computer goes to sleep or wakes up, an error was corrected, or a controller
 * was taken out.
 */
export type Circumstance = 'sleep' | 'correction' | 'removal' | 'cancellation';
