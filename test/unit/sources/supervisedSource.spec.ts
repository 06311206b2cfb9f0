import { once } from 'node:events';
import type { Outlet, SourceDefinition } from '../../../service/sources/definition.ts';
import { SourceUnavailable } from '../../../service/sources/definition.ts';
import type { Change } from '../../../service/model/timelineEntry.ts';
import { SourceBed } from '../../support/sourceRun.ts';

const change = (subject: string): Change => ({
    time: 1,
    kind: 'device',
    event: 'added',
    subject,
    summary: `${subject} was added`,
    detail: '',
    facts: {},
});

describe('A supervised source', () => {
    let bed: SourceBed;
    beforeEach(() => {
        bed = new SourceBed();
    });
    afterEach(() => {
        bed[Symbol.dispose]();
    });

    /** @param body what the source does before it waits to be stopped */
    const source = (body: (outlet: Outlet) => void): SourceDefinition => ({
        name: 'sample',
        async run(_surroundings, outlet, signal) {
            body(outlet);
            if (!signal.aborted) await once(signal, 'abort');
        },
    });

    it('keeps what it reports, safe to show, under its name', async () => {
        await using run = await bed.start(
            source(outlet => {
                outlet.watching();
                outlet.emit({ ...change('disk\u202e\u0007'), detail: 'one\ntwo\u0000', facts: { serial: 'a\nb' } });
            }),
        );
        const entry = await run.entry(({ subject }) => subject === 'disk');
        expect(entry).toEqual(
            jasmine.objectContaining({ source: 'sample', detail: 'one\ntwo', facts: { serial: 'a b' } }),
        );
        expect(bed.timeline.query().map(({ subject }) => subject)).toEqual(['disk']);
        expect(run.source.status.events).toBe(1);
        expect(run.source.status.lag).toBeGreaterThanOrEqual(0);
        expect(run.source.status.lastEvent).toBeGreaterThan(0);
    });

    it('counts what comes faster than it can be kept', async () => {
        await using run = await bed.start(
            source(outlet => {
                for (let number = 0; number < 5000; number++) outlet.emit(change(`disk${number}`));
                outlet.watching();
            }),
        );
        await run.until(() => run.entries.length === 2000);
        expect(run.source.status.lost).toBe(3000);
    });

    it('lets a source wait until all is kept, and so lose nothing', async () => {
        await using run = await bed.start({
            name: 'sample',
            async run(_surroundings, outlet, signal) {
                for (let number = 0; number < 5000; number++) {
                    outlet.emit(change(`disk${number}`));
                    if (number % 1000 === 999) await outlet.kept();
                }
                outlet.watching();
                await once(signal, 'abort');
            },
        });
        expect(run.entries.length).toBe(5000);
        expect(run.source.status.lost).toBe(0);
    });

    it('starts it again when it breaks off, and says why meanwhile', async () => {
        let starts = 0;
        await using run = await bed.start(
            source(outlet => {
                starts += 1;
                if (starts === 1) throw new Error('the pipe broke');
                outlet.watching();
            }),
        );
        expect(run.source.status).toEqual(jasmine.objectContaining({ state: 'waiting', detail: 'the pipe broke' }));
        await run.until(() => run.source.status.state === 'watching');
        expect(starts).toBe(2);
    });

    it('does not try again where there is nothing to watch', async () => {
        let starts = 0;
        await using run = await bed.start(
            source(() => {
                starts += 1;
                throw new SourceUnavailable('no such thing here');
            }),
        );
        expect(run.source.status.state).toBe('unavailable');
        expect(run.source.status.detail).toBe('no such thing here');
        expect(starts).toBe(1);
    });

    it('takes its notices back when it ends', async () => {
        const run = await bed.start(
            source(outlet => {
                outlet.notice({ code: 'sample', text: 'Half of it is hidden', remedy: '' });
                outlet.watching();
            }),
        );
        expect([...run.notices.keys()]).toEqual(['sample']);
        await run[Symbol.asyncDispose]();
        expect(run.notices.size).toBe(0);
        expect(run.source.status.state).toBe('off');
    });

    it('counts as lost what the database refuses, and goes on', async () => {
        await using run = await bed.start(
            source(outlet => {
                outlet.watching();
                bed.database.connection.exec('ALTER TABLE timeline RENAME TO elsewhere');
                outlet.emit(change('disk'));
            }),
        );
        await run.until(() => run.source.status.lost === 1);
        expect(run.source.status.state).toBe('watching');
    });

    it('tells a source that waits when something was not kept', async () => {
        const outcomes: string[] = [];
        await using run = await bed.start({
            name: 'sample',
            async run(_surroundings, outlet, signal) {
                const tell = async () => {
                    outlet.emit(change('disk'));
                    outcomes.push(await outlet.kept().then(() => 'kept', String));
                };
                bed.database.connection.exec('ALTER TABLE timeline RENAME TO elsewhere');
                await tell();
                bed.database.connection.exec('ALTER TABLE elsewhere RENAME TO timeline');
                await tell();
                outlet.watching();
                await once(signal, 'abort');
            },
        });
        expect(outcomes).toEqual(['Error: no such table: timeline', 'kept']);
        expect(run.source.status.lost).toBe(1);
    });
});
