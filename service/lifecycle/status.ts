import { EventEmitter } from 'node:events';
import type { Source, SourceStatus } from '../model/source.ts';
import type { Database } from '../store/database.ts';

/** A reason why the service cannot do all of its work. */
export type Notice = {
    /** Stable, for scripts: "journal-unreadable", "config-invalid", … */
    code: string;
    /** The problem, for people. */
    text: string;
    /** The remedy, may be empty. */
    remedy: string;
};

export type ServiceState = 'starting' | 'watching' | 'degraded' | 'paused';

const pausedSinceKey = 'paused-since';

/** The state of the service, and its limits. Emits `changed` after every change. */
export class Status extends EventEmitter<{ changed: [] }> {
    readonly #database: Database;
    readonly #clock: () => number;
    readonly #notices = new Map<string, Notice>();
    readonly #sources = new Map<string, Source>();
    #pausedSince: number;

    /** @param dependencies.clock microseconds since the Unix epoch */
    constructor(dependencies: { database: Database; notices?: readonly Notice[]; clock?: () => number }) {
        super();
        for (const notice of dependencies.notices ?? []) this.#notices.set(notice.code, notice);
        this.#database = dependencies.database;
        this.#clock = dependencies.clock ?? (() => Date.now() * 1000);
        this.#pausedSince = Number(this.#database.getState(pausedSinceKey)) || 0;
    }

    get state(): ServiceState {
        if (this.isPaused) return 'paused';
        const states = this.sources.map(source => source.state);
        // Between the name on the bus and its first moment a source is off, and nothing is watched yet.
        if (states.includes('starting') || states.includes('off')) return 'starting';
        return this.#notices.size > 0 || states.includes('waiting') ? 'degraded' : 'watching';
    }

    get isPaused(): boolean {
        return this.#pausedSince !== 0;
    }

    /** Microseconds since the Unix epoch, 0 while not paused. */
    get pausedSince(): number {
        return this.#pausedSince;
    }

    get notices(): Notice[] {
        return [...this.#notices.values()];
    }

    get sources(): SourceStatus[] {
        return [...this.#sources.values()].map(source => source.status);
    }

    /** Survives a restart. @returns whether this changed anything */
    setPaused(isPaused: boolean): boolean {
        if (isPaused === this.isPaused) return false;
        const since = isPaused ? this.#clock() : 0;
        // First, as a full disk refuses it.
        this.#database.setState(pausedSinceKey, String(since));
        this.#pausedSince = since;
        this.emit('changed');
        return true;
    }

    setNotice(notice: Notice): void {
        this.#notices.set(notice.code, notice);
        this.emit('changed');
    }

    clearNotice(code: string): void {
        if (this.#notices.delete(code)) this.emit('changed');
    }

    /** The service's own state also depends on `parts`. */
    follow(...parts: EventEmitter<{ changed: [] }>[]): void {
        for (const part of parts) part.on('changed', () => this.emit('changed'));
    }

    addSource(source: Source): void {
        this.#sources.set(source.status.name, source);
        source.on('status', () => {
            this.emit('changed');
        });
        this.emit('changed');
    }
}
