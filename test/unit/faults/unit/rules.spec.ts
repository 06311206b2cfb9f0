import type { Severity } from '../../../../service/model/incident.ts';
import { unnumbered } from '../../../../service/model/unitName.ts';
import { EntryWriter } from '../../../support/journals.ts';
import { analyseExport, analyseText, asText, recording, recordings, versions } from '../../detection/recordings.ts';

type Expected = {
    kind: string;
    subject: string;
    scope?: 'system' | 'user';
    severity?: Severity;
    count?: number;
    affected?: string[];
    cause: RegExp;
    /** In the evidence, in this order. */
    evidence: (string | RegExp)[];
};

const pigeon = [
    'cannot open /etc/pigeon.conf: No such file or directory',
    /Main process exited, code=exited, status=3/,
    "pigeon.service: Failed with result 'exit-code'.",
];

/** Recording → what is to be found in it; test/fixtures/journal/capture.sh has how each fault was made. */
const expected: Record<string, Expected | null> = {
    'exit-code': { kind: 'exit-code', subject: 'pigeon.service', cause: /is missing\. Its message/, evidence: pigeon },
    'missing-executable': {
        kind: 'missing-executable',
        subject: 'nobin.service',
        cause: /\/usr\/bin\/nonexistent does not exist/,
        evidence: [/Failed at step EXEC/, /status=203\/EXEC/, /Failed with result 'exit-code'/],
    },
    'not-executable': {
        kind: 'not-executable',
        subject: 'noexec.service',
        cause: /\/etc\/hostname cannot be run: Exec format error/,
        evidence: [/Failed at step EXEC/],
    },
    'step-chdir': { kind: 'setup', subject: 'nodir.service', cause: /CHDIR.*No such file/, evidence: [/step CHDIR/] },
    'step-user': { kind: 'setup', subject: 'nouser.service', cause: /\(USER\)/, evidence: [/step USER/] },
    'step-namespace': { kind: 'setup', subject: 'nons.service', cause: /NAMESPACE/, evidence: [/step NAMESPACE/] },
    'start-limit': {
        kind: 'start-limit',
        subject: 'looping.service',
        count: 3,
        cause: /too often.*status 1/,
        evidence: [/status=1/, /Start request repeated too quickly/, /Failed to start/],
    },
    'restarted-well': {
        kind: 'exit-code',
        subject: 'flaky.service',
        count: 2,
        cause: /status 1/,
        evidence: ['try 0 failed', 'try 1 failed'],
    },
    'start-timeout': {
        kind: 'timeout',
        subject: 'slow.service',
        cause: /not ready/,
        evidence: [
            'slow.service: start operation timed out. Terminating.',
            "slow.service: Failed with result 'timeout'.",
        ],
    },
    'stop-timeout': {
        kind: 'timeout',
        subject: 'stuck.service',
        cause: /did not stop/,
        evidence: [/'stop-sigterm' timed/],
    },
    watchdog: { kind: 'watchdog', subject: 'dog.service', cause: /watchdog signal/, evidence: [/Watchdog timeout/] },
    signal: { kind: 'signal', subject: 'segv.service', cause: /SIGKILL/, evidence: [/status=9\/KILL/] },
    'core-dump': {
        kind: 'core-dump',
        subject: 'crashy.service',
        cause: /crashed.*SIGSEGV/,
        evidence: [/status=11\/SEGV/],
    },
    'oom-kill': {
        kind: 'oom-kill',
        subject: 'oomed.service',
        cause: /Memory ran out/,
        evidence: [/systemd-oomd killed/],
    },
    protocol: { kind: 'protocol', subject: 'silent.service', cause: /without telling/, evidence: [/'protocol'/] },
    'protocol-pidfile': {
        kind: 'protocol',
        subject: 'silentfork.service',
        cause: /without telling/,
        evidence: [/Can't open PID file/, /'protocol'/],
    },
    resources: {
        kind: 'resources',
        subject: 'badsock.socket',
        cause: /could not get/,
        evidence: [/Failed to create listening socket/, /'resources'/],
    },
    'control-process': {
        kind: 'exit-code',
        subject: 'pre.service',
        cause: /configuration.* Its message: “bad configuration”/,
        evidence: [/Control process exited/],
    },
    assert: { kind: 'assert', subject: 'assert.service', cause: /settings require/, evidence: [/Assertion failed/] },
    dependency: {
        kind: 'exit-code',
        subject: 'loft.service',
        affected: ['post.service', 'postweb.service'],
        cause: /status 1/,
        evidence: ['the loft is locked', /Dependency failed for post.service/],
    },
    requisite: {
        kind: 'dependency',
        subject: 'requisite.service',
        cause: /needs loft\.service/,
        evidence: [/Dependency failed for requisite\.service/],
    },
    'job-timeout': {
        kind: 'timeout',
        subject: 'jobslow.service',
        affected: ['jobneed.service'],
        cause: /not ready/,
        evidence: [/Job jobslow.service\/start timed out/],
    },
    mount: {
        kind: 'exit-code',
        subject: 'data2.mount',
        severity: 'high',
        cause: /status 32/,
        evidence: ["mount: /data2: fsconfig() failed: tmpfs: Bad value for 'size'.", /Failed to mount/],
    },
    timer: { kind: 'exit-code', subject: 'tick.service', cause: /status 1/, evidence: ['nightly work failed'] },
    instance: { kind: 'exit-code', subject: 'inst@a\\\\x20b-c.service', cause: /status 1/, evidence: [/result/] },
    'user-unit': {
        kind: 'exit-code',
        subject: 'mine.service',
        scope: 'user',
        cause: /status 7/,
        evidence: [/status=7/],
    },
    cleared: { kind: 'exit-code', subject: 'mended.service', cause: /status 1/, evidence: [/Failed with result/] },
    // What went as it should, or is no failure of a unit.
    'exec-condition-skipped': null,
    'condition-skipped': null,
    'reload-failed': null,
    // What others than a service manager claim.
    'forged-root': null,
    'forged-user': null,
};

function expectIncident(
    analysis: Pick<ReturnType<typeof analyseText>, 'incidents'>,
    wanted: Expected,
    context: string,
): void {
    const incidents = analysis.incidents();
    expect(incidents.map(({ subject }) => subject))
        .withContext(context)
        .toEqual([wanted.subject]);
    const [incident] = incidents;
    if (incident === undefined) return;
    const { kind, scope, severity, count, affected, cause, evidence } = incident;
    expect({ kind, scope, severity, count, affected })
        .withContext(context)
        .toEqual({
            kind: wanted.kind,
            scope: wanted.scope ?? 'system',
            severity: wanted.severity ?? 'medium',
            count: wanted.count ?? 1,
            affected: wanted.affected ?? [],
        });
    expect(cause).withContext(context).toMatch(wanted.cause);
    const messages = evidence.map(({ message }) => message);
    let from = 0;
    for (const wish of wanted.evidence) {
        const found = messages.findIndex(
            (message, i) => i >= from && (typeof wish === 'string' ? message === wish : wish.test(message)),
        );
        expect(found)
            .withContext(`${context}: ${String(wish)} in ${JSON.stringify(messages)}`)
            .toBeGreaterThanOrEqual(from);
        from = found + 1;
    }
}

describe('Detection of failing units', () => {
    for (const version of versions) {
        describe(`in what ${version} logged`, () => {
            for (const name of recordings(version)) {
                it(`of the fault “${name}”`, () => {
                    expect(Object.keys(expected)).toContain(name);
                    const wanted = expected[name] ?? null;
                    const input = recording(version, name);
                    const analysis = analyseExport(input);
                    if (wanted === null) {
                        expect(analysis.incidents()).toEqual([]);
                        return;
                    }
                    expectIncident(analysis, wanted, 'journal');
                    expect(
                        analysis.incidents()[0]?.evidence.every(({ cursor }) => cursor?.startsWith('s=')),
                    ).toBeTrue();
                    // The same log as text says the same, with line numbers for cursors.
                    const text = analyseText(asText(input));
                    expectIncident(text, wanted, 'text');
                    expect(text.incidents()[0]?.evidence.every(({ line }) => line !== null)).toBeTrue();
                });
            }
        });
    }

    it('covers every recording of both versions', () => {
        for (const version of versions)
            expect(recordings(version).toSorted()).toEqual(Object.keys(expected).toSorted());
    });
});

describe('Detection of failing units in text', () => {
    const kinds = (lines: string[]) =>
        analyseText(lines)
            .incidents()
            .map(({ subject, kind, count, affected }) => [subject, kind, count, ...affected]);

    it('reads the wording of systemd 219 (CentOS 7), whose job messages only have descriptions', () => {
        // /var/log/messages after `systemctl start httpd` with a mistake in httpd.conf; wordings of src/core at v219.
        const lines = [
            'Mar  3 10:00:00 centos systemd: Starting The Apache HTTP Server...',
            'Mar  3 10:00:00 centos httpd: AH00526: Syntax error on line 42 of /etc/httpd/conf/httpd.conf:',
            'Mar  3 10:00:00 centos systemd: httpd.service: main process exited, code=exited, status=1/FAILURE',
            'Mar  3 10:00:00 centos systemd: Failed to start The Apache HTTP Server.',
            'Mar  3 10:00:00 centos systemd: Unit httpd.service entered failed state.',
            'Mar  3 10:00:00 centos systemd: httpd.service failed.',
        ];
        expect(kinds(lines)).toEqual([['httpd.service', 'exit-code', 1]]);
        expect(analyseText(lines).incidents()[0]?.evidence[0]?.message).toMatch(/^AH00526/);
    });

    it('gives a job message without a unit to the unit that has just failed', () => {
        expect(
            kinds([
                'Mar  3 10:00:10 ubuntu systemd[1]: ssh.service: Control process exited, code=exited, status=255/EXCEPTION',
                "Mar  3 10:00:10 ubuntu systemd[1]: ssh.service: Failed with result 'exit-code'.",
                'Mar  3 10:00:10 ubuntu systemd[1]: Failed to start OpenBSD Secure Shell server.',
            ]),
        ).toEqual([['ssh.service', 'exit-code', 1]]);
    });

    it('explains a mount that waits for a device by the device', () => {
        expect(
            kinds([
                'Mar  3 10:01:30 ubuntu systemd[1]: dev-disk-by\\x2duuid-dead.device: Job dev-disk-by\\x2duuid-dead.device/start timed out.',
                'Mar  3 10:01:30 ubuntu systemd[1]: Timed out waiting for device /dev/disk/by-uuid/dead.',
                'Mar  3 10:01:30 ubuntu systemd[1]: Dependency failed for /data.',
                'Mar  3 10:01:30 ubuntu systemd[1]: Dependency failed for local-fs.target - Local File Systems.',
                "Mar  3 10:01:30 ubuntu systemd[1]: data.mount: Job data.mount/start failed with result 'dependency'.",
            ]),
        ).toEqual([['dev-disk-by\\x2duuid-dead.device', 'timeout', 1, 'data.mount', 'local-fs.target']]);
    });

    it('is as severe as the worst of what failed along', () => {
        const [incident] = analyseText([
            "Mar  3 10:00:10 host systemd[1]: loft.service: Failed with result 'exit-code'.",
            'Mar  3 10:00:10 host systemd[1]: Dependency failed for gdm.service - GNOME Display Manager.',
        ]).incidents();
        expect(incident?.severity).toBe('critical');
    });

    it('blames nothing for what failed below it where there are no times', () => {
        expect(
            kinds(["baz.service: Failed with result 'timeout'.", 'Dependency failed for qux.service - Qux.']),
        ).toEqual([
            ['baz.service', 'timeout', 1],
            ['qux.service', 'dependency', 1],
        ]);
    });

    it('keeps what was said before each of several failures', () => {
        const failure = (time: string) => [
            `Nov 21 ${time} host (foo)[99]: foo.service: Failed to locate executable /usr/bin/foo: No such file or directory`,
            `Nov 21 ${time} host (foo)[99]: foo.service: Failed at step EXEC spawning /usr/bin/foo: No such file or directory`,
            `Nov 21 ${time} host systemd[1]: foo.service: Main process exited, code=exited, status=203/EXEC`,
            `Nov 21 ${time} host systemd[1]: foo.service: Failed with result 'exit-code'.`,
        ];
        const [incident] = analyseText([...failure('06:01:02'), ...failure('07:01:02')]).incidents();
        expect(incident?.count).toBe(2);
        expect(incident?.evidence.map(({ line }) => line)).toEqual([1, 2, 3, 4, 5, 6, 7, 8]);
    });

    it('is seen first when it failed, not when its program last spoke before', () => {
        const [incident] = analyseText([
            'Nov 21 06:15:50 host cupsd[812]: Listening to all printers',
            'Nov 21 06:16:02 host systemd[1]: cups.service: Main process exited, code=killed, status=11/SEGV',
            "Nov 21 06:16:02 host systemd[1]: cups.service: Failed with result 'signal'.",
        ]).incidents();
        expect(incident?.evidence[0]?.message).toMatch(/^cups\.service: Main process exited/);
        expect(incident?.firstSeen).toBe(Date.UTC(2026, 10, 21, 6, 16, 2) * 1000);
    });

    it('reads messages without any head, and what PID 1 logs before there is a journal', () => {
        expect(
            kinds([
                'bare.service: Main process exited, code=exited, status=203/EXEC',
                "bare.service: Failed with result 'exit-code'.",
                "[   12.345678] systemd[1]: early.service: Failed with result 'exit-code'.",
                "kern  :warn  : [   12.345678] systemd[1]: earlier.service: Failed with result 'timeout'.",
            ]),
        ).toEqual([
            ['bare.service', 'missing-executable', 1],
            ['early.service', 'exit-code', 1],
            ['earlier.service', 'timeout', 1],
        ]);
    });

    it('counts a failure for each time that it is reported, where nothing tells runs apart', () => {
        const line = "cron.service: Failed with result 'exit-code'.";
        expect(kinds([line, line, line])).toEqual([['cron.service', 'exit-code', 3]]);
    });

    it('lets a service of D-Bus end by its own alarm, and nothing else', () => {
        const ended = (name: string, by: string) => [
            `${name}: Main process exited, code=killed, status=${by}`,
            `${name}: Failed with result 'signal'.`,
        ];
        const helper = 'dbus-:1.2-org.fedoraproject.Setroubleshootd@0.service';
        expect(kinds(ended(helper, '14/ALRM'))).toEqual([]);
        expect(kinds(ended(helper, '9/KILL'))).toEqual([[unnumbered(helper), 'signal', 1]]);
        expect(kinds(ended('sample.service', '14/ALRM'))).toEqual([['sample.service', 'signal', 1]]);
    });

    it('does not believe a program that quotes a service manager', () => {
        expect(
            kinds([
                "Nov 21 02:00:00 host myapp[77]: ssh.service: Failed with result 'exit-code'.",
                "Nov 21 02:00:00 host myapp[77]: systemd[1]: ssh.service: Failed with result 'exit-code'.",
                "Nov 21 02:00:00 host kernel: ssh.service: Failed with result 'exit-code'.",
                "        ssh.service: Failed with result 'exit-code'.",
                "nothing.like.a.unit: Failed with result 'exit-code'.",
                'Failed to start a conversation.',
            ]),
        ).toEqual([]);
    });
});

describe('Who may say that a unit failed', () => {
    const fields = {
        MESSAGE_ID: 'd9b373ed55a64feb8242e02dbe79a49c',
        UNIT: 'ssh.service',
        USER_UNIT: 'ssh.service',
        UNIT_RESULT: 'exit-code',
        SYSLOG_IDENTIFIER: 'systemd',
        SYSLOG_PID: 1,
        MESSAGE: "ssh.service: Failed with result 'exit-code'.",
    };
    const found = (who: Record<string, string | number>) =>
        analyseExport(new EntryWriter().entry({ ...fields, ...who }))
            .incidents()
            .map(({ scope }) => scope);

    it('is PID 1, also through the kernel log, and a user’s manager', () => {
        expect(found({ _PID: 1, _UID: 0, _COMM: 'systemd', _SYSTEMD_UNIT: 'init.scope' })).toEqual(['system']);
        expect(found({ _TRANSPORT: 'kernel' })).toEqual(['system']);
        const manager = { _PID: 900, _UID: 1000, _COMM: 'systemd', _SYSTEMD_UNIT: 'user@1000.service' };
        expect(found({ ...manager, _SYSTEMD_USER_UNIT: 'init.scope' })).toEqual(['user']);
    });

    it('is nobody else, whatever they call themselves', () => {
        const impostor = { _PID: 901, _UID: 1000, _COMM: 'systemd' };
        expect(found(impostor)).toEqual([]);
        expect(found({ ...impostor, _SYSTEMD_UNIT: 'ssh.service' })).toEqual([]);
        expect(found({ ...impostor, _SYSTEMD_UNIT: 'user@1000.service', _SYSTEMD_USER_UNIT: 'app.service' })).toEqual(
            [],
        );
        expect(found({ ...impostor, _UID: 0, _COMM: 'logger', _SYSTEMD_UNIT: 'session-1.scope' })).toEqual([]);
        expect(found({ _TRANSPORT: 'kernel', SYSLOG_PID: 2 })).toEqual([]);
    });

    it('lets a process tell only of its own unit why it could not become its program', () => {
        const writer = new EntryWriter();
        const step = (who: string) =>
            writer.entry({
                _PID: 77,
                _UID: 0,
                _SYSTEMD_UNIT: who,
                MESSAGE_ID: '641257651c1b4ec9a8624d7a40a9e1e7',
                UNIT: 'unit.service',
                MESSAGE: 'unit.service: Failed at step EXEC spawning /usr/bin/forged: No such file or directory',
            });
        const end = (status: number) =>
            writer.manager({
                UNIT: 'unit.service',
                MESSAGE_ID: '98e322203f7a4ed290d09fe03c09fe15',
                MESSAGE: `unit.service: Main process exited, code=exited, status=${status}/EXEC`,
            }) + writer.manager({ UNIT: 'unit.service', MESSAGE: "unit.service: Failed with result 'exit-code'." });
        const cause = (input: string) => analyseExport(input).incidents()[0]?.cause;
        expect(cause(step('unit.service') + end(203))).toContain('/usr/bin/forged');
        expect(cause(step('other.service') + end(203))).not.toContain('/usr/bin/forged');
    });
});

describe('The units that Reeve runs for the moment', () => {
    it('are no incident when they fail: the plan or the status says so', () => {
        const ofReeve = ['reeve-step-1f.service', 'reeve-documentation-7-1.service'];
        for (const [version, unit] of versions.flatMap(known => ofReeve.map(name => [known, name] as const))) {
            const own = recording(version, 'exit-code').toString('latin1').replaceAll('pigeon.service', unit);
            const lines = Buffer.from(own, 'latin1');
            expect(analyseExport(lines).incidents()).withContext(version).toEqual([]);
            // A text does not say that the program that complains is one of such a unit.
            const ofUnits = analyseText(asText(lines))
                .incidents()
                .filter(({ family }) => family === 'unit');
            expect(ofUnits).withContext(`${version}, text`).toEqual([]);
        }
    });
});

describe('Detection in a storm', () => {
    it('keeps a bounded memory of units and lines', () => {
        const writer = new EntryWriter();
        const analysis = analyseExport(
            Array.from(
                { length: 3000 },
                (_unused, i) =>
                    writer.unitLine(`chatty${i}.service`, 'x'.repeat(5000)) + writer.failure('one.service', i),
            ).join(''),
        );
        const [incident] = analysis.incidents();
        expect(analysis.incidents().length).toBe(1);
        expect(incident?.count).toBe(3000);
        expect(incident?.evidence.length).toBeLessThanOrEqual(24);
    });
});
