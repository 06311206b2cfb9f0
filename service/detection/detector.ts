import { AnchorIndex } from './anchorIndex.ts';
import { families as allFamilies } from './families.ts';
import { Faults, withAllLiterals } from './faults.ts';
import { FaultLines } from './faultLines.ts';
import type { FaultLine } from './faultLines.ts';
import type { FaultFamily, Judgement } from './fault.ts';
import type { LogEntry } from './logEntry.ts';
import { nothing } from './rule.ts';
import type { Family, Rule, Verdict } from './rule.ts';
import { HardwareClock } from './rules/hardwareClock.ts';
import { UnitFamily } from './rules/unit.ts';
import { unitSeverity } from './severity.ts';
import { writerOf } from './writer.ts';
import type { Writer } from './writer.ts';

/**
 * Runs the rules over log entries. Its memory is bounded; what it needs to remember of earlier entries is rebuilt by feeding
 * them again and ignoring the verdicts.
 */
export class Detector {
    /** What the entry that was fed last means to the person at the computer; null when nothing is known of it. */
    judgement: Judgement | null = null;
    readonly #uid: number | null;
    readonly #families: readonly Family[];
    readonly #byMessageId = new Map<string, Rule[]>();
    readonly #lines: FaultLines;
    readonly #withHints: boolean;
    readonly #withComplaints: boolean;
    /** Made when the first entry of its kind comes, as few logs have both. */
    #ofJournal: AnchorIndex<Found> | null = null;
    #ofText: AnchorIndex<Found> | null = null;
    #ofStrangers: AnchorIndex<Found> | null = null;
    readonly #faults: Faults;

    /**
     * @param dependencies.uid the user whose own units are watched; null for those of every user in the log
     * @param dependencies.faults the declarative rules
     * @param dependencies.withHints whether lines of text are to be judged that would make no incident in a journal
     * @param dependencies.withComplaints whether also those that make no incident at all, and of which there are many
     */
    constructor(dependencies: {
        uid: number | null;
        faults?: readonly FaultFamily[];
        withHints?: boolean;
        withComplaints?: boolean;
    }) {
        this.#uid = dependencies.uid;
        this.#faults = new Faults(dependencies.uid);
        this.#families = [new UnitFamily(), new HardwareClock()];
        const rules = this.#families.flatMap(family => family.rules);
        for (const rule of rules) {
            for (const id of rule.messageIds ?? [])
                this.#byMessageId.set(id, [...(this.#byMessageId.get(id) ?? []), rule]);
        }
        this.#lines = new FaultLines(dependencies.faults ?? allFamilies);
        this.#withHints = dependencies.withHints ?? false;
        this.#withComplaints = dependencies.withComplaints ?? false;
    }

    /** What the entry tells: mostly nothing, sometimes a finding, seldom more. */
    feed(entry: LogEntry): readonly Verdict[] {
        this.judgement = null;
        if (entry.line === null) {
            this.#ofJournal ??= this.#index(
                () => true,
                // Nobody is believed whatever they say.
                ({ from, isHint }) => !isHint && (from.length > 1 || !from.includes('anybody')),
            );
            return this.#feedEntry(entry, entry.find(this.#ofJournal));
        }
        // Most lines are of a stranger, of most logs.
        if (entry.knownHead()?.isStranger === true && !this.#mayTellAnything(entry)) {
            for (const family of this.#families) family.observeLine(entry);
            return nothing;
        }
        this.#ofText ??= this.#index(
            () => true,
            line => this.#isJudged(line),
            entry.sample(),
        );
        return this.#feedLine(entry, entry.find(this.#ofText));
    }

    #index(
        isRuleWanted: (rule: Rule) => boolean,
        isLineWanted: (line: Pick<FaultLine, 'from' | 'isHint' | 'rule'>) => boolean,
        sample?: Uint8Array,
    ): AnchorIndex<Found> {
        const rules = this.#families.flatMap(family => family.rules).filter(isRuleWanted);
        return new AnchorIndex<Found>(
            [
                ...rules.flatMap(rule => rule.anchors.map(anchor => [anchor, rule] as const)),
                ...this.#lines.anchors(isLineWanted),
            ],
            sample,
        );
    }

    /** Whether a line of text is judged by a line of a rule. */
    #isJudged({ isHint, rule }: Pick<FaultLine, 'isHint' | 'rule'>): boolean {
        return rule?.complains ? this.#withComplaints : this.#withHints || !isHint;
    }

    /** Whether a line of a stranger holds anything that strangers are believed. */
    #mayTellAnything(entry: LogEntry): boolean {
        this.#ofStrangers ??= this.#index(
            ({ from }) => from.includes('other'),
            line => line.from.includes('anybody') && this.#isJudged(line),
            entry.sample(),
        );
        const found = entry.find(this.#ofStrangers);
        if (found === null) return false;
        const lines: FaultLine[] = [];
        for (const one of found) {
            if (isRule(one)) return true;
            lines.push(this.#lines.get(one));
        }
        return withAllLiterals(lines, entry).length > 0;
    }

    #feedLine(entry: LogEntry, found: readonly Found[] | null): readonly Verdict[] {
        let verdicts = nothing;
        if (found !== null) {
            // The head of a line is only read when something asks who wrote it.
            let known: Writer | null = null;
            const writer = () => (known ??= writerOf(entry, this.#uid));
            const rules = found.filter(isRule);
            const told = rules.length === 0 ? null : this.#applyRules(rules, false, entry, writer());
            if (told !== null && this.judgement?.actionable) return told;
            verdicts = joined(told ?? nothing, this.#applyFaults(found, entry, writer));
            if (told !== null) return verdicts;
        }
        for (const family of this.#families) family.observeLine(entry);
        return verdicts;
    }

    #feedEntry(entry: LogEntry, found: readonly Found[] | null): readonly Verdict[] {
        const writer = writerOf(entry, this.#uid);
        const id = entry.field('MESSAGE_ID');
        const named = id === null ? undefined : this.#byMessageId.get(id);
        let verdicts = nothing;
        if (found !== null || named !== undefined) {
            const rules = named?.filter(rule => rule.from.includes(writer.kind)) ?? [];
            const isNamed = rules.length > 0;
            const told = this.#applyRules(isNamed ? rules : (found ?? []).filter(isRule), isNamed, entry, writer);
            if (told !== null && this.judgement?.actionable) return told;
            verdicts = joined(
                told ?? nothing,
                this.#applyFaults(found ?? [], entry, () => writer),
            );
            if (told !== null) return verdicts;
        }
        for (const family of this.#families) {
            verdicts = joined(verdicts, family.observe(entry, writer));
        }
        return verdicts;
    }

    #applyFaults(found: readonly Found[], entry: LogEntry, writer: () => Writer): readonly Verdict[] {
        const lines: FaultLine[] = [];
        let isHarmless = true;
        for (const one of found) {
            if (isRule(one)) continue;
            const line = this.#lines.get(one);
            lines.push(line);
            isHarmless &&= line.rule === null && line.tells === null;
        }
        // What is harmless says nothing where nothing else does.
        if (isHarmless) return nothing;
        const verdicts = this.#faults.apply(lines, entry, writer);
        this.judgement = this.#faults.judgement ?? this.judgement;
        return verdicts;
    }

    /** @returns null when no rule applied */
    #applyRules(rules: readonly Rule[], isNamed: boolean, entry: LogEntry, writer: Writer): readonly Verdict[] | null {
        // A process other than the manager may use any message ID, so its wording must fit too.
        const isTrusted = isNamed && writer.kind === 'manager';
        let applied: readonly Verdict[] | null = null;
        const allowed = rules.filter(rule => rule.from.includes(writer.kind));
        if (allowed.length > 1)
            allowed.sort((one, other) => Number(one.isFallback ?? 0) - Number(other.isFallback ?? 0));
        for (const rule of allowed) {
            if (rule.isFallback && applied !== null) continue;
            const match = rule.pattern.exec(entry.message());
            if (match === null && !isTrusted) continue;
            const verdicts = rule.apply(match, entry, writer);
            applied = applied === null ? verdicts : [...applied, ...verdicts];
            const isFault = typeof rule.isFault === 'function' ? rule.isFault(match) : rule.isFault === true;
            if (isFault)
                this.judgement = { actionable: true, family: 'unit', severity: severityOf(verdicts, match, writer) };
            else this.judgement ??= { actionable: false, family: 'unit', severity: 'low' };
        }
        return applied;
    }
}

function joined(one: readonly Verdict[], other: readonly Verdict[]): readonly Verdict[] {
    if (other.length === 0) return one;
    return one.length === 0 ? other : [...one, ...other];
}

/** A rule, or the rank of a line of the declarative ones. */
type Found = Rule | number;

function isRule(one: Found): one is Rule {
    return typeof one !== 'number';
}

function severityOf(
    verdicts: readonly Verdict[],
    match: RegExpExecArray | null,
    writer: Writer,
): Judgement['severity'] {
    for (const verdict of verdicts) if ('finding' in verdict) return verdict.finding.severity;
    const unit = match?.groups?.unit ?? '';
    return unitSeverity(writer.kind === 'manager' ? writer.scope : 'system', unit);
}
