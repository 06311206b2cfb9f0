import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { families } from '../../../service/faults/index.ts';
import { Incidents } from '../../../service/incidents/incidents.ts';
import { beganAt } from '../../../service/incidents/merge.ts';
import type { Finding, Incident } from '../../../service/model/incident.ts';
import { Database } from '../../../service/store/database.ts';
import { Timeline } from '../../../service/timeline/timeline.ts';

const minute = 60_000_000;

function finding(change: Partial<Finding> = {}): Finding {
    return {
        family: 'unit',
        kind: 'exit-code',
        scope: 'system',
        subject: 'a.service',
        severity: 'medium',
        title: 'a.service failed',
        cause: '',
        time: 1000 * minute,
        occurrence: 'first',
        evidence: [],
        rootCause: null,
        facts: {},
        ...change,
    };
}

function piece(message: string, cursor: string | null = message) {
    return { source: 'journal' as const, time: 1000 * minute, origin: 'a.service', message, cursor, line: null };
}

describe('Incidents', () => {
    let directory: string;
    let database: Database;
    let incidents: Incidents;
    let now: number;
    let events: [string, number][];
    let noise: { perHour: number; minimumSeverity: 'low' | 'medium' };

    function create() {
        const timeline = new Timeline({ database, clock: () => now });
        incidents = new Incidents({ families, database, timeline, noise: () => noise, clock: () => now });
        events = [];
        incidents.on('added', ({ id }) => events.push(['added', id]));
        incidents.on('changed', ({ id }) => events.push(['changed', id]));
        incidents.on('removed', id => events.push(['removed', id]));
    }
    function damage(id: number) {
        database.connection.prepare(`UPDATE incident SET evidence = '[1]' WHERE id = ?`).run(id);
    }
    function report(change: Partial<Finding> = {}): Incident {
        const incident = incidents.report(finding(change));
        if (incident === null) throw new Error('nothing was reported');
        return incident;
    }

    beforeEach(() => {
        directory = mkdtempSync(join(tmpdir(), 'reeve-incidents-'));
        database = Database.open(directory, () => undefined).database;
        now = 1000 * minute;
        noise = { perHour: 3, minimumSeverity: 'medium' };
        create();
    });
    afterEach(() => {
        incidents[Symbol.dispose]();
        database[Symbol.dispose]();
        rmSync(directory, { recursive: true });
    });

    describe('after a start or a wake-up', () => {
        beforeEach(() => {
            jasmine.clock().install();
            incidents.expectBurst();
        });
        afterEach(() => {
            incidents[Symbol.dispose]();
            jasmine.clock().uninstall();
        });
        const notifications = () => incidents.list().map(({ notification }) => notification);

        it('are announced together, by the worst of them, once nothing more goes wrong', () => {
            report({ subject: 'a.service' });
            report({ subject: 'b.service', severity: 'high' });
            jasmine.clock().tick(2000);
            report({ subject: 'c.service' });
            jasmine.clock().tick(2000);
            expect(notifications()).toEqual(['undecided', 'undecided', 'undecided']);
            jasmine.clock().tick(1000);
            expect(notifications()).toEqual(['none', 'wanted', 'none']);
            expect(incidents.get(2)?.facts.toldWith).toBe('2');
        });

        it('are announced by the next worst when that one is over before anybody saw the announcement', () => {
            report({ subject: 'a.service' });
            report({ subject: 'b.service', severity: 'high' });
            report({ subject: 'c.service' });
            report({ subject: 'd.service' });
            jasmine.clock().tick(3000);
            incidents.setState(4, 'recovered');
            incidents.setState(2, 'recovered');
            expect(notifications()).toEqual(['wanted', 'none', 'none', 'none']);
            expect(incidents.get(1)?.facts.toldWith).toBe('1');
        });

        it('are announced by one of its own, however severe those of local rules are', () => {
            report({ family: 'local:backup', severity: 'high' });
            report({ subject: 'b.service' });
            jasmine.clock().tick(3000);
            expect(notifications()).toEqual(['none', 'wanted']);
        });

        it('are announced once when that one is over after the announcement', () => {
            report({ subject: 'a.service' });
            report({ subject: 'b.service', severity: 'high' });
            jasmine.clock().tick(3000);
            incidents.markNotified(2);
            incidents.setState(2, 'recovered');
            expect(notifications()).toEqual(['none', 'shown']);
        });

        it('are not announced when they put themselves right meanwhile', () => {
            report({ subject: 'a.service' });
            report({ subject: 'b.service' });
            incidents.setState(1, 'recovered');
            jasmine.clock().tick(3000);
            expect(notifications()).toEqual(['none', 'wanted']);
            expect(incidents.get(2)?.facts.toldWith).toBeUndefined();
        });

        it('are announced together after a kill in between, too', () => {
            report({ subject: 'a.service' });
            report({ subject: 'b.service', severity: 'high' });
            incidents[Symbol.dispose]();
            create();
            incidents.expectBurst();
            incidents.decideNotifications();
            expect(notifications()).toEqual(['undecided', 'undecided']);
            jasmine.clock().tick(3000);
            expect(notifications()).toEqual(['none', 'wanted']);
            expect(incidents.get(2)?.facts.toldWith).toBe('1');
        });

        it('are announced when they fail again before the others are announced', () => {
            const { id } = report();
            incidents.setState(id, 'recovered');
            jasmine.clock().tick(2000);
            report({ occurrence: 'second', time: 1001 * minute });
            jasmine.clock().tick(2000);
            expect(notifications()).toEqual(['undecided']);
            jasmine.clock().tick(1000);
            expect(notifications()).toEqual(['wanted']);
        });

        it('wait for what was found in the log of earlier until that was looked into', () => {
            incidents.report(finding({ subject: 'earlier.service' }), { notify: false });
            report({ subject: 'now.service' });
            jasmine.clock().tick(3000);
            expect(notifications()).toEqual(['undecided', 'wanted']);
            incidents.decideNotifications();
            jasmine.clock().tick(3000);
            expect(notifications()).toEqual(['wanted', 'wanted']);
        });

        it('are announced later when that could not be stored', () => {
            report({ subject: 'a.service' });
            database.connection.exec('PRAGMA query_only = ON');
            jasmine.clock().tick(3000);
            expect(notifications()).toEqual(['undecided']);
            database.connection.exec('PRAGMA query_only = OFF');
            jasmine.clock().tick(20_000);
            expect(notifications()).toEqual(['wanted']);
        });

        it('are announced with the others when they turn out worse', () => {
            report({ subject: 'a.service', severity: 'low' });
            report({ subject: 'b.service' });
            report({ subject: 'a.service', severity: 'high', occurrence: 'second' });
            expect(notifications()).toEqual(['undecided', 'undecided']);
            jasmine.clock().tick(3000);
            expect(notifications()).toEqual(['wanted', 'none']);
        });

        it('are not announced before it is known that their session was not ending, however severe they are', () => {
            jasmine.clock().tick(61_000);
            const crash = finding({ severity: 'critical' });
            const { id = 0 } = incidents.report(crash, { mayBeExplained: true }) ?? {};
            expect(incidents.get(id)?.notification).toBe('undecided');
            jasmine.clock().tick(4000);
            expect(incidents.get(id)?.notification).toBe('wanted');

            const ended = finding({ severity: 'critical', subject: 'b.service', occurrence: 'end' });
            const { id: other = 0 } = incidents.report(ended, { mayBeExplained: true }) ?? {};
            incidents.withdraw(new Set(['end']));
            jasmine.clock().tick(4000);
            expect(incidents.get(other)).toEqual(
                jasmine.objectContaining({ state: 'recovered', notification: 'none' }),
            );
        });

        it('are announced at once when they are critical, and after the wait in any case', () => {
            report({ subject: 'a.service', severity: 'critical' });
            expect(notifications()).toEqual(['wanted']);
            report({ subject: 'b.service' });
            for (let second = 0; second < 20; second++) {
                jasmine.clock().tick(1000);
                incidents.decideNotifications();
            }
            expect(incidents.get(2)?.notification).toBe('wanted');
        });
    });

    it('go on without one whose row cannot be read, which stays stored', () => {
        const first = report();
        const other = report({ subject: 'b.service' });
        damage(first.id);
        create();
        expect(incidents.list().map(({ id }) => id)).toEqual([other.id]);
        expect(incidents.get(first.id)).toBeUndefined();
        const again = report({ occurrence: 'second' });
        expect(again.id).toBeGreaterThan(other.id);
        expect(report({ occurrence: 'third' }).id).toBe(again.id);
        expect(database.connection.prepare('SELECT count(*) AS rows FROM incident').get()?.rows).toBe(3);
    });

    it('opens one for a finding and keeps it over a restart', () => {
        const opened = report({ evidence: [piece('one')], facts: { result: 'exit-code' } });
        create();
        expect(incidents.list()).toEqual([opened]);
        expect(incidents.get(opened.id)).toEqual(opened);
        expect(opened).toEqual(jasmine.objectContaining({ state: 'open', count: 1, notification: 'wanted' }));
    });

    it('keeps the change that was blamed for an occurrence when a further line repeats it', () => {
        const cause = 'systemd refuses the unit.';
        const { id } = report({ evidence: [piece('one')], cause });
        const blamed = `web.service was edited 2 seconds before this began. ${cause}`;
        incidents.update(id, { cause: blamed, facts: { logCause: cause } });
        report({ evidence: [piece('two')], cause });
        expect(incidents.get(id)).toEqual(jasmine.objectContaining({ count: 1, cause: blamed }));
        report({ evidence: [piece('three')], cause: 'No such file' });
        expect(incidents.get(id)?.cause).toBe('No such file');
    });

    it('takes every line of one occurrence for one failure', () => {
        const { id } = report({ evidence: [piece('one')] });
        report({ evidence: [piece('two')], kind: 'missing-executable', cause: 'No such file' });
        report({ evidence: [piece('two')], kind: 'missing-executable' });
        expect(incidents.list().length).toBe(1);
        expect(incidents.get(id)).toEqual(
            jasmine.objectContaining({ count: 1, kind: 'missing-executable', cause: 'No such file' }),
        );
        expect(incidents.get(id)?.evidence.map(({ message }) => message)).toEqual(['one', 'two']);
        expect(events).toEqual([
            ['added', id],
            ['changed', id],
        ]);
    });

    it('keeps what the program said as the cause when a further line tells only how it ended', () => {
        const cause = 'Its program ended with exit status 1.';
        const { id } = report({ cause, evidence: [piece('bind: Address already in use')] });
        report({ cause, evidence: [{ ...piece('Failed to start a.service.'), origin: 'systemd' }] });
        expect(incidents.get(id)?.cause).toBe(
            'Another program already uses the network port that it needs. Its message: “bind: Address already in use”',
        );
    });

    it('counts further occurrences, whatever order two sources tell them in', () => {
        const { id } = report({ occurrence: 'second', time: 1002 * minute });
        report({ occurrence: 'first', time: 1001 * minute });
        report({ occurrence: 'second', time: 1002 * minute });
        expect(incidents.get(id)).toEqual(
            jasmine.objectContaining({ count: 2, firstSeen: 1001 * minute, lastSeen: 1002 * minute }),
        );
    });

    it('keeps a bounded amount of evidence: how it began and how it went on', () => {
        for (let i = 0; i < 1000; i++) report({ occurrence: `${i}`, evidence: [piece(`line ${i}`)] });
        const [incident] = incidents.list();
        expect(incident?.count).toBe(1000);
        expect(incident?.evidence.length).toBe(24);
        expect(incident?.evidence[0]?.message).toBe('line 0');
        expect(incident?.evidence.at(-1)?.message).toBe('line 999');
    });

    it('explains what failed along by its cause', () => {
        const { id } = report({ subject: 'database.service' });
        report({ subject: 'web.service', kind: 'dependency', rootCause: 'database.service' });
        report({ subject: 'web.service', kind: 'dependency', rootCause: 'database.service' });
        expect(incidents.list().length).toBe(1);
        expect(incidents.get(id)).toEqual(jasmine.objectContaining({ affected: ['web.service'], count: 1 }));
    });

    describe('of a unit and of what its own processes said', () => {
        const complaint: Partial<Finding> = {
            family: 'login',
            kind: 'ssh',
            subject: '/etc/ssh/sshd_config',
            title: 'Remote login has a problem',
            occurrence: 'complaint',
            evidence: [piece('Bad configuration option')],
            facts: { reasonOf: 'a.service', path: '/etc/ssh/sshd_config' },
        };
        const broken: Partial<Finding> = {
            family: 'packages',
            kind: 'broken',
            subject: 'broken',
            title: 'A package cannot be installed',
            occurrence: 'dpkg',
            evidence: [piece('dpkg: error processing')],
            facts: { causeOf: 'a.service' },
        };
        beforeEach(() => jasmine.clock().install());
        afterEach(() => {
            incidents[Symbol.dispose]();
            jasmine.clock().uninstall();
        });

        it('are one, announced as the failure of the unit', () => {
            const { id } = report(complaint);
            incidents.update(id, { summary: 'found out meanwhile' });
            report({ time: 1000 * minute + 5_000_000, facts: { exitStatus: '255' } });
            expect(incidents.list()).toEqual([
                jasmine.objectContaining({
                    id,
                    family: 'unit',
                    kind: 'exit-code',
                    subject: 'a.service',
                    title: 'a.service failed',
                    summary: '',
                    count: 1,
                    affected: [],
                    facts: { reasonOf: 'a.service', path: '/etc/ssh/sshd_config', exitStatus: '255' },
                    notification: 'undecided',
                }),
            ]);
            jasmine.clock().tick(3000);
            expect(incidents.get(id)?.notification).toBe('wanted');
            const timeline = new Timeline({ database, clock: () => now });
            expect(timeline.query({ kinds: ['incident'] }).map(({ summary }) => summary)).toEqual([
                'a.service failed',
                'Remote login has a problem',
            ]);
        });

        it('are one that has nothing of what was only said about the report', () => {
            const ofReport = { place: 'usb:1-2', unnamed: 'true', speaker: 'a.service', hint: 'true' };
            report({ ...complaint, facts: { ...complaint.facts, ...ofReport } });
            const { facts } = report({ time: 1000 * minute + 5_000_000, facts: { place: 'pci:0000:00:14.0' } });
            expect(facts).toEqual({ ...complaint.facts, place: 'pci:0000:00:14.0' });
        });

        describe('that is a mistake in its settings', () => {
            const mistake: Partial<Finding> = {
                ...complaint,
                family: 'configuration',
                kind: 'invalid',
                facts: { ...complaint.facts, lasts: 'true' },
            };
            const later = 10_000 * minute;

            it('are one, days later, when it explains the failure, which began only then', () => {
                const { id } = report(mistake);
                now = later;
                report({ time: later });
                expect(incidents.list()).toEqual([
                    jasmine.objectContaining({ id, family: 'unit', kind: 'exit-code', subject: 'a.service', count: 1 }),
                ]);
                expect(incidents.get(id)?.facts).toEqual({
                    ...complaint.facts,
                    mistaken: String(1000 * minute),
                    reopened: String(later),
                });
            });

            it('are two when it does not', () => {
                for (const [index, kind] of ['oom-kill', 'timeout', 'watchdog', 'signal', 'core-dump'].entries()) {
                    const { id } = report({ ...mistake, time: later * index, occurrence: `mistake ${index}` });
                    const failure = report({ kind, time: later * index + 60 * minute, occurrence: `run ${index}` });
                    expect(incidents.get(id))
                        .withContext(kind)
                        .toEqual(jasmine.objectContaining({ family: 'configuration', kind: 'invalid', state: 'open' }));
                    expect(failure)
                        .withContext(kind)
                        .toEqual(
                            jasmine.objectContaining({ family: 'unit', kind, firstSeen: later * index + 60 * minute }),
                        );
                    incidents.dismiss(id, { forever: false });
                    incidents.dismiss(failure.id, { forever: false });
                }
            });
        });

        it('are one when the unit failed first, also over a restart', () => {
            const { id } = report();
            create();
            report({ ...complaint, time: 1100 * minute });
            expect(incidents.list().map(incident => [incident.id, incident.subject, incident.count])).toEqual([
                [id, 'a.service', 1],
            ]);
            expect(incidents.get(id)?.evidence.map(({ message }) => message)).toEqual(['Bad configuration option']);
        });

        it('are two when they are further apart, or in other scopes', () => {
            report(complaint);
            report({ scope: 'user' });
            report({ time: 1001 * minute });
            expect(incidents.list().map(({ subject }) => subject)).toEqual([
                '/etc/ssh/sshd_config',
                'a.service',
                'a.service',
            ]);
        });

        it('stay with what the user was told when that is being fixed', () => {
            const { id } = report(complaint);
            incidents.setState(id, 'fixing');
            expect(report().id).not.toBe(id);
        });

        it('are one, announced as what made it fail, whichever is reported first', () => {
            const { id } = report(broken);
            report();
            const whole = { family: 'packages', subject: 'broken', affected: ['a.service'], count: 1 };
            expect(incidents.list()).toEqual([jasmine.objectContaining({ id, ...whole })]);
            incidents.setState(id, 'fixed');
            expect(incidents.report(finding()))
                .withContext('the unit is still marked as failed when the manager is asked once more')
                .toBeNull();
            now += 60 * minute;
            const later = { time: now, scope: 'user' as const };
            const unit = report({ ...later, occurrence: 'second' });
            report({ ...broken, ...later, occurrence: 'dpkg again' });
            expect(incidents.list().slice(1)).toEqual([
                jasmine.objectContaining({ id: unit.id, scope: 'user', ...whole }),
            ]);
        });

        it('are one, announced as what made it fail, when that is only a sign, whichever is reported first', () => {
            const sign = (change: Partial<Finding>) =>
                incidents.report(finding({ ...broken, ...change }), { isSign: true });
            const whole = { family: 'packages', subject: 'broken', affected: ['a.service'], count: 1 };
            expect(sign({})).toBeNull();
            report({ time: 1000 * minute + 5_000_000 });
            sign({ scope: 'user', subject: 'other', facts: { causeOf: 'c.service' } });
            report({ scope: 'user', subject: 'b.service' });
            report({ scope: 'user' });
            sign({ scope: 'user' });
            expect(incidents.list()).toEqual([
                jasmine.objectContaining({ ...whole, evidence: broken.evidence ?? [] }),
                jasmine.objectContaining({ family: 'unit', subject: 'b.service' }),
                jasmine.objectContaining({ scope: 'user', ...whole }),
            ]);
        });

        it('are two when the sign was reported long before', () => {
            expect(incidents.report(finding(broken), { isSign: true })).toBeNull();
            now += minute;
            expect(report({ time: now }).family).toBe('unit');
        });
    });

    it('finds the open incident that explains a subject', () => {
        const { id } = report({ subject: 'database.service' });
        report({ subject: 'web.service', kind: 'dependency', rootCause: 'database.service' });
        const web = { scope: 'system' as const, subject: 'web.service' };
        expect(incidents.findCause(web)?.id).toBe(id);
        expect(incidents.findCause({ ...web, subject: 'web' })).toBeUndefined();
        expect(incidents.findCause({ ...web, scope: 'user' })).toBeUndefined();
        incidents.setState(id, 'recovered');
        expect(incidents.findCause(web)).toBeUndefined();
    });

    it('lets a dependency failure stand for itself when its cause is not known', () => {
        const incident = report({ subject: 'web.service', kind: 'dependency', rootCause: 'database.service' });
        expect(incident.subject).toBe('web.service');
    });

    it('keeps scopes apart', () => {
        report();
        report({ scope: 'user' });
        expect(incidents.list().length).toBe(2);
    });

    it('does not open a closed incident for the occurrence it was about', () => {
        const { id } = report();
        incidents.setState(id, 'fixed');
        expect(incidents.report(finding())).toBeNull();
        expect(incidents.report(finding({ occurrence: 'before', time: 999 * minute }))).toBeNull();
        expect(incidents.list().length).toBe(1);
    });

    it('withdraws what turns out to be no fault, the last occurrence or earlier ones', () => {
        const of = (occurrence: string, time: number, change: Partial<Finding> = {}) =>
            report({ occurrence, time: time * minute, evidence: [piece(occurrence)], ...change });
        const { id } = of('first', 1000);
        of('second', 1001);
        of('third', 1002);
        incidents.withdraw(new Set(['second']));
        expect(incidents.get(id)).toEqual(jasmine.objectContaining({ state: 'open', count: 2 }));
        expect(incidents.get(id)?.evidence.map(({ message }) => message)).toEqual(['first', 'third']);
        incidents.withdraw(new Set(['first', 'third']));
        expect(incidents.get(id)).toEqual(
            jasmine.objectContaining({
                state: 'recovered',
                summary:
                    'This was expected: the session was ending, the computer was about to sleep, or it worked shortly after.',
            }),
        );
    });

    it('withdraws nothing that a local rule reported, and no cause of which only an effect was ordinary', () => {
        const ofRule = report({ family: 'local:sample', occurrence: 'first', evidence: [piece('first')] });
        const cause = report({ occurrence: 'cause', evidence: [piece('cause')] });
        report({ subject: 'b.service', rootCause: 'a.service', occurrence: 'effect', evidence: [piece('effect')] });
        incidents.withdraw(new Set(['first', 'effect', '']));
        expect(incidents.get(ofRule.id)).toEqual(ofRule);
        expect(incidents.get(cause.id)).toEqual(jasmine.objectContaining({ state: 'open', count: 1 }));
    });

    it('opens another for a failure after the clock was set back', () => {
        report({ time: now });
        incidents.setState(1, 'dismissed');
        expect(incidents.report(finding({ time: now - minute, occurrence: 'older' }))).toBeNull();
        now -= 120 * minute;
        expect(report({ time: now, occurrence: 'second' }).id).toBe(2);
    });

    it('goes on with an incident when its subject fails again soon after it was well', () => {
        const { id } = report();
        incidents.markNotified(id);
        incidents.setState(id, 'recovered');
        report({ occurrence: 'second', time: 1005 * minute });
        expect(incidents.get(id)).toEqual(jasmine.objectContaining({ state: 'open', count: 2, notification: 'shown' }));
        // What was changed before is counted from this time.
        const known = incidents.get(id);
        expect(known?.firstSeen).toBe(1000 * minute);
        expect(known && beganAt(known)).toBe(1005 * minute);
        incidents.setState(id, 'recovered');
        const later = report({ occurrence: 'third', time: 1016 * minute });
        expect(later.id).not.toBe(id);
    });

    it('opens another when a fix did not last', () => {
        const { id } = report();
        incidents.setState(id, 'fixed');
        expect(report({ occurrence: 'second', time: 1001 * minute }).id).not.toBe(id);
    });

    it('says what is still wrong after a fix that did not help', () => {
        const { id } = report();
        incidents.setState(id, 'fixing');
        incidents.setState(id, 'open', 'It failed again');
        expect(incidents.get(id)).toEqual(jasmine.objectContaining({ state: 'open', stillWrong: 'It failed again' }));
    });

    it('never reports what was dismissed for ever, and does report what was dismissed once', () => {
        const { id } = report();
        incidents.dismiss(id, { forever: false });
        const second = report({ occurrence: 'second', time: 1001 * minute });
        incidents.dismiss(second.id, { forever: true });
        expect(incidents.report(finding({ occurrence: 'third', time: 1002 * minute }))).toBeNull();
        expect(incidents.list().every(({ state }) => state === 'dismissed')).toBeTrue();
    });

    it('reports again what was dismissed for ever once that is taken back, also after a restart', () => {
        incidents.dismiss(report().id, { forever: true });
        create();
        let changes = 0;
        incidents.mutes.on('changed', () => (changes += 1));
        expect(incidents.mutes.list()).toEqual([
            { family: 'unit', scope: 'system', subject: 'a.service', since: 1000 * minute },
        ]);
        expect(incidents.mutes.remove(finding({ scope: 'user' }))).toBeFalse();
        expect(incidents.mutes.remove(finding())).toBeTrue();
        expect(incidents.mutes.list()).toEqual([]);
        expect(changes).toBe(1);
        expect(report({ occurrence: 'second', time: 1001 * minute }).state).toBe('open');
    });

    it('announces no more than the budget allows, except what is critical', () => {
        const told = ['a', 'b', 'c', 'd'].map(subject => report({ subject }).notification);
        expect(told).toEqual(['wanted', 'wanted', 'wanted', 'none']);
        expect(report({ subject: 'e', severity: 'critical' }).notification).toBe('wanted');
        expect(report({ subject: 'f', severity: 'low' }).notification).toBe('none');
    });

    it('gives the incidents of local rules only what its own leave of the budget', () => {
        const own = (subject: string) => report({ subject }).notification;
        const local = (subject: string) => report({ family: 'local:backup', subject }).notification;
        expect(['a', 'b', 'c', 'd'].map(local)).toEqual(['wanted', 'wanted', 'wanted', 'none']);
        expect(['e', 'f', 'g', 'h'].map(own)).toEqual(['wanted', 'wanted', 'wanted', 'none']);
    });

    it('never takes a fault of its own for a consequence of what a local rule reported', () => {
        report({ family: 'local:backup', subject: 'a.service', severity: 'critical' });
        expect(report({ subject: 'b.service', rootCause: 'a.service' })).toEqual(
            jasmine.objectContaining({ id: 2, subject: 'b.service', affected: [] }),
        );
        expect(incidents.hasOpen('a.service', 'system')).toBeFalse();
        expect(report({ subject: 'a.service' }).id).toBe(3);
    });

    it('opens a bounded number of incidents for the local rules of one file', () => {
        const reported = Array.from({ length: 20 }, (_unused, number) =>
            incidents.report(finding({ family: 'local:backup', subject: `disk ${number}` })),
        );
        expect(reported.filter(incident => incident !== null)).toHaveSize(16);
        expect(
            incidents.report(finding({ family: 'local:backup', subject: 'disk 1', occurrence: 'second' }))?.count,
        ).toBe(2);
        expect(report({ family: 'local:other' }).id).toBe(17);
    });

    it('counts against the budget when it reported something, not when that failed last', () => {
        const subjects = ['a', 'b', 'c'];
        for (const subject of subjects) report({ subject });
        now += 61 * minute;
        for (const subject of subjects) report({ subject, occurrence: 'second', time: now });
        expect(report({ subject: 'd' }).notification).toBe('wanted');
        now -= 30 * minute;
        expect(['e', 'f', 'g'].map(subject => report({ subject }).notification)).toEqual(['none', 'none', 'none']);
        now -= 1440 * minute;
        expect(report({ subject: 'h' }).notification)
            .withContext('the clock was set back')
            .toBe('wanted');
    });

    it('decides only once whether to report what goes on failing', () => {
        report();
        const asked = jasmine.createSpy('noise').and.callFake(() => noise);
        const timeline = new Timeline({ database, clock: () => now });
        incidents = new Incidents({ families, database, timeline, noise: asked, clock: () => now });
        now += minute;
        report({ occurrence: 'second', time: now });
        expect(asked).not.toHaveBeenCalled();
    });

    it('announces what turns out to be worse than what was not worth announcing', () => {
        const killed = finding({ family: 'memory', subject: 'viewer', severity: 'high', title: 'viewer was ended' });
        const application = finding({ subject: 'app-viewer-1.scope', severity: 'low' });
        expect(report(application).notification).toBe('none');
        const turned = report({ ...killed, facts: { causeOf: application.subject } });
        expect(turned).toEqual(jasmine.objectContaining({ id: 1, title: 'viewer was ended', notification: 'wanted' }));
        incidents.markNotified(1);
        expect(report({ ...killed, severity: 'critical', occurrence: 'second' }).notification)
            .withContext('it was told of already')
            .toBe('shown');
    });

    it('does not report what turns out worse while the budget is used up', () => {
        for (const subject of ['a', 'b', 'c']) report({ subject });
        expect(report({ subject: 'd', severity: 'low' }).notification).toBe('none');
        expect(report({ subject: 'd', severity: 'high', occurrence: 'second' }).notification).toBe('none');
    });

    it('decides later to report what may be over already, if it is not', () => {
        const options = { notify: false };
        const over = incidents.report(finding({ subject: 'over.service' }), options);
        const broken = incidents.report(finding({ subject: 'broken.service' }), options);
        expect([over?.notification, broken?.notification]).toEqual(['undecided', 'undecided']);
        incidents.setState(over?.id ?? 0, 'recovered');
        create();
        incidents.decideNotifications();
        expect(incidents.list().map(({ notification }) => notification)).toEqual(['none', 'wanted']);
        expect(report({ subject: 'over.service', occurrence: 'second', time: 1001 * minute }))
            .withContext('it failed again, and nobody has been told')
            .toEqual(jasmine.objectContaining({ id: over?.id, state: 'open', notification: 'wanted' }));
    });

    it('lists the open ones and the twenty that were closed last', () => {
        const first = report({ subject: 'stays.service' });
        const ids: number[] = [];
        for (let i = 0; i < 25; i++) {
            const { id } = report({ subject: `${i}.service` });
            ids.push(id);
            now += 1;
            incidents.setState(id, 'recovered');
        }
        expect(incidents.list().map(({ id }) => id)).toEqual([first.id, ...ids.slice(5)]);
        const removed = events.filter(([event]) => event === 'removed').map(([, id]) => id);
        expect(removed).toEqual(ids.slice(0, 5));
    });

    it('lists all that were fixed in the last hour, so that their fixes can be undone together', () => {
        const ids = Array.from({ length: 30 }, (_each, index) => report({ subject: `${index}.service` }).id);
        for (const id of ids) incidents.setState(id, 'fixed');
        expect(incidents.list().map(({ id }) => id)).toEqual(ids);
        now += 61 * minute;
        const { id: last } = report({ subject: 'last.service' });
        incidents.setState(last, 'recovered');
        expect(incidents.list().map(({ id }) => id)).toEqual([...ids.slice(11), last]);
        const removed = events.filter(([event]) => event === 'removed').map(([, id]) => id);
        expect(removed).toEqual(ids.slice(0, 11));
    });

    it('emits nothing of a transaction that is rolled back', () => {
        expect(() =>
            database.transaction(() => {
                report();
                throw new Error('on purpose');
            }),
        ).toThrow();
        expect(events).toEqual([]);
        expect(incidents.list()).toEqual([]);
    });

    it('refuses work on incidents that do not exist', () => {
        for (const work of [
            () => incidents.setState(7, 'fixed'),
            () => incidents.update(7, { cause: 'x' }),
            () => {
                incidents.markNotified(7);
            },
            () => {
                incidents.dismiss(7, { forever: false });
            },
        ]) {
            expect(work).toThrowMatching(error => (error as { code?: string }).code === 'NotFound');
        }
    });

    it('takes in what turns out to be a part of an open incident, without a word', () => {
        const crash = (pid: number): Partial<Finding> => ({
            family: 'crash',
            kind: 'program',
            title: 'firefox crashed',
            time: 1000 * minute + pid,
        });
        const heard = (pid: number) =>
            report({ ...crash(pid), subject: 'DOM Worker', occurrence: `kernel ${pid}`, facts: { pid: String(pid) } });
        const dumped = (pid: number) =>
            report({
                ...crash(pid),
                scope: 'user',
                subject: 'firefox',
                occurrence: `dump ${pid}`,
                facts: { pid: String(pid - 1), thread: String(pid) },
            });
        const first = heard(733);
        expect(dumped(733).id).toBe(first.id);
        const second = heard(833);
        expect(dumped(833).id).toBe(first.id);
        expect(incidents.list().map(({ id, subject, state, count }) => [id, subject, state, count])).toEqual([
            [first.id, 'firefox', 'open', 2],
            [second.id, 'DOM Worker', 'recovered', 1],
        ]);
    });

    it('takes a crash that was reported before its unit failed for that failure, once the dump names the unit', () => {
        const crash = (occurrence: string, facts: Finding['facts']) =>
            report({
                family: 'crash',
                kind: 'program',
                subject: 'dumper',
                occurrence,
                time: 1000 * minute,
                evidence: [piece(occurrence)],
                facts,
            });
        const heard = crash('kernel', { pid: '733' });
        const failed = report({ subject: 'dump.service', kind: 'core-dump', time: 1000 * minute + 1 });
        const dumped = crash('dump', { pid: '733', reasonOf: 'dump.service' });
        expect(dumped.id).toBe(failed.id);
        expect(dumped.evidence.map(({ message }) => message)).toEqual(['kernel', 'dump']);
        expect([incidents.get(failed.id)?.state, incidents.get(heard.id)?.state]).toEqual(['open', 'recovered']);
    });

    // As seen on a slow computer with systemd 257: the dump has the time of the crash, in whole seconds.
    it('takes a crash for its unit’s when writing the dump took long, and its beginning was logged, too', () => {
        const begin = 1000 * minute;
        const crash = (occurrence: string, time: number, facts: Finding['facts']) =>
            report({ family: 'crash', kind: 'program', subject: 'dumper', occurrence, time, facts });
        const heard = crash('kernel', begin + 685_527, { pid: '733' });
        crash('beginning', begin + 1_058_160, { pid: '733' });
        crash('dump', begin + 999_999, {
            pid: '733',
            reasonOf: 'dump.service',
            logged: String(begin + 15_074_445),
        });
        const failed = report({ subject: 'dump.service', kind: 'core-dump', time: begin + 15_172_328 });
        expect([failed.id, failed.family, failed.count]).toEqual([heard.id, 'unit', 1]);
        expect(incidents.list().length).toBe(1);
    });

    it('keeps the incident of a program that crashes elsewhere, too', () => {
        const crash = (occurrence: string, time: number, facts: Finding['facts']) =>
            report({ family: 'crash', kind: 'program', subject: 'dumper', occurrence, time, facts });
        crash('first', 999 * minute, { pid: '700' });
        const heard = crash('kernel', 1000 * minute, { pid: '733' });
        report({ subject: 'dump.service', kind: 'core-dump', time: 1000 * minute + 1 });
        expect(crash('dump', 1000 * minute, { pid: '733', reasonOf: 'dump.service' })).toEqual(
            jasmine.objectContaining({ id: heard.id, count: 2, state: 'open' }),
        );
    });

    describe('of crashes', () => {
        beforeEach(() => jasmine.clock().install());
        afterEach(() => {
            jasmine.clock().uninstall();
        });
        const isToldLater = (id: number) => {
            jasmine.clock().tick(3000);
            return incidents.get(id)?.notification === 'wanted';
        };

        it('announces what it takes in as a part where that was still to be announced', () => {
            const low = { family: 'crash', kind: 'program', time: 1000 * minute };
            const first = report({ ...low, scope: 'user', subject: 'firefox', severity: 'low', facts: { pid: '1' } });
            expect(first.notification).toBe('none');
            const heard = report({ ...low, subject: 'DOM Worker', occurrence: 'kernel', facts: { pid: '733' } });
            expect(heard.notification).toBe('undecided');
            const facts = { pid: '715', thread: '733', executable: '/usr/bin/firefox' };
            const dumped = report({ ...low, scope: 'user', subject: 'firefox', occurrence: 'dump', facts });
            expect(dumped.id).toBe(first.id);
            expect(isToldLater(dumped.id)).toBeTrue();
            expect(incidents.get(heard.id)?.notification).toBe('none');
        });

        it('announces a crash that the kernel reported only once it is known whose it was', () => {
            const crash = (occurrence: string, facts: Finding['facts']) =>
                report({ family: 'crash', kind: 'program', subject: 'dumper', occurrence, time: 1000 * minute, facts });
            const heard = crash('kernel', { pid: '733' });
            expect(heard.notification).toBe('undecided');
            const failed = report({ subject: 'dump.service', kind: 'core-dump', time: 1000 * minute + 1 });
            crash('dump', { pid: '733', reasonOf: 'dump.service', executable: '/usr/bin/dumper' });
            expect(isToldLater(failed.id)).toBeTrue();
            // One announcement, of the service, and none of the crash.
            expect(incidents.list().map(({ subject, notification }) => [subject, notification])).toEqual([
                ['dumper', 'none'],
                ['dump.service', 'wanted'],
            ]);
        });

        it('lets the service speak for a crash whose dump takes long to be written, and not the other way round', () => {
            const crash = { family: 'crash', kind: 'program', subject: 'dumper', time: 1000 * minute };
            const heard = report({ ...crash, occurrence: 'kernel', facts: { pid: '733' } });
            const failed = report({ subject: 'dump.service', kind: 'core-dump', time: 1000 * minute + 1 });
            expect(incidents.get(heard.id)?.severity).toBe(failed.severity);
            expect(isToldLater(failed.id)).toBeTrue();
            expect(incidents.get(heard.id)?.notification).toBe('none');
        });

        it('announces a crash by its dump at once, and one without a dump a moment later', () => {
            const crash = { family: 'crash', kind: 'program', time: 1000 * minute };
            const dumped = { ...crash, subject: 'eog', facts: { pid: '8', executable: '/usr/bin/eog' } };
            expect(report(dumped).notification).toBe('wanted');
            const heard = report({ ...crash, subject: 'nautilus', facts: { pid: '9' } });
            expect(heard.notification).toBe('undecided');
            expect(isToldLater(heard.id)).toBeTrue();
        });
    });

    it('keeps what is known of one process from another', () => {
        const hung = { family: 'runaway', kind: 'hung-task', subject: 'foo' };
        report({ ...hung, facts: { pid: '100', started: '7', waits: 'disk' } });
        const { facts } = report({ ...hung, occurrence: 'second', time: 1001 * minute, facts: { pid: '200' } });
        expect([facts.pid, facts.started, facts.waits]).toEqual(['200', undefined, undefined]);
    });

    it('leaves two faults of one process two', () => {
        const facts = { pid: '100' };
        report({ family: 'runaway', kind: 'busy', subject: 'foo.service', time: 1000 * minute, facts });
        report({ family: 'runaway', kind: 'memory-leak', subject: 'foo', time: 1000 * minute + 1, facts });
        expect(incidents.list().map(({ kind, state }) => [kind, state])).toEqual([
            ['busy', 'open'],
            ['memory-leak', 'open'],
        ]);
    });

    it('writes down each crash of a program, but not one of many a second time within a minute', () => {
        const crash = (pid: number, time: number, facts: Finding['facts'] = {}) =>
            report({
                family: 'crash',
                kind: 'program',
                subject: 'viewer',
                title: 'viewer crashed',
                occurrence: `${pid} ${facts.executable ?? ''}`,
                time,
                facts: { pid: String(pid), ...facts },
            });
        crash(700, 900 * minute);
        // The same crash, which the dump reports later.
        crash(700, 900 * minute + 1_000_000, { executable: '/usr/bin/viewer' });
        crash(710, 900 * minute + 10_000_000);
        const { id } = crash(720, 950 * minute);
        incidents.setState(id, 'recovered');
        crash(730, 955 * minute);
        const timeline = new Timeline({ database, clock: () => now });
        const crashes = timeline.query({ kinds: ['crash'] });
        expect(crashes.map(({ time, facts }) => [time / minute, facts.pid])).toEqual([
            [955, '730'],
            [950, '720'],
            [900, '700'],
        ]);
        const [{ event, subject, summary } = {}] = crashes;
        expect([event, subject, summary]).toEqual(['crashed', 'viewer', 'viewer crashed']);
        expect(incidents.list().map(({ count }) => count)).toEqual([4]);
    });

    it('writes a crash down once, by the name of the program, though the kernel reported its thread before', () => {
        const crash = (subject: string, time: number, facts: Finding['facts']) =>
            report({
                family: 'crash',
                kind: 'program',
                subject,
                title: `${subject} crashed`,
                occurrence: `${facts.pid ?? ''} ${facts.executable ?? ''}`,
                time,
                facts,
            });
        const executable = '/usr/bin/viewer';
        for (const [start, process, thread] of [
            [900, '700', '703'],
            [950, '720', '725'],
        ] as const) {
            crash('pool-x', start * minute, { pid: thread });
            crash('viewer', start * minute, { pid: process, thread, executable });
        }
        // Of a service that has failed of it the dump is a part.
        crash('pool-y', 980 * minute, { pid: '805' });
        report({ subject: 'dump.service', kind: 'core-dump', time: 980 * minute + 1 });
        crash('viewer', 980 * minute, { pid: '800', thread: '805', executable, reasonOf: 'dump.service' });
        const timeline = new Timeline({ database, clock: () => now });
        const crashes = timeline.query({ kinds: ['crash'] });
        expect(crashes.map(({ time, summary, facts }) => [time / minute, summary, facts.pid])).toEqual([
            [980, 'viewer crashed', '800'],
            [950, 'viewer crashed', '720'],
            [900, 'viewer crashed', '700'],
        ]);
        expect(timeline.query({ text: 'pool' }).filter(({ kind }) => kind === 'crash')).toEqual([]);
    });

    it('says of one that is over what its subject is now, and nothing of that once it fails again', () => {
        const { id } = report();
        incidents.update(id, { summary: 'a.service stopped with an error and is not running.' });
        incidents.setState(id, 'fixing');
        incidents.setState(id, 'fixed', 'a.service is running');
        expect(incidents.get(id)?.summary).toBe('a.service is running.');
        incidents.setState(id, 'open', 'a.service has failed');
        expect(incidents.get(id)).toEqual(jasmine.objectContaining({ state: 'open', summary: '' }));
    });

    it('does not say that what no longer exists has recovered', () => {
        const { id } = report();
        incidents.setState(id, 'removed', 'a.service no longer exists');
        expect(incidents.get(id)).toEqual(
            jasmine.objectContaining({ state: 'removed', summary: 'a.service no longer exists.' }),
        );
        const [last] = new Timeline({ database, clock: () => now }).query({ kinds: ['incident'], limit: 1 });
        expect(last?.summary).toBe('a.service no longer exists');
    });

    it('goes on with the incident of what was removed and fails again soon, but not much later', () => {
        const { id } = report();
        incidents.setState(id, 'removed', 'a.service no longer exists');
        now += 9 * minute;
        const again = report({ occurrence: 'second', time: now });
        expect(again).toEqual(jasmine.objectContaining({ id, state: 'open', count: 2, summary: '' }));
        expect(beganAt(again)).toBe(now);
        incidents.setState(id, 'removed', 'a.service no longer exists');
        now += 11 * minute;
        expect(report({ occurrence: 'third', time: now }).id).not.toBe(id);
    });

    it('finds what waits for a unit that failed, while that is open', () => {
        const { id } = report({ subject: 'web.service', kind: 'dependency', facts: { rootCause: 'a.service' } });
        const waiting = () => incidents.waitingFor({ scope: 'system', subject: 'a.service' }).map(each => each.id);
        expect(waiting()).toEqual([id]);
        expect(incidents.waitingFor({ scope: 'user', subject: 'a.service' })).toEqual([]);
        incidents.setState(id, 'recovered');
        expect(waiting()).toEqual([]);
    });

    it('writes down what became of an incident', () => {
        const { id } = report();
        incidents.setState(id, 'recovered');
        const timeline = new Timeline({ database, clock: () => now });
        expect(timeline.query({ kinds: ['incident'] }).map(({ summary }) => summary)).toEqual([
            'a.service has recovered',
            'a.service failed',
        ]);
    });
});
