import type { Severity } from '../model/incident.ts';
import type { Assessment } from '../detection/verdict.ts';
import { isExcerpt } from './excerpt.ts';

/** The output of `reeve analyze --per-line` for a line. */
export type LineVerdict = { line: number; actionable: boolean; family: string | null; severity: Severity | null };

/** How many lines are held back, as later lines may show that one was the beginning of a fault. */
const window = 2000;

/** Gives a verdict for every line of a log, in order. */
export class LineVerdicts {
    readonly #give: (verdict: LineVerdict) => void;
    #held: (LineVerdict & { isSign: boolean })[] = [];

    constructor(give: (verdict: LineVerdict) => void) {
        this.#give = give;
    }

    /** @param line from 1; lines that were left out in between get no verdict */
    add(line: number, assessment: Assessment | null): void {
        const isKnown = assessment !== null && assessment.family !== '';
        this.#held.push({
            line,
            actionable: assessment?.actionable ?? false,
            isSign: assessment?.isSign ?? false,
            family: isKnown ? assessment.family : null,
            severity: isKnown ? assessment.severity : null,
        });
        for (const earlier of assessment?.earlier ?? []) this.#revise(earlier, true);
        for (const { line: earlier } of assessment?.ordinary ?? []) this.#revise(earlier, false);
        if (this.#held.length >= 2 * window) this.#giveFirst(window);
    }

    #giveFirst(count: number): void {
        const reports = this.#held.filter(({ actionable }) => actionable).length;
        const doSignsCount = isExcerpt(reports, this.#held.length);
        for (const { isSign, ...verdict } of this.#held.splice(0, count))
            this.#give(isSign && !doSignsCount ? { ...verdict, actionable: false } : verdict);
    }

    #revise(line: number | null, actionable: boolean): void {
        const held = this.#held.findLast(verdict => verdict.line === line);
        if (held !== undefined) Object.assign(held, { actionable, isSign: false });
    }

    end(): void {
        if (this.#held.length > 0) this.#giveFirst(this.#held.length);
    }
}
