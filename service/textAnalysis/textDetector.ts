import type { AnchorIndex } from '../detection/anchorIndex.ts';
import type { FaultFamily } from '../detection/faultRule.ts';
import type { OfRule } from '../detection/ruleLines.ts';
import { joined, RuleRunner } from '../detection/ruleRunner.ts';
import type { Candidate, Recognition } from '../detection/ruleRunner.ts';
import { Sessions } from '../detection/sessions.ts';
import { UncleanStop } from '../faults/reboot/uncleanStop.ts';
import { UnitRules } from '../faults/unit/rules.ts';
import { nothing } from '../detection/verdict.ts';
import type { Assessment, Verdict } from '../detection/verdict.ts';
import { writerOf } from '../detection/writer.ts';
import type { Writer } from '../detection/writer.ts';
import { textFamilies } from './families.ts';
import { KnownLines } from './knownLines.ts';
import { ProgramLines } from './programLines.ts';
import { TextJudge } from './textJudge.ts';
import type { Remembered, TextLogEntry } from './textLogEntry.ts';

type Judged = ReturnType<RuleRunner<TextLogEntry>['run']>;
const unknown: Judged = { verdicts: nothing, isTaken: false };

/** A line that repeats: the candidates in it, and what the rules recognised if that is all that counts. */
type KnownLine = { found: readonly Candidate[] | null; recognition: Recognition | null };
const ofNothing: KnownLine = { found: null, recognition: null };

/** Runs the rules over the lines of a plain-text log, as `Detector` does over the entries of a journal. Its memory is bounded. */
export class TextDetector {
    readonly #rules: RuleRunner<TextLogEntry>;
    readonly #programLines = new ProgramLines();
    readonly #units: UnitRules;
    readonly #withHints: boolean;
    readonly #judge = new TextJudge();
    readonly #known = new KnownLines<Remembered<KnownLine>>();
    /** Created with the first line, for what is rare in the log. */
    #index: AnchorIndex<Candidate> | null = null;
    #ofStrangers: AnchorIndex<Candidate> | null = null;

    /**
     * @param options.families the declarative rules
     * @param options.withHints whether to assess lines that would make no incident in a journal
     */
    constructor({
        families = textFamilies,
        withHints = false,
    }: { families?: readonly FaultFamily[]; withHints?: boolean } = {}) {
        const sessions = new Sessions();
        this.#units = new UnitRules(sessions, this.#programLines);
        const stateful = [this.#units, new UncleanStop(sessions)];
        this.#rules = new RuleRunner<TextLogEntry>({ stateful, families, judge: this.#judge, uid: null, sessions });
        this.#withHints = withHints;
    }

    /** What the last line means to the user; null when nothing is known about it. */
    get assessment(): Assessment | null {
        return this.#rules.assessment;
    }

    /** What the line reports: mostly nothing, sometimes a finding, seldom more. */
    feed(entry: TextLogEntry): readonly Verdict[] {
        this.#rules.assessment = null;
        if (entry.explains()) {
            this.#units.passOver();
            return nothing;
        }
        const known = entry.recall(this.#known);
        const { verdicts, isTaken } = known === undefined ? this.#judgeNew(entry) : this.#judgeKnown(entry, known);
        if (isTaken) return verdicts;
        this.#programLines.add(entry);
        return joined(verdicts, this.#rules.follow(entry, writerOfLine(entry)));
    }

    #judgeNew(entry: TextLogEntry): Judged {
        const isRepeated = entry.knownHead() !== null && this.#known.isRepeated;
        const found = this.#candidatesIn(entry);
        if (found === null) {
            if (isRepeated) entry.learnIn(this.#known, ofNothing);
            return unknown;
        }
        const getWriter = writerOfLine(entry);
        const result = this.#rules.run(found, entry, getWriter);
        if (isRepeated && this.#judge.goesByWords(entry, true))
            entry.learnIn(this.#known, { found, recognition: this.#rules.recognised(found, getWriter()) });
        return result;
    }

    #judgeKnown(entry: TextLogEntry, { found, recognition }: KnownLine): Judged {
        if (found === null) return unknown;
        if (recognition !== null && this.#judge.goesByWords(entry, recognition.match !== null))
            return { verdicts: this.#rules.runAgain(recognition, entry), isTaken: false };
        return this.#rules.run(found, entry, writerOfLine(entry));
    }

    #candidatesIn(entry: TextLogEntry): readonly Candidate[] | null {
        // Most lines are of a stranger, of most logs.
        if (entry.knownHead()?.isStranger === true) {
            const found = this.#candidatesFromAnybody(entry);
            const effect = found === null ? 'nothing' : this.#rules.effectOf(found, entry);
            if (effect === 'nothing') return null;
            // The others are not trusted.
            if (effect === 'some') return found;
        }
        this.#index ??= this.#rules.index(line => this.#isAssessed(line), undefined, entry.sample());
        return entry.find(this.#index);
    }

    /** What a line of an unknown program contains that counts from one. */
    #candidatesFromAnybody(entry: TextLogEntry): readonly Candidate[] | null {
        this.#ofStrangers ??= this.#rules.index(
            line => line.from.includes('anybody') && this.#isAssessed(line),
            ({ from }) => from.includes('other'),
            entry.sample(),
        );
        return entry.find(this.#ofStrangers);
    }

    #isAssessed({ isHint }: OfRule): boolean {
        return this.#withHints || !isHint;
    }
}

/** The head of a line is parsed only when something asks who wrote it. */
function writerOfLine(entry: TextLogEntry): () => Writer {
    let writer: Writer | null = null;
    return () => (writer ??= writerOf(entry, null));
}
