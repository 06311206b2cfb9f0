import type { LogEntry } from '../journal/logEntry.ts';
import { isUnitName, unnumbered } from '../model/unitName.ts';
import { severities } from '../model/incident.ts';
import type { Evidence, Finding, Severity } from '../model/incident.ts';
import type { Scope } from '../model/unit.ts';
import { safeText } from '../text/sanitise.ts';
import { Bursts } from './bursts.ts';
import { Circumstances } from './circumstances.ts';
import type { DeviceTree } from './deviceTree.ts';
import type { Attribution, EntryJudge } from './entryJudge.ts';
import { toEvidence } from './evidence.ts';
import { sessionEnd, unplugging } from './faultRule.ts';
import type { FaultRule, Sign, UnitOfProcess } from './faultRule.ts';
import { kernelDump } from './kernelDump.ts';
import { LatestFaults } from './latestFaults.ts';
import { Precursors } from './precursors.ts';
import { foldCase } from './linePattern.ts';
import { occurrenceOf } from './moment.ts';
import type { Captures } from './linePattern.ts';
import { programName } from './programs.ts';
import { Repeats } from './repeats.ts';
import { LatestReports } from './overcome.ts';
import { Persistence } from './persistence.ts';
import type { RuleLine } from './ruleLines.ts';
import { causeOf, fallbackOf, fixedWordOf, severityOf, subjectOf, titleOf } from './ruleValues.ts';
import { originOf } from './sessions.ts';
import type { Sessions } from './sessions.ts';
import { nothing } from './verdict.ts';
import type { Assessment, EntryReference, Verdict } from './verdict.ts';
import type { Writer } from './writer.ts';

const subjectLimit = 128;
const fieldLimit = 256;
/** A longer delay between event and log entry is not plausible. Microseconds. */
const longestDelay = 3_600_000_000;

/** The line of a rule in an entry, and what it is about if its writer says so. */
export type Match = {
    line: RuleLine;
    captures: Captures;
    about: Attribution | null;
    /** Made on first use, as the same match may be that of many entries. */
    description?: Description;
};

/** What follows from the words and the writer of an entry alone, so that it is the same for each entry of a match. */
type Description = {
    readonly captures: Captures;
    readonly severity: Severity;
    readonly ownSeverity: Severity;
    /** What it is about by itself. */
    readonly named: string;
    /** Whether it may be about what was reported last. */
    readonly isNameless: boolean;
    /** Identifies its kind among the latest faults. */
    readonly kind: string;
    /** Identifies the fault if it is about what it names. */
    readonly key: string;
    /** Identifies a sign that only the same words report again. */
    readonly signKey: string;
    /** Identifies what is counted until it is reported often enough. */
    readonly repeatKey: string;
    /** Whether what it is about by itself is only the rule's own word, as the line names nothing. */
    readonly isUnnamed: boolean;
    /** What it is a sign of, by its own severity. */
    readonly sign: Sign | null;
};

/** What an entry reports, in the words of a rule. */
type Report = {
    description: Description;
    family: string;
    rule: FaultRule;
    captures: Captures;
    severity: Severity;
    /** The severity of the entry by itself, whatever becomes of the incident. */
    ownSeverity: Severity;
    subject: string;
    /** Whether the subject is only the rule's own word, as the line names none. */
    isUnnamed: boolean;
    /** Identifies the fault. */
    key: string;
    /** Identifies the entry's occurrence of it, that of its burst. */
    occurrence: string;
    isUnconfirmed: boolean;
    /** Whether nothing but its words says what it is about, so that it names no cause and no subject for others. */
    isFaint: boolean;
};

/**
 * Applies the declarative rules to the entries in which one of their literals occurs: recognises the line, judges it, assigns
 * it to its burst and reports it. Its memory is bounded.
 */
export class RuleEngine<Entry extends LogEntry> {
    /** What the last entry means; null when no rule knows it. */
    assessment: Assessment | null = null;
    /** What was recognised in the last entry. */
    match: Match | null = null;
    readonly #judge: EntryJudge<Entry>;
    readonly #uid: number | null;
    readonly #bursts = new Bursts();
    readonly #repeats = new Repeats();
    readonly #persistence: Persistence;
    readonly #precursors = new Precursors();
    readonly #latest = new LatestFaults();
    readonly #circumstances = new Circumstances();
    readonly #reports = new LatestReports();
    readonly #sessions: Sessions | null;
    readonly #devices: DeviceTree | null;
    readonly #overcome: ReadonlySet<string>;

    /**
     * @param uid the user whose own units are watched; null for those of every user in the log
     * @param of.sessions that the log reports; null for rules that do not depend on sessions
     * @param of.devices the same of devices
     * @param of.persistence the signs of faults so far
     * @param of.overcome the families with failures that lines report to be over
     */
    constructor(
        judge: EntryJudge<Entry>,
        uid: number | null,
        of: {
            sessions?: Sessions | null;
            devices?: DeviceTree | null;
            persistence?: Persistence | undefined;
            overcome?: ReadonlySet<string>;
        } = {},
    ) {
        this.#judge = judge;
        this.#uid = uid;
        this.#sessions = of.sessions ?? null;
        this.#devices = of.devices ?? null;
        this.#persistence = of.persistence ?? new Persistence();
        this.#overcome = of.overcome ?? new Set();
    }

    /** @param candidates lines one of whose literals occurs in the entry */
    apply(candidates: readonly RuleLine[], entry: Entry, writer: () => Writer): readonly Verdict[] {
        this.match = this.#recognise(candidates, entry, writer);
        return this.take(this.match, entry, writer);
    }

    /** Judges an entry in which the line of a rule was recognised, or none. */
    take(match: Match | null, entry: Entry, writer: () => Writer): readonly Verdict[] {
        this.assessment = null;
        if (match === null) return nothing;
        const { rule } = match.line;
        return rule === null ? this.#takeHarmless(match, entry) : this.#takeFault(match, rule, entry, writer());
    }

    #recognise(candidates: readonly RuleLine[], entry: Entry, writer: () => Writer): Match | null {
        const found = this.#find(candidates, entry, writer);
        if (found === null) return null;
        return { ...found, about: found.line.rule === null ? null : this.#judge.attribute(found.line, entry) };
    }

    #find(candidates: readonly RuleLine[], entry: Entry, writer: () => Writer): Omit<Match, 'about'> | null {
        const judge = this.#judge;
        if (judge.knowsWritersAtOnce) {
            const sources = judge.sourcesOf(entry, writer());
            if (!candidates.some(line => judge.isTrusted(line, sources))) return null;
        }
        const possible = withAllLiterals(candidates, entry);
        if (possible.every(isWithoutEffect)) return null;
        const sources = judge.sourcesOf(entry, writer());
        const reading = judge.read(entry, sources);
        const admitted = possible.filter(line => judge.isTrusted(line, sources) && reading.admits(line));
        if (admitted.length === 0 || kernelDump.test(reading.message)) return null;
        if (admitted.length > 1) admitted.sort((one, other) => one.rank - other.rank);
        let unconfirmed: Omit<Match, 'about'> | null = null;
        for (const line of admitted) {
            const hasToConfirm = line.rule !== null && judge.hasToConfirm(line);
            // A line whose writer is trusted goes before one that waits for a confirmation, which may not come.
            if (unconfirmed !== null && (hasToConfirm || line.rule === null)) continue;
            if (line.unless.some(text => reading.folded.includes(text))) continue;
            const captures = line.pattern.match(reading.message, reading.textFor(line));
            if (captures === null || line.rule?.when?.(captures) === false) continue;
            if (!reading.confirms(line)) continue;
            if (!hasToConfirm) return { line, captures };
            unconfirmed = { line, captures };
        }
        return unconfirmed;
    }

    /** A harmless line may still explain other entries. */
    #takeHarmless({ line: { family, indicates, overcomes }, captures }: Match, entry: Entry): readonly Verdict[] {
        if (indicates === 'start') {
            this.#judge.noteStart(entry);
            return nothing;
        }
        const ordinary: EntryReference[] = indicates === null ? [] : this.#circumstances.note(indicates, entry);
        if (overcomes !== null) {
            const working = overcomes.subject ?? captures.subject ?? null;
            const over = this.#reports.overcome(overcomes, working, entry);
            ordinary.push(...over);
            for (const subject of new Set([
                ...(working === null ? [] : [working]),
                ...over.map(report => report.subject),
            ]))
                this.#persistence.forget(subject, overcomes.families, entry);
        }
        this.withdraw(ordinary);
        this.assessment = {
            actionable: false,
            family,
            severity: 'low',
            ...(ordinary.length > 0 && { ordinary }),
        };
        return nothing;
    }

    #takeFault(match: Match, rule: FaultRule, entry: Entry, writer: Writer): readonly Verdict[] {
        const report = this.#describe(match, rule, entry);
        const { family } = report;
        if (this.#isOrdinary(report, entry, writer)) {
            this.assessment = { actionable: false, family, severity: 'low' };
            return nothing;
        }
        if (rule.atEnd !== undefined) this.#weighByEnd(report, rule.atEnd, entry, writer);
        const repeated = this.#earlierOf(report, entry);
        this.assessment =
            rule.isHarmlessAlone === true
                ? { actionable: false, family, severity: 'low' }
                : { actionable: repeated !== null, family, severity: report.ownSeverity };
        if (repeated === null) return nothing;
        // Most lines of a long burst add nothing, so nobody asks for it.
        const own = () => toEvidence(entry, safeText(entry.field('SYSLOG_IDENTIFIER') ?? '', 64));
        const signs = this.#signsBefore(report, own, entry);
        if (signs === null) this.assessment.isSign = true;
        // While it is only a sign, so are those before it.
        const earlier = signs === null ? [] : [...repeated, ...signs.flatMap(({ line }) => line ?? [])];
        if (earlier.length > 0) this.assessment.earlier = earlier;
        if (this.#mayBeOvercome(report)) this.#reports.add(report, Object.values(report.captures), entry);
        if (rule.isPrecursor) {
            this.#precursors.add(report.family, entry);
            return nothing;
        }
        return this.#report(report, { own, signs }, entry, writer);
    }

    /** Whether the circumstances explain the report. */
    #isOrdinary(report: Report, entry: Entry, writer: Writer): boolean {
        const { rule, family, severity, subject, occurrence } = report;
        const { notNear, notAfter } = rule;
        if (notAfter !== undefined && this.#latest.subjectNear(`${family} ${notAfter}`, entry) === subject) return true;
        if (notNear === unplugging) return this.#devices?.isUnplugged(subject, entry.message(), entry) ?? false;
        const isSymptom = notNear === sessionEnd;
        if (notNear !== undefined && !isSymptom) return this.#circumstances.excuses(notNear, entry, () => occurrence);
        if (this.#sessions === null || rule.atEnd !== undefined) return false;
        // Whatever else the burst reports may be the reason for the end.
        const isSevere = severity === 'critical';
        return this.#sessions.excuses(originOf(entry, writer), entry, {
            occurrence: () => occurrence,
            isSymptom,
            isSevere,
        });
    }

    /** Whether the log may still report the circumstance that explains it, or that the session of the writer was ending. */
    #mayBeExplained({ notNear, atEnd }: FaultRule, entry: Entry, writer: Writer): boolean {
        if (notNear !== undefined && notNear !== sessionEnd) return notNear !== unplugging;
        if (this.#sessions === null || atEnd !== undefined) return false;
        const origin = originOf(entry, writer);
        return origin !== null && origin !== 'system';
    }

    /** What happens while a session or the system ends harms nobody, and in the greeter's session only the greeter. */
    #weighByEnd(report: Report, atEnd: Severity, entry: Entry, writer: Writer): void {
        const { uid } = report.captures;
        const origin = uid === undefined ? (originOf(entry, writer) ?? 'session') : (`uid ${uid}` as const);
        // Text seldom tells whose session ends.
        const origins = entry.line === null ? [origin] : [origin, 'session' as const];
        if (origins.some(one => this.#sessions?.isEnding(one, entry))) report.severity = report.ownSeverity = atEnd;
        else if (uid !== undefined && report.severity !== 'low' && this.#sessions?.isKnownGreeter(uid))
            report.severity = 'medium';
    }

    #describe(match: Match, rule: FaultRule, entry: Entry): Report {
        const { line, about } = match;
        const description = (match.description ??= descriptionOf(match, rule, entry));
        const { captures, severity, ownSeverity, named } = description;
        const family = about?.family ?? line.family;
        const near = description.isNameless ? this.#latest.subjectNear(description.kind, entry) : null;
        const key = near === null ? description.key : keyOf(family, near, rule);
        return {
            description,
            family,
            rule,
            captures,
            severity,
            ownSeverity,
            subject: near ?? named,
            isUnnamed: near === null && description.isUnnamed,
            key,
            occurrence: rule.each === true ? occurrenceOf(entry) : this.#bursts.occurrenceOf(key, entry),
            isUnconfirmed: this.#judge.hasToConfirm(line),
            isFaint: rule.isHint === true && about?.isNamed !== true,
        };
    }

    /** @returns the earlier lines that report the same; null while it is not reported often enough */
    #earlierOf({ description, rule, captures, key: fault }: Report, entry: Entry): readonly number[] | null {
        if (rule.repeat === undefined) return [];
        const key = fault === description.key ? description.repeatKey : repeatKeyOf(fault, rule);
        return this.#repeats.count(key, rule.repeat, Math.max(1, Number(captures.count) || 1), entry);
    }

    /** Entries turned out to be ordinary. */
    withdraw(ordinary: readonly EntryReference[]): void {
        for (const entry of ordinary) this.#persistence.withdraw(entry);
    }

    /** @param seen the entry itself, and the signs before it that make it a fault; null if it is only one more of them */
    #report(
        report: Report,
        seen: { own: () => Evidence; signs: readonly Evidence[] | null },
        entry: Entry,
        writer: Writer,
    ): readonly Verdict[] {
        const { family, rule, captures, key } = report;
        const { burst, isNew, isDue } = this.#bursts.place(key, entry, {
            isOwnOccurrence: rule.each === true,
            isSign: seen.signs === null,
        });
        const isOneCause = rule.oneCause === true && entry.line !== null;
        const rootCause = report.isFaint
            ? null
            : this.#latest.add({ kind: report.description.kind, subject: report.subject }, { isOneCause }, entry);
        const persists = seen.signs !== null && seen.signs.length > 0;
        if (!isDue && !persists) return nothing;
        burst.unit = this.#unitOf(rule, captures, writer) ?? burst.unit;
        const precursors = this.#precursors.take(family, entry);
        const evidence = [...(seen.signs ?? []), ...(isNew ? precursors : []), seen.own()];
        const { occurrence, unit } = burst;
        const finding = { ...findingOf(report, entry, { unit, writer }), occurrence, evidence, rootCause };
        const { isUnconfirmed } = report;
        const isHarmlessAlone = rule.isHarmlessAlone === true;
        return [
            {
                finding,
                ...(isUnconfirmed && { isUnconfirmed }),
                ...(isHarmlessAlone && { isHarmlessAlone }),
                ...(this.#mayBeExplained(rule, entry, writer) && { mayBeExplained: true }),
                ...(seen.signs === null && { isSign: true }),
                ...(this.#mayBeOvercome(report) && { mayBeOvercome: true }),
                ...(rule.hasTrace === true && { hasTrace: true }),
            },
        ];
    }

    /** Whether a later line may say that it works now. */
    #mayBeOvercome({ rule, family }: Pick<Report, 'rule' | 'family'>): boolean {
        return rule.outlastsSuccess !== true && this.#overcome.has(family);
    }

    /** @returns the earlier reports of a sign that persists, none for a fault; null for a sign that does not persist */
    #signsBefore(
        { description, rule, family, severity, subject, occurrence, key: fault }: Report,
        evidence: () => Evidence,
        entry: Entry,
    ): readonly Evidence[] | null {
        const sign = severity === description.severity ? description.sign : signOf(rule, severity, entry);
        if (sign === null) return [];
        if (sign === true) return null;
        // Loose words are about the same only if they are the same, but for identifiers.
        const { signKey } = description;
        const key =
            fault === description.key
                ? signKey
                : rule.isHint === true
                  ? `${fault} ${templateOf(entry.message())}`
                  : fault;
        const isAtStart = this.#judge.isAtStart(entry);
        const about = rule.outlastsSuccess === true ? '' : subject;
        return this.#persistence.add(key, sign, { family, about, occurrence, isAtStart }, entry, evidence);
    }

    /** The unit that an entry is about, by its process or its manager; null for a unit of another user than the watched one. */
    #unitOf({ ofUnit, unit }: FaultRule, captures: Captures, writer: Writer): Unit | null {
        if (ofUnit === undefined) return null;
        if (unit === undefined) {
            if (writer.kind === 'unit') return { scope: writer.scope, name: writer.unit };
            const { unit: name = '' } = captures;
            return writer.kind === 'manager' && isUnitName(name)
                ? { scope: writer.scope, name: unnumbered(name) }
                : null;
        }
        const named = unit(captures);
        const isWatched = (of: UnitOfProcess) => of.scope === 'system' || this.#uid === null || of.uid === this.#uid;
        return named !== null && isUnitName(named.name) && isWatched(named)
            ? { ...named, name: unnumbered(named.name) }
            : null;
    }
}

type Unit = { scope: Scope; name: string };

function descriptionOf({ line, about, captures: values }: Match, rule: FaultRule, entry: LogEntry): Description {
    const captures = { ...values, ...fieldsOf(rule, entry) };
    const family = about?.family ?? line.family;
    const named = about?.device || subjectNamed(rule, captures, entry);
    const key = keyOf(family, named, rule);
    const weight = weigh(line, rule, captures, about);
    const isFallback = named === fallbackOf(rule);
    return {
        captures,
        ...weight,
        named,
        isNameless: rule.oneSubject === true || isFallback,
        kind: `${family} ${rule.kind}`,
        key,
        signKey: rule.isHint === true ? `${key} ${templateOf(entry.message())}` : key,
        repeatKey: repeatKeyOf(key, rule),
        isUnnamed: isFallback || named === fixedWordOf(rule),
        sign: signOf(rule, weight.severity, entry),
    };
}

function signOf({ sign }: FaultRule, severity: Severity, entry: LogEntry): Sign | null {
    return typeof sign === 'function' ? sign({ message: entry.message(), severity }) : (sign ?? null);
}

function repeatKeyOf(fault: string, { repeat }: FaultRule): string {
    return `${fault} ${repeat?.apart ?? ''}`;
}

/** Without identifiers in letters and digits, such as that of a mail. A number may be what the message is about. */
function templateOf(message: string): string {
    return message.replace(/\b(?=\d*[a-f])(?=[a-f]*\d)[\da-f]{6,}\b/gi, '#');
}

function keyOf(family: string, subject: string, { kind }: FaultRule): string {
    return `${family} ${subject} ${kind}`;
}

/** Saves most entries from having their head parsed and their text decoded. */
export function withAllLiterals(candidates: readonly RuleLine[], entry: LogEntry): readonly RuleLine[] {
    // The index has already found one of them, and most lines have no other.
    if (candidates.every(({ pattern }) => pattern.hasOneLiteral)) return candidates;
    const folded = foldCase(entry.raw().toString('latin1'));
    return candidates.filter(({ pattern }) => pattern.hasOneLiteral || pattern.mayMatchIn(folded));
}

/** A harmless line has an effect only if it reports a circumstance, or a success after failures. */
export function isWithoutEffect({ rule, indicates, overcomes }: RuleLine): boolean {
    return rule === null && indicates === null && overcomes === null;
}

/** The severity. The writer of an entry decides how much common words weigh, but a minor fault of a rule stays minor. */
function weigh(
    { isGeneric }: RuleLine,
    rule: FaultRule,
    captures: Captures,
    about: Attribution | null,
): Pick<Report, 'severity' | 'ownSeverity'> {
    const level = severityOf(rule, captures);
    if (about === null) return { severity: level, ownSeverity: level };
    const weighed = worse(level, about.severity);
    const severity = about.isNamed && (isGeneric || level !== 'low') ? weighed : level;
    return { severity, ownSeverity: level === 'low' ? severity : weighed };
}

/** Common words about what holds data are worth an incident at once, but do not say that a person has to act at once. */
function shownSeverity(weighed: Severity, ofRule: Severity): Severity {
    return weighed === 'high' && (ofRule === 'low' || ofRule === 'medium') ? 'medium' : weighed;
}

function worse(one: Severity, other: Severity): Severity {
    return severities.indexOf(one) > severities.indexOf(other) ? one : other;
}

function findingOf(
    { family, rule, captures, severity, subject, isUnnamed, isFaint }: Report,
    entry: LogEntry,
    { unit, writer }: { unit: Unit | null; writer: Writer },
): Omit<Finding, 'occurrence' | 'evidence' | 'rootCause'> {
    const occurredAt = timeOf(rule, captures, entry);
    const program = programName(entry.field('SYSLOG_IDENTIFIER') ?? '');
    // What a program reports about itself is part of the failure of its unit.
    const speaks =
        program !== '' && program !== 'kernel' && (rule.ofUnit === 'reason' || subject.toLowerCase() === program);
    return {
        family,
        kind: rule.kind,
        scope: unit?.scope ?? ('scope' in writer ? writer.scope : 'system'),
        subject,
        severity: shownSeverity(severity, severityOf(rule, captures)),
        title: titleOf(rule, { subject, ...captures }),
        cause: causeOf(rule, { subject, ...captures }),
        time: occurredAt ?? entry.time(),
        facts: {
            ...Object.fromEntries(Object.entries(captures).map(([name, value]) => [name, safeText(value, 256)])),
            ...(unit !== null && rule.ofUnit !== undefined && { [`${rule.ofUnit}Of`]: unit.name }),
            ...(isUnnamed && { unnamed: 'true' }),
            ...(speaks && { speaker: writer.kind === 'unit' ? writer.unit : safeText(program, 64) }),
            ...(occurredAt !== null && { logged: String(entry.time()) }),
            ...(isFaint && { hint: 'true' }),
        },
    };
}

function subjectNamed(rule: FaultRule, captures: Captures, entry: LogEntry): string {
    const named = subjectOf(rule, captures, entry.message()).trim();
    return safeText(named || programName(entry.field('SYSLOG_IDENTIFIER') ?? '') || 'system', subjectLimit);
}

/** The values of a journal entry's fields, which replace those in its words. */
function fieldsOf({ fields }: FaultRule, entry: LogEntry): Captures | null {
    if (fields === undefined) return null;
    return Object.fromEntries(
        Object.entries(fields).flatMap(([name, field]) => {
            const value = entry.field(field, fieldLimit);
            return value === null ? [] : [[name, safeText(Buffer.from(value, 'latin1'), fieldLimit)]];
        }),
    );
}

/** When the event happened, if it was logged later, in microseconds since the Unix epoch; null if unknown. */
function timeOf({ occurredAt }: FaultRule, captures: Captures, entry: LogEntry): number | null {
    const logged = entry.time();
    if (occurredAt === undefined || logged === null) return null;
    const time = Math.min(occurredAt(captures), logged);
    return logged - time <= longestDelay ? time : null;
}
