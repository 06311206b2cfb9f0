import { AnchorIndex } from './anchorIndex.ts';
import type { LogEntry } from './logEntry.ts';
import { nothing } from './rule.ts';
import type { Family, Rule, Verdict } from './rule.ts';
import { UnitFamily } from './rules/unit.ts';
import { writerOf } from './writer.ts';
import type { Writer } from './writer.ts';

/** The rules that can apply to what one kind of writer wrote. */
type Index = { byMessageId: Map<string, Rule[]>; byAnchor: AnchorIndex<Rule> };

/**
 * Runs the rules over log entries. Its memory is bounded; what it needs to remember of earlier entries is rebuilt by feeding
 * them again and ignoring the verdicts.
 */
export class Detector {
    readonly #uid: number | null;
    readonly #families: readonly Family[];
    readonly #indexes = new Map<Writer['kind'], Index>();

    /** @param dependencies.uid the user whose own units are watched; null for those of every user in the log */
    constructor(dependencies: { uid: number | null; families?: readonly Family[] }) {
        this.#uid = dependencies.uid;
        this.#families = dependencies.families ?? [new UnitFamily()];
        const rules = this.#families.flatMap(family => family.rules);
        for (const kind of ['manager', 'unit', 'kernel', 'unknown', 'other'] as const) {
            const applicable = rules.filter(rule => rule.from.includes(kind));
            if (applicable.length > 0) this.#indexes.set(kind, makeIndex(applicable));
        }
    }

    /** What the entry tells: mostly nothing, sometimes a finding, seldom more. */
    feed(entry: LogEntry): readonly Verdict[] {
        const writer = writerOf(entry, this.#uid);
        const index = this.#indexes.get(writer.kind);
        if (index !== undefined) {
            const verdicts = applyRules(index, entry, writer);
            if (verdicts !== null) return verdicts;
        }
        let verdicts = nothing;
        for (const family of this.#families) {
            const more = family.observe(entry, writer);
            if (more.length > 0) verdicts = verdicts.length === 0 ? more : [...verdicts, ...more];
        }
        return verdicts;
    }
}

function makeIndex(rules: readonly Rule[]): Index {
    const byMessageId = new Map<string, Rule[]>();
    for (const rule of rules) {
        for (const id of rule.messageIds ?? []) byMessageId.set(id, [...(byMessageId.get(id) ?? []), rule]);
    }
    const anchors = rules.flatMap(rule => rule.anchors.map(anchor => [anchor, rule] as const));
    return { byMessageId, byAnchor: new AnchorIndex(anchors) };
}

/** @returns null when no rule applied */
function applyRules(index: Index, entry: LogEntry, writer: Writer): readonly Verdict[] | null {
    const id = entry.field('MESSAGE_ID');
    const named = id === null ? undefined : index.byMessageId.get(id);
    // A process other than the manager may use any message ID, so its wording must fit too.
    const trusted = writer.kind === 'manager';
    const message = entry.message();
    let applied: readonly Verdict[] | null = null;
    for (const rule of named ?? index.byAnchor.find(message)) {
        const match = rule.pattern.exec(message);
        if (match === null && !(trusted && named !== undefined)) continue;
        const verdicts = rule.apply(match, entry, writer);
        applied = applied === null ? verdicts : [...applied, ...verdicts];
    }
    return applied;
}
