import type { Severity } from '../model/incident.ts';
import type { Scope } from '../model/unit.ts';
import type { JournalField } from '../journal/logEntry.ts';
import type { Source } from './programs.ts';
import type { Captures } from './linePattern.ts';

/** A kind of fault that single lines of a log report. */
export type FaultRule = {
    /** What went wrong within the family. Rules may share a kind. */
    kind: string;
    /** Who says so; nobody else is believed. */
    from: Source | readonly Source[];
    /** Patterns of the lines that report it. */
    lines: readonly string[];
    /** Texts, in lower case, that make such a line harmless. */
    unless?: readonly string[];
    /** Whether what the placeholders stand for makes it a fault, as where a count must not be 0. */
    when?: (captures: Captures) => boolean;
    /**
     * Whether it counts in the first minute after a start. By default everything does but what `isHint`. Only a log that has the
     * time since the start is read so.
     */
    atStart?: boolean;
    /** Around what a harmless line `tells`, such lines are ordinary. */
    notNear?: Circumstance;
    severity: Severity | SeverityByCapture | ((captures: Captures) => Severity);
    /** Placeholders that a journal has fields for, which say more than the words: believed of whom the line is believed. */
    fields?: Readonly<Record<string, JournalField>>;
    /** When it happened, where the line says so beside when it was logged: microseconds since the Unix epoch. */
    happened?: (captures: Captures) => number;
    /** What it is about: a placeholder, `=` with a fixed word, or made of the placeholders and the message. */
    subject: string | NamedSubject | ((captures: Captures, message: string) => string);
    /** One line for people, untranslated, or the first of several whose placeholders are known. */
    title: RuleText;
    /** Why, or what it means, in a sentence. */
    cause?: RuleText;
    /** Each line reports an occurrence of its own, however close the lines are. */
    each?: true;
    /** Lines of one burst are about the same thing, by whatever name: the first of them names it. */
    oneSubject?: true;
    /**
     * A fault only when it is reported so often, about the same subject, within so many seconds; `{count}` counts for so many.
     * Rules of one kind count together, but for those that count `apart`, since others report the same events.
     */
    repeat?: { times: number; within: number; apart?: string };
    /** In text, what lines of one burst report of several subjects has one cause: the first is the incident, the others are affected. */
    oneCause?: true;
    /** Families, or a family and a kind such as "disk link": what they reported in the same burst is the cause of this. */
    follows?: readonly string[];
    /** Families whose fault, reported in the same burst and of the same subject, this line only reports again. */
    retells?: readonly string[];
    /**
     * How the fault relates to the failure of the unit whose own process reports it. Its `reason` is reported as that failure,
     * since the unit is what has to be fixed; its `cause` lies elsewhere and takes that failure in.
     */
    ofUnit?: 'reason' | 'cause';
    /** The unit that `ofUnit` is about, where somebody else reports on its process. null when that is not known. */
    unit?: (captures: Captures) => UnitOfProcess | null;
    /** The line is worth reading and no incident by itself, except in text where its writer says what it is about. */
    isHint?: true;
    /** The words are too common to count where a line of text does not say whose it is. */
    byName?: true;
    /** The words report a fault only where a driver or filesystem of these families says them of itself, see `subsystemOf`. */
    ofSpeaker?: readonly string[];
    /** The words may be said of any device: in text its family is that of the driver or filesystem that says them of itself. */
    ofWhoeverSpeaks?: true;
    /** The words report a fault only where a program complains of one by all that it says, see `isComplaint`. */
    complains?: true;
    /** The line leads up to a fault that a later line names, and adds to its evidence. */
    leadsUp?: true;
    /**
     * In a journal anybody's word counts, since it only has the state looked at: an incident is opened if the recovery check of the
     * kind finds the fault there.
     */
    confirmed?: true;
};

/** The severity by what a placeholder stands for; `*` is anything. */
export type SeverityByCapture = { of: string; is: Readonly<Record<string, Severity>>; otherwise: Severity };

/** What a rule makes of a name before it is the subject, see `shapes` in ruleValues.ts. */
export type SubjectShape = 'bare' | 'baseName' | 'disk' | 'volume';

/**
 * A subject taken from the line: the first of placeholders, texts with placeholders and `message` (the whole of it) that leaves
 * something; and what it is called where none does.
 */
export type NamedSubject = { of: string | readonly string[]; as?: SubjectShape; otherwise?: string };

/** A text for people with `{placeholders}`; of several, the first that has all of its own; or a function that translates by itself. */
export type RuleText = string | readonly string[] | ((captures: Captures) => string);

/** Whether a rule makes incidents of a journal's entries. Nobody is believed whatever they say, unless the state confirms it. */
export function countsInJournals({
    from,
    isHint = false,
    confirmed = false,
}: Pick<FaultRule, 'from'> & { isHint?: boolean | undefined; confirmed?: boolean | undefined }): boolean {
    return !isHint && (confirmed || [from].flat().some(source => source !== 'anybody'));
}

/** A unit as whoever reports on one of its processes names it. @param uid whose unit it is, for one of a user's manager */
export type UnitOfProcess =
    { scope: 'system'; name: string } | { scope: Extract<Scope, 'user'>; name: string; uid: number };

/** The rules of one family. */
export type FaultFamily = {
    readonly name: string;
    /** The words of its rules may be about anything. */
    readonly isGeneric?: true;
    readonly rules: readonly FaultRule[];
    readonly harmless: readonly HarmlessLines[];
};

/** Lines that look like a fault of a family and are none; they are tried before its rules. */
export type HarmlessLines = {
    from: Source | readonly Source[];
    lines: readonly string[];
    unless?: readonly string[];
    tells?: 'start' | Circumstance;
};

/** A family with what its page says of it. */
export type DescribedFamily = FaultFamily & { readonly title: string; readonly about: string };

/** What makes other lines ordinary: that the computer goes to sleep or wakes up, or that an error was corrected. */
export type Circumstance = 'sleep' | 'correction';
