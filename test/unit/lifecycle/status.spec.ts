import { EventEmitter } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { SourceState, SourceStatus } from '../../../service/model/source.ts';
import { Status } from '../../../service/lifecycle/status.ts';
import { Database } from '../../../service/store/database.ts';

describe('The status of the service', () => {
    let directory: string;
    let database: Database;
    let status: Status;
    let changes: number;

    beforeEach(() => {
        directory = mkdtempSync(join(tmpdir(), 'reeve-status-'));
        database = Database.open(directory, () => undefined).database;
        status = new Status({ database, clock: () => 42 });
        changes = 0;
        status.on('changed', () => (changes += 1));
    });

    afterEach(() => {
        database[Symbol.dispose]();
        rmSync(directory, { recursive: true });
    });

    function addSource(name: string): { become: (state: SourceState) => void } {
        const state: SourceStatus = { name, state: 'off', detail: '', events: 0, lost: 0 };
        const source = Object.assign(new EventEmitter<{ status: [SourceStatus] }>(), { status: state });
        status.addSource(source);
        return {
            become: next => {
                source.status.state = next;
                source.emit('status', source.status);
            },
        };
    }

    it('stays as it was when a change of it cannot be stored', () => {
        database.connection.exec('PRAGMA query_only = ON');
        expect(() => status.setPaused(true)).toThrowError(/readonly/);
        expect(status.isPaused).toBeFalse();
        expect(changes).toBe(0);
    });

    it('follows its sources', () => {
        expect(status.state).toBe('watching');
        const journal = addSource('journal');
        const systemd = addSource('systemd-system');
        expect(status.state).withContext('none has begun').toBe('starting');
        journal.become('starting');
        expect(status.state).toBe('starting');
        journal.become('watching');
        expect(status.state).withContext('one is still off').toBe('starting');
        systemd.become('unavailable');
        expect(status.state).withContext('what a machine does not have is not missed').toBe('watching');
        journal.become('waiting');
        expect(status.state).toBe('degraded');
        expect(status.sources.map(({ name }) => name)).toEqual(['journal', 'systemd-system']);
        expect(changes).toBe(6);
    });

    it('is degraded while there is a notice', () => {
        status.setNotice({ code: 'a', text: 'first', remedy: '' });
        status.setNotice({ code: 'a', text: 'second', remedy: '' });
        expect(status.notices).toEqual([{ code: 'a', text: 'second', remedy: '' }]);
        expect(status.state).toBe('degraded');
        status.clearNotice('a');
        status.clearNotice('a');
        expect(status.state).toBe('watching');
        expect(changes).toBe(3);
    });

    it('remembers that it is paused', () => {
        expect(status.setPaused(true)).toBeTrue();
        expect(status.setPaused(true)).toBeFalse();
        const later = new Status({ database, clock: () => 99 });
        expect([later.state, later.pausedSince]).toEqual(['paused', 42]);
        expect(later.setPaused(false)).toBeTrue();
        expect(new Status({ database }).isPaused).toBeFalse();
    });
});
