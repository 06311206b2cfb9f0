import { parseTextLine } from './textLine.ts';

/** Mail programs break lines at 65 to 80 columns, and leave shorter ones. */
const narrowest = 66;
const widest = 82;
/** The first part of a broken line is not much shorter than the width, even if a long word follows. */
const shortestPart = 45;
/** Fewer lines show nothing. */
const fewest = 10;

type Line = { readonly text: string; readonly hasHead: boolean };

/**
 * Joins the lines of a log that a mail program broke: each half would be judged for itself, and rules would miss it. Such a log
 * has hardly any long lines, and what has no head follows a line behind which its first word had no more room.
 */
export class WrappedLines {
    readonly #take: (line: Buffer, number: number) => void;
    #pending: { line: Buffer; number: number; last: string } | null = null;

    /** @param take gets each whole line, and the number of its first part */
    constructor(take: (line: Buffer, number: number) => void) {
        this.#take = take;
    }

    /** @param sample the beginning of a log */
    static areIn(sample: Buffer): boolean {
        const all = sample.toString('utf8').split(/\r?\n/).slice(0, -1);
        const isLong = (line: string) => line.length > widest && line.trim().includes(' ');
        if (all.filter(isLong).length > all.length / 50) return false;
        const lines = all.map(text => ({ text, hasHead: hasHead(text) }));
        const broken = lines.filter(({ text, hasHead }, index) => !hasHead && text.trim() !== '' && index > 0);
        if (broken.length < fewest) return false;
        const joined = lines.filter((line, index) => index > 0 && goesOn(lines[index - 1]?.text ?? '', line));
        return joined.length >= broken.length * 0.75;
    }

    push(line: Buffer, number: number): void {
        const text = line.toString('utf8');
        const pending = this.#pending;
        if (pending !== null && goesOn(pending.last, { text, hasHead: hasHead(text) })) {
            const space = pending.last.endsWith(' ') ? '' : ' ';
            this.#pending = { ...pending, line: Buffer.concat([pending.line, Buffer.from(space), line]), last: text };
            return;
        }
        this.end();
        this.#pending = { line, number, last: text };
    }

    end(): void {
        if (this.#pending !== null) this.#take(this.#pending.line, this.#pending.number);
        this.#pending = null;
    }
}

function hasHead(text: string): boolean {
    const { time, uptime } = parseTextLine(text, Date.now() * 1000);
    return time !== null || uptime !== null;
}

/** Whether the first word had no room behind the line before. */
function goesOn(before: string, { text, hasHead }: Line): boolean {
    const { length } = before.trimEnd();
    const word = /^\S+/.exec(text)?.[0] ?? '';
    if (hasHead || word === '' || length < shortestPart || length > widest) return false;
    return length + 1 + word.length >= narrowest;
}
