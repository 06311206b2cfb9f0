import { severities } from '../model/incident.ts';
import type { Severity } from '../model/incident.ts';
import type { Scope } from '../model/unit.ts';
import { isUnitName } from '../machine/units/unitName.ts';
import { safeText } from '../text/sanitise.ts';
import { BoundedMap } from '../util/boundedMap.ts';
import { isComplaint } from './complaint.ts';
import type { Circumstance, FaultRule, Judgement, Told, UnitOfProcess } from './fault.ts';
import type { FaultLine } from './faultLines.ts';
import { toEvidence } from './logEntry.ts';
import type { LogEntry } from './logEntry.ts';
import { programName, sourcesOf } from './programs.ts';
import type { Source } from './programs.ts';
import { RecentLines } from './recentLines.ts';
import { nothing } from './rule.ts';
import type { Verdict } from './rule.ts';
import { beginsWithDevice, careOf, deviceOf, matterOf, severityIn, speakerOf, topicOf } from './speaker.ts';
import { foldCase } from './template.ts';
import type { Captures } from './template.ts';
import type { Writer } from './writer.ts';

/** Lines about one subject that are no further apart than this tell of one occurrence. Microseconds, and lines of text. */
const breath = 10_000_000;
const breathLines = 40;
/** So many lines of one occurrence are evidence; the rest only move its end, this often. */
const evidenceLines = 6;
const renewal = 60_000_000;
const subjectLimit = 128;
const fieldLimit = 256;

/** How long before and after a suspend or a resume devices come and go. Lines of text that tell no times: as many as of one breath. */
export const aroundSleep = 30_000_000;
/** So much may be told before what explains it. */
const explainedLimit = 32;

const firstMinute = 60_000_000;
/** So many lines of a log without times are of the start: those of Linux 2.4 had two hundred, those of 2.6 twice as many. */
const linesOfStart = 400;

type Unit = { scope: Scope; name: string };
type Burst = {
    occurrence: string;
    clock: number | null;
    line: number | null;
    told: number;
    renewed: number | null;
    /** Of whose process one of its lines told. */
    unit: Unit | null;
};
type Moment = { clock: number | null; line: number | null };
type Repeats = Moment & { times: number; lines: number[] };
type Start = { clock: number | null; line: number };
/** When the log last told of a circumstance, and what it told before that only this one explains. */
type Known = { last: Moment | null; before: (Moment & Told)[] };
type LeadUp = Moment & { lines: RecentLines };

/** What the declarative rules make of the entries in which one of their literals occurs. Its memory is bounded. */
export class Faults {
    readonly #uid: number | null;
    readonly #bursts = new BoundedMap<string, Burst>(2048);
    readonly #repeats = new BoundedMap<string, Repeats>(2048);
    readonly #leadUps = new BoundedMap<string, LeadUp>(64);
    /** The fault that each family, and each kind in it, told of last. */
    readonly #latest = new Map<string, Moment & { subject: string }>();
    /** When the log last told of a start of the computer, by its own clock, and in which line. */
    #started: Start | null = null;
    readonly #circumstances: Readonly<Record<Circumstance, Known>> = {
        sleep: { last: null, before: [] },
        correction: { last: null, before: [] },
    };
    /** What the entry that was looked at last means; null when no rule knows it. */
    judgement: Judgement | null = null;

    /** @param uid the user whose own units are watched; null for those of every user in the log */
    constructor(uid: number | null) {
        this.#uid = uid;
    }

    /** @param candidates lines one of whose literals occurs in the entry */
    apply(candidates: readonly FaultLine[], entry: LogEntry, writer: () => Writer): readonly Verdict[] {
        this.judgement = null;
        // A journal tells at once who wrote an entry; of a text the head would have to be read.
        if (entry.line === null && !candidates.some(isBelievedOf(entry, writer()))) return nothing;
        const possible = withAllLiterals(candidates, entry);
        if (possible.every(({ rule, tells }) => rule === null && tells === null)) return nothing;
        // A log whose lines have times from here on has been put together of several.
        if (entry.line !== null && this.#started?.clock === null && entry.clock() !== null) this.#started = null;
        const found = firstMatch(possible, entry, writer(), this.#started);
        if (found === null) return nothing;
        const { line } = found;
        const { rule } = line;
        const heard = hear(line, entry);
        const judged = heard?.family ?? line.family;
        // What a line only seems to be about is enough for a verdict on that line, but not for an incident.
        const isNamed = heard?.isNamed === true;
        const family = isNamed ? judged : line.family;
        if (line.tells === 'start') {
            // A start has several such lines, of which the first is when it was.
            if (entry.line !== null && !isAfterStart(this.#started, entry))
                this.#started = { clock: entry.clock(), line: entry.line };
            return nothing;
        }
        if (rule === null) {
            const ordinary = line.tells === null ? [] : this.#explain(this.#circumstances[line.tells], entry);
            this.judgement = {
                actionable: false,
                family: judged,
                severity: 'low',
                ...(ordinary.length > 0 && { ordinary }),
            };
            return nothing;
        }
        if (rule.notNear !== undefined) {
            const { last, before } = this.#circumstances[rule.notNear];
            const after = rule.notNear === 'sleep' ? aroundSleep : breath;
            if (last !== null && areNear(last, saidByKernel(entry), after)) {
                this.judgement = { actionable: false, family: judged, severity: 'low' };
                return nothing;
            }
            before.push({ ...saidByKernel(entry), occurrence: occurrenceOf(entry) });
            if (before.length > explainedLimit) before.shift();
        }
        const captures = { ...found.captures, ...fieldsOf(rule, entry) };
        const said = typeof rule.severity === 'string' ? rule.severity : rule.severity(captures);
        // Who speaks tells how much common words weigh, but what a rule holds to be small stays so.
        const isCommon = line.family === 'program' || said !== 'low';
        const severity = isNamed && isCommon ? worse(said, severityIn(family)) : said;
        const judgedSeverity = heard === null || said === 'low' ? severity : worse(said, severityIn(judged));
        const named = heard?.device || subjectOf(rule, captures, entry);
        const isNameless = rule.oneSubject === true || named === fallbackOf(rule);
        const latest = isNameless ? this.#latest.get(`${family} ${rule.kind}`) : undefined;
        const subject = latest !== undefined && isNear(latest, entry) ? latest.subject : named;
        const fingerprint = `${family} ${subject}`;
        const earlier: number[] = [];
        const weight = Math.max(1, Number(captures.count) || 1);
        if (
            rule.repeat !== undefined &&
            !this.#isRepeated(
                `${fingerprint} ${rule.kind} ${rule.repeat.apart ?? ''}`,
                { ...rule.repeat, weight },
                entry,
                earlier,
            )
        ) {
            this.judgement = { actionable: false, family: judged, severity: judgedSeverity };
            return nothing;
        }
        this.judgement = {
            actionable: true,
            family: judged,
            severity: judgedSeverity,
            ...(earlier.length > 0 && { earlier }),
        };
        // Of what only sounds like a complaint the lines that rules know tell better what happened.
        if (rule.isHint && (!isNamed || rule.complains)) return nothing;
        if (rule.leadsUp) {
            this.#leadUp(family, entry);
            return nothing;
        }
        return this.#report({ family, rule, captures, severity, subject, fingerprint }, entry, writer());
    }

    /** @returns what the log told just before, and is ordinary because of this */
    #explain(known: Known, entry: LogEntry): Told[] {
        const now = saidByKernel(entry);
        known.last = now;
        const told = known.before.filter(moment => areNear(moment, now, breath));
        known.before = [];
        return told;
    }

    #report(
        fault: {
            family: string;
            rule: FaultRule;
            captures: Captures;
            severity: Severity;
            subject: string;
            fingerprint: string;
        },
        entry: LogEntry,
        writer: Writer,
    ): readonly Verdict[] {
        const { family, rule, captures, severity, subject, fingerprint } = fault;
        const known = this.#bursts.get(`${fingerprint} ${rule.kind}`);
        const isNew = known === undefined || rule.each === true || !isNear(known, entry);
        const burst = this.#bursts.getOrInsert(`${fingerprint} ${rule.kind}`, () => newBurst(entry));
        if (isNew && known !== undefined) Object.assign(burst, newBurst(entry));
        const rootCause = this.#rootCause(fault, entry);
        burst.clock = entry.clock();
        burst.line = entry.line;
        burst.told += 1;
        const isDue = burst.clock !== null && burst.renewed !== null && burst.clock - burst.renewed >= renewal;
        if (burst.told > evidenceLines && !isDue) return nothing;
        burst.renewed = burst.clock;
        burst.unit = this.#unitOf(rule, captures, writer) ?? burst.unit;
        const { unit } = burst;
        const told = unit !== null && rule.ofUnit !== undefined ? { [`${rule.ofUnit}Of`]: unit.name } : {};
        const origin = safeText(entry.field('SYSLOG_IDENTIFIER') ?? '', 64);
        const leadUp = this.#leadUps.get(family);
        const happened = timeOf(rule, captures, entry);
        const before = isNew && leadUp !== undefined && isNear(leadUp, entry) ? leadUp.lines.evidence(null) : [];
        leadUp?.lines.clear();
        return [
            {
                finding: {
                    family,
                    kind: rule.kind,
                    scope: unit?.scope ?? (writer.kind === 'unit' ? writer.scope : 'system'),
                    subject,
                    severity,
                    title: rule.title({ subject, ...captures }),
                    cause: rule.cause?.({ subject, ...captures }) ?? '',
                    time: happened ?? entry.time(),
                    occurrence: burst.occurrence,
                    evidence: [...before.map(({ evidence }) => evidence), toEvidence(entry, origin)],
                    rootCause,
                    facts: {
                        ...Object.fromEntries(
                            Object.entries(captures).map(([name, value]) => [name, safeText(value, 256)]),
                        ),
                        ...told,
                        ...(happened !== null && { logged: String(entry.time()) }),
                    },
                },
            },
        ];
    }

    /** The unit whose process a line tells of; nobody else's. */
    #unitOf({ ofUnit, unit }: FaultRule, captures: Captures, writer: Writer): Unit | null {
        if (ofUnit === undefined) return null;
        if (unit === undefined) return writer.kind === 'unit' ? { scope: writer.scope, name: writer.unit } : null;
        const named = unit(captures);
        const isWatched = (of: UnitOfProcess) => of.scope === 'system' || this.#uid === null || of.uid === this.#uid;
        return named !== null && isUnitName(named.name) && isWatched(named) ? named : null;
    }

    /** What this fault follows from, and what others may follow from. */
    #rootCause(
        { family, rule, subject }: { family: string; rule: FaultRule; subject: string },
        entry: LogEntry,
    ): string | null {
        const near = (keys: readonly string[] = []) =>
            keys.flatMap(key => this.#latest.get(key) ?? []).filter(known => isNear(known, entry));
        const isText = entry.line !== null;
        const follows = rule.oneCause && isText ? [...(rule.follows ?? []), `${family} ${rule.kind}`] : rule.follows;
        const root =
            near(follows).find(known => known.subject !== subject)?.subject ??
            near(rule.retells).find(known => known.subject === subject)?.subject ??
            null;
        const latest = { subject: root ?? subject, clock: entry.clock(), line: entry.line };
        this.#latest.set(family, latest).set(`${family} ${rule.kind}`, latest);
        return root;
    }

    #isRepeated(
        key: string,
        { times, within, weight }: { times: number; within: number; weight: number },
        entry: LogEntry,
        earlier: number[],
    ): boolean {
        const clock = entry.clock();
        const known = this.#repeats.getOrInsert(key, () => ({ clock, line: entry.line, times: 0, lines: [] }));
        const isOver = clock !== null && known.clock !== null && Math.abs(clock - known.clock) > within * 1_000_000;
        if (isOver) Object.assign(known, { clock, line: entry.line, times: 0, lines: [] });
        known.times += weight;
        if (known.times < times) {
            if (entry.line !== null) known.lines.push(entry.line);
            return false;
        }
        earlier.push(...known.lines);
        known.lines = [];
        return true;
    }

    #leadUp(family: string, entry: LogEntry): void {
        const leadUp = this.#leadUps.getOrInsert(family, () => ({
            lines: new RecentLines(4),
            clock: null,
            line: null,
        }));
        leadUp.lines.add(entry);
        leadUp.clock = entry.clock();
        leadUp.line = entry.line;
    }
}

/** Spares most entries the reading of their head and the decoding of their text. */
export function withAllLiterals(candidates: readonly FaultLine[], entry: LogEntry): readonly FaultLine[] {
    // The index has found one of them already, and most lines have no other.
    if (candidates.every(({ template }) => template.hasOneLiteral)) return candidates;
    const folded = foldCase(entry.raw().toString('latin1'));
    return candidates.filter(({ template }) => template.hasOneLiteral || template.mayMatchIn(folded));
}

/** Whether what a line tells of is believed of whoever wrote the entry. */
function isBelievedOf(entry: LogEntry, writer: Writer): (line: FaultLine) => boolean {
    const sources = sourcesOf(entry, writer);
    return ({ from }) => {
        // A journal tells who wrote an entry, so there nobody is believed whatever they say.
        if (entry.line !== null && (sources === null || from.includes('anybody'))) return true;
        if (sources === null) return false;
        for (const source of sources) if (from.includes(source)) return true;
        return false;
    };
}

function firstMatch(
    candidates: readonly FaultLine[],
    entry: LogEntry,
    writer: Writer,
    started: Start | null,
): { line: FaultLine; captures: Captures } | null {
    const isAllowed = isBelievedOf(entry, writer);
    const sources = sourcesOf(entry, writer);
    const message = entry.message();
    const folded = foldCase(message);
    if (dump.test(message)) return null;
    const isText = entry.line !== null;
    const isAtStart = isSoonAfter(started, entry);
    const isOfKernel = sources?.has('kernel') !== false;
    const isDetail = isText && isDebugging(entry, message);
    let words: string | null = null;
    let known: boolean | null = null;
    const isInforming = () => (known ??= isText && ofInformation.test(message) && !butFailed.test(message));
    let isExcused: boolean | null = null;
    const isPlanOrInformation = () =>
        (isExcused ??= isInforming() || isInformation(entry, message) || ofPlans.test(message));
    let complains: boolean | null = null;
    const isToBeTrusted = (line: FaultLine) =>
        !isDetail &&
        !(line.rule?.byName && sources === null) &&
        !(line.family === 'program' && isPlanOrInformation()) &&
        !(isText && isOfStranger(line, message, sources) && isInforming()) &&
        !(isAtStart && !(line.rule?.atStart ?? !(line.isHint && isOfKernel)));
    const allowed = candidates.filter(line => isAllowed(line) && isToBeTrusted(line));
    if (allowed.length > 1) allowed.sort((one, other) => one.rank - other.rank);
    for (const line of allowed) {
        if (line.unless.some(text => folded.includes(text))) continue;
        // Names are as long as what they name, so that places in the message stay what they are.
        if (line.isHint) words ??= folded.replace(ofNames, name => ' '.repeat(name.length));
        const captures = line.template.match(message, (line.isHint ? words : null) ?? folded);
        if (captures === null || line.rule?.when?.(captures) === false) continue;
        if (line.rule?.ofSpeaker?.includes(speakerOf(folded) ?? '') === false) continue;
        if (line.rule?.complains && !(complains ??= isComplaintOf(entry, sources, message, folded))) continue;
        return { line, captures };
    }
    return null;
}

/** Whose words of a failure have rules of their own, as those of what looks after hardware. */
const withOwnWords: readonly Source[] = ['kernel', 'smart', 'power', 'memory'];

/** What nobody says may be the kernel's. */
function isComplaintOf(entry: LogEntry, sources: ReadonlySet<Source> | null, message: string, folded: string): boolean {
    if (entry.line === null || sources === null || withOwnWords.some(source => sources.has(source))) return false;
    const identifier = entry.field('SYSLOG_IDENTIFIER');
    return identifier !== null && isComplaint(entry, identifier, message, folded);
}

/**
 * Common words do not say what they are about, but whoever says them does. Live, that is not enough to choose what is done about
 * it, so there the family stays what it is.
 */
function hear({ family, rule }: FaultLine, entry: LogEntry): Heard | null {
    const isOfAnything = family === 'program';
    if (rule === null || entry.line === null || !(isOfAnything || rule.ofWhoeverSpeaks)) return null;
    const identifier = entry.field('SYSLOG_IDENTIFIER');
    const program = identifier === null ? null : programName(identifier);
    const message = entry.message();
    const folded = foldCase(message);
    if (program !== null && program !== 'kernel') {
        const matter = isOfAnything ? matterOf(folded) : null;
        if (matter?.isPlain) return { family: matter.family, device: '', isNamed: false };
        const caredFor = careOf(program, folded);
        // Incidents of units are made of what systemd tells.
        if (caredFor !== null) return { family: caredFor, device: '', isNamed: caredFor !== 'unit' };
        return matter === null ? null : { family: matter.family, device: '', isNamed: false };
    }
    const own = program === null ? ownHead.exec(folded) : null;
    if (own !== null) {
        const matter = isOfAnything ? matterOf(folded) : null;
        const family = matter?.isPlain ? matter.family : own[1] === undefined ? 'printing' : careOf(own[1], folded);
        if (family !== null) return { family, device: '', isNamed: false };
    }
    // Without a head it may be anybody's line, that begins with a word which is also the name of a driver.
    const speaker = program === null && !beginsWithDevice(folded) ? null : speakerOf(folded);
    if (speaker !== null) return { family: speaker, device: deviceOf(speaker, message), isNamed: true };
    const topic = isOfAnything ? ((program === null ? matterOf(folded)?.family : null) ?? topicOf(folded)) : null;
    return topic === null ? null : { family: topic, device: '', isNamed: false };
}

/**
 * What a program that keeps a log of its own begins its lines with, without the head of syslog: its name, as in `sed: `, PulseAudio's
 * level and name, as in `E: [pulseaudio] `, or the level and time of CUPS, as in `W [23/Nov/2022:08:42:23 +0100] ` (cupsd-logs(5)).
 */
const ownHead = /^(?:(?:[ewi]: \[)?([a-z][a-z0-9_.-]{1,31})(?:\]|\[\d{1,7}\]:|:) |[xaecwn] \[\d\d\/[a-z]{3}\/\d{4}:)/;

/** What a line is about, and whether who speaks said so, or only some of its words. */
type Heard = { family: string; device: string; isNamed: boolean };

function worse(one: Severity, other: Severity): Severity {
    return severities.indexOf(one) > severities.indexOf(other) ? one : other;
}

/**
 * What the kernel adds to a fault that it told of just before: registers, the modules that are loaded, what called what. These
 * have names of functions, which read like faults. show_regs() in arch/x86/kernel/process_64.c, dump_stack_print_info() in
 * lib/dump_stack.c and printk_stack_address() in arch/x86/kernel/dumpstack.c of Linux, and what they were in 2.4 and 2.6.
 */
const dump = new RegExp(
    [
        String.raw`^\s*(?:(?:RIP|EIP|NIP|RSP|ESP|R[ABCD]X|E[ABCD]X|R\d\d|CR\d|PGD|Stack|Code|Tainted|Not tainted|pc|lr|pstate) ?:`,
        String.raw`(?:Modules linked in|Call Trace|Backtrace|Hardware name|Workqueue|Exception stack)\b`,
        String.raw`CPU: ?\d+ (?:UID: \d+ )?PID: `,
        String.raw`(?:Pid|Process): ? ?\S+, `,
        String.raw`(?:\? )?[\w.$]+\+0x[0-9a-f]+/0x[0-9a-f]+\b`,
        // As scripts/decode_stacktrace.sh of Linux has them.
        String.raw`(?:\? )?[\w.$]+ \(\S{1,128}\.[chS]:\d`,
        String.raw`Code starting with the faulting instruction`,
        // ARM says who called whom, AER each bit of a register, and a dump has addresses before its bytes.
        String.raw`[\w.$]+ from [\w.$]+\+0x`,
        // The same with the places in the source, by scripts/decode_stacktrace.sh.
        String.raw`(?:\? )?[\w.$]+ \((?:[\w./-]{1,128}\.[chS]:\d|\?\?:)`,
        String.raw`\S+ [\da-f]{4}:[\da-f:.]{7}: {2,5}\[ ?\d{1,2}\] `,
        String.raw`(?:\{\d{1,6}\}\[Hardware Error\]: +)?[\da-f]{8}: (?:[\da-f]{8} ){2}`,
        String.raw`[A-Z][A-Z\d_]{3,47} ?(?:\[\d+\] ?)?[=:] ?0x[0-9a-f]+$`,
        String.raw`[A-Z][A-Z\d_]{2,31}\[0x[0-9a-f]+\]`,
        String.raw`#PF: `,
        String.raw`(?:Mem|Data) abort info:`,
        // What a page of memory is marked with (dump_page() in mm/debug.c).
        String.raw`(?:page )?flags: 0x[\da-f]+\(`,
        // PowerPC, and the stack of an interrupt.
        String.raw`(?:(?:NIP|LR) |\[[0-9a-f]{16}\] )\[[0-9a-f]{8,16}\]`,
        String.raw`<[A-Z]{3,4}> {1,3}\[<`,
        // What lockdep knows of locks.
        String.raw`(?:-> #\d|lock\(|\S[^{]{0,80}\{[-+.?]{4,8}\}[,:])`,
        String.raw`\[<[0-9a-f]{8,16}>\])`,
    ].join('|'),
);

/** Whether nobody knows who says it, so that the words are all there is. The kernel begins headlines with `INFO: `. */
function isOfStranger({ from }: FaultLine, message: string, sources: ReadonlySet<Source> | null): boolean {
    if (from.includes('kernel') && message.startsWith('INFO: ')) return false;
    return !from.some(source => sources?.has(source) === true);
}

/** What somebody writes to find mistakes of his own. The kernel says of itself at which level it does so, too. */
function isDebugging(entry: LogEntry, message: string): boolean {
    return Number(entry.field('PRIORITY') ?? 0) === 7 || ofDebugging.test(message);
}

/** Linux 2.6 begins one headline of its own with the word (__might_sleep() in kernel/sched.c). */
const ofDebugging =
    /^D: |^[^a-z]{0,48}(?:<debug>|debug[1-3]: |[(<[]?(?:(?<![A-Z])DEBUG|Debug(?!: sleeping function called)|TRACE)\b|level=debug )/;

/**
 * Names of functions and values have words of a failure that nobody says: `wait_for_completion_timeout+`, `error_steps=9`,
 * `sas_eh_handle_sas_errors: `.
 */
const ofNames = /\b[a-z][a-z0-9]*_[a-z0-9_]*(?=[=+(]|: )/g;

/** What somebody is about to do, or how it is set up; whether that fails is told later, unless the same line tells so. */
const ofPlans =
    /^(?:[\w.-]{1,48}: )?(?:Add|Allocat|Check|Configur|Creat|Detect|Disabl|Enabl|Initiali[sz]|Load|Prob|Register|Reserv|Scann|Sett|Us)ing (?!.*(?:fail|timed out|[Ee]rror[ :,]|err(?:no)? |unable|cannot|could not|no response|[Cc]orrupt|lost|giving up|because|due to|after))/;

/** What its writer calls information is no failure, whatever its words. Programs also say so in the message, see `ofInformation`. */
function isInformation(entry: LogEntry, message: string): boolean {
    return (
        Number(entry.field('PRIORITY') ?? 0) >= 6 ||
        (entry.line !== null && message.includes('%') && ofRouters.test(message))
    );
}

/** Where programs that log by themselves say so: after the time, as Log4j and Python do, or between numbers as Android. */
const ofInformation =
    /^[IN]: |^[^a-z]{0,48}(?:[(<[]?(?:INFO|Info|info|debug|trace|VERBOSE)\b|(?<=\d{1,6} )[IDV] [\w.]{1,64} ?:|[a-z]{1,24}=info |[\w.-]{1,32}: Info: |\[Note\] )/;

/** What is over for good, at whatever level: supervisord tells of it at INFO (transition() in supervisor/process.py). */
const butFailed = /\bgave up: |\bentered FATAL state\b/;

/** Cisco's `%ASA-6-302023: `, of which 5 to 7 are notifications and less. */
const ofRouters = /^.{0,64}%[A-Z][A-Z\d_]{1,31}-[5-7]-[A-Z\d_]{1,32}: /;

/** In the first minute drivers say much of what they do not find. @param started when the log last told of a start */
function isSoonAfter(started: Start | null, entry: LogEntry): boolean {
    const uptime = entry.uptime();
    return uptime === null ? isAfterStart(started, entry) : uptime < firstMinute;
}

/** The same by the log's own clock, or by the number of lines. */
function isAfterStart(started: Start | null, entry: LogEntry): boolean {
    if (started === null || entry.line === null) return false;
    const clock = entry.clock();
    if (clock === null) return started.clock === null && entry.line - started.line < linesOfStart;
    return started.clock !== null && clock >= started.clock && clock - started.clock < firstMinute;
}

function subjectOf({ subject }: FaultRule, captures: Captures, entry: LogEntry): string {
    const named =
        typeof subject === 'function'
            ? subject(captures, entry.message())
            : subject.startsWith('=')
              ? subject.slice(1)
              : (captures[subject] ?? '');
    const fallback = programName(entry.field('SYSLOG_IDENTIFIER') ?? '');
    return safeText(named.trim() || fallback || 'system', subjectLimit);
}

/** What a rule names where a line names nothing. */
function fallbackOf({ subject }: FaultRule): string | null {
    return typeof subject === 'function' ? subject({}, '') || null : null;
}

/** What the fields of a journal's entry say in the place of its words. */
function fieldsOf({ fields = {} }: FaultRule, entry: LogEntry): Captures {
    return Object.fromEntries(
        Object.entries(fields).flatMap(([name, field]) => {
            const value = entry.field(field, fieldLimit);
            return value === null ? [] : [[name, safeText(Buffer.from(value, 'latin1'), fieldLimit)]];
        }),
    );
}

/** What takes longer than this to be logged is not believed. */
const longestDelay = 3_600_000_000;

/** When it happened that was logged later, in microseconds since the Unix epoch; null where that is not known. */
function timeOf({ happened }: FaultRule, captures: Captures, entry: LogEntry): number | null {
    const logged = entry.time();
    if (happened === undefined || logged === null) return null;
    const time = Math.min(happened(captures), logged);
    return logged - time <= longestDelay ? time : null;
}

function newBurst(entry: LogEntry): Burst {
    return { occurrence: occurrenceOf(entry), clock: null, line: null, told: 0, renewed: null, unit: null };
}

function occurrenceOf(entry: LogEntry): string {
    return entry.line === null ? safeText(entry.field('__CURSOR') ?? '', 512) : `line ${entry.line}`;
}

function isNear(last: Moment, entry: LogEntry): boolean {
    return areNear(last, { clock: entry.clock(), line: entry.line }, breath);
}

function areNear(one: Moment, other: Moment, within: number): boolean {
    if (one.clock !== null && other.clock !== null) return Math.abs(one.clock - other.clock) <= within;
    return one.line !== null && other.line !== null && other.line - one.line <= breathLines;
}

/** When the kernel said it. What it says while the computer goes to sleep may be written down after that. */
function saidByKernel(entry: LogEntry): Moment {
    return { clock: entry.uptime() ?? entry.clock(), line: entry.line };
}
