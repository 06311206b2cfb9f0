import type { Attribution, EntryJudge, Reading } from '../detection/entryJudge.ts';
import { isInFirstMinute, isOneOf, ofPlans, isInformational } from '../detection/journalJudge.ts';
import { foldCase } from '../detection/linePattern.ts';
import { programName } from '../detection/programs.ts';
import type { Source } from '../detection/programs.ts';
import type { RuleLine } from '../detection/ruleLines.ts';
import { isFinal } from '../faults/program/code.ts';
import { attribute } from './attribution.ts';
import { isComplaint } from './complaint.ts';
import { StartOfLog } from './startOfLog.ts';
import { subjectMatterOf, subsystemOf } from './subsystems.ts';
import type { TextLogEntry } from './textLogEntry.ts';
import { sourcesOfText } from './textSources.ts';
import { verbosityOf } from './verbosity.ts';

/** Writers whose failures have rules of their own, such as hardware daemons. */
const withOwnWords: readonly Source[] = ['kernel', 'smart', 'power', 'memory'];

/**
 * Linux 2.6 begins one headline of its own with the word (__might_sleep() in kernel/sched.c). Graphics drivers name
 * the function in debug output, information and errors; only these say that they are errors (drm_print.c).
 */
const ofDebugging =
    /^(?:\S{1,32} \S{1,32}: )?\[drm:\w{1,64}(?: \[\w{1,64}\])?\] (?!\*ERROR\*|\*WARN)|^D: |^[^a-z]{0,48}(?:<debug>|debug[1-3]: |[(<[]?(?:(?<![A-Z])DEBUG|Debug(?!: sleeping function called)|TRACE)\b|level=debug )/;

/**
 * Names of functions and values contain words of failure without reporting one: `wait_for_completion_timeout+`,
 * `error_steps=9`, `sas_eh_handle_sas_errors: `, `error_count  :0`, `rule "named-refused"`.
 */
const ofNames = /\b[a-z][a-z0-9]*_[a-z0-9_]*(?=[=+(]|: | {1,16}:|\s{2,16}\d)|"[a-z0-9]+(?:[-_.][a-z0-9]+)+"/g;

/**
 * The position of an informational level in the own logs of programs: after the time, as in Log4j, Tomcat and Python, or between
 * numbers, as in Android.
 */
const ofInformation =
    /^[IN]: |^(?:\d{1,2}-[A-Z][a-z]{2}-\d{4} )?[^a-z]{0,48}(?:[(<[]?(?:INFO|Info|info|debug|trace|VERBOSE)\b|(?<=\d{1,6} )[IDV] [\w.]{1,64} ?:|[a-z]{1,24}=info |[\w.-]{1,32}: Info: |\[Note\] )/;

/**
 * Failures at any level: supervisord reports final ones at INFO (transition() in supervisor/process.py), and servers those who
 * may not log in.
 */
const butFailed = /\bgave up: |\bentered FATAL state\b|\bAUTHFAIL: |\bAccess denied for user '/;

/** Cisco's `%ASA-6-302023: `, where 5 to 7 are notifications and less. */
const ofRouters = /^.{0,64}%[A-Z][A-Z\d_]{1,31}-[5-7]-[A-Z\d_]{1,32}: /;

/**
 * Lines of plain text. They give only the writer's own name, and many not even that. So more writers are trusted, and words
 * weigh more: the level of the message, its subject, and whether it complains.
 */
export class TextJudge implements EntryJudge<TextLogEntry> {
    readonly knowsWritersAtOnce = false;
    readonly sourcesOf = sourcesOfText;
    readonly attribute: (line: RuleLine, entry: TextLogEntry) => Attribution | null = attribute;
    readonly #start = new StartOfLog();

    isTrusted(line: RuleLine, sources: ReadonlySet<Source> | null): boolean {
        if (sources === null || isOneOf(line, sources)) return true;
        // Anybody may quote a program that the rule names, but the kernel has its own words.
        return line.from.includes('anybody') && (line.from.length === 1 || !sources.has('kernel'));
    }

    read(entry: TextLogEntry, sources: ReadonlySet<Source> | null): Reading {
        this.#start.see(entry);
        return new TextReading(entry, sources, {
            isAtStart: this.isAtStart(entry),
            isContinued: isContinued(entry, sources),
        });
    }

    isAtStart(entry: TextLogEntry): boolean {
        const uptime = entry.uptime();
        return uptime === null ? this.#start.isSoonBefore(entry) : isInFirstMinute(uptime);
    }

    /**
     * Whether all that decides which lines an entry counts for is its words and its writer. That the computer is starting only
     * takes some away.
     */
    goesByWords(entry: TextLogEntry, recognisesAny: boolean): boolean {
        return !this.#start.isWithoutTime && !(recognisesAny && this.#start.isSoonBefore(entry));
    }

    hasToConfirm(): boolean {
        // There is no state to check.
        return false;
    }

    noteStart(entry: TextLogEntry): void {
        this.#start.note(entry);
    }
}

/** Questions that several lines of rules may ask are answered once, on demand. */
class TextReading implements Reading {
    readonly message: string;
    readonly folded: string;
    readonly #entry: TextLogEntry;
    readonly #sources: ReadonlySet<Source> | null;
    readonly #isAtStart: boolean;
    readonly #isContinued: boolean;
    #isDebugging: boolean | null = null;
    #isInforming: boolean | null = null;
    #isExcused: boolean | null = null;
    #isComplaint: boolean | null = null;
    #isOfSession: boolean | null = null;
    #withoutNames: string | null = null;

    constructor(
        entry: TextLogEntry,
        sources: ReadonlySet<Source> | null,
        { isAtStart, isContinued }: { isAtStart: boolean; isContinued: boolean },
    ) {
        this.#entry = entry;
        this.#sources = sources;
        this.#isAtStart = isAtStart;
        this.#isContinued = isContinued;
        this.message = entry.message();
        this.folded = foldCase(this.message);
    }

    admits(line: RuleLine): boolean {
        if (this.#isContinued) return false;
        if ((this.#isDebugging ??= isDebugging(this.#entry, this.message))) return false;
        if (line.rule?.requiresWriter && this.#sources === null) return false;
        if (this.#isAboutItself(line)) return false;
        if (line.isGeneric && this.#isPlanOrInformation()) return false;
        if (this.#isOfStranger(line) && this.#isInformation()) return false;
        return !this.#isAtStart || this.#countsAtStart(line);
    }

    textFor({ isHint }: RuleLine): string {
        if (!isHint) return this.folded;
        if (!/[_"]/.test(this.folded)) return this.folded;
        // A replacement has the length of the name, so that positions in the message stay valid.
        return (this.#withoutNames ??= this.folded.replace(ofNames, name => ' '.repeat(name.length)));
    }

    confirms(line: RuleLine): boolean {
        const { rule } = line;
        if (rule?.subsystems?.includes(subsystemOf(this.folded) ?? '') === false) return false;
        // Loose words of the kernel about nothing in particular.
        if (rule?.isHint && line.isGeneric && !line.from.includes('anybody') && attribute(line, this.#entry) === null)
            return false;
        return !rule?.complains || (this.#isComplaint ??= this.#complains());
    }

    #countsAtStart({ isHint, rule }: RuleLine): boolean {
        const isOfKernel = this.#sources?.has('kernel') !== false;
        return rule?.atStart ?? (!isHint || (!isOfKernel && isFinal(this.message)));
    }

    /**
     * Whether an application says it for which no rule is meant. What it calls an error is its own affair, unless it crashed or
     * lacks what all programs share: space, memory, libraries, files.
     */
    #isAboutItself({ rule, from }: RuleLine): boolean {
        if (rule === null || rule.needsConfirmation || !from.includes('anybody')) return false;
        if (isOneOf({ from }, this.#sources)) return false;
        return (this.#isOfSession ??= isOfSession(this.#entry) && !isOfShared(this.folded));
    }

    /** A message that its writer calls informational is no failure, whatever its words. */
    #isInformation(): boolean {
        return (this.#isInforming ??= ofInformation.test(this.message) && !butFailed.test(this.message));
    }

    #isPlanOrInformation(): boolean {
        return (this.#isExcused ??=
            this.#isInformation() ||
            isInformational(this.#entry) ||
            (this.message.includes('%') && ofRouters.test(this.message)) ||
            ofPlans.test(this.message));
    }

    /** Whether the writer is unknown, so that there are only the words. The kernel begins headlines with `INFO: `. */
    #isOfStranger(line: RuleLine): boolean {
        if (line.from.includes('kernel') && this.message.startsWith('INFO: ')) return false;
        return !isOneOf(line, this.#sources);
    }

    /** A line without a writer may be the kernel's. */
    #complains(): boolean {
        const sources = this.#sources;
        if (sources === null || withOwnWords.some(source => sources.has(source))) return false;
        const identifier = this.#entry.field('SYSLOG_IDENTIFIER');
        return identifier !== null && isComplaint(this.#entry, identifier, this.message, this.folded);
    }
}

function isOfSession(entry: TextLogEntry): boolean {
    const identifier = entry.field('SYSLOG_IDENTIFIER');
    return identifier !== null && verbosityOf(programName(identifier)).has('session');
}

/**
 * Whether the line goes on with the message of the entry before it, as journalctl(1) prints one of several lines: indented by the
 * width of the head. What the entry reports, its first line says.
 */
function isContinued(entry: TextLogEntry, sources: ReadonlySet<Source> | null): boolean {
    return sources === null && entry.clock() === null && /^ {16,}\S/.test(entry.raw().toString('latin1'));
}

function isOfShared(folded: string): boolean {
    const matter = subjectMatterOf(folded);
    return matter?.isPlain === true && matter.family !== 'configuration';
}

/** Debug output. The kernel, too, marks some of its messages with a debug level. */
function isDebugging(entry: TextLogEntry, message: string): boolean {
    return Number(entry.field('PRIORITY') ?? 0) === 7 || ofDebugging.test(message);
}
