import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Database } from '../../../service/store/database.ts';
import { Timeline } from '../../../service/timeline/timeline.ts';
import { UnitChanges } from '../../../service/timeline/unitChanges.ts';

describe('The timeline of units', () => {
    let directory: string;
    let database: Database;
    let timeline: Timeline;
    let units: UnitChanges;
    let now: number;

    beforeEach(() => {
        jasmine.clock().install();
        directory = mkdtempSync(join(tmpdir(), 'reeve-units-'));
        database = Database.open(directory, () => undefined).database;
        timeline = new Timeline({ database });
        now = 0;
        units = new UnitChanges({ timeline, clock: () => now });
    });
    afterEach(() => {
        units[Symbol.dispose]();
        database[Symbol.dispose]();
        rmSync(directory, { recursive: true });
        jasmine.clock().uninstall();
    });

    const states = (name: string, ...all: string[]) => {
        for (const activeState of all) units.state('system', { name, activeState });
    };
    const done = (name: string) => {
        units.jobEnded('system', name, 'done');
    };
    const told = () => {
        jasmine.clock().tick(2000);
        return timeline.query({ kinds: ['unit'] }).map(({ event, subject }) => `${event} ${subject}`);
    };

    it('has what a job stops, restarts and starts again', () => {
        states('ssh.service', 'deactivating', 'inactive');
        done('ssh.service');
        expect(told()).toEqual(['stopped ssh.service']);
        states('ssh.service', 'activating', 'active');
        done('ssh.service');
        expect(told()).toEqual(['started ssh.service', 'stopped ssh.service']);
        states('ssh.service', 'deactivating', 'inactive', 'activating', 'active');
        done('ssh.service');
        expect(told()[0]).toBe('restarted ssh.service');
        expect(timeline.query({ limit: 1 })[0]).toEqual(
            jasmine.objectContaining({ summary: 'ssh.service was restarted', facts: { scope: 'system' } }),
        );
    });

    it('does not have what ends by itself, and is started when it is needed', () => {
        states('fwupd.service', 'active', 'deactivating', 'inactive');
        now += 600_000;
        states('fwupd.service', 'activating', 'active');
        done('fwupd.service');
        // One that runs once and ends is never active.
        states('logrotate.service', 'activating', 'inactive');
        done('logrotate.service');
        // systemd also signals healthy units, as after a reload.
        states('cron.service', 'active');
        done('cron.service');
        expect(told()).toEqual([]);
    });

    it('does not have what failed, which is an incident, nor sessions and applications', () => {
        states('broken.service', 'active', 'failed');
        units.jobEnded('system', 'broken.service', 'failed');
        done('broken.service');
        for (const name of ['app-gnome-files-1.service', 'user@1000.service', 'session-2.scope', 'run-u7.service']) {
            states(name, 'deactivating', 'inactive');
            done(name);
        }
        expect(told()).toEqual([]);
    });

    it('has what an upgrade restarts as one entry that names all', () => {
        for (let index = 0; index < 8; index++) {
            states(`unit${index}.service`, 'deactivating', 'inactive', 'activating', 'active');
            done(`unit${index}.service`);
        }
        expect(told()).toEqual(['many services']);
        const [many] = timeline.query();
        expect(many?.summary).toBe('8 services were stopped or restarted');
        expect(many?.detail.split('\n').length).toBe(8);
    });

    it('does not have what stops because the computer is shut down', () => {
        const shutdown = { kind: 'boot', event: 'shutdown', subject: 'computer', summary: '', detail: '' } as const;
        timeline.add({ ...shutdown, time: Date.now() * 1000 });
        states('ssh.service', 'deactivating', 'inactive');
        done('ssh.service');
        expect(told()).toEqual([]);
    });

    it('leaves no timer behind', () => {
        states('ssh.service', 'deactivating', 'inactive');
        done('ssh.service');
        units[Symbol.dispose]();
        expect(told()).toEqual([]);
    });
});
