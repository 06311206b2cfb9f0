import type { LogEntry } from '../journal/logEntry.ts';
import { safeText } from '../text/sanitise.ts';
import type { Severity } from '../model/incident.ts';
import { AnchorIndex } from './anchorIndex.ts';
import { DeviceTree } from './deviceTree.ts';
import type { EntryJudge } from './entryJudge.ts';
import { KernelTraces } from './kernelTraces.ts';
import type { FaultFamily } from './faultRule.ts';
import type { Persistence } from './persistence.ts';
import { isWithoutEffect, RuleEngine, withAllLiterals } from './ruleEngine.ts';
import type { Match } from './ruleEngine.ts';
import { RuleLines } from './ruleLines.ts';
import type { OfRule, RuleLine } from './ruleLines.ts';
import { sessionAnchors } from './sessions.ts';
import type { Sessions } from './sessions.ts';
import type { StatefulFamily, StatefulRule } from './statefulRule.ts';
import { nothing, ordinary } from './verdict.ts';
import type { Assessment, EntryReference, Verdict } from './verdict.ts';
import type { Writer } from './writer.ts';

/**
 * What a literal in an entry points to: a rule with state, the rank of a declarative line, or that the entry may be about
 * sessions or about what a device is attached to.
 */
export type Candidate = StatefulRule | number | 'sessions' | 'devices';

/** What the rules recognise in an entry by its words and its writer alone, and so in every entry with the same. */
export type Recognition = { match: Match | null; writer: Writer };

/** Of an entry that only explains earlier ones. */
const explanation: Assessment = { actionable: false, family: '', severity: 'low' };

/** Runs the rules over the entries of one kind of log in which a detector has found candidates. */
export class RuleRunner<Entry extends LogEntry> {
    /** What the last entry means to the user; null when nothing is known about it. */
    assessment: Assessment | null = null;
    readonly #familyOf: ReadonlyMap<StatefulRule, StatefulFamily>;
    readonly #lines: RuleLines;
    readonly #engine: RuleEngine<Entry>;
    readonly #sessions: Sessions;
    readonly #devices: DeviceTree;
    readonly #traces = new KernelTraces();

    constructor({
        stateful,
        families,
        judge,
        uid,
        sessions,
        devices = new DeviceTree(),
        persistence,
    }: {
        stateful: readonly StatefulFamily[];
        families: readonly FaultFamily[];
        judge: EntryJudge<Entry>;
        uid: number | null;
        sessions: Sessions;
        devices?: DeviceTree | undefined;
        persistence?: Persistence | undefined;
    }) {
        this.#devices = devices;
        this.#familyOf = new Map(stateful.flatMap(family => family.rules.map(rule => [rule, family] as const)));
        this.#lines = new RuleLines(families);
        this.#sessions = sessions;
        this.#engine = new RuleEngine(judge, uid, { sessions, devices, persistence, overcome: this.#lines.overcome });
    }

    /** @param sample of the texts to be searched */
    index(
        isLineWanted: (of: OfRule) => boolean,
        isRuleWanted: (rule: StatefulRule) => boolean = () => true,
        sample?: Uint8Array,
    ): AnchorIndex<Candidate> {
        const rules = [...this.#familyOf.keys()].filter(isRuleWanted);
        const ofRules = rules.flatMap(rule => rule.anchors.map(anchor => [anchor, rule] as const));
        const ofSessions = sessionAnchors.map(anchor => [anchor, 'sessions'] as const);
        const ofDevices = DeviceTree.anchors.map(anchor => [anchor, 'devices'] as const);
        const all = [...ofRules, ...ofSessions, ...ofDevices, ...this.#lines.anchors(isLineWanted)];
        return new AnchorIndex<Candidate>(all, sample);
    }

    /**
     * What the candidates may lead to, judged only by the bytes of the entry. Harmless lines matter only beside others that
     * they make harmless.
     */
    effectOf(candidates: readonly Candidate[], entry: Entry): 'some' | 'only beside others' | 'nothing' {
        const lines = withAllLiterals(this.#linesOf(candidates), entry);
        if (!lines.every(isWithoutEffect)) return 'some';
        const hasOthers = candidates.some(candidate => typeof candidate !== 'number');
        return lines.length > 0 || hasOthers ? 'only beside others' : 'nothing';
    }

    /**
     * @param named the rules for the message ID of the entry, which precede those found by its words
     * @returns also whether a rule with state applied, so that nothing else has to be added
     */
    run(
        candidates: readonly Candidate[],
        entry: Entry,
        writer: () => Writer,
        named: readonly StatefulRule[] = [],
    ): { verdicts: readonly Verdict[]; isTaken: boolean } {
        let explained: readonly EntryReference[] = [];
        const lines: RuleLine[] = [];
        const rules: StatefulRule[] = [];
        for (const candidate of candidates) {
            if (typeof candidate === 'number') lines.push(this.#lines.get(candidate));
            else if (typeof candidate === 'object') rules.push(candidate);
            else if (candidate === 'sessions') explained = this.#sessions.note(entry, writer());
            else if (isOfKernel(writer())) this.#devices.learn(entry.message(), entry);
        }
        const result = this.#run(lines, named.length > 0 ? named : rules, entry, writer, named.length > 0);
        if (explained.length > 0) {
            this.#engine.withdraw(explained);
            const { ordinary: others = [], ...own } = this.assessment ?? explanation;
            this.assessment = { ...own, ordinary: [...others, ...explained] };
        }
        return result;
    }

    /** What an entry adds to what one shortly before it reported, whatever `run` makes of it. */
    follow(entry: Entry, writer: () => Writer): readonly Verdict[] {
        return this.#traces.read(entry, () => isOfKernel(writer()));
    }

    /** What `run` recognised in the entry; null when that depends on other entries, too. */
    recognised(candidates: readonly Candidate[], writer: Writer): Recognition | null {
        const ofWords = candidates.every(
            candidate =>
                typeof candidate === 'number' ||
                (typeof candidate === 'object' && !candidate.from.includes(writer.kind)),
        );
        if (!ofWords) return null;
        const lines = this.#linesOf(candidates);
        const match = lines.every(isWithoutEffect) ? null : this.#engine.match;
        return { match, writer };
    }

    /** Judges an entry in which the same was recognised before. */
    runAgain({ match, writer }: Recognition, entry: Entry): readonly Verdict[] {
        this.assessment = null;
        if (match === null) return nothing;
        const verdicts = this.#engine.take(match, entry, () => writer);
        this.assessment = this.#engine.assessment;
        return this.#place(verdicts, entry);
    }

    #run(
        lines: readonly RuleLine[],
        rules: readonly StatefulRule[],
        entry: Entry,
        writer: () => Writer,
        isNamed: boolean,
    ): { verdicts: readonly Verdict[]; isTaken: boolean } {
        const taken = rules.length === 0 ? null : this.#applyStateful(rules, isNamed, entry, writer());
        if (taken === ordinary || (taken !== null && this.assessment?.actionable))
            return { verdicts: this.#place(taken, entry), isTaken: true };
        const verdicts = joined(taken ?? nothing, this.#applyLines(lines, entry, writer));
        return { verdicts: this.#place(verdicts, entry), isTaken: taken !== null };
    }

    /** Says where the device is that a fault is about: what is above it may be the cause. */
    #place(verdicts: readonly Verdict[], entry: Entry): readonly Verdict[] {
        for (const verdict of verdicts) {
            if (!('finding' in verdict)) continue;
            if (verdict.hasTrace === true) this.#traces.begin(verdict.finding, entry);
            const place = this.#devices.placeIn(verdict.finding.subject, entry.message());
            if (place === null) continue;
            verdict.finding.facts.place = safeText(place, 256);
            if (verdict.isHarmlessAlone !== true) this.#devices.noteFault(place, entry);
        }
        return verdicts;
    }

    #applyLines(lines: readonly RuleLine[], entry: Entry, writer: () => Writer): readonly Verdict[] {
        if (lines.every(isWithoutEffect)) return nothing;
        const verdicts = this.#engine.apply(lines, entry, writer);
        this.assessment = this.#engine.assessment ?? this.assessment;
        return verdicts;
    }

    #linesOf(candidates: readonly Candidate[]): RuleLine[] {
        const lines: RuleLine[] = [];
        for (const candidate of candidates) if (typeof candidate === 'number') lines.push(this.#lines.get(candidate));
        return lines;
    }

    /** @returns null when no rule applied */
    #applyStateful(
        rules: readonly StatefulRule[],
        isNamed: boolean,
        entry: Entry,
        writer: Writer,
    ): readonly Verdict[] | null {
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
            applied = applied === null ? verdicts : joined(applied, verdicts);
            this.#assess(rule, match, verdicts, writer);
        }
        return applied;
    }

    #assess(rule: StatefulRule, match: RegExpExecArray | null, verdicts: readonly Verdict[], writer: Writer): void {
        const family = this.#familyOf.get(rule);
        if (family === undefined) return;
        const isFault = typeof rule.isFault === 'function' ? rule.isFault(match) : rule.isFault === true;
        if (isFault && verdicts !== ordinary) {
            const severity = severityIn(verdicts) ?? family.severityOf(match, writer);
            this.assessment = { actionable: true, family: family.name, severity };
        } else this.assessment ??= { actionable: false, family: family.name, severity: 'low' };
    }
}

/** Two that report nothing are `ordinary` if one of them is. */
export function joined(one: readonly Verdict[], other: readonly Verdict[]): readonly Verdict[] {
    if (other.length === 0) return one.length === 0 && other === ordinary ? other : one;
    return one.length === 0 ? other : [...one, ...other];
}

/** A line of text may not say who wrote it. */
function isOfKernel({ kind }: Writer): boolean {
    return kind === 'kernel' || kind === 'unknown';
}

function severityIn(verdicts: readonly Verdict[]): Severity | null {
    for (const verdict of verdicts) if ('finding' in verdict) return verdict.finding.severity;
    return null;
}
