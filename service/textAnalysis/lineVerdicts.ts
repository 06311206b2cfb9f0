import type { Severity } from '../model/incident.ts';
import type { Assessment } from '../detection/verdict.ts';
import { isExcerpt } from './excerpt.ts';
import type { TextLogEntry } from './textLogEntry.ts';

/** The output of `reeve analyze --per-line` for a line. */
export type LineVerdict = { line: number; actionable: boolean; family: string | null; severity: Severity | null };

/** How many lines are held back, as later lines may show that one was the beginning of a fault. */
const window = 2000;

type Weight = { actionable: boolean; isSign: boolean };
/**
 * @property alone what the line says without those after it
 * @property earlier the lines that it showed to report the same
 * @property isRepeated whether it says the same as the last line that sounds like a fault
 */
type Held = LineVerdict & Weight & { alone: Weight; earlier: readonly number[]; isRepeated: boolean };

/** Gives a verdict for every line of a log, in order. */
export class LineVerdicts {
    readonly #give: (verdict: LineVerdict) => void;
    #held: Held[] = [];
    #lastReport: string | null = null;

    constructor(give: (verdict: LineVerdict) => void) {
        this.#give = give;
    }

    /** @param entry lines count from 1; those that were left out in between get no verdict */
    add(entry: TextLogEntry, assessment: Assessment | null): void {
        const { line } = entry;
        const isKnown = assessment !== null && assessment.family !== '';
        const { actionable = false, isSign = false, earlier = [], ordinary = [] } = assessment ?? {};
        this.#held.push({
            line,
            actionable,
            isSign,
            alone: { actionable, isSign },
            earlier,
            isRepeated: actionable && this.#isRepeated(entry.message()),
            family: isKnown ? assessment.family : null,
            severity: isKnown ? assessment.severity : null,
        });
        for (const one of earlier) this.#revise(one, () => ({ actionable: true, isSign: false }));
        for (const { line: one } of ordinary) this.#withdraw(one);
        if (this.#held.length >= 2 * window) this.#giveFirst(window);
    }

    #isRepeated(report: string): boolean {
        const isSame = report === this.#lastReport;
        this.#lastReport = report;
        return isSame;
    }

    #giveFirst(count: number): void {
        const reports = this.#held.filter(({ actionable, isRepeated }) => actionable && !isRepeated).length;
        const doSignsCount = isExcerpt(reports, this.#held.length);
        for (const { line, actionable, isSign, family, severity } of this.#held.splice(0, count))
            this.#give({ line, actionable: actionable && (!isSign || doSignsCount), family, severity });
    }

    /** The line reports no fault, and those before it say again what they said alone. */
    #withdraw(line: number | null): void {
        const withdrawn = this.#revise(line, () => ({ actionable: false, isSign: false }));
        for (const earlier of withdrawn?.earlier ?? []) this.#revise(earlier, ({ alone }) => alone);
    }

    #revise(line: number | null, weigh: (held: Held) => Weight): Held | undefined {
        const held = this.#held.findLast(verdict => verdict.line === line);
        return held === undefined ? undefined : Object.assign(held, weigh(held));
    }

    end(): void {
        if (this.#held.length > 0) this.#giveFirst(this.#held.length);
    }
}
