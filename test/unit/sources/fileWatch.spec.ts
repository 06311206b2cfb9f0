import { once } from 'node:events';
import { linkSync, mkdirSync, mkdtempSync, rmSync, utimesSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Worker } from 'node:worker_threads';

import type { Change } from '../../../service/model/timelineEntry.ts';
import type { Outlet } from '../../../service/sources/definition.ts';
import { PollClock } from '../../../service/sources/pollClock.ts';
import { FileWatch } from '../../../service/sources/files/fileWatch.ts';
import { Contents } from '../../../service/store/contents.ts';
import { Database } from '../../../service/store/database.ts';
import { Timeline } from '../../../service/timeline/timeline.ts';

describe('FileWatch', () => {
    let directory: string;
    let database: Database;
    const place = () => join(directory, 'etc');

    beforeEach(() => {
        directory = mkdtempSync(join(tmpdir(), 'reeve-watch-'));
        mkdirSync(place());
        database = Database.open(directory, () => undefined).database;
    });
    afterEach(() => {
        database[Symbol.dispose]();
        rmSync(directory, { recursive: true });
    });

    /** Watches the place, lets `body` change it, and ends the watch. */
    async function watching(
        surroundings: { contents: Contents; timeline: Timeline },
        body: (next: () => Promise<Change>) => Promise<void>,
    ): Promise<void> {
        const changes = new TransformStream<Change, Change>();
        const writer = changes.writable.getWriter();
        const reader = changes.readable.getReader();
        const started = Promise.withResolvers<undefined>();
        const outlet: Outlet = {
            emit: change => {
                surroundings.timeline.add({ ...change, source: 'files' });
                void writer.write(change);
            },
            kept: () => Promise.resolve(),
            watching: () => {
                started.resolve(undefined);
            },
            unavailable: () => undefined,
            waiting: () => undefined,
            lose: () => undefined,
            notice: () => undefined,
            clearNotice: () => undefined,
        };
        const next = async () => {
            const { value } = await reader.read();
            if (value === undefined) throw new Error('nothing more is told');
            return value;
        };
        const pollClock = new PollClock(() => 600_000);
        const incidentStatus = () => 'unreported' as const;
        const machine = { root: directory, home: directory, session: null, system: null, pollClock, incidentStatus };
        const stop = new AbortController();
        const places = [{ path: place(), depth: 0, kind: 'file' as const, keep: true }];
        using watch = new FileWatch(places, { ...machine, ...surroundings, database }, outlet);
        const done = watch.run(stop.signal);
        await started.promise;
        try {
            await body(next);
        } finally {
            stop.abort();
            await done;
        }
    }

    it('keeps no contents above the limit, and frees space once entries are forgotten', async () => {
        const timeline = new Timeline({ database });
        const contents = new Contents(directory, 10);
        await watching({ contents, timeline }, async next => {
            writeFileSync(join(place(), 'one'), '1'.repeat(10));
            const { after: first = '' } = (await next()).facts;
            expect(first).not.toBe('');
            writeFileSync(join(place(), 'two'), '2'.repeat(10));
            const { facts, detail } = await next();
            expect([facts.after, detail]).toEqual([undefined, 'Its contents are not kept: the store is full.']);
            utimesSync(contents.path(first), 0, 0);
            rmSync(join(place(), 'one'));
            await next();
            database.connection.exec('DELETE FROM timeline');
            timeline.emit('pruned');
            writeFileSync(join(place(), 'three'), '3');
            await next();
            writeFileSync(join(place(), 'four'), '4');
            expect((await next()).facts.after).toBe(Contents.hashOf(Buffer.from('4')));
        });
    });

    it('takes a file that changes whenever it is read without its contents', async () => {
        const surroundings = { contents: new Contents(directory), timeline: new Timeline({ database }) };
        const outside = join(directory, 'outside');
        writeFileSync(outside, '');
        // Nothing reports a write under its other name, so the checks follow each other quickly.
        const write = `const { ftruncateSync, openSync } = require('node:fs');
            const file = openSync(require('node:worker_threads').workerData, 'r+');
            for (let size = 0; ; size = (size + 1) % 1000) ftruncateSync(file, size);`;
        const writer = new Worker(write, { eval: true, workerData: outside });
        try {
            await once(writer, 'online');
            await watching(surroundings, async next => {
                linkSync(outside, join(place(), 'busy'));
                const { event, subject, facts } = await next();
                expect([event, subject, facts.after]).toEqual(['created', join(place(), 'busy'), undefined]);
            });
        } finally {
            await writer.terminate();
        }
    });
});
