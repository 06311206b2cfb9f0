import type { Severity } from '../model/incident.ts';
import type { Assessment } from '../detection/verdict.ts';

/** The output of `reeve analyze --per-line` for a line. */
export type LineVerdict = { line: number; actionable: boolean; family: string | null; severity: Severity | null };

/** How many lines are held back, as later lines may show that one was the beginning of a fault. */
const window = 2000;

/** Gives a verdict for every line of a log, in order. */
export class LineVerdicts {
    readonly #give: (verdict: LineVerdict) => void;
    #held: LineVerdict[] = [];

    constructor(give: (verdict: LineVerdict) => void) {
        this.#give = give;
    }

    /** @param line from 1; lines that were left out in between get no verdict */
    add(line: number, assessment: Assessment | null): void {
        const isKnown = assessment !== null && assessment.family !== '';
        this.#held.push({
            line,
            actionable: assessment?.actionable ?? false,
            family: isKnown ? assessment.family : null,
            severity: isKnown ? assessment.severity : null,
        });
        for (const earlier of assessment?.earlier ?? []) this.#revise(earlier, true);
        for (const { line: earlier } of assessment?.ordinary ?? []) this.#revise(earlier, false);
        if (this.#held.length >= 2 * window) {
            for (const verdict of this.#held.splice(0, window)) this.#give(verdict);
        }
    }

    #revise(line: number | null, actionable: boolean): void {
        const held = this.#held.findLast(verdict => verdict.line === line);
        if (held !== undefined) held.actionable = actionable;
    }

    end(): void {
        for (const verdict of this.#held) this.#give(verdict);
        this.#held = [];
    }
}
