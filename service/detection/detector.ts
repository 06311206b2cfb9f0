import type { LogEntry } from '../journal/logEntry.ts';
import type { AttachedDevices } from '../machine/hardware/attachedDevices.ts';
import type { AnchorIndex } from './anchorIndex.ts';
import type { DetectedFamily } from './family.ts';
import { DeviceTree } from './deviceTree.ts';
import { countsInJournals } from './faultRule.ts';
import { JournalJudge } from './journalJudge.ts';
import type { Persistence } from './persistence.ts';
import { joined, RuleRunner } from './ruleRunner.ts';
import type { Candidate } from './ruleRunner.ts';
import { Sessions } from './sessions.ts';
import type { EntryObserver, StatefulRule } from './statefulRule.ts';
import { nothing } from './verdict.ts';
import type { Assessment, Verdict } from './verdict.ts';
import { writerOf } from './writer.ts';

/**
 * Runs the rules over the entries of a journal. Its memory is bounded. To rebuild what it remembers of earlier entries, feed
 * them again and ignore the verdicts. Lines of text are for `TextDetector` in service/textAnalysis.
 */
export class Detector {
    readonly #uid: number | null;
    readonly #observers: readonly EntryObserver[];
    readonly #byMessageId = new Map<string, StatefulRule[]>();
    readonly #rules: RuleRunner<LogEntry>;
    /** Created when the first entry comes. */
    #index: AnchorIndex<Candidate> | null = null;

    /**
     * @param dependencies.uid the user whose own units are watched; null for those of every user in the journal
     * @param dependencies.devices what is attached now; null for a journal of another time or computer
     * @param dependencies.persistence the signs of faults so far
     */
    constructor({
        uid,
        families,
        devices = null,
        persistence,
    }: {
        uid: number | null;
        families: readonly DetectedFamily[];
        devices?: AttachedDevices | null;
        persistence?: Persistence;
    }) {
        this.#uid = uid;
        const sessions = new Sessions();
        const stateful = families.flatMap(family => family.stateful?.(sessions) ?? []);
        this.#observers = [...stateful, ...families.flatMap(family => family.observer?.() ?? [])];
        this.#rules = new RuleRunner({
            stateful,
            families,
            judge: new JournalJudge(),
            uid,
            sessions,
            devices: new DeviceTree(devices),
            persistence,
        });
        for (const rule of stateful.flatMap(({ rules }) => rules))
            for (const id of rule.messageIds ?? [])
                this.#byMessageId.set(id, [...(this.#byMessageId.get(id) ?? []), rule]);
    }

    /** What the last entry means to the user; null when nothing is known about it. */
    get assessment(): Assessment | null {
        return this.#rules.assessment;
    }

    /** What the entry reports: mostly nothing, sometimes a finding, seldom more. */
    feed(entry: LogEntry): readonly Verdict[] {
        this.#rules.assessment = null;
        this.#index ??= this.#rules.index(line => line.isForAnybody || countsInJournals(line));
        const found = entry.find(this.#index);
        const writer = writerOf(entry, this.#uid);
        const id = entry.field('MESSAGE_ID');
        const named = id === null ? undefined : this.#byMessageId.get(id);
        let verdicts = nothing;
        if (found !== null || named !== undefined) {
            const rules = named?.filter(rule => rule.from.includes(writer.kind));
            const result = this.#rules.run(found ?? [], entry, () => writer, rules);
            if (result.isTaken) return result.verdicts;
            verdicts = result.verdicts;
        }
        verdicts = joined(
            verdicts,
            this.#rules.follow(entry, () => writer),
        );
        for (const observer of this.#observers) verdicts = joined(verdicts, observer.observe(entry, writer));
        return verdicts;
    }
}
