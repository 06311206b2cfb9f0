import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { faultOfChange } from '../../../service/faults/index.ts';
import { journalFields, JournalLogEntry } from '../../../service/journal/logEntry.ts';
import { NewErrors } from '../../../service/detection/newErrors.ts';
import { writerOf } from '../../../service/detection/writer.ts';
import { ExportParser } from '../../../service/journal/exportParser.ts';
import { Database } from '../../../service/store/database.ts';
import { Timeline } from '../../../service/timeline/timeline.ts';
import { EntryWriter } from '../../support/journals.ts';

const hour = 3_600_000_000;

describe('A kind of error that is new', () => {
    let directory: string;
    let database: Database;
    let timeline: Timeline;
    let explained: string[];
    let errors: NewErrors;
    let watching: AbortController;
    /** Two days after Reeve began to learn. */
    let now: number;

    const watch = () => {
        watching = new AbortController();
        errors.watch(watching.signal);
    };
    const open = () => {
        errors = new NewErrors({ database, timeline, isExplained: unit => explained.includes(unit) });
        watch();
    };
    /** As when the service ends; unless it is killed, it stores before. */
    const restart = () => {
        watching.abort();
        open();
    };

    beforeEach(() => {
        jasmine.clock().install();
        directory = mkdtempSync(join(tmpdir(), 'reeve-errors-'));
        database = Database.open(directory, () => undefined).database;
        timeline = new Timeline({ database });
        explained = [];
        open();
        now = Date.now() * 1000 + 48 * hour;
    });
    afterEach(() => {
        watching.abort();
        database[Symbol.dispose]();
        rmSync(directory, { recursive: true });
        jasmine.clock().uninstall();
    });

    const say = (unit: string, message: string, priority = 3, time = now) => {
        const text = new EntryWriter(time).unitLine(unit, message).replace(/^PRIORITY=6$/m, `PRIORITY=${priority}`);
        const parser = new ExportParser(journalFields, exported => {
            const entry = new JournalLogEntry(exported);
            errors.learn(entry, () => writerOf(entry, null));
        });
        parser.push(Buffer.from(text));
        parser.end();
    };
    const upgrade = (name: string, time = now - 60_000_000) => {
        const summary = `${name} was upgraded`;
        timeline.add({ time, kind: 'package', event: 'upgraded', subject: name, summary, detail: '' });
    };
    const hints = () => {
        jasmine.clock().tick(15_000);
        return timeline.query({ kinds: ['reeve'] }).map(({ subject, detail }) => `${subject}: ${detail}`);
    };

    it('is hinted at after an upgrade, once, with what was changed', () => {
        upgrade('nginx');
        upgrade('zlib', now - 30_000_000);
        say('nginx.service', 'module geoip is not binary compatible');
        say('nginx.service', 'module image is not binary compatible');
        expect(hints()).toEqual([
            'nginx.service: module geoip is not binary compatible\nShortly before: nginx was upgraded',
        ]);
        const [entry] = timeline.query({ kinds: ['reeve'] });
        const finding = entry === undefined ? null : faultOfChange(entry);
        expect(finding).toEqual(
            jasmine.objectContaining({
                family: 'program',
                kind: 'new-error',
                severity: 'low',
                subject: 'nginx.service',
                cause: jasmine.stringMatching(/ Its message: “module geoip is not binary compatible”$/),
            }),
        );
    });

    it('is no hint where nothing was changed, or long ago, nor below errors', () => {
        say('nginx.service', 'module geoip is not binary compatible');
        upgrade('nginx', now - 7 * hour);
        say('nginx.service', 'cannot allocate shared memory zone');
        upgrade('nginx');
        say('nginx.service', 'conflicting server name ignored here', 4);
        // It was said before the upgrade, too.
        say('nginx.service', 'module other is not binary compatible');
        expect(hints()).toEqual([]);
    });

    it('is no hint on the first day, when everything is new', () => {
        now = Date.now() * 1000 + hour;
        upgrade('nginx');
        say('nginx.service', 'module geoip is not binary compatible');
        expect(hints()).toEqual([]);
    });

    it('is no hint when it turns out to be why the unit failed', () => {
        upgrade('nginx');
        say('nginx.service', 'module geoip is not binary compatible');
        explained.push('nginx.service');
        expect(hints()).toEqual([]);
    });

    it('is hinted at three times a day at most, however much somebody upgrades or forges', () => {
        upgrade('everything');
        for (let index = 0; index < 100; index++) say(`unit${index}.service`, 'this was never said by anybody');
        expect(hints().length).toBe(3);
        say('other.service', 'this was never said by anybody');
        expect(hints().length).toBe(3);
    });

    it('is known after a restart', () => {
        say('nginx.service', 'module geoip is not binary compatible');
        errors.store();
        restart();
        upgrade('nginx');
        say('nginx.service', 'module image is not binary compatible');
        expect(hints()).toEqual([]);
    });

    it('is hinted at three times a day, however often the service is started', () => {
        upgrade('everything');
        for (let index = 0; index < 9; index++) {
            say(`unit${index}.service`, 'this was never said by anybody');
            hints();
            restart();
        }
        expect(hints().length).toBe(3);
        now += 25 * hour;
        upgrade('everything');
        say('unit99.service', 'this was never said by anybody');
        expect(hints().length).toBe(4);
    });

    it('is hinted at after a restart that came while it was waited with, once', () => {
        upgrade('nginx');
        say('nginx.service', 'module geoip is not binary compatible');
        database.transaction(() => {
            errors.store();
        });
        restart();
        // It is read again when the place in the journal was not stored.
        say('nginx.service', 'module geoip is not binary compatible');
        expect(hints().length).toBe(1);
        restart();
        expect(hints().length).toBe(1);
    });

    it('is no hint while nothing is watched', () => {
        upgrade('nginx');
        say('nginx.service', 'module geoip is not binary compatible');
        watching.abort();
        expect(hints()).toEqual([]);
        watch();
        expect(hints().length).toBe(1);
    });

    it('is still to be stored when that failed', () => {
        say('nginx.service', 'module geoip is not binary compatible');
        const fail = () => {
            database.transaction(() => {
                errors.store({ isLast: true });
                throw new Error('no space left');
            });
        };
        expect(fail).toThrowError('no space left');
        errors.store({ isLast: true });
        restart();
        upgrade('nginx');
        say('nginx.service', 'module geoip is not binary compatible');
        expect(hints()).toEqual([]);
    });

    it('is nothing that people run themselves, who choose what they are called', () => {
        upgrade('nginx');
        const text = new EntryWriter(now).entry({ _COMM: 'nginx', PRIORITY: 3, MESSAGE: 'it is all broken now' });
        const parser = new ExportParser(journalFields, exported => {
            const entry = new JournalLogEntry(exported);
            errors.learn(entry, () => writerOf(entry, null));
        });
        parser.push(Buffer.from(text));
        parser.end();
        expect(hints()).toEqual([]);
    });
});
