// Runs one source over directories of the test's own, and collects its reports.
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import type { Connection } from '../../service/dbus/connection.ts';
import type { SystemBus } from '../../service/dbus/systemBus.ts';
import { families, faultOfChange } from '../../service/faults/index.ts';
import { incidentStatusOf } from '../../service/detection/incidentStatus.ts';
import { Incidents } from '../../service/incidents/incidents.ts';
import type { NewTimelineEntry, TimelineEntry } from '../../service/model/timelineEntry.ts';
import type { SourceDefinition, SourceNotice } from '../../service/sources/definition.ts';
import { PollClock } from '../../service/sources/pollClock.ts';
import { SupervisedSource } from '../../service/sources/supervisedSource.ts';
import { Contents } from '../../service/store/contents.ts';
import { Database } from '../../service/store/database.ts';
import { Timeline } from '../../service/timeline/timeline.ts';
import { abortAfter } from './patience.ts';

export type Buses = { session?: Connection | null; system?: SystemBus | null };

/** A machine in a temporary directory, with the service's memory of it; its sources can be started again and again. */
export class SourceBed implements Disposable {
    readonly directory = mkdtempSync(join(tmpdir(), 'reeve-sources-'));
    readonly root = join(this.directory, 'root');
    readonly home = join(this.root, 'home/alice');
    readonly contents = new Contents(join(this.directory, 'state'));
    readonly database = Database.open(join(this.directory, 'state'), () => undefined).database;
    readonly timeline = new Timeline({ database: this.database });
    readonly incidents = new Incidents({
        families,
        database: this.database,
        timeline: this.timeline,
        noise: () => ({ perHour: 3, minimumSeverity: 'medium' }),
    });
    /** Milliseconds of the poll clock, which do not come by themselves. */
    #time = 0;
    readonly pollClock = new PollClock(
        () => 600_000,
        () => this.#time,
    );

    constructor() {
        this.timeline.on('added', entry => {
            const finding = faultOfChange(entry);
            if (finding !== null) this.incidents.report(finding);
        });
        mkdirSync(this.home, { recursive: true });
        mkdirSync(join(this.root, 'etc'));
    }

    /** Writes a file of the machine, with the folders that it is in. */
    write(path: string, text: string): void {
        mkdirSync(dirname(join(this.root, path)), { recursive: true });
        writeFileSync(join(this.root, path), text);
    }

    /** Closes the open incidents, as their own checks do when all seems well. */
    recover(state: 'recovered' | 'dismissed' = 'recovered'): void {
        for (const { id, state: before } of this.incidents.list())
            if (before === 'open') this.incidents.setState(id, state);
    }

    /** Starts a source and resolves once it watches, or cannot. */
    async start(definition: SourceDefinition, { session = null, system = null }: Buses = {}): Promise<SourceRun> {
        const run = new SourceRun(this, definition, session, system);
        await run.until(() => !['off', 'starting'].includes(run.source.status.state));
        return run;
    }

    /** Lets the source poll once, `milliseconds` after the last time, and resolves once that is done. */
    async poll(milliseconds: number): Promise<void> {
        this.#time += milliseconds;
        this.pollClock.now();
        while (!this.pollClock.isAwaited) await new Promise(resolve => setImmediate(resolve));
    }

    [Symbol.dispose](): void {
        this.pollClock[Symbol.dispose]();
        this.incidents[Symbol.dispose]();
        this.database[Symbol.dispose]();
        rmSync(this.directory, { recursive: true, force: true });
    }
}

/** A source that runs. */
export class SourceRun implements AsyncDisposable {
    readonly source: SupervisedSource;
    readonly entries: TimelineEntry[] = [];
    readonly notices = new Map<string, SourceNotice>();
    readonly #bed: SourceBed;
    readonly #stop = new AbortController();
    readonly #done: Promise<void>;
    readonly #take: (entry: TimelineEntry) => void;
    #heard = Promise.withResolvers<undefined>();

    constructor(bed: SourceBed, definition: SourceDefinition, session: Connection | null, system: SystemBus | null) {
        const { database, timeline, contents, pollClock, root, home, incidents } = bed;
        this.#bed = bed;
        this.#take = entry => {
            if (entry.source !== definition.name) return;
            this.entries.push(entry);
            this.#hear();
        };
        timeline.on('added', this.#take);
        // A source that needs no bus is run without one.
        const incidentStatus = (change: NewTimelineEntry) =>
            incidentStatusOf(change, { faultOfChange, incidents, isIgnored: () => false });
        const surroundings = { root, home, database, timeline, contents, pollClock, incidentStatus, session, system };
        this.source = new SupervisedSource({
            definition,
            surroundings,
            record: (changes, source) => {
                database.transaction(() => {
                    for (const change of changes) timeline.add({ ...change, source });
                });
            },
            board: {
                setNotice: notice => {
                    this.notices.set(notice.code, notice);
                    this.#hear();
                },
                clearNotice: code => {
                    this.notices.delete(code);
                    this.#hear();
                },
            },
        });
        this.source.on('status', () => {
            this.#hear();
        });
        this.#done = this.source.run(this.#stop.signal);
    }

    /** Resolves once `isSo`, which is asked again after each entry, notice and change of status. */
    async until(isSo: () => boolean): Promise<void> {
        const late = abortAfter(20_000);
        const fail = () => {
            const seen = this.entries.map(({ event, subject }) => `${event} ${subject}`);
            this.#heard.reject(new Error(`It did not come about; ${JSON.stringify([this.source.status, ...seen])}`));
        };
        late.addEventListener('abort', fail);
        while (!isSo()) await this.#heard.promise;
        late.removeEventListener('abort', fail);
    }

    /** The first entry that `isIt`, which may have come already. */
    async entry(isIt: (entry: TimelineEntry) => boolean): Promise<TimelineEntry> {
        await this.until(() => this.entries.some(isIt));
        const found = this.entries.find(isIt);
        if (found === undefined) throw new Error('it has gone');
        return found;
    }

    async [Symbol.asyncDispose](): Promise<void> {
        this.#stop.abort();
        await this.#done;
        this.#bed.timeline.off('added', this.#take);
    }

    #hear(): void {
        this.#heard.resolve(undefined);
        this.#heard = Promise.withResolvers();
    }
}
