import { EventEmitter, once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { journalFields, JournalLogEntry } from '../../../service/journal/logEntry.ts';
import { NewErrors } from '../../../service/detection/newErrors.ts';
import { Watcher } from '../../../service/detection/watcher.ts';
import { families } from '../../../service/faults/index.ts';
import { Incidents } from '../../../service/incidents/incidents.ts';
import type { Scope } from '../../../service/model/unit.ts';
import type { CheckResult } from '../../../service/model/proposal.ts';
import { ExportParser } from '../../../service/journal/exportParser.ts';
import type { Journal, JournalHandler } from '../../../service/journal/journal.ts';
import type { SourceState } from '../../../service/model/source.ts';
import type { UnitStates, UnitStatesHandler } from '../../../service/sources/unitStates.ts';
import { Database } from '../../../service/store/database.ts';
import type { Systemd } from '../../../service/machine/units/systemd.ts';
import type { UnitDetails } from '../../../service/machine/units/unitDetails.ts';
import { Timeline } from '../../../service/timeline/timeline.ts';
import { UnitChanges } from '../../../service/timeline/unitChanges.ts';
import { EntryWriter } from '../../support/journals.ts';
import { recording } from './recordings.ts';

/** The journal as the watcher sees it; the test says what is in it. */
class ScriptedJournal extends EventEmitter {
    access: 'system' | 'own' | 'none' = 'system';
    readonly status = { name: 'journal', state: 'starting' as SourceState, detail: '', events: 0, lost: 0 };
    from: string | null | undefined;
    handler: JournalHandler | undefined;

    async run(handler: JournalHandler, from: string | null, signal: AbortSignal): Promise<void> {
        this.handler = handler;
        this.from = from;
        handler.begin();
        this.emit('running');
        await once(signal, 'abort');
    }

    give(entries: Buffer | string, { isNew = true } = {}): void {
        let last = '';
        const parser = new ExportParser(journalFields, exported => {
            const entry = new JournalLogEntry(exported);
            last = entry.field('__CURSOR') ?? last;
            this.handler?.entry(entry, isNew);
        });
        parser.push(Buffer.from(entries));
        parser.end();
        if (isNew) this.handler?.settled(last === '' ? 'a cursor' : last);
    }

    catchUp(): void {
        this.status.state = this.access === 'none' ? 'unavailable' : 'watching';
        this.handler?.caughtUp();
    }
}

class ScriptedManager extends EventEmitter {
    readonly scope: Scope = 'system';
    readonly status = { name: 'systemd-system', state: 'watching' as SourceState, detail: '', events: 0, lost: 0 };
    handler: UnitStatesHandler | undefined;

    async run(handler: UnitStatesHandler, signal: AbortSignal): Promise<void> {
        this.handler = handler;
        await once(signal, 'abort');
    }

    whenSettled(): Promise<void> {
        return Promise.resolve();
    }
}

function details(name: string, change: Partial<UnitDetails> = {}): UnitDetails {
    return {
        scope: 'system',
        name,
        names: [name],
        description: name,
        loadState: 'loaded',
        loadError: null,
        activeState: 'failed',
        subState: 'failed',
        unitFileState: 'static',
        fragmentPath: '',
        sourcePath: '',
        dropInPaths: [],
        needsReload: false,
        canStart: true,
        refusesManualStart: false,
        invocationId: 'a'.repeat(32),
        stateChangedAt: Date.now() * 1000,
        activeSinceMonotonic: null,
        requires: [],
        requisite: [],
        bindsTo: [],
        triggeredBy: [],
        conditionsMet: true,
        assertionsMet: true,
        unmetConditions: [],
        named: [],
        job: null,
        result: 'exit-code',
        slice: 'system.slice',
        process: null,
        ...change,
    };
}

describe('Watcher', () => {
    let directory: string;
    let database: Database;
    let incidents: Incidents;
    let timeline: Timeline;
    let journal: ScriptedJournal;
    let manager: ScriptedManager;
    let units: Map<string, UnitDetails>;
    let checks: (() => Promise<CheckResult>)[];
    let ignored: string[];
    let watcher: Watcher;
    let stop: AbortController;
    let running: Promise<void>;
    let create: () => Watcher;

    async function start(): Promise<void> {
        stop = new AbortController();
        const begun = once(journal, 'running');
        running = watcher.run(stop.signal);
        await begun;
    }
    async function end(): Promise<void> {
        stop.abort();
        await running;
    }
    /** Resolves when the incident with this subject is as `wanted` says. */
    async function until(wanted: (found: ReturnType<Incidents['list']>) => boolean): Promise<void> {
        while (!wanted(incidents.list())) {
            await Promise.race([once(incidents, 'changed'), once(incidents, 'added')]);
        }
    }
    const stateOf = (subject: string) => incidents.list().find(incident => incident.subject === subject)?.state;

    beforeEach(() => {
        directory = mkdtempSync(join(tmpdir(), 'reeve-watcher-'));
        database = Database.open(directory, () => undefined).database;
        timeline = new Timeline({ database });
        incidents = new Incidents({
            families,
            database,
            timeline,
            noise: () => ({ perHour: 9, minimumSeverity: 'low' }),
        });
        journal = new ScriptedJournal();
        manager = new ScriptedManager();
        units = new Map();
        checks = [];
        ignored = [];
        const systemd = {
            unit: (_scope: Scope, name: string) => Promise.resolve(units.get(name) ?? null),
            list: () => Promise.resolve([...units.values()].filter(({ activeState }) => activeState === 'failed')),
        };
        create = () =>
            new Watcher({
                families,
                database,
                incidents,
                timeline,
                systemd: systemd as unknown as Systemd,
                journal: journal as unknown as Journal,
                managers: [manager as unknown as UnitStates],
                unitChanges: new UnitChanges({ timeline }),
                newErrors: new NewErrors({ database, timeline, isExplained: () => false }),
                check: incident => {
                    const scripted = checks.shift();
                    if (scripted !== undefined) return scripted();
                    const gone = units.get(incident.subject)?.activeState !== 'failed';
                    return Promise.resolve({ gone, detail: gone ? 'it works' : 'it is broken' });
                },
                isIgnored: unit => ignored.includes(unit),
                settle: 0,
                uid: null,
            });
        watcher = create();
    });
    afterEach(async () => {
        await end();
        incidents[Symbol.dispose]();
        database[Symbol.dispose]();
        rmSync(directory, { recursive: true });
    });

    describe('of signs that span its restart', () => {
        const denied =
            'audit: type=1400 audit(1.1:1): apparmor="DENIED" operation="open" profile="/usr/bin/man" name="/etc/x"';
        const hour = 3_600_000_000;
        const begin = Date.now() * 1000 - 20 * hour;
        const sign = (at: number) =>
            new EntryWriter(begin + at).entry({ __CURSOR: `c${at}`, _TRANSPORT: 'kernel', MESSAGE: denied });
        const restart = async () => {
            await end();
            watcher = create();
            await start();
        };
        const found = () => incidents.list().map(({ family, evidence }) => [family, evidence.length]);

        it('counts each of them once', async () => {
            await start();
            journal.give(sign(0));
            await restart();
            journal.give(sign(0), { isNew: false });
            journal.give(sign(hour));
            await restart();
            journal.give(sign(0) + sign(hour), { isNew: false });
            expect(found()).toEqual([]);
            journal.give(sign(2 * hour));
            expect(found()).toEqual([['access', 3]]);
        });

        it('lets them persist again once they have', async () => {
            await start();
            const all = [0, hour, 2 * hour].map(sign).join('');
            journal.give(all);
            expect(found()).toEqual([['access', 3]]);
            for (const { id } of incidents.list()) incidents.dismiss(id, { forever: false });
            await restart();
            journal.give(all, { isNew: false });
            journal.give(sign(3 * hour));
            expect(incidents.list().filter(({ state }) => state === 'open')).toEqual([]);
        });

        it('takes those again that it had not stored when it was killed', async () => {
            await start();
            journal.give(sign(0));
            journal.give(sign(hour));
            const killed = { stop, running };
            watcher = create();
            await start();
            journal.give(sign(0) + sign(hour), { isNew: false });
            journal.give(sign(2 * hour));
            expect(found()).toEqual([['access', 3]]);
            killed.stop.abort();
            await killed.running;
        });

        it('takes those again that it could not store', async () => {
            await start();
            journal.give(sign(0));
            journal.give(sign(hour));
            database.connection.exec('PRAGMA query_only = ON');
            expect(() => {
                journal.give(sign(2 * hour));
            }).toThrow();
            database.connection.exec('PRAGMA query_only = OFF');
            journal.handler?.begin();
            journal.give(sign(0) + sign(hour), { isNew: false });
            journal.give(sign(2 * hour));
            expect(found()).toEqual([['access', 3]]);
        });

        it('keeps no more than a few, and none that are old', async () => {
            const known = () => database.connection.prepare('SELECT count(*) AS n FROM sign').get()?.n;
            await start();
            for (let index = 0; index < 400; index += 1)
                journal.give(
                    new EntryWriter(begin + index * 1_000_000).entry({
                        __CURSOR: `c${index}`,
                        _TRANSPORT: 'kernel',
                        MESSAGE: denied.replace('man', `man${index}`),
                    }),
                );
            await end();
            expect(known()).toBe(256);
            database.connection.exec(`UPDATE sign SET last = last - ${10 * hour}`);
            watcher = create();
            await start();
            journal.give(sign(hour));
            await end();
            expect(known()).toBe(1);
        });
    });

    it('takes back what the end of a session explains', async () => {
        await start();
        const writer = new EntryWriter();
        const says = (time: number, message: string) =>
            new EntryWriter(1_700_000_000_000_000 + time * 1_000_000).entry({
                __CURSOR: `c${time}`,
                _PID: 1905,
                _UID: 1000,
                _COMM: 'gnome-shell',
                _SYSTEMD_UNIT: 'user@1000.service',
                _SYSTEMD_USER_UNIT: 'org.gnome.Shell@wayland.service',
                SYSLOG_IDENTIFIER: 'gnome-shell',
                MESSAGE: message,
            });
        const stops = (time: number) =>
            new EntryWriter(1_700_000_000_000_000 + time * 1_000_000).manager({
                __CURSOR: `c${time}`,
                MESSAGE: 'Stopping user@1000.service - User Manager for UID 1000...',
            });
        journal.give(writer.entry({ __CURSOR: 'c0', MESSAGE: 'before' }));
        journal.give(says(10, 'Connection to xwayland lost'));
        expect(stateOf('Xwayland')).toBe('open');
        journal.give(stops(12));
        expect(stateOf('Xwayland')).toBe('recovered');
        journal.give(says(400, 'Connection to xwayland lost') + stops(401));
        expect(stateOf('Xwayland')).toBe('recovered');
        await end();
    });

    it('makes one incident of the lines of a failure, and reports it at once', async () => {
        await start();
        journal.catchUp();
        await Promise.resolve();
        units.set('pigeon.service', details('pigeon.service'));
        await new Promise(setImmediate);
        journal.give(recording('systemd-257', 'exit-code'));
        expect(incidents.list().map(({ subject, notification, count }) => [subject, notification, count])).toEqual([
            ['pigeon.service', 'wanted', 1],
        ]);
    });

    it('checks the state before it believes what anybody may have written, and not with each line', async () => {
        await start();
        journal.catchUp();
        await new Promise(setImmediate);
        const complaint = (identifier: string, message: string) =>
            new EntryWriter().entry({ _UID: 1000, SYSLOG_IDENTIFIER: identifier, MESSAGE: message });
        const checked: string[] = [];
        const state = (gone: boolean) => () => {
            checked.push(gone ? 'room' : 'full');
            return Promise.resolve({ gone, detail: '' });
        };
        checks = [state(true), state(false)];
        journal.give(complaint('backup', 'cannot write: No space left on device'));
        journal.give(complaint('editor', 'cannot save: No space left on device'));
        journal.give(complaint('editor', 'inotify watch limit reached'));
        await until(found => found.length > 0);
        expect(checked).toEqual(['room', 'full']);
        expect(incidents.list().map(({ family, kind }) => [family, kind])).toEqual([['limits', 'inotify']]);
    });

    it('makes none of a link that is lost while the computer goes to sleep or wakes up', async () => {
        await start();
        journal.catchUp();
        await new Promise(setImmediate);
        const writer = new EntryWriter();
        // bond_miimon_inspect() in drivers/net/bonding/bond_main.c.
        const down = (card: string) =>
            writer.entry({
                _TRANSPORT: 'kernel',
                SYSLOG_IDENTIFIER: 'kernel',
                MESSAGE: `bonding: bond0: link status definitely down for interface ${card}, disabling it`,
            });
        journal.give(down('eno1'));
        const [known] = incidents.list();
        const time = known?.firstSeen ?? 0;
        const ofSleep = { time, kind: 'suspend', subject: 'computer', summary: '', detail: '' } as const;
        timeline.add({ ...ofSleep, event: 'inhibited' });
        journal.give(down('eno2'));
        timeline.add({ ...ofSleep, event: 'resume' });
        journal.give(down('eno3'));
        const off = "can't change power state from D3cold to D0 (config space inaccessible)";
        const of = { _TRANSPORT: 'kernel', SYSLOG_IDENTIFIER: 'kernel' };
        journal.give(writer.entry({ ...of, MESSAGE: `nvme 0000:01:00.0: ${off}` }));
        const reported = incidents.list().flatMap(({ subject, affected }) => [subject, ...affected]);
        expect(reported).toEqual(jasmine.arrayWithExactContents(['eno1', 'eno2']));
    });

    it('makes one incident of what the kernel says of a fault', async () => {
        await start();
        journal.catchUp();
        await new Promise(setImmediate);
        const writer = new EntryWriter();
        const kernel = { _TRANSPORT: 'kernel', SYSLOG_IDENTIFIER: 'kernel' };
        const say = (message: string) => {
            journal.give(writer.entry({ ...kernel, MESSAGE: message }));
        };
        say('java invoked oom-killer: gfp_mask=0x140cca, order=0, oom_score_adj=0');
        say('Out of memory: Killed process 42 (java) total-vm:1kB, anon-rss:1kB');
        say('usb 1-1: new high-speed USB device number 4 using xhci_hcd');
        const [incident, ...others] = incidents.list();
        expect(others).toEqual([]);
        expect(incident).toEqual(
            jasmine.objectContaining({ family: 'memory', subject: 'java', severity: 'high', state: 'open', count: 1 }),
        );
        expect(incident?.evidence.length).toBe(2);
    });

    it('does not report what was over before it checked', async () => {
        await start();
        journal.give(recording('systemd-257', 'exit-code'));
        expect(incidents.list()[0]?.notification).toBe('undecided');
        journal.catchUp();
        await until(([incident]) => incident?.state === 'recovered');
        await new Promise(setImmediate);
        expect(incidents.list()[0]?.notification).toBe('none');
    });

    it('waits for a check that is running before it tells', async () => {
        const check = Promise.withResolvers<CheckResult>();
        checks = [() => check.promise];
        await start();
        journal.give(recording('systemd-257', 'exit-code'));
        manager.handler?.state({ name: 'pigeon.service', activeState: 'active', subState: 'running' });
        journal.catchUp();
        await new Promise(setImmediate);
        expect(incidents.list()[0]?.notification).toBe('undecided');
        check.resolve({ gone: true, detail: 'it works' });
        await until(([incident]) => incident?.state === 'recovered');
        await new Promise(setImmediate);
        expect(incidents.list()[0]?.notification).toBe('none');
    });

    it('ends well when nothing can be stored, and looks again at what could not', async () => {
        await start();
        journal.catchUp();
        await new Promise(setImmediate);
        database.connection.exec('PRAGMA query_only = ON');
        expect(() => {
            journal.give(recording('systemd-257', 'exit-code'));
        }).toThrow();
        await end();
        database.connection.exec('PRAGMA query_only = OFF');
        await start();
        await end();
        expect(journal.from).toBeNull();
        await start();
        expect(journal.from).toBeNull();
    });

    it('leaves to the next time what it could not diagnose before it was stopped', async () => {
        const check = Promise.withResolvers<CheckResult>();
        checks = [() => check.promise];
        units.set('pigeon.service', details('pigeon.service', { invocationId: 'b'.repeat(32) }));
        await start();
        journal.give(recording('systemd-257', 'exit-code'));
        journal.catchUp();
        await new Promise(setImmediate);
        stop.abort();
        check.reject(new Error('aborted'));
        await running;
        expect(incidents.list()[0]?.notification).toBe('undecided');
        await start();
        journal.catchUp();
        await until(([incident]) => incident?.notification === 'wanted');
    });

    it('reports what happened while nobody looked and is still so', async () => {
        units.set('pigeon.service', details('pigeon.service', { invocationId: 'b'.repeat(32) }));
        await start();
        journal.give(recording('systemd-257', 'exit-code'));
        journal.catchUp();
        await until(([incident]) => incident?.notification === 'wanted');
        expect(stateOf('pigeon.service')).toBe('open');
    });

    it('finds units that failed unseen', async () => {
        units.set('unseen.service', details('unseen.service', { result: 'timeout' }));
        await start();
        journal.catchUp();
        await until(([incident]) => incident?.notification === 'wanted');
        expect(incidents.list()[0]).toEqual(jasmine.objectContaining({ subject: 'unseen.service', kind: 'timeout' }));
    });

    it('counts a failure once that the journal and the manager report', async () => {
        await start();
        journal.give(recording('systemd-257', 'exit-code'));
        const [told] = incidents.list();
        units.set('pigeon.service', details('pigeon.service', { invocationId: told?.occurrence ?? null }));
        journal.catchUp();
        await until(([incident]) => incident?.notification === 'wanted');
        expect(incidents.list().map(({ count, cause }) => [count, cause])).toEqual([[1, told?.cause ?? '']]);
    });

    it('closes an incident when its unit has recovered', async () => {
        await start();
        journal.catchUp();
        await new Promise(setImmediate);
        units.set('pigeon.service', details('pigeon.service'));
        journal.give(recording('systemd-257', 'exit-code'));
        units.set('pigeon.service', details('pigeon.service', { activeState: 'active' }));
        manager.handler?.state({ name: 'pigeon.service', activeState: 'active', subState: 'running' });
        await until(() => stateOf('pigeon.service') === 'recovered');
    });

    it('does not close an incident whose unit fails again while it is checked', async () => {
        await start();
        journal.catchUp();
        await new Promise(setImmediate);
        const writer = new EntryWriter();
        units.set('flaky.service', details('flaky.service'));
        journal.give(writer.failure('flaky.service', 1));
        const first = Promise.withResolvers<CheckResult>();
        const second = Promise.withResolvers<CheckResult>();
        checks = [() => first.promise, () => second.promise];
        manager.handler?.state({ name: 'flaky.service', activeState: 'active', subState: 'running' });
        await new Promise(setImmediate);
        journal.give(writer.failure('flaky.service', 2));
        manager.handler?.state({ name: 'flaky.service', activeState: 'active', subState: 'running' });
        first.resolve({ gone: true, detail: 'for a moment' });
        await new Promise(setImmediate);
        expect(stateOf('flaky.service')).toBe('open');
        second.resolve({ gone: true, detail: 'for good' });
        await until(() => stateOf('flaky.service') === 'recovered');
        expect(incidents.list()[0]?.count).toBe(2);
    });

    it('leaves what is being fixed to whoever fixes it', async () => {
        await start();
        journal.catchUp();
        await new Promise(setImmediate);
        journal.give(recording('systemd-257', 'exit-code'));
        const id = incidents.list()[0]?.id ?? 0;
        incidents.setState(id, 'fixing');
        manager.handler?.state({ name: 'pigeon.service', activeState: 'active', subState: 'running' });
        await end();
        expect(stateOf('pigeon.service')).toBe('fixing');
    });

    it('lives on the manager’s signals when the journal may not be read', async () => {
        journal.access = 'none';
        await start();
        journal.catchUp();
        await new Promise(setImmediate);
        units.set('silent.service', details('silent.service', { result: 'core-dump' }));
        manager.handler?.state({ name: 'silent.service', activeState: 'failed', subState: 'failed' });
        await until(list => list.length === 1);
        expect(incidents.list()[0]).toEqual(jasmine.objectContaining({ kind: 'core-dump', notification: 'wanted' }));
        // The burst of signals after a reload reports it again.
        manager.handler?.state({ name: 'silent.service', activeState: 'failed', subState: 'failed' });
        units.set('web.service', details('web.service', { activeState: 'inactive', requires: ['silent.service'] }));
        manager.handler?.jobEnded('web.service', 'dependency');
        await until(([incident]) => incident?.affected.includes('web.service') === true);
        expect(incidents.list().map(({ count }) => count)).toEqual([1]);
    });

    it('says nothing of units that the user does not want to hear of', async () => {
        ignored = ['pigeon.service'];
        await start();
        journal.catchUp();
        journal.give(recording('systemd-257', 'exit-code'));
        expect(incidents.list()).toEqual([]);
    });

    it('goes on behind what it has stored, and starts over when told to forget', async () => {
        await start();
        expect(journal.from).toBeNull();
        journal.give(recording('systemd-257', 'exit-code'));
        const stored = database.getState('journal-cursor');
        expect(stored).toMatch(/^s=/);
        await end();
        await start();
        expect(journal.from).toBe(stored);
        await end();
        watcher.forget();
        await start();
        expect(journal.from).toBe('now');
    });

    it('writes its place seldom while nothing happens, and when it stops', async () => {
        await start();
        const writer = new EntryWriter();
        const line = () => writer.entry({ __CURSOR: 'quiet', MESSAGE: 'nothing' });
        journal.give(line());
        expect(database.getState('journal-cursor')).toBeNull();
        journal.give(Array.from({ length: 5000 }, line).join(''));
        expect(database.getState('journal-cursor')).toBe('quiet');
        journal.give(writer.entry({ __CURSOR: 'last', MESSAGE: 'nothing' }));
        await end();
        expect(database.getState('journal-cursor')).toBe('last');
    });

    it('learns from what it saw before without doing anything again', async () => {
        await start();
        const entries = new EntryWriter()
            .failure('before.service', 1)
            .split('\n\n')
            .filter(entry => entry !== '');
        const part = (from: number, to: number) =>
            entries
                .slice(from, to)
                .map(entry => `${entry}\n\n`)
                .join('');
        journal.give(part(0, 3), { isNew: false });
        expect(incidents.list()).toEqual([]);
        journal.give(part(3, 4));
        expect(incidents.list()[0]?.evidence.map(({ message }) => message)).toEqual([
            'run 1 cannot go on',
            'before.service: Main process exited, code=exited, status=1/FAILURE',
            "before.service: Failed with result 'exit-code'.",
        ]);
    });

    it('reads again what could not be stored', async () => {
        await start();
        database.connection.exec('PRAGMA query_only = ON');
        expect(() => {
            journal.give(recording('systemd-257', 'exit-code'));
        }).toThrow();
        database.connection.exec('PRAGMA query_only = OFF');
        journal.handler?.begin();
        journal.give(recording('systemd-257', 'exit-code'));
        expect(incidents.list().map(({ count }) => count)).toEqual([1]);
    });

    it('notes a start of the computer once', async () => {
        await start();
        await end();
        await start();
        expect(timeline.query({ kinds: ['boot'] }).length).toBe(1);
    });
});
