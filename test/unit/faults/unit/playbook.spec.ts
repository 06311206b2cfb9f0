import { chmodSync, mkdtempDisposableSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import type { Findings, Tried } from '../../../../service/diagnosis/playbook.ts';
import type { JournalReader } from '../../../../service/journal/query.ts';
import { unitPlaybook } from '../../../../service/faults/unit/playbook.ts';
import type { Incident } from '../../../../service/model/incident.ts';
import type { JournalEntry } from '../../../../service/model/journalEntry.ts';
import { managerOf, recorded, recordedUnits, versions } from '../../../support/recordedUnits.ts';
import type { RecordedUnit } from '../../../support/recordedUnits.ts';

function incidentOf(subject: string, change: Partial<Incident> = {}): Incident {
    return {
        id: 1,
        family: 'unit',
        kind: 'exit-code',
        scope: 'system',
        subject,
        severity: 'medium',
        title: `${subject} failed`,
        summary: '',
        cause: '',
        state: 'open',
        stillWrong: '',
        firstSeen: 1,
        lastSeen: 1,
        count: 1,
        occurrence: null,
        affected: [],
        evidence: [],
        facts: {},
        notification: 'wanted',
        ...change,
    };
}

function entry(message: string, index: number): JournalEntry {
    return {
        cursor: `cursor-${index}`,
        line: null,
        time: index + 1,
        bootId: null,
        transport: 'stdout',
        priority: 6,
        identifier: 'sh',
        pid: 100,
        uid: 0,
        command: 'sh',
        unit: 'sample.service',
        userUnit: null,
        messageId: null,
        message,
        fields: {},
    };
}

/** What the run of the unit with this invocation id wrote. */
function journalOf(unit: RecordedUnit, messages: string[]): JournalReader {
    const id = Buffer.from(unit.unit.InvocationID as number[]).toString('hex');
    return {
        query: ({ matches }) =>
            Promise.resolve(matches[0] === `_SYSTEMD_INVOCATION_ID=${id}` ? messages.map(entry) : []),
        access: () => Promise.resolve('system'),
    };
}

async function diagnose(
    units: Record<string, RecordedUnit>,
    incident: Incident,
    { says = {}, tried = [] }: { says?: Record<string, string[]>; tried?: Tried[] } = {},
): Promise<Findings> {
    const [[writer, messages] = [incident.subject, []]] = Object.entries(says);
    const { systemd } = managerOf(units);
    const { signal } = new AbortController();
    const journal = journalOf(recorded(units, writer), messages);
    return await unitPlaybook.diagnose({ incident, tried, systemd, journal, signal });
}

const actionsOf = ({ fixes }: Findings) => fixes.map(({ action }) => action);

for (const version of versions) {
    describe(`The diagnosis of a unit under systemd ${version}`, () => {
        const units = () => recordedUnits(version);

        it('quotes the last words of a program that ended with an error, and offers to restart it', async () => {
            const says = { 'sample-exit.service': ['starting', 'the moon is in the wrong phase'] };
            const findings = await diagnose(units(), incidentOf('sample-exit.service'), { says });
            expect(findings.title).toBe('Sample that exits with an error failed');
            expect(findings.summary).toBe('It is not running.');
            expect(findings.cause).toBe(
                'Its program ended with exit status 3. Its last message: “the moon is in the wrong phase”',
            );
            expect(findings.fixes).toEqual([
                jasmine.objectContaining({
                    action: 'unit.restart',
                    parameters: { scope: 'system', unit: 'sample-exit.service' },
                }),
            ]);
            expect(findings.facts).toEqual(jasmine.objectContaining({ exitName: '3/NOTIMPLEMENTED' }));
        });

        it('leaves out what a service said long before it ended', async () => {
            const all = units();
            const unit = recorded(all, 'sample-exit.service');
            const of = unit.ofType as Record<string, number>;
            const endedAt = Number(of.ExecMainExitTimestamp);
            of.ExecMainStartTimestamp = endedAt - 3 * 86_400_000_000;
            const lines = [86_400_000_000, 1_000_000].map((before, index) => ({
                ...entry(`line ${index}`, index),
                time: endedAt - before,
            }));
            const journal: JournalReader = {
                query: () => Promise.resolve(lines),
                access: () => Promise.resolve('system'),
            };
            const { systemd } = managerOf(all);
            const { signal } = new AbortController();
            const incident = incidentOf('sample-exit.service');
            const { cause, evidence } = await unitPlaybook.diagnose({ incident, tried: [], systemd, journal, signal });
            expect(cause).toBe('Its program ended with exit status 3. Its last message: “line 1”');
            expect(evidence.map(({ message }) => message)).not.toContain('line 0');
        });

        it('finds the last words of a program so short that journald did not learn which run wrote them', async () => {
            const unit = recorded(units(), 'sample-exit.service');
            const startedAt = Number(unit.ofType?.ExecMainStartTimestamp);
            const lines = [startedAt - 1, startedAt + 1].map((time, index) => ({
                ...entry(`line ${index}`, index),
                time,
            }));
            const { systemd } = managerOf(units());
            const journal: JournalReader = {
                query: ({ matches }) =>
                    Promise.resolve(matches[0] === '_SYSTEMD_UNIT=sample-exit.service' ? lines : []),
                access: () => Promise.resolve('system'),
            };
            const { signal } = new AbortController();
            const incident = incidentOf('sample-exit.service');
            const { cause } = await unitPlaybook.diagnose({ incident, tried: [], systemd, journal, signal });
            expect(cause).toBe('Its program ended with exit status 3. Its last message: “line 1”');
        });

        it('finds the last words of a program of the user that was gone before journald could look it up', async () => {
            const all = units();
            const unit = recorded(all, 'sample-exit.service');
            const { ExecMainPID: pid, ExecMainStartTimestamp: startedAt } = unit.ofType as Record<string, number>;
            const line = { ...entry('no such profile', 0), time: Number(startedAt) + 1 };
            const { systemd } = managerOf(all);
            const journal: JournalReader = {
                query: ({ matches }) => Promise.resolve(matches[0] === `_PID=${pid}` ? [line] : []),
                access: () => Promise.resolve('system'),
            };
            const { signal } = new AbortController();
            const incident = incidentOf('sample-exit.service', { scope: 'user' });
            const { cause } = await unitPlaybook.diagnose({ incident, tried: [], systemd, journal, signal });
            expect(cause).toContain('“no such profile”');
        });

        it('gives the log lines with their cursors and the state as evidence, in order of time', async () => {
            const says = { 'sample-exit.service': ['one', 'two'] };
            const { evidence } = await diagnose(units(), incidentOf('sample-exit.service'), { says });
            expect(evidence.map(({ source, message, cursor }) => [source, message.slice(0, 27), cursor])).toEqual([
                ['journal', 'one', 'cursor-0'],
                ['journal', 'two', 'cursor-1'],
                ['systemd', 'sample-exit.service: failed', null],
            ]);
        });

        it('does not repeat evidence that the finding brought along', async () => {
            const [known] = (
                await diagnose(units(), incidentOf('sample-exit.service'), { says: { 'sample-exit.service': ['one'] } })
            ).evidence;
            const incident = incidentOf('sample-exit.service', { evidence: known === undefined ? [] : [known] });
            const { evidence } = await diagnose(units(), incident, { says: { 'sample-exit.service': ['one'] } });
            expect(evidence.filter(({ cursor }) => cursor === 'cursor-0').length).toBe(1);
        });

        it('names the missing executable and offers nothing that cannot help', async () => {
            const findings = await diagnose(units(), incidentOf('sample-missing.service'));
            expect(findings.cause).toBe('Its program /usr/bin/nonexistent does not exist.');
            expect(findings.fixes).toEqual([]);
        });

        it('names the file of a setting that is missing, where systemd only says that a resource is', async () => {
            const all = units();
            const { ofType } = recorded(all, 'sample-exit.service');
            Object.assign(ofType ?? {}, { Result: 'resources', ExecMainCode: 0, ExecMainStatus: 0 });
            Object.assign(ofType ?? {}, {
                EnvironmentFiles: [
                    ['/nonexistent/optional.env', true],
                    ['/nonexistent/secrets.env', false],
                ],
            });
            const found = await diagnose(all, incidentOf('sample-exit.service', { kind: 'resources' }));
            expect(found.cause).toBe(
                '/nonexistent/secrets.env does not exist, which its setting EnvironmentFile= names.',
            );
            // Another start would fail in the same way.
            expect(found.fixes).toEqual([]);
            expect(found.summary).toContain(
                'Put back what is missing, or correct the setting. Then start the unit again.',
            );
        });

        it('offers to make a program executable that nobody may execute', async () => {
            using folder = mkdtempDisposableSync(join(tmpdir(), 'reeve-program-'));
            const program = join(folder.path, 'report');
            writeFileSync(program, '#!/bin/sh\n', { mode: 0o640 });
            const { uid, gid } = statSync(program);
            const all = units();
            const { ofType } = recorded(all, 'sample-missing.service');
            Object.assign(ofType ?? {}, { ExecStart: [[program, [program], false, 0, 0, 0, 0, 0, 0, 0]] });
            const incident = incidentOf('sample-missing.service', { facts: { reason: 'Permission denied' } });
            const { cause, fixes } = await diagnose(all, incident);
            expect(cause).toBe(`Its program ${program} could not be run: Permission denied.`);
            expect(fixes.map(({ action, parameters }) => [action, parameters])).toEqual([
                [
                    'file.permissions',
                    {
                        path: program,
                        before: `${uid}:${gid} 0750`,
                        after: `${uid}:${gid} 0640`,
                        restart: { scope: 'system', unit: 'sample-missing.service', reset: false },
                    },
                ],
            ]);
            // systemd reads the file of a setting before it runs a program: that it is gone by now is not why.
            Object.assign(ofType ?? {}, { EnvironmentFiles: [['/nonexistent/secrets.env', false]] });
            expect((await diagnose(all, incident)).cause).toBe(cause);
            chmodSync(program, 0o750);
            expect((await diagnose(all, incident)).fixes).toEqual([]);
        });

        it('sees that systemd gave up, and offers to clear the count and restart', async () => {
            const findings = await diagnose(units(), incidentOf('sample-loop.service'));
            expect(findings.summary).toBe('It kept failing, so systemd no longer tries to start it.');
            expect(actionsOf(findings)).toEqual(['unit.resetAndRestart']);
        });

        it('says how long a unit was waited for', async () => {
            const incident = incidentOf('sample-slow.service', { facts: { timedOut: 'start' } });
            const findings = await diagnose(units(), incident);
            expect(findings.cause).toBe('It was not ready within 1 second.');
            expect(actionsOf(findings)).toEqual(['unit.restart']);
        });

        it('explains a unit by the dependency that failed, and offers to start that first', async () => {
            const incident = incidentOf('sample-web.service', { kind: 'dependency' });
            const says = { 'sample-database.service': ['the store is locked'] };
            const findings = await diagnose(units(), incident, { says });
            expect(findings.title).toBe('Sample web application could not start because a dependency failed');
            expect(findings.summary).toBe('It is not running.');
            expect(findings.cause).toBe(
                'It needs sample-database.service, which failed: Its program ended with exit status 1. Its last message: “the store is locked”',
            );
            expect(findings.facts.rootCause).toBe('sample-database.service');
            expect(findings.fixes.map(({ parameters }) => parameters)).toEqual([
                {
                    scope: 'system',
                    dependency: 'sample-database.service',
                    dependants: ['sample-web.service'],
                    reset: false,
                },
            ]);
        });

        it('starts what failed because of a unit after that unit', async () => {
            const incident = incidentOf('sample-database.service', { affected: ['sample-web.service'] });
            const findings = await diagnose(units(), incident);
            expect(findings.summary).toContain('As a result, these could not start: sample-web.service.');
            expect(actionsOf(findings)).toEqual(['unit.startDependency']);
        });

        it('offers to start a unit whose dependency works again', async () => {
            const all = units();
            Object.assign(recorded(all, 'sample-database.service').unit, { ActiveState: 'active', SubState: 'exited' });
            const findings = await diagnose(all, incidentOf('sample-web.service', { kind: 'dependency' }));
            expect(findings.cause).toBe('The dependency works again, but nothing has started the unit since then.');
            expect(actionsOf(findings)).toEqual(['unit.restart']);
        });

        it('finds a dependency that is not there at all', async () => {
            const all = units();
            Object.assign(recorded(all, 'sample-web.service').unit, { Requires: ['no-such.service'] });
            const findings = await diagnose(all, incidentOf('sample-web.service', { kind: 'dependency' }));
            expect(findings.cause).toBe('It needs no-such.service, which does not exist on this computer.');
            expect(findings.fixes).toEqual([]);
        });

        it('ends on a circle of dependencies', async () => {
            const all = units();
            const { unit } = recorded(all, 'sample-database.service');
            Object.assign(unit, { ActiveState: 'inactive', Requires: ['sample-web.service'] });
            const findings = await diagnose(all, incidentOf('sample-web.service', { kind: 'dependency' }));
            expect(findings.facts.rootCause).toBeUndefined();
        });

        const withoutFix: [string, string][] = [
            [
                'sample-badfile.service',
                'Its unit file /etc/systemd/system/sample-badfile.service has an error, so systemd cannot use it.',
            ],
            ['sample-masked.service', 'sample-masked.service is masked.'],
            ['sample-nouser.service', 'The user that it runs as does not exist or cannot be used.'],
            ['sample-chdir.service', 'Its working directory cannot be entered.'],
        ];
        for (const [name, cause] of withoutFix) {
            it(`knows no safe fix for ${name}`, async () => {
                const findings = await diagnose(units(), incidentOf(name));
                expect(findings.cause).toBe(cause);
                expect(findings.fixes).toEqual([]);
            });
        }

        it('tells a crash from an error, and a hang from both', async () => {
            const crash = await diagnose(units(), incidentOf('sample-segv.service'));
            expect(crash.cause).toContain('crashed: it accessed memory that does not belong to it (SIGSEGV)');
            const hang = await diagnose(units(), incidentOf('sample-dog.service', { kind: 'watchdog' }));
            expect(hang.title).toMatch(/ stopped responding$/);
            expect(hang.cause).toBe('It stopped sending its watchdog signal to systemd.');
        });

        it('offers to forget the failure of a unit that was removed', async () => {
            const findings = await diagnose(units(), incidentOf('sample-gone.service'));
            expect(actionsOf(findings)).toEqual(['unit.reset']);
        });

        it('offers to forget the failure of a unit that was to stop and had to be killed, not to start it', async () => {
            const stopped = incidentOf('sample-slow.service', { kind: 'timeout', facts: { timedOut: 'stop' } });
            const findings = await diagnose(units(), stopped);
            expect(findings.cause).toBe('It did not stop in time.');
            expect(actionsOf(findings)).toEqual(['unit.reset']);
        });

        it('has a cause for units that are no services', async () => {
            const says = {
                'sample-data.mount': ["mount: /sample/data: fsconfig() failed: tmpfs: Bad value for 'size'."],
            };
            const findings = await diagnose(units(), incidentOf('sample-data.mount'), { says });
            expect(findings.cause).toBe(
                "Its last message: “mount: /sample/data: fsconfig() failed: tmpfs: Bad value for 'size'.”",
            );
        });
    });
}

describe('The diagnosis of a unit', () => {
    const restart: Tried = {
        action: 'unit.restart',
        parameters: {},
        explanation: '',
        isDone: true,
        hasStarted: true,
    };

    it('admits an attempt that did not help, and stops offering after the second', async () => {
        const units = recordedUnits(262);
        const once = await diagnose(units, incidentOf('sample-exit.service'), { tried: [restart] });
        expect(once.summary).toContain('Restarting it did not help.');
        expect(actionsOf(once)).toEqual(['unit.restart']);
        const twice = await diagnose(units, incidentOf('sample-exit.service'), { tried: [restart, restart] });
        expect(actionsOf(twice)).toEqual([]);
    });

    it('says the next step of a person where another start would fail the same way', async () => {
        const units = recordedUnits(262);
        const missing = incidentOf('sample-missing.service', { kind: 'missing-executable' });
        const findings = await diagnose(units, missing);
        expect(findings.fixes).toEqual([]);
        expect(findings.summary).toContain('Install the package of its program again');
        const other = await diagnose(units, { ...missing, kind: 'trigger-limit-hit' });
        expect(other.summary).toContain('Correct what they name');
        Object.assign(recorded(units, 'sample-missing.service').unit, { ActiveState: 'active', SubState: 'running' });
        expect((await diagnose(units, missing)).summary).not.toContain('Install');
    });

    it('does not say that it was started again when the attempt did not get so far', async () => {
        const tried = [{ ...restart, isDone: false, hasStarted: false }];
        const findings = await diagnose(recordedUnits(262), incidentOf('sample-exit.service'), { tried });
        expect(findings.summary).not.toContain('Restarting it');
    });

    it('leaves a unit alone that systemd itself is restarting', async () => {
        const units = recordedUnits(262);
        Object.assign(recorded(units, 'sample-loop.service').unit, {
            ActiveState: 'activating',
            SubState: 'auto-restart',
        });
        const findings = await diagnose(units, incidentOf('sample-loop.service'));
        expect(findings.summary).toBe('It keeps failing; systemd has restarted it 3 times so far.');
        expect(findings.fixes).toEqual([]);
    });

    it('offers no restart onto a full disk', async () => {
        const says = { 'sample-exit.service': ['write error: No space left on device'] };
        const findings = await diagnose(recordedUnits(262), incidentOf('sample-exit.service'), { says });
        expect(findings.cause).toBe(
            'The disk that it writes to is full. Its message: “write error: No space left on device”',
        );
        expect(findings.fixes).toEqual([]);
    });

    it('quotes what the tries before said when systemd refused the last one', async () => {
        const said = ['sshd', 'systemd'].map((origin, index) => ({
            source: 'journal' as const,
            time: index,
            origin,
            message: `${origin} is at line ${index}`,
            cursor: `cursor-${index}`,
            line: null,
        }));
        const findings = await diagnose(
            recordedUnits(262),
            incidentOf('sample-loop.service', { kind: 'start-limit', evidence: said }),
        );
        expect(findings.cause).toContain('Its last message: “sshd is at line 0”');
    });

    it('quotes the reason of a mount, not the hint below it', async () => {
        const says = {
            'sample-exit.service': [
                "mount: /srv/data: fsconfig() failed: tmpfs: Bad value for 'size'.",
                '       dmesg(1) may have more information after failed mount system call.',
            ],
        };
        const findings = await diagnose(recordedUnits(262), incidentOf('sample-exit.service'), { says });
        expect(findings.cause).toContain("Bad value for 'size'.”");
    });

    it('waits for the last words of what failed a moment ago', async () => {
        const units = recordedUnits(262);
        const unit = recorded(units, 'sample-exit.service');
        Object.assign(unit.unit, { StateChangeTimestamp: Date.now() * 1000 });
        const journal = journalOf(unit, ['late, but there']);
        let questions = 0;
        const slow: JournalReader = {
            ...journal,
            query: question => ((questions += 1) < 3 ? Promise.resolve([]) : journal.query(question)),
        };
        const { signal } = new AbortController();
        const { systemd } = managerOf(units);
        const incident = incidentOf('sample-exit.service');
        const { cause } = await unitPlaybook.diagnose({ incident, tried: [], systemd, journal: slow, signal });
        expect(cause).toContain('“late, but there”');
    });

    it('says what must be done before a restart can help', async () => {
        const says = { 'sample-exit.service': ['listen tcp 0.0.0.0:8080: bind: address already in use'] };
        const findings = await diagnose(recordedUnits(262), incidentOf('sample-exit.service'), { says });
        expect(findings.cause).toContain('Another program already uses network port 8080');
        expect(findings.fixes[0]?.explanation).toBe(
            'End the other program first, or give one of the two another port. This then starts it again.',
        );
    });

    it('says that the log cannot be read rather than that there is none', async () => {
        const units = recordedUnits(262);
        const journal: JournalReader = { query: () => Promise.resolve([]), access: () => Promise.resolve('own') };
        const { evidence } = await unitPlaybook.diagnose({
            incident: incidentOf('sample-exit.service'),
            tried: [],
            systemd: managerOf(units).systemd,
            journal,
            signal: new AbortController().signal,
        });
        expect(evidence[0]?.message).toContain('cannot read the system log');
    });

    it('treats a unit that is gone as gone', async () => {
        const { systemd } = managerOf({});
        const findings = await unitPlaybook.diagnose({
            incident: incidentOf('removed.service'),
            tried: [],
            systemd,
            journal: { query: () => Promise.resolve([]), access: () => Promise.resolve('system') },
            signal: new AbortController().signal,
        });
        expect(findings.summary).toBe('removed.service no longer exists on this computer.');
    });

    it('keeps long and odd descriptions and lines short and harmless', async () => {
        const units = recordedUnits(262);
        recorded(units, 'sample-exit.service').unit.Description = `<b>${'x'.repeat(500)}\u202e</b>\n`;
        const says = { 'sample-exit.service': ['y'.repeat(2000)] };
        const { title = '', cause } = await diagnose(units, incidentOf('sample-exit.service'), { says });
        expect(title.length).toBeLessThan(100);
        expect(cause.length).toBeLessThan(300);
        expect(title).not.toContain('\u202e');
    });

    it('calls a unit by its name when nobody has described it, and by its description without a full stop', async () => {
        const units = recordedUnits(262);
        const { unit } = recorded(units, 'sample-exit.service');
        const titleOf = async (description: string, of: Partial<Incident> = {}) => {
            unit.Description = description;
            return (await diagnose(units, incidentOf('sample-exit.service', of))).title;
        };
        expect(await titleOf('')).toBe('sample-exit.service failed');
        expect(await titleOf('sample-exit.service')).toBe('sample-exit.service failed');
        expect(await titleOf('Report collector.')).toBe('Report collector failed');
        expect(await titleOf('Report collector', { facts: { restarts: '3' } })).toBe('Report collector keeps failing');
        const late = { kind: 'timeout', facts: { timedOut: 'stop' } };
        expect(await titleOf('Report collector', late)).toBe('Report collector did not stop in time');
    });
});
