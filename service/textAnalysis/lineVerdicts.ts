import type { Severity } from '../model/incident.ts';
import type { Assessment } from '../detection/verdict.ts';
import { isExcerpt } from './excerpt.ts';

/** The output of `reeve analyze --per-line` for a line. */
export type LineVerdict = { line: number; actionable: boolean; family: string | null; severity: Severity | null };

/** How many lines are held back, as later lines may show that one was the beginning of a fault. */
const window = 2000;

type Weight = { actionable: boolean; isSign: boolean };
/**
 * @property alone what the line says without those after it
 * @property earlier the lines that it showed to report the same
 */
type Held = LineVerdict & Weight & { alone: Weight; earlier: readonly number[] };

/** Gives a verdict for every line of a log, in order. */
export class LineVerdicts {
    readonly #give: (verdict: LineVerdict) => void;
    #held: Held[] = [];

    constructor(give: (verdict: LineVerdict) => void) {
        this.#give = give;
    }

    /** @param line from 1; lines that were left out in between get no verdict */
    add(line: number, assessment: Assessment | null): void {
        const isKnown = assessment !== null && assessment.family !== '';
        const { actionable = false, isSign = false, earlier = [], ordinary = [] } = assessment ?? {};
        this.#held.push({
            line,
            actionable,
            isSign,
            alone: { actionable, isSign },
            earlier,
            family: isKnown ? assessment.family : null,
            severity: isKnown ? assessment.severity : null,
        });
        for (const one of earlier) this.#revise(one, () => ({ actionable: true, isSign: false }));
        for (const { line: one } of ordinary) this.#withdraw(one);
        if (this.#held.length >= 2 * window) this.#giveFirst(window);
    }

    #giveFirst(count: number): void {
        const reports = this.#held.filter(({ actionable }) => actionable).length;
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
