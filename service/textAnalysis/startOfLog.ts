import type { TextLogEntry } from './textLogEntry.ts';

const firstMinute = 60_000_000;
/** How many lines of a log without times belong to the start: Linux 2.4 had two hundred, 2.6 twice as many. */
const linesOfStart = 400;

/** When the log last reported a start of the computer, by its own clock, and in which line. */
export class StartOfLog {
    #start: { clock: number | null; line: number } | null = null;

    /** A log whose lines have times from here on was put together from several. */
    see(entry: TextLogEntry): void {
        if (this.#start?.clock === null && entry.clock() !== null) this.#start = null;
    }

    /** Whether it is too early to tell by the times of lines which of them belong to the start. */
    get isWithoutTime(): boolean {
        return this.#start !== null && this.#start.clock === null;
    }

    /** A start has several such lines, the first of which gives its time. */
    note(entry: TextLogEntry): void {
        if (!this.isSoonBefore(entry)) this.#start = { clock: entry.clock(), line: entry.line };
    }

    /** Whether the entry belongs to the first minute after the start, by the log's own clock or by the number of lines. */
    isSoonBefore(entry: TextLogEntry): boolean {
        const start = this.#start;
        if (start === null) return false;
        const clock = entry.clock();
        if (clock === null) return start.clock === null && entry.line - start.line < linesOfStart;
        return start.clock !== null && clock >= start.clock && clock - start.clock < firstMinute;
    }
}
