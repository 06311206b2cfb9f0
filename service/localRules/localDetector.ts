import { AnchorIndex } from '../detection/anchorIndex.ts';
import type { EntryJudge } from '../detection/entryJudge.ts';
import { RuleEngine } from '../detection/ruleEngine.ts';
import { RuleLines } from '../detection/ruleLines.ts';
import type { RuleLine } from '../detection/ruleLines.ts';
import { nothing } from '../detection/verdict.ts';
import type { Verdict } from '../detection/verdict.ts';
import { writerOf } from '../detection/writer.ts';
import type { Writer } from '../detection/writer.ts';
import type { LogEntry } from '../journal/logEntry.ts';
import type { Finding } from '../model/incident.ts';
import { log } from '../util/log.ts';
import { placeOf } from './localRule.ts';
import type { LocalFamily } from './localRule.ts';

/** A file of rules in use. Each has an engine of its own: what one calls harmless, or matches, does not affect another. */
type Working<Entry extends LogEntry> = { family: LocalFamily; lines: RuleLines; engine: RuleEngine<Entry> };
type Candidate = { file: string; rank: number };

/**
 * Runs local rules over the entries of a log, separately from the detector of Reeve's own rules and without any effect on it.
 */
export class LocalDetector<Entry extends LogEntry> {
    /** Local rules never explain reports of others. */
    readonly assessment = null;
    readonly #uid: number | null;
    readonly #makeJudge: () => EntryJudge<Entry>;
    #working = new Map<string, Working<Entry>>();
    #index: AnchorIndex<Candidate> | null = null;

    constructor({ uid, makeJudge }: { uid: number | null; makeJudge: () => EntryJudge<Entry> }) {
        this.#uid = uid;
        this.#makeJudge = makeJudge;
    }

    /** Applies these from now on. Each file keeps its state from earlier entries. */
    use(families: readonly LocalFamily[]): void {
        this.#working = new Map(
            families.map(family => {
                const engine = this.#working.get(family.path)?.engine ?? new RuleEngine(this.#makeJudge(), this.#uid);
                return [family.path, { family, lines: new RuleLines([family]), engine }];
            }),
        );
        const anchors = [...this.#working].flatMap(([file, { lines }]) =>
            [...lines.anchors(() => true)].map(([anchor, rank]) => [anchor, { file, rank }] as const),
        );
        this.#index = anchors.length === 0 ? null : new AnchorIndex(anchors);
    }

    /** Errors in local rules must not disturb Reeve's own. */
    feed(entry: Entry): readonly Verdict[] {
        try {
            return this.#feed(entry);
        } catch (error) {
            log('error', 'Could not apply a local rule', { error: String(error) });
            return nothing;
        }
    }

    #feed(entry: Entry): readonly Verdict[] {
        const found = this.#index === null ? null : entry.find(this.#index);
        if (found === null) return nothing;
        const writer = writerOf(entry, this.#uid);
        const candidates = new Map<string, RuleLine[]>();
        for (const { file, rank } of found) {
            const line = this.#working.get(file)?.lines.get(rank);
            if (line !== undefined) candidates.set(file, [...(candidates.get(file) ?? []), line]);
        }
        return [...candidates].flatMap(([file, lines]) => {
            const working = this.#working.get(file);
            const verdicts = working?.engine.apply(lines, entry, () => writer) ?? nothing;
            return verdicts.flatMap(verdict =>
                'finding' in verdict && working !== undefined
                    ? [{ finding: marked(verdict.finding, working.family, writer) }]
                    : [],
            );
        });
    }
}

/**
 * The finding with its origin. No name in a file or line decides what the finding belongs to or which action is possible: the
 * facts hold only what journald says, and none of the placeholders.
 */
function marked(finding: Finding, family: LocalFamily, writer: Writer): Finding {
    const rule = family.rules.find(({ kind }) => kind === finding.kind);
    const unit = writer.kind === 'unit' ? { unit: writer.unit, unitScope: writer.scope } : {};
    return {
        ...finding,
        rootCause: null,
        facts: { ...unit, ...(rule !== undefined && { localRule: placeOf(family, rule) }) },
    };
}
