import type { Evidence } from '../../model/incident.ts';
import { safeText } from '../../text/sanitise.ts';

/** Of one tool's output, in characters: about a thousand tokens, so that several fit into a small context. */
const budget = 3600;
const lineLimit = 400;
const evidenceKept = 20;
/** Characters reserved for the line that counts what is left out. */
const lastWords = 40;

/**
 * The findings of a tool, as lines of text within a budget. What does not fit is counted and reported, never dropped
 * silently.
 */
export class Outline {
    readonly #lines: string[] = [];
    readonly #evidence: Evidence[] = [];
    #left = budget;
    #dropped = 0;

    /** One line. @returns whether it fitted */
    line(text: string): boolean {
        const isWritten = this.#write(text, 0);
        if (!isWritten) this.#dropped += 1;
        return isWritten;
    }

    /** A line for each of `rows`, at most `shown`, and how many more there are. */
    list<Row>(heading: string, rows: readonly Row[], describe: (row: Row) => string, shown = 12): void {
        if (!this.line(rows.length === 0 ? `${heading}: none` : `${heading}:`)) return;
        let written = 0;
        for (const row of rows.slice(0, shown)) {
            if (!this.#write(`- ${describe(row)}`, lastWords)) break;
            written += 1;
        }
        if (written < rows.length) this.line(`- and ${rows.length - written} more`);
    }

    /** Text of several lines, such as a piece of a file; as much of it as fits. */
    block(text: string): void {
        const lines = text.split('\n');
        for (const [index, line] of lines.entries()) {
            if (!this.#write(line, lastWords)) {
                this.line(`(${lines.length - index} more lines)`);
                return;
            }
        }
    }

    /** Records what a statement rests on. */
    cite(...evidence: Evidence[]): void {
        this.#evidence.push(...evidence.slice(0, evidenceKept - this.#evidence.length));
    }

    #write(text: string, reserve: number): boolean {
        const line = safeText(text, lineLimit);
        if (line.length + 1 + reserve > this.#left) return false;
        this.#left -= line.length + 1;
        this.#lines.push(line);
        return true;
    }

    get text(): string {
        const lines = this.#dropped > 0 ? [...this.#lines, `(${this.#dropped} more lines)`] : this.#lines;
        return lines.join('\n');
    }

    get evidence(): Evidence[] {
        return [...this.#evidence];
    }
}
