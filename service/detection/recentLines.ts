import type { Evidence } from '../model/incident.ts';
import { safeText } from '../text/sanitise.ts';
import type { LogEntry } from '../journal/logEntry.ts';

/** Many units have a ring each, so rings must stay small: longer messages are cut. Bytes. */
const rawLimit = 1024;

type Line = {
    /** Position in a text, or among all lines ever remembered, which orders the lines of several rings. */
    order: number;
    time: string | number | null;
    cursor: string | null;
    line: number | null;
    /**
     * For journals, the bytes of the message, one a character, and one too many if it is to be cut. They are sanitised only if
     * they become evidence.
     */
    message: string;
    identifier: string;
};

let order = 0;

/** The last few lines of one writer. Remembering one is cheap, since nearly all of them are dropped unread. */
export class RecentLines {
    readonly #limit: number;
    #lines: Line[] = [];

    constructor(limit: number) {
        this.#limit = limit;
    }

    add(entry: LogEntry): void {
        const isText = entry.line !== null;
        if (this.#lines.length === this.#limit) this.#lines.shift();
        this.#lines.push({
            order: entry.line ?? order++,
            time: isText ? entry.time() : entry.field('__REALTIME_TIMESTAMP'),
            cursor: entry.field('__CURSOR'),
            line: entry.line,
            message: isText ? entry.message() : (entry.field('MESSAGE', rawLimit + 1) ?? ''),
            identifier: isText ? (entry.field('SYSLOG_IDENTIFIER') ?? '') : '',
        });
    }

    clear(): void {
        this.#lines = [];
    }

    /** @param origin who wrote the lines; null for the program that each line names */
    evidence(origin: string | null): OrderedEvidence[] {
        return this.#lines.map(line => toEvidence(line, origin ?? line.identifier));
    }

    /** The number of the oldest line, for plain text. */
    get firstLine(): number | null {
        return this.#lines[0]?.line ?? null;
    }

    get lastLine(): number | null {
        return this.#lines.at(-1)?.line ?? null;
    }
}

export type OrderedEvidence = { order: number; evidence: Evidence };

function toEvidence(line: Line, origin: string): OrderedEvidence {
    const time = line.time === null ? Number.NaN : Number(line.time);
    const isText = line.line !== null;
    return {
        order: line.order,
        evidence: {
            source: isText ? 'text' : 'journal',
            time: Number.isSafeInteger(time) && time >= 0 ? time : null,
            origin: safeText(origin, 256),
            message: isText ? line.message : messageOf(Buffer.from(line.message, 'latin1')),
            cursor: line.cursor === null ? null : safeText(line.cursor, 512),
            line: line.line,
        },
    };
}

function messageOf(bytes: Buffer): string {
    if (bytes.length <= rawLimit) return safeText(bytes);
    // The cut may have split a character.
    return `${safeText(bytes.subarray(0, rawLimit)).replace(/\ufffd$/, '')}…`;
}
