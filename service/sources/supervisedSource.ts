import { EventEmitter, once } from 'node:events';
import { setTimeout as delay } from 'node:timers/promises';

import { _ } from '../i18n/i18n.ts';
import { log } from '../util/log.ts';
import type { Change } from '../model/timelineEntry.ts';
import { expandTabs } from '../text/expandTabs.ts';
import { ownText } from '../text/ownText.ts';
import { safeText } from '../text/sanitise.ts';
import { SourceUnavailable } from './definition.ts';
import type { Outlet, SourceDefinition, SourceNotice, Surroundings } from './definition.ts';
import type { Source, SourceState, SourceStatus } from '../model/source.ts';
import { messageOf } from '../util/errors.ts';

const firstPause = 1000;
const longestPause = 60_000;
/** How many changes may wait to be stored, and how many are stored in one transaction. */
const queueLimit = 2000;
const batchSize = 200;

const nameLimit = 512;
const detailLimit = 16_384;

/** Stores what a source reports. Throws when it cannot. */
export type Recorder = (changes: readonly Change[], source: string) => void;

/** Receives a source's notices, and their withdrawal. */
export type NoticeBoard = { setNotice(notice: SourceNotice): void; clearNotice(code: string): void };

/** Runs a source: restarts it when it fails, limits what it may hand on, and knows its state. */
export class SupervisedSource extends EventEmitter<{ status: [SourceStatus] }> implements Source {
    readonly status: SourceStatus;
    readonly #definition: SourceDefinition;
    readonly #surroundings: Surroundings;
    readonly #record: Recorder;
    readonly #board: NoticeBoard;
    readonly #notices = new Set<string>();
    readonly #queue: Change[] = [];
    /** When the first of the queue came, by performance.now(). */
    #waitingSince = 0;
    #drained: PromiseWithResolvers<undefined> | null = null;
    /** Why something was not kept since the source last asked. */
    #failure: Error | null = null;

    constructor(dependencies: {
        definition: SourceDefinition;
        surroundings: Surroundings;
        record: Recorder;
        board: NoticeBoard;
    }) {
        super();
        this.#definition = dependencies.definition;
        this.#surroundings = dependencies.surroundings;
        this.#record = dependencies.record;
        this.#board = dependencies.board;
        this.status = { name: this.#definition.name, state: 'off', detail: '', events: 0, lost: 0 };
    }

    /** Watches until `signal` aborts. Never rejects. */
    async run(signal: AbortSignal): Promise<void> {
        const isStopped = () => signal.aborted;
        let pause = firstPause;
        while (!isStopped()) {
            const began = performance.now();
            this.#setState('starting');
            try {
                await this.#definition.run(this.#surroundings, this.#outlet(), signal);
                if (!isStopped()) this.#setState('waiting', _('It stopped by itself'));
            } catch (error) {
                if (isStopped()) break;
                const reason = messageOf(error);
                if (error instanceof SourceUnavailable) {
                    this.#setState('unavailable', reason);
                    await once(signal, 'abort');
                    break;
                }
                log('warning', 'A source failed', { source: this.status.name, reason });
                this.#setState('waiting', reason);
            }
            // A source that ran for a while was well; only one that fails at once is restarted with growing delays.
            if (performance.now() - began > longestPause) pause = firstPause;
            await delay(pause, undefined, { signal }).catch(() => undefined);
            pause = Math.min(2 * pause, longestPause);
        }
        await this.#drained?.promise;
        for (const code of this.#notices) this.#clearNotice(code);
        this.#setState('off');
    }

    #outlet(): Outlet {
        this.#failure = null;
        return {
            emit: change => {
                this.#enqueue(change);
            },
            kept: async () => {
                await this.#drained?.promise;
                const failure = this.#failure;
                this.#failure = null;
                if (failure !== null) throw failure;
            },
            watching: (detail = '') => {
                this.#setState('watching', detail);
            },
            unavailable: detail => {
                this.#setState('unavailable', detail);
            },
            waiting: detail => {
                this.#setState('waiting', detail);
            },
            lose: count => {
                this.#lose(count);
            },
            notice: notice => {
                this.#notices.add(notice.code);
                this.#board.setNotice(notice);
            },
            clearNotice: code => {
                this.#clearNotice(code);
            },
        };
    }

    #enqueue(change: Change): void {
        if (this.#queue.length >= queueLimit) {
            this.#lose(1);
            return;
        }
        this.#queue.push(makeSafe(change));
        this.status.events += 1;
        this.status.lastEvent = Date.now() * 1000;
        if (this.#drained !== null) return;
        this.#drained = Promise.withResolvers();
        this.#waitingSince = performance.now();
        setImmediate(() => {
            this.#drain();
        });
    }

    #drain(): void {
        const batch = this.#queue.splice(0, batchSize);
        this.status.lag = Math.round((performance.now() - this.#waitingSince) * 1000);
        try {
            this.#record(batch, this.status.name);
        } catch (error) {
            this.#failure = error instanceof Error ? error : new Error(String(error));
            const reason = this.#failure.message;
            log('error', 'Could not store what a source reported', { source: this.status.name, reason });
            this.#lose(batch.length);
        }
        if (this.#queue.length > 0) {
            setImmediate(() => {
                this.#drain();
            });
            return;
        }
        this.#drained?.resolve(undefined);
        this.#drained = null;
    }

    #lose(count: number): void {
        const first = this.status.lost === 0;
        this.status.lost += count;
        // A storm of events must not become a storm of signals on the bus; the number is read when somebody asks for it.
        if (first) this.emit('status', this.status);
    }

    #clearNotice(code: string): void {
        if (this.#notices.delete(code)) this.#board.clearNotice(code);
    }

    #setState(state: SourceState, detail = ''): void {
        if (this.status.state === state && this.status.detail === detail) return;
        this.status.state = state;
        this.status.detail = detail;
        this.emit('status', this.status);
    }
}

/** What a source reports may have been written by anybody. */
function makeSafe(change: Change): Change {
    const facts = Object.entries(change.facts).map(([name, value]) => [name, safeText(value, nameLimit)]);
    return {
        ...change,
        subject: safeText(change.subject, nameLimit),
        summary: ownText(change.summary, 2 * nameLimit),
        // One character more than the limit, so that the cut is marked.
        detail: ownText(expandTabs(change.detail.slice(0, detailLimit + 1)), detailLimit, { multiline: true }),
        facts: Object.fromEntries(facts) as Record<string, string>,
    };
}
