import { EntryWriter } from '../../support/journals.ts';
import { analyseExport, analyseText } from './recordings.ts';

const invocation = 'c'.repeat(32);

/** What systemd 262 says of a service whose program ends with an error, as PID 1 and with its fields. */
function exitOf(writer: EntryWriter, unit: string, status: number): string {
    const of = { UNIT: unit, INVOCATION_ID: invocation };
    return [
        writer.manager({
            ...of,
            MESSAGE_ID: '98e322203f7a4ed290d09fe03c09fe15',
            MESSAGE: `${unit}: Control process exited, code=exited, status=${status}/n/a`,
        }),
        writer.manager({
            ...of,
            MESSAGE_ID: 'd9b373ed55a64feb8242e02dbe79a49c',
            UNIT_RESULT: 'exit-code',
            MESSAGE: `${unit}: Failed with result 'exit-code'.`,
        }),
        writer.manager({
            ...of,
            MESSAGE_ID: 'be02cf6855d2428ba40df7e9d022f03d',
            JOB_TYPE: 'start',
            JOB_RESULT: 'failed',
            MESSAGE: `Failed to start ${unit} - A service.`,
        }),
    ].join('');
}

function incidentsOf(journal: string) {
    return analyseExport(journal)
        .incidents()
        .map(({ family, kind, subject, affected, count }) => ({ family, kind, subject, affected, count }));
}

describe('One cause is one incident', () => {
    let writer: EntryWriter;
    const says = (unit: string, ...messages: string[]) =>
        messages.map(message => writer.unitLine(unit, message)).join('');

    beforeEach(() => {
        writer = new EntryWriter();
    });

    it('also of a service that D-Bus starts in a unit with another number each time', () => {
        const starts = [7, 8].map(number => writer.failure(`dbus-:1.2-org.example.Name@${number}.service`, number));
        expect(incidentsOf(starts.join(''))).toEqual([
            {
                family: 'unit',
                kind: 'exit-code',
                subject: 'dbus-:1.2-org.example.Name.service',
                affected: [],
                count: 2,
            },
        ]);
    });

    // OpenSSH, servconf.c; Debian's ssh.service runs sshd -t first.
    const sshd = [
        '/etc/ssh/sshd_config: line 124: Bad configuration option: PermitRootLogni',
        '/etc/ssh/sshd_config: terminating, 1 bad configuration options',
    ];
    const ssh = { family: 'unit', kind: 'exit-code', subject: 'ssh.service', affected: [], count: 1 };

    it('of the unit that its manager cannot load', () => {
        const message = 'web.service: Service has no ExecStart=, ExecStop=, or SuccessAction=. Refusing.';
        const ofUser = { _PID: 900, _UID: 1000, _SYSTEMD_UNIT: 'user@1000.service', _SYSTEMD_USER_UNIT: 'init.scope' };
        for (const [scope, fields] of [['system', {}] as const, ['user', ofUser] as const]) {
            const [incident] = analyseExport(writer.manager({ ...fields, MESSAGE: message })).incidents();
            expect([incident?.subject, incident?.scope, incident?.facts.service]).toEqual([
                'web.service',
                scope,
                'web.service',
            ]);
        }
    });

    it('when a unit does not start because the file with its environment is missing', () => {
        const unit = 'web.service';
        const of = { UNIT: unit, INVOCATION_ID: invocation };
        const missing = `${unit}: Failed to load environment files: No such file or directory`;
        const journal = [
            writer.manager({ ...of, MESSAGE: missing }),
            writer.manager({ ...of, MESSAGE: `${unit}: Failed to spawn 'start' task: No such file or directory` }),
            writer.manager({
                ...of,
                MESSAGE_ID: 'd9b373ed55a64feb8242e02dbe79a49c',
                UNIT_RESULT: 'resources',
                MESSAGE: `${unit}: Failed with result 'resources'.`,
            }),
        ].join('');
        expect(incidentsOf(journal)).toEqual([
            { family: 'unit', kind: 'resources', subject: unit, affected: [], count: 1 },
        ]);
        const [incident] = analyseExport(journal).incidents();
        expect(incident?.evidence.map(({ message }) => message)).toContain(missing);
    });

    it('when sshd does not understand its settings and so does not start', () => {
        const journal = says('ssh.service', ...sshd) + exitOf(writer, 'ssh.service', 255);
        expect(incidentsOf(journal)).toEqual([ssh]);
        const [incident] = analyseExport(journal).incidents();
        expect(incident?.evidence.map(({ message }) => message)).toContain(sshd[0]);
        expect(incident?.facts).toEqual(jasmine.objectContaining({ path: '/etc/ssh/sshd_config', exitStatus: '255' }));
    });

    it('when the last words of sshd come after its end, or once more at the next try', () => {
        const journal = [
            exitOf(writer, 'ssh.service', 255),
            says('ssh.service', ...sshd),
            says('ssh.service', ...sshd),
            exitOf(writer, 'ssh.service', 255),
        ];
        expect(incidentsOf(journal.join(''))).toEqual([ssh]);
    });

    it('when sshd, tried often, is given up', () => {
        const journal = [
            says('ssh.service', ...sshd),
            exitOf(writer, 'ssh.service', 255),
            writer.manager({
                UNIT: 'ssh.service',
                INVOCATION_ID: invocation,
                MESSAGE: 'ssh.service: Start request repeated too quickly.',
            }),
        ];
        expect(incidentsOf(journal.join(''))).toEqual([{ ...ssh, kind: 'start-limit' }]);
    });

    it('when nginx names the file, then its main file, and does not start', () => {
        // nginx, src/core/ngx_conf_file.c and nginx.c; its unit runs nginx -t first.
        const journal =
            says(
                'nginx.service',
                '2026/11/21 10:02:11 [emerg] 812#812: unknown directive "listn" in /etc/nginx/sites-enabled/default:22',
                'nginx: [emerg] unknown directive "listn" in /etc/nginx/sites-enabled/default:22',
                'nginx: configuration file /etc/nginx/nginx.conf test failed',
            ) + exitOf(writer, 'nginx.service', 1);
        expect(incidentsOf(journal)).toEqual([{ ...ssh, subject: 'nginx.service' }]);
    });

    it('when nginx stays up in spite of its settings', () => {
        const journal = says(
            'nginx.service',
            'nginx: [emerg] unknown directive "listn" in /etc/nginx/sites-enabled/default:22',
            'nginx: configuration file /etc/nginx/nginx.conf test failed',
        );
        expect(incidentsOf(journal).map(({ family, subject }) => [family, subject])).toEqual([
            ['configuration', '/etc/nginx/sites-enabled/default'],
        ]);
    });

    it('when sshd turns those away who tried one name after the other', () => {
        // OpenSSH 10, auth.c and sshd.c: after a few failures it lets nobody of that address in for a while.
        const journal = says(
            'ssh.service',
            'Invalid user admin from 198.51.100.7 port 40512',
            'Invalid user test from 198.51.100.7 port 40514',
            ...[40516, 40518, 40520, 40522].map(
                port =>
                    `drop connection #0 from [198.51.100.7]:${port} on [198.51.100.2]:22 penalty: failed authentication`,
            ),
        );
        expect(incidentsOf(journal).map(({ kind, subject }) => [kind, subject])).toEqual([
            ['attempts', '198.51.100.7'],
        ]);
    });

    it('but not when a program complains and another unit fails', () => {
        const journal = says('ssh.service', ...sshd) + exitOf(writer, 'web.service', 1);
        expect(incidentsOf(journal).map(({ subject }) => subject)).toEqual(['/etc/ssh/sshd_config', 'web.service']);
    });

    it('and not when the unit fails much later', () => {
        const journal =
            says('ssh.service', ...sshd) + exitOf(new EntryWriter(1_700_000_060_000_000), 'ssh.service', 255);
        expect(incidentsOf(journal).length).toBe(2);
    });

    describe('when dpkg fails in the nightly upgrade', () => {
        // dpkg, src/main/errors.c.
        const dpkg = [
            'dpkg: error processing package bench-broken (--install):',
            'Errors were encountered while processing:',
        ];
        const packages = {
            family: 'packages',
            kind: 'broken',
            subject: 'bench-broken',
            affected: ['apt-daily-upgrade.service'],
            count: 1,
        };

        it('and the unit after it', () => {
            const journal = says('apt-daily-upgrade.service', ...dpkg) + exitOf(writer, 'apt-daily-upgrade.service', 1);
            expect(incidentsOf(journal)).toEqual([packages]);
        });

        it('and is reported after the unit', () => {
            const journal = exitOf(writer, 'apt-daily-upgrade.service', 1) + says('apt-daily-upgrade.service', ...dpkg);
            expect(incidentsOf(journal)).toEqual([packages]);
        });
    });

    describe('when a program crashes', () => {
        /** As systemd-coredump 262 logs it, under the user whose program it was. */
        const fieldsOfDump = (pid: number, name: string) => ({
            _UID: 1000,
            _COMM: 'systemd-coredum',
            _SYSTEMD_UNIT: 'systemd-coredump@0-31-812_813-0.service',
            SYSLOG_IDENTIFIER: 'systemd-coredump',
            MESSAGE_ID: 'fc2e22bc6ee647b6b90729ab34a250b1',
            PRIORITY: 2,
            __CURSOR: `s=${pid}`,
            COREDUMP_PID: pid,
            COREDUMP_UID: 1000,
            COREDUMP_COMM: name,
            COREDUMP_SIGNAL_NAME: 'SIGSEGV',
            MESSAGE: `Process ${pid} (${name}) of user 1000 dumped core.`,
        });
        const dump = (pid: number, name: string, fields: Record<string, string | number>, by = writer) =>
            by.entry({ ...fieldsOfDump(pid, name), ...fields });
        const kernel = (pid: number, name: string, by = writer) =>
            by.entry({
                _TRANSPORT: 'kernel',
                SYSLOG_IDENTIFIER: 'kernel',
                // show_signal_msg() in arch/x86/mm/fault.c of Linux.
                MESSAGE: `${name}[${pid}]: segfault at 0 ip 00007fb795b7cad8 sp 00007ffe47523978 error 4 in libc.so.6[167ad8,7fb795a3b000+156000]`,
            });
        const ofApp = {
            COREDUMP_EXE: '/usr/bin/gnome-text-editor',
            COREDUMP_UNIT: 'user@1000.service',
            COREDUMP_USER_UNIT: 'app-gnome-editor-715.scope',
        };

        it('and both the kernel and systemd-coredump report it', () => {
            const journal = kernel(715, 'gnome-text-edit') + dump(715, 'gnome-text-edit', ofApp);
            expect(incidentsOf(journal)).toEqual([
                { family: 'crash', kind: 'program', subject: 'gnome-text-edit', affected: [], count: 1 },
            ]);
            const [incident] = analyseExport(journal).incidents();
            expect(incident?.title).toBe('gnome-text-editor crashed');
            expect(incident?.cause).toMatch(/^gnome-text-editor accessed memory that does not belong to it/);
            expect(incident?.facts).toEqual(
                jasmine.objectContaining({ executable: '/usr/bin/gnome-text-editor', signalName: 'SIGSEGV' }),
            );
        });

        describe('in a thread that has a name of its own', () => {
            const browser = {
                COREDUMP_EXE: '/usr/lib/firefox-esr/firefox-esr',
                COREDUMP_UNIT: 'user@1000.service',
                COREDUMP_USER_UNIT: 'app-gnome-firefox-900.scope',
            };
            const one = [['system', 'crash', 'firefox-esr', 1]];
            const told = (...journal: string[]) =>
                analyseExport(journal.join(''))
                    .incidents()
                    .map(({ scope, family, subject, count }) => [scope, family, subject, count]);

            it('which systemd-coredump names, since it is told by the kernel', () => {
                const fields = { ...browser, COREDUMP_TID: 733, COREDUMP_THREAD_NAME: 'DOM Worker' };
                const crash = kernel(733, 'DOM Worker') + dump(715, 'GeckoMain', fields);
                expect(told(crash)).toEqual([['user', 'crash', 'firefox-esr', 1]]);
                const service = { ...fields, COREDUMP_UNIT: 'kiosk.service', COREDUMP_USER_UNIT: '' };
                expect(told(kernel(733, 'DOM Worker') + dump(715, 'GeckoMain', service))).toEqual(one);
                expect(analyseExport(crash).incidents()[0]?.title).toBe('firefox-esr crashed');
            });

            it('which the stack of the earlier ones begins with', () => {
                const MESSAGE =
                    'Process 715 (GeckoMain) of user 1000 dumped core.\n\nStack trace of thread 733:\n#0  n/a\nStack trace of thread 715:';
                expect(told(kernel(733, 'DOM Worker') + dump(715, 'GeckoMain', { ...browser, MESSAGE }))).toEqual([
                    ['user', 'crash', 'firefox-esr', 1],
                ]);
            });

            it('time and again', () => {
                const crash = (pid: number) =>
                    kernel(pid + 18, 'DOM Worker') + dump(pid, 'GeckoMain', { ...browser, COREDUMP_TID: pid + 18 });
                expect(told(crash(715), crash(815), crash(915))).toEqual([['user', 'crash', 'firefox-esr', 3]]);
            });

            it('but not one whose number only some other process has', () => {
                const journal = kernel(732, 'DOM Worker') + dump(715, 'GeckoMain', { ...browser, COREDUMP_TID: 733 });
                expect(told(journal).length).toBe(2);
            });
        });

        it('a while before that is logged, it says when it was', () => {
            const crashed = 1_700_000_000_000_000;
            const logged = new EntryWriter(crashed + 90_000_000);
            const late = (timestamp: number) =>
                analyseExport(
                    kernel(715, 'gnome-text-edit') +
                        logged.entry({
                            ...fieldsOfDump(715, 'gnome-text-edit'),
                            ...ofApp,
                            COREDUMP_TIMESTAMP: timestamp,
                        }),
                ).incidents();
            const [incident, ...more] = late(crashed);
            expect([incident?.count, incident?.subject, ...more]).toEqual([1, 'gnome-text-edit']);
            expect((incident?.lastSeen ?? 0) - crashed).toBeLessThan(10_000_000);
            // A program can do much to its own dump, but not turn back the time.
            expect(late(0).map(({ lastSeen }) => lastSeen - crashed >= 90_000_000)).toContain(true);
        });

        it('again', () => {
            const journal = dump(715, 'gnome-text-edit', ofApp) + dump(716, 'gnome-text-edit', ofApp);
            expect(incidentsOf(journal).map(({ subject, count }) => [subject, count])).toEqual([
                ['gnome-text-edit', 2],
            ]);
        });

        it('and its service fails by that, in whatever order that is reported', () => {
            const second = 1_000_000;
            const crashed = 1_700_000_000 * second;
            const told = (order: string) => {
                const at = new EntryWriter(crashed + 0.7 * second);
                const of = { COREDUMP_UNIT: 'web.service', COREDUMP_TIMESTAMP: crashed };
                const parts: Record<string, () => string> = {
                    k: () => kernel(715, 'daemon', at),
                    d: () => dump(715, 'daemon', of, at),
                    u: () => exitOf(at, 'web.service', 1),
                };
                return incidentsOf(Array.from(order, part => parts[part]?.() ?? '').join(''));
            };
            // The kernel speaks before it hands the dump over.
            for (const order of ['kdu', 'kud', 'ukd'])
                expect(told(order))
                    .withContext(order)
                    .toEqual([{ family: 'unit', kind: 'exit-code', subject: 'web.service', affected: [], count: 1 }]);
        });

        it('but not when the name of a program only says so', () => {
            const forged = dump(715, 'x', { COREDUMP_UNIT: 'web.service', _SYSTEMD_UNIT: 'evil.service' });
            expect(incidentsOf(forged)).toEqual([]);
            const named = dump(715, 'x) of user 0 dumped core. Process 1 (init', { COREDUMP_UNIT: '../x' });
            expect(incidentsOf(named).map(({ family, count }) => [family, count])).toEqual([['crash', 1]]);
            expect(analyseExport(named).incidents()[0]?.facts.reasonOf).toBeUndefined();
        });
    });

    describe('when memory runs out', () => {
        /** oom_kill_process() in mm/oom_kill.c and mem_cgroup_print_oom_context() in mm/memcontrol.c of Linux. */
        const kill = (constraint: string, group: string) =>
            [
                'python3 invoked oom-killer: gfp_mask=0xcc0(GFP_KERNEL), order=0, oom_score_adj=0',
                'memory: usage 32768kB, limit 32768kB, failcnt 60',
                `oom-kill:constraint=${constraint},task_memcg=${group},task=python3,pid=1212,uid=0`,
                `${constraint.startsWith('CONSTRAINT_MEMCG') ? 'Memory cgroup out' : 'Out'} of memory: Killed process 1212 (python3) total-vm:48412kB, anon-rss:31212kB, file-rss:6500kB, shmem-rss:0kB, UID:0 pgtables:128kB oom_score_adj:0`,
            ].map(message => writer.entry({ _TRANSPORT: 'kernel', SYSLOG_IDENTIFIER: 'kernel', MESSAGE: message }));
        const inGroup = 'CONSTRAINT_MEMCG,nodemask=(null),cpuset=/,mems_allowed=0,oom_memcg=/system.slice/web.service';
        const anywhere = 'CONSTRAINT_NONE,nodemask=(null),cpuset=/,mems_allowed=0,global_oom';

        it('for a service that may use so much', () => {
            const journal = [...kill(inGroup, '/system.slice/web.service'), exitOf(writer, 'web.service', 1)];
            expect(incidentsOf(journal.join('')).map(({ family, subject }) => [family, subject])).toEqual([
                ['unit', 'web.service'],
            ]);
        });

        it('for a service that may use so much, and fails before the kernel’s last line', () => {
            const lines = kill(inGroup, '/system.slice/web.service');
            const journal = [...lines.slice(0, -1), exitOf(writer, 'web.service', 1), ...lines.slice(-1)];
            expect(incidentsOf(journal.join('')).map(({ family, subject }) => [family, subject])).toEqual([
                ['unit', 'web.service'],
            ]);
        });

        it('for the whole computer, and a service is ended', () => {
            const journal = [...kill(anywhere, '/system.slice/web.service'), exitOf(writer, 'web.service', 1)];
            expect(incidentsOf(journal.join('')).map(({ family, kind, affected }) => [family, kind, affected])).toEqual(
                [['memory', 'killed', ['web.service']]],
            );
        });

        it('for the whole computer, and a program is ended', () => {
            const group = '/user.slice/user-1000.slice/user@1000.service/app.slice/app-hog-12.scope';
            expect(incidentsOf(kill(anywhere, group).join(''))).toEqual([
                { family: 'memory', kind: 'killed', subject: 'python3', affected: [], count: 1 },
            ]);
        });
    });

    it('when apt cannot reach a repository', () => {
        // apt, apt-pkg/acquire.cc and update.cc.
        const journal = says(
            'apt-daily.service',
            'W: Failed to fetch http://127.0.0.1:9/debian/dists/bench/InRelease  Could not connect to 127.0.0.1:9 (127.0.0.1). - connect (111: Connection refused)',
            'W: Some index files failed to download. They have been ignored, or old ones used instead.',
        );
        expect(incidentsOf(journal).map(({ family, subject }) => [family, subject])).toEqual([
            ['packages', 'http://127.0.0.1:9/debian/dists/bench/InRelease'],
        ]);
    });

    it('when the network gives no address', () => {
        // NetworkManager 1.52 and 1.58.
        const journal = says(
            'NetworkManager.service',
            '<warn>  [1763715600.1] dhcp4 (eth7): request timed out',
            "<info>  [1763715600.2] device (eth7): state change: ip-config -> failed (reason 'ip-config-unavailable', managed-type: 'full')",
            "<warn>  [1763715600.3] device (eth7): Activation: failed for connection 'bench'",
        );
        expect(incidentsOf(journal).map(({ family, subject, affected }) => [family, subject, affected])).toEqual([
            ['dhcp', 'eth7', []],
        ]);
    });

    it('but not when another interface fails in the same burst', () => {
        const journal = says(
            'NetworkManager.service',
            '<warn>  [1763715600.1] dhcp4 (eth7): request timed out',
            "<warn>  [1763715600.3] device (wlp2s0): Activation: failed for connection 'Home'",
        );
        expect(incidentsOf(journal).map(({ family, subject }) => [family, subject])).toEqual([
            ['dhcp', 'eth7'],
            ['routing', 'wlp2s0'],
        ]);
    });

    it('when a VPN does not come up', () => {
        // OpenVPN, src/openvpn/ssl.c.
        const journal = says(
            'openvpn-client@work.service',
            'TLS Error: TLS key negotiation failed to occur within 60 seconds (check your network connectivity)',
            'TLS Error: TLS handshake failed',
        );
        expect(incidentsOf(journal).map(({ family, subject }) => [family, subject])).toEqual([['routing', 'VPN']]);
    });

    it('when a graphics card falls off the bus', () => {
        const found = analyseText([
            '[ 6100.000000] NVRM: Xid (PCI:0000:01:00): 79, pid=1520, name=gnome-shell, GPU has fallen off the bus.',
            '[ 6100.000010] NVRM: GPU 0000:01:00.0: GPU has fallen off the bus.',
        ]).incidents();
        expect(found.map(({ family, subject }) => [family, subject])).toEqual([['graphics', '0000:01:00']]);
    });

    it('when a text says that a program dumped core, and which unit ended so', () => {
        const found = analyseText([
            'Oct 22 23:44:07 pc systemd-coredump[191]: Process 183 (StardewXnbHack) of user 1000 dumped core.',
            'Oct 22 23:44:07 pc systemd[1002]: app-Stardew@185.service: Main process exited, code=dumped, status=6/ABRT',
            "Oct 22 23:44:07 pc systemd[1002]: app-Stardew@185.service: Failed with result 'core-dump'.",
        ]).incidents();
        expect(found.map(({ family, subject }) => [family, subject])).toEqual([['crash', 'StardewXnbHack']]);
    });

    it('when the shell reports the signal that ends it, and is started again', () => {
        const found = analyseText([
            'Feb  8 11:45:01 pc gnome-shell[2041]: GNOME Shell crashed with signal 11',
            'Feb  8 11:45:06 pc systemd[1800]: gnome-shell-x11.service: Main process exited, code=dumped, status=11/SEGV',
            "Feb  8 11:45:06 pc systemd[1800]: gnome-shell-x11.service: Failed with result 'core-dump'.",
            'Feb  8 11:45:06 pc systemd[1800]: Stopped target GNOME X11 Session.',
            'Feb  8 11:45:06 pc systemd[1800]: Starting GNOME Shell on X11...',
        ]).incidents();
        expect(found.map(({ family, severity }) => [family, severity])).toEqual([['desktop', 'high']]);
    });

    it('and the shell that somebody used in the emergency mode is none', () => {
        const found = analyseText([
            'Aug 16 13:30:01 pc systemd[1]: data.mount: Mount process exited, code=exited, status=32/n/a',
            "Aug 16 13:30:01 pc systemd[1]: data.mount: Failed with result 'exit-code'.",
            'Aug 16 13:32:57 pc systemd[1]: emergency.service: Main process exited, code=exited, status=130/n/a',
            "Aug 16 13:32:57 pc systemd[1]: emergency.service: Failed with result 'exit-code'.",
        ]).incidents();
        expect(found.map(({ subject }) => subject)).toEqual(['data.mount']);
    });
});
