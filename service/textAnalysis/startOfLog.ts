import type { TextLogEntry } from './textLogEntry.ts';

const firstMinute = 60_000_000;
/** So many lines of a log without times are of the start: those of Linux 2.4 had two hundred, those of 2.6 twice as many. */
const linesOfStart = 400;

/** When the log last reported a start of the computer, by its own clock, and in which line. */
export class StartOfLog {
    #start: { clock: number | null; line: number } | null = null;

    /** A log whose lines have times from here on has been put together of several. */
    see(entry: TextLogEntry): void {
        if (this.#start?.clock === null && entry.clock() !== null) this.#start = null;
    }

    /** A start has several such lines, of which the first is when it was. */
    note(entry: TextLogEntry): void {
        if (!this.isSoonBefore(entry)) this.#start = { clock: entry.clock(), line: entry.line };
    }

    /** Whether the entry is of the first minute after the start, by the log's own clock or by the number of lines. */
    isSoonBefore(entry: TextLogEntry): boolean {
        const start = this.#start;
        if (start === null) return false;
        const clock = entry.clock();
        if (clock === null) return start.clock === null && entry.line - start.line < linesOfStart;
        return start.clock !== null && clock >= start.clock && clock - start.clock < firstMinute;
    }
}
