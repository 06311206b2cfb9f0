import { rawLimit } from '../journal/logEntry.ts';
import type { LiteralSearch } from '../journal/exportParser.ts';
import type { JournalField, LogEntry } from '../journal/logEntry.ts';
import { safeText } from '../text/sanitise.ts';
import type { KnownHead } from './knownHeads.ts';
import type { KnownLines } from './knownLines.ts';
import { knownHeadOf, parseTextLine, timeKnown } from './textLine.ts';
import type { FoundHead, TextLine } from './textLine.ts';

const sampleLimit = 32_768;
const messageLimit = 2048;
/** The lines of `journalctl --catalog` below an entry. Those about starts and about the log look like its older form. */
const ofCatalog = /^(?:\xe2\x96\x91\xe2\x96\x91|--(?: (?!Reboot --|Boot |Logs begin |Journal begins |No entries )|$))/;
/** A head and a message of the length that is kept. */
const lineKept = 4096;

/** What was made of a line, and what was read in it. */
export type Remembered<T> = { readonly line: TextLine; readonly value: T };

/** A line of a plain-text log. It is parsed only on demand, as most lines are irrelevant. */
export class TextLogEntry implements LogEntry {
    readonly line: number;
    readonly #bytes: Buffer;
    readonly #start: number;
    readonly #end: number;
    readonly #notAfter: number;
    readonly #file: string;
    #head: FoundHead | null | undefined = undefined;
    /** An earlier line with the same words of the same program. */
    #alike: TextLine | null = null;
    #parsed: TextLine | null = null;
    #message: string | null = null;

    /**
     * @param bytes hold the line, without its line break and without colours, from `start` up to `end`; must not change
     * @param line from 1
     * @param notAfter when the log ended, in microseconds since the Unix epoch, for times without a year
     * @param file identifies one of several files that are read one after the other; empty for a single one
     */
    constructor(bytes: Buffer, line: number, notAfter: number, start = 0, end = bytes.length, file = '') {
        this.#bytes = bytes;
        this.#start = start;
        this.#end = end;
        this.line = line;
        this.#notAfter = notAfter;
        this.#file = file;
    }

    field(name: JournalField): string | null {
        if (name === 'SYSLOG_IDENTIFIER') return this.#parse().identifier;
        if (name === 'SYSLOG_PID') return this.#parse().pid;
        if (name === 'PRIORITY') return this.#parse().priority?.toString() ?? null;
        if (name === '__CURSOR' && this.#file !== '') return `line ${this.line} of ${this.#file}`;
        return null;
    }

    time(): number | null {
        return this.#parse().time;
    }

    clock(): number | null {
        const { time, uptime } = this.#parse();
        return time ?? uptime;
    }

    uptime(): number | null {
        return this.#parse().uptime;
    }

    /** The writer of the line, if it is known without parsing; otherwise null. */
    knownHead(): KnownHead | null {
        return this.#known()?.head ?? null;
    }

    /** What was remembered of a line with the same words of the same program; undefined when there is nothing. */
    recall<T>(lines: KnownLines<Remembered<T>>): T | undefined {
        const known = this.#known();
        if (known === null) return undefined;
        const found = lines.find(known.head.identifier, this.#bytes, known.end, this.#end);
        if (found === undefined) return undefined;
        this.#alike = found.line;
        return found.value;
    }

    /** Has it remembered, if no other was recalled since `recall`. */
    learnIn<T>(lines: KnownLines<Remembered<T>>, value: T): void {
        const known = this.#known();
        if (known === null) return;
        lines.learn(known.head.identifier, { line: this.#parse(), value });
    }

    #known(): FoundHead | null {
        if (this.#head === undefined) this.#head = knownHeadOf(this.#bytes, this.#start, this.#end);
        return this.#head;
    }

    /** A sample of the log around the line, which shows what is common in it. */
    sample(): Uint8Array {
        return this.#bytes.subarray(this.#start, this.#start + sampleLimit);
    }

    message(): string {
        return (this.#message ??= withinLimit(this.#parse().message));
    }

    find<T>(index: LiteralSearch<T>): T[] | null {
        return index.find(this.#bytes, this.#start, Math.min(this.#end, this.#start + rawLimit));
    }

    /** Whether the line explains the entry above it, and is no entry of its own. */
    explains(): boolean {
        const first = this.#bytes[this.#start];
        if (first !== 0x2d && first !== 0xe2) return false;
        return ofCatalog.test(this.#bytes.toString('latin1', this.#start, Math.min(this.#end, this.#start + 32)));
    }

    raw(): Buffer {
        return this.#bytes.subarray(this.#start, Math.min(this.#end, this.#start + rawLimit));
    }

    #parse(): TextLine {
        if (this.#parsed !== null) return this.#parsed;
        const known = this.#alike === null ? null : this.#likeEarlier(this.#alike);
        if (known !== null) return (this.#parsed = known);
        const line = this.#bytes.subarray(this.#start, this.#end);
        return (this.#parsed = parseTextLine(safeText(line, lineKept), this.#notAfter));
    }

    /** Only the time and the process are its own. */
    #likeEarlier(earlier: TextLine): TextLine | null {
        const time = timeKnown(this.#bytes, this.#start, this.#notAfter);
        if (time === undefined) return null;
        const head = this.#known()?.head;
        // What a program wrote through the kernel names its process in the words.
        const pid = head?.identifier === earlier.identifier ? head.pid : earlier.pid;
        const { uptime, identifier, priority, message } = earlier;
        return { time, uptime, identifier, pid: pid ?? null, priority, message };
    }
}

/** @param message part of a line that is safe already */
function withinLimit(message: string): string {
    return message.length <= messageLimit ? message : safeText(message, messageLimit);
}
