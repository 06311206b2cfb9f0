import { EventEmitter } from 'node:events';

import type { AuditLog } from '../audit/auditLog.ts';
import { _ } from '../i18n/i18n.ts';
import { ReeveError, messageOf } from '../util/errors.ts';
import { log } from '../util/log.ts';
import type { DemoService } from './demoService.ts';
import { demoUnit, isThere, type DemoFiles } from './files.ts';

/** Milliseconds until a demo that nobody ends is removed. */
const longest = 15 * 60_000;

/** Watches who began the demo, and calls back when they have gone. */
type WatchCaller = (gone: () => void) => Promise<AsyncDisposable>;

/**
 * A fault to try Reeve on. There is one at a time, and it is removed whatever happens: by who began it, when they leave, after a
 * while, and when the service stops or starts. Emits `changed` when it begins and ends.
 */
export class Demo extends EventEmitter<{ changed: [] }> implements AsyncDisposable {
    readonly #files: DemoFiles;
    readonly #audit: AuditLog;
    readonly #service: () => Promise<Pick<DemoService, 'break' | 'remove'>>;
    #isRunning = false;
    /** What was begun last: the next waits for it. */
    #last: Promise<unknown> = Promise.resolve();
    #limit: NodeJS.Timeout | undefined;
    #caller: AsyncDisposable | null = null;
    /** Aborted when a demo that is still being broken has to end. */
    #breaking = new AbortController();

    /** @param dependencies.service loaded when there is something to do */
    constructor(dependencies: {
        files: DemoFiles;
        audit: AuditLog;
        service: () => Promise<Pick<DemoService, 'break' | 'remove'>>;
    }) {
        super();
        this.#files = dependencies.files;
        this.#audit = dependencies.audit;
        this.#service = dependencies.service;
    }

    get isRunning(): boolean {
        return this.#isRunning;
    }

    /**
     * Resolves when the service is broken.
     *
     * @throws ReeveError InvalidState while one runs, and as DemoService.break
     */
    async begin(actor: string, watchCaller: WatchCaller): Promise<void> {
        if (this.#isRunning) throw new ReeveError('InvalidState', _('The demo is running already'));
        this.#setRunning(true);
        this.#breaking = new AbortController();
        const { signal } = this.#breaking;
        try {
            await this.#inTurn(async () => {
                // Watch the caller first. If they leave while the demo is being broken, `end` runs after this.
                this.#caller = await watchCaller(this.#endAlone);
                this.#limit = setTimeout(this.#endAlone, longest).unref();
                this.#audit.append({ event: 'demo-begun', actor, subject: demoUnit, detail: this.#files.settings });
                await (await this.#service()).break(signal);
            });
        } catch (error) {
            await this.end('service').catch(couldNotEnd);
            throw error;
        }
    }

    /** Removes all of it. Changes nothing when none runs. */
    async end(actor: string): Promise<void> {
        this.#breaking.abort(new ReeveError('Cancelled', _('The demo was ended before it was ready')));
        await this.#inTurn(async () => {
            if (!this.#isRunning) return;
            clearTimeout(this.#limit);
            await this.#caller?.[Symbol.asyncDispose]();
            this.#caller = null;
            try {
                await (await this.#service()).remove();
                this.#audit.append({ event: 'demo-ended', actor, subject: demoUnit, detail: this.#files.settings });
            } finally {
                this.#setRunning(false);
            }
        });
    }

    /** After a crash or a power cut. Hardly ever is there anything. */
    async removeLeft(): Promise<void> {
        try {
            const left = await Promise.all(Object.values(this.#files).map(isThere));
            if (left.includes(true)) await this.#inTurn(async () => (await this.#service()).remove());
        } catch (error) {
            log('warning', 'Could not remove what the demo left', { reason: messageOf(error) });
        }
    }

    async [Symbol.asyncDispose](): Promise<void> {
        await this.end('service').catch(couldNotEnd);
    }

    readonly #endAlone = () => {
        this.end('service').catch(couldNotEnd);
    };

    #setRunning(isRunning: boolean): void {
        this.#isRunning = isRunning;
        this.emit('changed');
    }

    #inTurn<T>(work: () => Promise<T>): Promise<T> {
        const turn = this.#last.then(work);
        this.#last = turn.catch(() => undefined);
        return turn;
    }
}

function couldNotEnd(error: unknown): void {
    log('warning', 'Could not end the demo', { reason: messageOf(error) });
}
