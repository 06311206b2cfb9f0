import { EventEmitter } from 'node:events';
import { createReadStream } from 'node:fs';
import { stat } from 'node:fs/promises';

import { TextLogEntry } from '../detection/logEntry.ts';
import type { LogEntry } from '../detection/logEntry.ts';
import { _ } from '../i18n/i18n.ts';
import { log } from '../log.ts';
import { safeText } from '../text/sanitise.ts';
import type { Source, SourceState, SourceStatus } from './source.ts';
import { parseTextLine } from './textLine.ts';
import { LineSplitter } from './textLines.ts';

/** A line's head and a message of the length that is kept. */
const lineKept = 4096;

/**
 * Hands over each line of a plain-text log.
 *
 * @param notAfter microseconds since the Unix epoch: when the log ended, for times without a year
 */
export async function readTextLog(
    chunks: AsyncIterable<Buffer>,
    notAfter: number,
    take: (entry: LogEntry) => void,
): Promise<void> {
    const splitter = new LineSplitter((bytes, number) => {
        const { time, identifier, pid, message } = parseTextLine(safeText(bytes, lineKept), notAfter);
        take(new TextLogEntry({ number, time, identifier, pid, message: safeText(message) }));
    });
    for await (const chunk of chunks) splitter.push(chunk);
    splitter.end();
}

/** A plain-text log that the service was given in place of the journal. It is read once. */
export class TextLog extends EventEmitter<{ status: [SourceStatus] }> implements Source {
    readonly status: SourceStatus = { name: 'text', state: 'off', detail: '', events: 0, lost: 0 };
    readonly #path: string;

    constructor(path: string) {
        super();
        this.#path = path;
    }

    async run(take: (entry: LogEntry) => void, signal: AbortSignal): Promise<void> {
        this.#setState('starting', '');
        try {
            const notAfter = Math.floor((await stat(this.#path)).mtimeMs * 1000);
            await readTextLog(createReadStream(this.#path, { signal }), notAfter, entry => {
                this.status.events += 1;
                take(entry);
            });
            this.#setState('off', _('Read to its end'));
        } catch (error) {
            if (signal.aborted) {
                this.#setState('off', '');
                return;
            }
            const reason = error instanceof Error ? error.message : String(error);
            log('error', 'A log cannot be read', { path: this.#path, reason });
            this.#setState('unavailable', reason);
        }
    }

    #setState(state: SourceState, detail: string): void {
        this.status.state = state;
        this.status.detail = detail;
        this.emit('status', this.status);
    }
}
