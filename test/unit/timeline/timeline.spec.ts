import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import type { TimelineEntry } from '../../../service/model/timelineEntry.ts';
import { Database } from '../../../service/store/database.ts';
import { Timeline } from '../../../service/timeline/timeline.ts';

describe('Timeline', () => {
    let directory: string;
    let database: Database;
    let timeline: Timeline;
    const entry = (time: number, summary: string, more: Partial<TimelineEntry> = {}) =>
        timeline.add({ time, kind: 'unit', subject: 'ssh.service', summary, detail: '', ...more });
    const summaries = (entries: TimelineEntry[]) => entries.map(({ summary }) => summary);

    beforeEach(() => {
        directory = mkdtempSync(join(tmpdir(), 'reeve-timeline-'));
        database = Database.open(directory, () => undefined).database;
        timeline = new Timeline({ database, clock: () => 1000 });
    });
    afterEach(() => {
        database[Symbol.dispose]();
        rmSync(directory, { recursive: true });
    });

    it('gives back what was added, newest first', () => {
        entry(1, 'one');
        entry(3, 'three');
        entry(2, 'two');
        expect(summaries(timeline.query())).toEqual(['three', 'two', 'one']);
        expect(summaries(timeline.query({ limit: 2 }))).toEqual(['three', 'two']);
        expect(summaries(timeline.query({ since: 2, until: 2 }))).toEqual(['two']);
    });

    it('keeps what happened, who reported it, and facts', () => {
        entry(1, 'one', { event: 'failed', source: 'files', facts: { 'exit-status': '1' } });
        expect(timeline.query()).toEqual([
            {
                id: 1,
                time: 1,
                kind: 'unit',
                event: 'failed',
                subject: 'ssh.service',
                source: 'files',
                summary: 'one',
                detail: '',
                facts: { 'exit-status': '1' },
            },
        ]);
    });

    it('knows which contents of files its entries report', () => {
        entry(1, 'one', { kind: 'file', facts: { before: 'aa', after: 'bb', from: '/etc/x' } });
        entry(2, 'two', { facts: { before: 'cc' } });
        expect(timeline.contents()).toEqual(new Set(['aa', 'bb']));
    });

    it('filters by kind and subject', () => {
        entry(1, 'one');
        entry(2, 'two', { kind: 'boot' });
        entry(3, 'three', { subject: 'cups.service' });
        expect(summaries(timeline.query({ kinds: ['boot'] }))).toEqual(['two']);
        expect(summaries(timeline.query({ kinds: [] }))).toEqual([]);
        expect(summaries(timeline.query({ subject: 'cups.service' }))).toEqual(['three']);
    });

    it('finds words, and beginnings of words, in any of its texts', () => {
        entry(1, 'The printer was added', { detail: 'Größe A4' });
        entry(2, 'The printer was removed', { subject: 'cups.service' });
        expect(summaries(timeline.query({ text: 'PRINT remov' }))).toEqual(['The printer was removed']);
        expect(summaries(timeline.query({ text: 'grosse' }))).toEqual([]);
        expect(summaries(timeline.query({ text: 'größe' }))).toEqual(['The printer was added']);
        expect(summaries(timeline.query({ text: 'cups.service' }))).toEqual(['The printer was removed']);
    });

    it('takes text as words only, never as query syntax', () => {
        entry(1, 'quoted "AND" NEAR thing');
        for (const text of [
            '"',
            "'",
            'AND',
            'NEAR(',
            '*',
            '^quoted',
            'subject:quoted',
            '-thing',
            '(',
            'a OR',
            '\u0000',
        ]) {
            expect(() => timeline.query({ text }))
                .withContext(text)
                .not.toThrow();
        }
        expect(summaries(timeline.query({ text: 'subject:quoted' }))).toEqual([]);
        expect(timeline.query({ text: '"AND" NEAR(thing)' }).length).toBe(1);
    });

    it('refuses filters that make no sense', () => {
        expect(() => timeline.query({ limit: 1001 })).toThrow();
        expect(() => timeline.query({ limit: 0 })).toThrow();
    });

    it('emits what was added only once it is on disk', () => {
        const added: string[] = [];
        timeline.on('added', ({ summary }) => added.push(summary));
        expect(() =>
            database.transaction(() => {
                entry(1, 'rolled back');
                throw new Error('on purpose');
            }),
        ).toThrow();
        database.transaction(() => {
            entry(2, 'kept');
            expect(added).toEqual([]);
        });
        expect(added).toEqual(['kept']);
    });

    it('forgets by size, the oldest first', () => {
        timeline = new Timeline({ database, retention: { bytes: 100_000 }, clock: () => 1000 });
        for (let time = 1; time <= 500; time++) entry(time, `entry ${time}`, { detail: 'x'.repeat(1000) });
        const kept = timeline.query({ limit: 1000 });
        expect(kept.length).toBeGreaterThan(90);
        expect(kept.length).toBeLessThan(100);
        expect(kept[0]?.time).toBe(500);
    });

    it('forgets by count', () => {
        timeline = new Timeline({ database, retention: { entries: 100 }, clock: () => 1000 });
        const pruned = jasmine.createSpy();
        timeline.on('pruned', pruned);
        for (let time = 1; time <= 1000; time++) entry(time, `entry ${time}`);
        expect(timeline.query({ limit: 1000 }).length).toBe(100);
        expect(pruned).toHaveBeenCalledTimes(2);
    });

    it('forgets by age', () => {
        const day = 86_400_000_000;
        for (let time = 1; time <= 100; time++) entry(time, 'too old');
        for (let time = 1; time <= 100; time++) entry(day + 50 + time, 'new');
        timeline = new Timeline({ database, retention: { days: 1 }, clock: () => day + 200 });
        const kept = timeline.query({ limit: 1000 });
        expect(kept.length).toBe(150);
        expect(kept.every(({ time }) => time > 50)).toBeTrue();
        expect(timeline.query({ text: 'old', limit: 1000 }).length).toBe(50);
    });

    it('forgets nothing for a clock that was wrong at a start', () => {
        const day = 86_400_000_000;
        for (let time = 1; time <= 200; time++) entry(time, 'before');
        timeline = new Timeline({ database, retention: { days: 1 }, clock: () => 400 * day });
        for (let time = 1; time < 100; time++) entry(400 * day + time, 'with the wrong clock');
        timeline = new Timeline({ database, retention: { days: 1 }, clock: () => 400 * day + 100 });
        timeline = new Timeline({ database, retention: { days: 1 }, clock: () => 300 });
        expect(timeline.query({ text: 'before', limit: 1000 }).length).toBe(200);
    });
});
