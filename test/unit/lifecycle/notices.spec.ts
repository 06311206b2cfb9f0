import { EventEmitter } from 'node:events';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setImmediate } from 'node:timers/promises';
import { Incidents } from '../../../service/incidents/incidents.ts';
import { PollClock } from '../../../service/sources/pollClock.ts';
import { Timeline } from '../../../service/timeline/timeline.ts';
import { AuditLog } from '../../../service/audit/auditLog.ts';
import { awaitStorage, openDatabase, unwatched } from '../../../service/lifecycle/notices.ts';

describe('A state directory that cannot be written', () => {
    it('is used again once it can be: then the service starts again', async () => {
        const place = mkdtempSync(join(tmpdir(), 'reeve-storage-'));
        const directory = join(place, 'state');
        writeFileSync(directory, 'a file where the directory should be');
        const { database, notices, ...opened } = openDatabase(directory);
        expect(notices.map(({ code }) => code)).toEqual(['database-unavailable']);
        const incidents = new Incidents({
            families: [],
            database,
            timeline: new Timeline({ database }),
            noise: () => ({ perHour: 10, minimumSeverity: 'low' }),
        });
        new AuditLog({ database }).append({
            event: 'applied',
            actor: 'shell',
            subject: 'cache',
            detail: 'space.clean',
        });
        using pollClock = new PollClock(() => 3_600_000);
        let changes = 1;
        const requests = Object.assign(new EventEmitter<{ changed: [] }>(), { count: () => changes });
        const dependencies = { database, pollClock, incidents, requests };
        using storage = awaitStorage(directory, notices, dependencies);
        let hasReturned = false;
        const returned = storage.returned.then(() => (hasReturned = true));

        pollClock.now();
        await setImmediate();
        expect(hasReturned).toBeFalse();
        // A database that cannot be used is in the way.
        rmSync(directory);
        mkdirSync(join(directory, 'database'), { recursive: true });
        writeFileSync(join(directory, 'database', 'reeve.db'), 'not a database, but long enough to be taken for one');
        pollClock.now();
        await setImmediate();
        expect(hasReturned).withContext('the service would end while it changes something').toBeFalse();
        changes = 0;
        requests.emit('changed');
        await returned;
        await setImmediate();
        expect(pollClock.isAwaited).withContext('nothing is polled any more').toBeFalse();

        using well = openDatabase(directory);
        expect(well.notices.map(({ code }) => code)).toEqual(['database-replaced']);
        const audit = new AuditLog({ database: well.database });
        expect(audit.list().map(({ event }) => event)).toEqual(['applied', 'database-replaced']);
        expect(audit.verify().ok).toBeTrue();
        using nothing = awaitStorage(directory, well.notices, dependencies);
        expect(pollClock.isAwaited).withContext('nothing was missing').toBeFalse();
        expect(nothing).toBeDefined();
        incidents[Symbol.dispose]();
        opened[Symbol.dispose]();
        rmSync(place, { recursive: true });
    });
});

describe('A state directory', () => {
    it('belongs to one service at a time', () => {
        const directory = mkdtempSync(join(tmpdir(), 'reeve-shared-'));
        {
            using first = openDatabase(directory);
            expect(first.notices).toEqual([]);
            expect(() => openDatabase(directory)).toThrowMatching(({ code }) => code === 'Busy');
        }
        using second = openDatabase(directory);
        expect(second.notices).toEqual([]);
        rmSync(directory, { recursive: true });
    });
});

describe('A database that cannot be used', () => {
    let directory: string;

    beforeEach(() => {
        directory = mkdtempSync(join(tmpdir(), 'reeve-notices-'));
        openDatabase(directory)[Symbol.dispose]();
        writeFileSync(join(directory, 'database', 'reeve.db'), 'not a database, but long enough to be taken for one');
    });

    afterEach(() => {
        rmSync(directory, { recursive: true });
    });

    function open() {
        using opened = openDatabase(directory);
        const { database, notices } = opened;
        const entries = new AuditLog({ database }).list();
        return { notices, entries };
    }

    it('is named by the first entry of the new audit log', () => {
        const { entries } = open();
        expect(entries).toEqual([jasmine.objectContaining({ id: 1, event: 'database-replaced', actor: 'service' })]);
        expect(entries[0]?.subject).toMatch(new RegExp(`^${directory}/database\\.replaced-`));
        expect(entries[0]?.detail).toBe('file is not a database');
    });

    it('is reported over restarts, until what was kept of it is removed', () => {
        const { notices, entries } = open();
        expect(notices.map(({ code }) => code)).toEqual(['database-replaced']);
        expect(open().notices).toEqual(notices);
        rmSync(entries[0]?.subject ?? '', { recursive: true });
        expect(open().notices).toEqual([]);
    });

    it('is reported for a week at most', () => {
        open();
        jasmine
            .clock()
            .install()
            .mockDate(new Date(Date.now() + 8 * 86_400_000));
        expect(open().notices).toEqual([]);
        jasmine.clock().uninstall();
    });
});

describe('A configuration that cannot be watched', () => {
    it('names the limit that was reached, not another', () => {
        const told = (code: string) => unwatched('/c.toml', Object.assign(new Error(`${code}: watch`), { code }));
        expect(told('EMFILE').remedy).toContain('fs.inotify.max_user_instances');
        expect(told('ENOSPC').remedy).toContain('fs.inotify.max_user_watches');
        expect(told('EACCES').remedy).not.toContain('inotify');
        expect(told('EACCES').text).toContain('EACCES');
    });
});
