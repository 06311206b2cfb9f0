import { Analysis } from '../../../service/textAnalysis/analysis.ts';
import { LineVerdicts } from '../../../service/textAnalysis/lineVerdicts.ts';
import { TextDetector } from '../../../service/textAnalysis/textDetector.ts';
import { TextLogEntry } from '../../../service/textAnalysis/textLogEntry.ts';
import { EntryWriter } from '../../support/journals.ts';
import type { Fields } from '../../support/journals.ts';
import { analyseExport } from './recordings.ts';

/** What `reeve analyze` says of a log, with and without --per-line. @param lines each with its time, `12:00:01 systemd[1]: …` */
function analyse(lines: readonly string[]) {
    const detector = new TextDetector({ withHints: true });
    const flagged: number[] = [];
    const verdicts = new LineVerdicts(({ line, actionable }) => {
        if (actionable) flagged.push(line);
    });
    const analysis = new Analysis(new TextDetector());
    for (const [index, line] of lines.entries()) {
        const text = line.startsWith('--') ? line : line.replace(' ', ' pc ');
        const bytes = Buffer.from(line.startsWith('--') ? line : `Nov 20 ${text}`);
        const entry = () => new TextLogEntry(bytes, index + 1, Date.UTC(2026, 10, 21, 12) * 1000);
        detector.feed(entry());
        verdicts.add(entry(), detector.assessment);
        analysis.feed(entry());
    }
    verdicts.end();
    const incidents = analysis.incidents().map(({ subject, severity }) => `${severity} ${subject}`);
    return { incidents, flagged };
}
const nothing = { incidents: [], flagged: [] };

const shellStops = '12:00:00 systemd[1850]: Stopping org.gnome.Shell@wayland.service - GNOME Shell on Wayland...';
const xwaylandLost = '12:00:00 gnome-shell[1905]: Connection to xwayland lost';
const sessionStopped =
    '12:00:01 systemd[1850]: Stopped target graphical-session.target - Current graphical user session.';
const fails = (unit: string, time = '12:00:01', manager = 'systemd[1850]') => [
    `${time} ${manager}: ${unit}: Main process exited, code=exited, status=1/FAILURE`,
    `${time} ${manager}: ${unit}: Failed with result 'exit-code'.`,
];

describe('The end of a session', () => {
    it('is a log-out, whatever its programs say before and after', () => {
        const lines = [
            shellStops,
            '12:00:00 gsd-color[2001]: Error reading events from display: Broken pipe',
            ...fails('org.gnome.SettingsDaemon.Color.service', '12:00:00'),
            xwaylandLost,
            '12:00:01 gnome-session[1850]: gnome-session: Fatal IO error 0 (Success) on X server :0.',
            ...fails('xdg-desktop-portal-gnome.service'),
            sessionStopped,
            '12:00:02 systemd-logind[700]: Session 2 logged out. Waiting for processes to exit.',
            ...fails('xdg-desktop-portal-gtk.service', '12:00:12'),
        ];
        expect(analyse(lines)).toEqual(nothing);
    });

    it('may be all that the log says about it', () => {
        expect(analyse([xwaylandLost, '12:00:02 systemd-logind[700]: Removed session 2.'])).toEqual(nothing);
        expect(analyse([xwaylandLost, '-- Boot 3ac41e00000000000000000000000001 --'])).toEqual(nothing);
        expect(analyse([xwaylandLost]).incidents).toEqual(['high Xwayland']);
    });

    it('is no crash when a user’s manager has to kill what is left', () => {
        const late = (uid: number) => [
            `12:02:12 systemd[1]: user@${uid}.service: State 'stop-sigterm' timed out. Killing.`,
            `12:02:12 systemd[1]: user@${uid}.service: Killing process 1850 (systemd) with signal SIGKILL.`,
            `12:02:12 systemd[1]: user@${uid}.service: Failed with result 'timeout'.`,
        ];
        expect(analyse([...late(1000), ...late(111)])).toEqual(nothing);
        expect(analyse(["12:00:00 systemd[1]: user@111.service: Failed with result 'timeout'."])).toEqual(nothing);
    });

    it('is not there yet while a shutdown is only scheduled', () => {
        const at = (when: string) => [
            `12:00:00 systemd-logind[700]: The system will power off ${when}!`,
            ...fails('backup.service', '12:00:05', 'systemd[1]'),
        ];
        expect(analyse(at('at Fri 2026-11-20 23:00:00 UTC')).incidents.length).toBe(1);
        expect(analyse(at('now'))).toEqual(nothing);
    });

    it('does not hide that a user’s manager cannot be started', () => {
        const lines = [
            '12:00:00 systemd[1]: Starting user@1000.service - User Manager for UID 1000...',
            ...fails('user@1000.service', '12:00:01', 'systemd[1]'),
            '12:00:01 systemd[1]: Failed to start user@1000.service - User Manager for UID 1000.',
        ];
        expect(analyse(lines).incidents).toEqual(['critical user@1000.service']);
    });

    it('is the display manager’s when that is restarted', () => {
        const lines = [
            '12:00:00 systemd[1]: Stopping GNOME Display Manager...',
            '12:00:00 gnome-shell[8001]: gnome-shell: Fatal IO error 0 (Success) on X server :0.',
            ...fails('gsd-color.service', '12:00:00', 'systemd[2039]'),
            '12:00:01 systemd[1]: Stopped GNOME Display Manager.',
            '12:00:01 systemd[1]: Starting GNOME Display Manager...',
            ...fails('gsd-power.service', '12:00:02', 'systemd[2039]'),
        ];
        expect(analyse(lines)).toEqual(nothing);
    });

    it('does not hide that the display manager cannot start a session afterwards', () => {
        const lines = [
            '12:00:00 systemd[1]: Stopping GNOME Display Manager...',
            '12:00:01 systemd[1]: Stopped GNOME Display Manager.',
            '12:00:01 systemd[1]: Starting GNOME Display Manager...',
            '12:00:05 gdm3[900]: GdmLocalDisplayFactory: maximum number of X display failures reached: check X server log',
        ];
        expect(analyse(lines).incidents).toEqual(['critical desktop']);
    });

    it('is the greeter’s when somebody has logged in', () => {
        const lines = [
            '11:59:00 gdm-launch-environment][1622]: pam_unix(gdm-launch-environment:session): session opened for user gdm(uid=107) by (uid=0)',
            '12:00:00 systemd-logind[700]: New session 2 of user alice.',
            '12:00:02 gnome-shell[1680]: Connection to xwayland lost',
            '12:00:02 gnome-shell[1680]: Xwayland terminated, exiting since it was mandatory',
            '12:00:02 gnome-shell[1680]: Execution of main.js threw exception: Module resource:///org/gnome/shell/ui/init.js threw an exception',
            '12:00:02 gdm-launch-environment][1622]: pam_unix(gdm-launch-environment:session): session closed for user gdm',
        ];
        expect(analyse(lines)).toEqual(nothing);
    });

    it('is the greeter’s also where somebody logged in at once', () => {
        const lines = [
            '12:00:00 gdm-launch-environment][1210]: pam_unix(gdm-launch-environment:session): session opened for user gdm(uid=132) by (uid=0)',
            '12:00:00 systemd-logind[700]: New session c1 of user gdm.',
            '12:00:11 gnome-shell[1276]: Connection to xwayland lost',
            '12:00:11 gnome-shell[1276]: Xwayland terminated, exiting since it was mandatory',
            '12:00:16 systemd-logind[700]: Session c1 logged out. Waiting for processes to exit.',
            '12:00:16 systemd-logind[700]: Removed session c1.',
        ];
        expect(analyse(lines).incidents).toEqual([]);
    });

    it('is the greeter’s when another Shell is there, if the log says no more', () => {
        const lines = [
            '12:00:00 gnome-shell[1000]: Registering session with GDM',
            '12:00:31 gnome-shell[1500]: Registering session with GDM',
            '12:00:33 gnome-shell[1000]: Connection to xwayland lost',
            '12:00:33 gnome-shell[1000]: gnome-shell: Fatal IO error 11 (Resource temporarily unavailable) on X server :1024.',
            '12:00:34 gsd-color[1101]: gsd-color: Fatal IO error 0 (Success) on X server :1024.',
        ];
        expect(analyse(lines)).toEqual(nothing);
        const ofTheNewOne = lines.map(line => line.replace(/^(12:00:33 gnome-shell)\[1000\]/, '$1[1500]'));
        expect(analyse(ofTheNewOne).incidents).toContain('critical desktop');
        expect(analyse(lines.slice(1)).incidents).toContain('critical desktop');
    });

    it('of a greeter does not hide that the next session cannot start', () => {
        const lines = [
            '12:00:02 gnome-shell[2100]: Execution of main.js threw exception: Module resource:///org/gnome/shell/ui/init.js threw an exception',
            '12:00:02 gdm-launch-environment][1622]: pam_unix(gdm-launch-environment:session): session closed for user gdm',
        ];
        expect(analyse(lines).incidents).toEqual(['critical desktop']);
    });

    it('of a command’s session, such as cron opens, explains nothing', () => {
        const lines = [
            '11:59:59 systemd-logind[700]: New session 41 of user root.',
            xwaylandLost,
            '12:00:00 systemd-logind[700]: Removed session 41.',
        ];
        expect(analyse(lines).incidents).toEqual(['high Xwayland']);
    });
});

describe('A desktop that dies', () => {
    it('is found when its session ends because of that', () => {
        const lines = [
            xwaylandLost,
            ...fails('org.gnome.Shell@wayland.service', '12:00:00'),
            '12:00:01 gsd-color[2001]: Error reading events from display: Broken pipe',
            ...fails('org.gnome.SettingsDaemon.Color.service'),
            sessionStopped,
            '12:00:02 systemd-logind[700]: Session 2 logged out. Waiting for processes to exit.',
        ];
        expect(analyse(lines)).toEqual({ incidents: ['critical org.gnome.Shell@wayland.service'], flagged: [2, 3] });
    });

    it('is found when it leaves a core dump', () => {
        const lines = [
            '12:00:00 systemd-coredump[5001]: Process 1905 (gnome-shell) of user 1000 dumped core.',
            '12:00:00 systemd[1850]: org.gnome.Shell@wayland.service: Main process exited, code=dumped, status=11/SEGV',
            "12:00:00 systemd[1850]: org.gnome.Shell@wayland.service: Failed with result 'core-dump'.",
            sessionStopped,
        ];
        expect(analyse(lines).incidents).toEqual(['critical org.gnome.Shell@wayland.service']);
    });

    it('harms nobody while its session ends, and in the greeter’s only the greeter', () => {
        const crash = '12:00:02 systemd-coredump[5001]: Process 1905 (gnome-shell) of user 1000 dumped core.';
        expect(analyse([shellStops, sessionStopped, crash]).incidents).toEqual(['low gnome-shell']);
        const writer = new EntryWriter();
        const dump: Fields = {
            _PID: 5001,
            _UID: 0,
            _COMM: 'systemd-coredum',
            _SYSTEMD_UNIT: 'systemd-coredump@1-2-0.service',
            SYSLOG_IDENTIFIER: 'systemd-coredump',
            COREDUMP_PID: 1905,
            COREDUMP_UID: 42,
            COREDUMP_COMM: 'gnome-shell',
            COREDUMP_EXE: '/usr/bin/gnome-shell',
            COREDUMP_SIGNAL_NAME: 'SIGSEGV',
            COREDUMP_USER_UNIT: 'org.gnome.Shell@wayland.service',
            MESSAGE: 'Process 1905 (gnome-shell) of user 42 dumped core.',
        };
        const severities = analyseExport(writer.entry(dump))
            .incidents()
            .map(({ severity }) => severity as string);
        expect(severities).toEqual(['medium']);
    });
});

describe('The end of the system', () => {
    const begins = [
        '12:00:00 systemd-logind[700]: System is rebooting.',
        '12:00:00 systemd[1]: Stopped target multi-user.target - Multi-User System.',
    ];

    it('is ordinary for what it stops', () => {
        const lines = [...begins, ...fails('cups.service', '12:00:01', 'systemd[1]'), ...fails('gsd-color.service')];
        expect(analyse(lines)).toEqual(nothing);
    });

    it('that takes long is worth a line and no more', () => {
        const lines = [
            ...begins,
            "12:01:30 systemd[1]: libvirtd.service: State 'stop-sigterm' timed out. Killing.",
            "12:01:30 systemd[1]: libvirtd.service: Failed with result 'timeout'.",
        ];
        expect(analyse(lines).incidents).toEqual(['low libvirtd.service']);
    });

    it('is over with the next start', () => {
        const lines = [
            ...begins,
            '12:00:20 kernel: Linux version 6.12.48 (debian) #1 SMP',
            ...fails('cups.service', '12:00:31', 'systemd[1]'),
        ];
        expect(analyse(lines).incidents).toEqual(['medium cups.service']);
    });

    it('is over with the next start of a container, which has no kernel to say so', () => {
        const writer = new EntryWriter();
        const isOff = writer.manager({ MESSAGE: 'Reached target poweroff.target - System Power Off.' });
        const failure = (boot: Fields) => [
            writer.manager({ MESSAGE: 'cups.service: Main process exited, code=exited, status=1/FAILURE', ...boot }),
            writer.manager({ MESSAGE: "cups.service: Failed with result 'exit-code'.", UNIT: 'cups.service', ...boot }),
        ];
        const incidentsOf = (boot: Fields) => analyseExport([isOff, ...failure(boot)].join('')).incidents().length;
        expect(incidentsOf({})).toBe(0);
        expect(incidentsOf({ _BOOT_ID: 'b0070000000000000000000000000002' })).toBe(1);
    });

    it('does not concern the kernel', () => {
        const lines = [...begins, '12:00:05 kernel: I/O error, dev sda, sector 1234 op 0x0:(READ) flags 0x0'];
        expect(analyse(lines).incidents).toEqual(['high sda']);
    });
});

describe('A unit that need not run', () => {
    it('does not fail when its condition is tried too often', () => {
        const unit = 'org.gnome.Shell@x11.service';
        const lines = [
            `12:00:00 systemd[1477]: ${unit}: Skipped due to 'exec-condition'.`,
            `12:00:00 systemd[1477]: ${unit}: Start request repeated too quickly.`,
            `12:00:00 systemd[1477]: ${unit}: Failed with result 'start-limit-hit'.`,
            `12:00:00 systemd[1477]: Failed to start ${unit} - GNOME Shell on X11.`,
        ];
        expect(analyse(lines)).toEqual(nothing);
    });

    it('does not fail when what it is bound to was skipped', () => {
        const lines = [
            '12:00:00 systemd[2215]: pipewire.service - PipeWire was skipped because of an unmet condition check (ConditionUser=!root).',
            "12:00:00 systemd[2215]: wireplumber.service: Bound to unit pipewire.service, but unit isn't active.",
            '12:00:00 systemd[2215]: Dependency failed for wireplumber.service - Multimedia Service Session Manager.',
            "12:00:00 systemd[2215]: wireplumber.service: Job wireplumber.service/start failed with result 'dependency'.",
        ];
        expect(analyse(lines)).toEqual(nothing);
    });

    describe('of the system', () => {
        const isSkipped =
            '12:00:00 systemd[1]: sssd.service - System Security Services Daemon was skipped because no trigger condition checks were met.';
        const bound = (...units: string[]) =>
            units.flatMap(unit => [
                `12:00:01 systemd[1]: ${unit}: Bound to unit sssd.service, but unit isn't active.`,
                `12:00:01 systemd[1]: Dependency failed for ${unit} - SSSD responder socket.`,
                `12:00:01 systemd[1]: ${unit}: Job ${unit}/start failed with result 'dependency'.`,
            ]);
        const sockets = bound('sssd-nss.socket', 'sssd-pam.socket');

        it('does not fail when what it is bound to was skipped', () => {
            const before250 = '12:00:00 systemd[1]: Condition check resulted in sssd.service being skipped.';
            for (const skip of [isSkipped, before250]) expect(analyse([skip, ...sockets])).toEqual(nothing);
        });

        it('fails when what it is bound to is inactive for another reason', () => {
            expect(analyse(sockets).incidents.length).toBeGreaterThan(0);
            const failed = fails('sssd.service', '12:00:01', 'systemd[1]');
            expect(analyse([isSkipped, ...failed, ...sockets]).incidents).toEqual(analyse(failed).incidents);
            const starts = '12:00:00 systemd[1]: Starting sssd.service - System Security Services Daemon...';
            const runs = '12:00:00 systemd[1]: Started sssd.service - System Security Services Daemon.';
            for (const line of [starts, runs])
                expect(analyse([isSkipped, line, ...sockets]).incidents).toEqual(analyse(sockets).incidents);
        });

        it('is found skipped in the journal, too', () => {
            const writer = new EntryWriter();
            const skipped = '0e4284a0caca4bfc81c0bb6786972673';
            const started = '39f53479d3a045ac8e11786248231fbf';
            const skips = [skipped, started].map(MESSAGE_ID =>
                writer.manager({
                    MESSAGE:
                        'System Security Services Daemon was skipped because no trigger condition checks were met.',
                    MESSAGE_ID,
                    UNIT: 'sssd.service',
                    JOB_RESULT: 'done',
                }),
            );
            const dependents = ['sssd-nss.socket', 'sssd-pam.socket'].flatMap(unit =>
                [
                    `${unit}: Bound to unit sssd.service, but unit isn't active.`,
                    `Dependency failed for ${unit} - SSSD responder socket.`,
                ].map(MESSAGE => writer.manager({ MESSAGE, UNIT: unit })),
            );
            for (const skip of skips) expect(analyseExport([skip, ...dependents].join('')).incidents().length).toBe(0);
            expect(analyseExport(dependents.join('')).incidents().length).toBeGreaterThan(0);
        });
    });

    it('fails with what it is bound to, and with nothing else', () => {
        const bound = (unit: string) => [
            `12:00:01 systemd[2215]: ${unit}: Bound to unit pipewire.service, but unit isn't active.`,
            `12:00:01 systemd[2215]: Dependency failed for ${unit} - Sound.`,
            `12:00:01 systemd[2215]: ${unit}: Job ${unit}/start failed with result 'dependency'.`,
        ];
        const failed = fails('pipewire.service', '12:00:01', 'systemd[2215]');
        expect(analyse([...failed, ...bound('wireplumber.service')]).incidents).toEqual(['high pipewire.service']);
        expect(analyse([...failed, ...bound('wireplumber.service')]).flagged).toContain(4);
        // What had failed before it was bound says nothing of what it is bound to.
        const before = fails('wireplumber.service', '12:00:00', 'systemd[2215]');
        expect(analyse([...before, ...bound('wireplumber.service')]).incidents).toEqual(['high wireplumber.service']);
        expect(analyse([...before, ...bound('wireplumber.service')]).flagged).not.toContain(4);
    });

    it('is of a greeter, which no user has a part in', () => {
        const lines = [
            '12:00:00 systemd[1]: Starting user@991.service - User Manager for UID 991...',
            '12:00:00 systemd[1340]: Queued start job for default target default.target.',
            ...fails('xdg-document-portal.service', '12:00:02', 'systemd[1340]'),
        ];
        expect(analyse(lines)).toEqual(nothing);
        expect(analyse(lines.map(line => line.replaceAll('991', '1000'))).incidents.length).toBe(1);
    });

    it('does not fail when the session has no use for what it requires', () => {
        const lines = [
            '12:00:00 systemd[1477]: GNOME session X11 services is inactive.',
            '12:00:00 systemd[1477]: Dependency failed for GNOME XSettings service.',
            "12:00:00 systemd[1477]: org.gnome.SettingsDaemon.XSettings.service: Job org.gnome.SettingsDaemon.XSettings.service/start failed with result 'dependency'.",
            "12:00:00 systemd[1477]: gnome-session-x11-services-ready.target: Job gnome-session-x11-services-ready.target/verify-active failed with result 'dependency'.",
        ];
        expect(analyse(lines)).toEqual(nothing);
    });
});
