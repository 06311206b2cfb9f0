import { analyseText } from '../detection/recordings.ts';

function incidentsIn(lines: readonly string[]) {
    return analyseText(lines)
        .incidents()
        .map(({ family, kind, subject, affected }) => [family, kind, subject, affected]);
}

const ofManager = (lines: readonly string[], time = 'Apr 23 09:32:40') =>
    lines.map(line => `${time} box systemd[1]: ${line}`);

describe('One incident', () => {
    it('is all that a socket reports of the service that it may not start again', () => {
        const lines = [
            'frob.service: Main process exited, code=exited, status=1/FAILURE',
            "frob.service: Failed with result 'exit-code'.",
            'frob.service: Start request repeated too quickly.',
            "frob.service: Failed with result 'exit-code'.",
            'Failed to start frob.service - Frobnicate.',
            "frob.socket: Failed with result 'service-start-limit-hit'.",
        ];
        expect(incidentsIn(ofManager(lines))).toEqual([['unit', 'start-limit', 'frob.service', ['frob.socket']]]);
    });

    it('is what fails because of a unit that has no incident', () => {
        const lines = ['nss', 'pam', 'ssh'].flatMap(name => [
            `frob-${name}.socket: Bound to unit frob.service, but unit isn't active.`,
            `Dependency failed for frob-${name}.socket - Frobnicate (${name}).`,
            `frob-${name}.socket: Job frob-${name}.socket/start failed with result 'dependency'.`,
        ]);
        expect(incidentsIn(ofManager(lines))).toEqual([
            ['unit', 'dependency', 'frob-nss.socket', ['frob-pam.socket', 'frob-ssh.socket']],
        ]);
    });

    it('is what fails one after the other without a unit that failed first', () => {
        const lines = ['a', 'b'].flatMap(name => [
            `Dependency failed for frob-${name}.service - Frobnicate.`,
            `frob-${name}.service: Job frob-${name}.service/start failed with result 'dependency'.`,
        ]);
        expect(incidentsIn(ofManager(lines))).toEqual([['unit', 'dependency', 'frob-a.service', ['frob-b.service']]]);
    });

    it('is a unit and its dependants at the same microseconds, however many lines of the kernel are between', () => {
        const time = (of: number) => `2026-10-23T10:49:57.9008${of}+08:00`;
        const ofKernel = Array.from(
            { length: 9 },
            (_none, index) =>
                `${time(80 + index)} box kernel: [    0.003630] ACPI: Reserving SSDT table memory ${index}`,
        );
        const lines = [
            ...ofManager(
                [
                    'swapfile.swap: Swap process exited, code=exited, status=255/EXCEPTION',
                    "swapfile.swap: Failed with result 'exit-code'.",
                ],
                time(80),
            ),
            ...ofKernel,
            ...ofManager(['Dependency failed for swap.target - Swaps.'], time(92)),
        ];
        expect(incidentsIn(lines)).toEqual([['unit', 'exit-code', 'swapfile.swap', ['swap.target']]]);
    });

    describe('of a task that hangs', () => {
        const hung = (task: string, work: string, ...functions: string[]) => [
            `INFO: task ${task} blocked for more than 120 seconds.`,
            '      Tainted: G        W         5.9.3 #1',
            `Workqueue: events ${work}`,
            'Call Trace:',
            ' __schedule+0x463/0xa70',
            ...functions,
        ];
        const ofCard = hung('kworker/1:1:102', 'process_one', ' dm_suspend+0xae/0x1c0 [amdgpu]');
        const failed = '[drm:amdgpu_job_timedout [amdgpu]] *ERROR* ring gfx timeout, signaled seq=1, emitted seq=5';
        const logged = (failure: string, ...after: string[]) => [
            `[   35.355764] ${failure}`,
            ...after.map(line => `[  242.770442] ${line}`),
        ];

        it('is that of the driver in its trace, and of all that hang with it', () => {
            const another = 'INFO: task plymouthd:345 blocked for more than 120 seconds.';
            expect(incidentsIn(logged(failed, ...ofCard, another))).toEqual([
                ['graphics', 'driver', 'GPU', ['kworker/1:1', 'plymouthd']],
            ]);
        });

        it('is that of the driver whose work it does', () => {
            const ofVolume = hung('kworker/u9:1:379', 'end_workqueue_fn [btrfs]');
            const damaged =
                'BTRFS error (device sdb1): parent transid verify failed on 633072 wanted 252753 found 252755';
            expect(incidentsIn(logged(damaged, ...ofVolume)).map(([family]) => family)).toEqual(['filesystem']);
        });

        it('is its own where another driver failed, or none is in its trace', () => {
            const ofFilesystem = hung('btrfs-transacti:772', 'x', ' btrfs_commit_transaction+0x1/0x2 [btrfs]');
            for (const task of [ofFilesystem, hung('py3-cmd:18', 'wb_workfn (flush-9:77)')])
                expect(incidentsIn(logged(failed, ...task)).map(([family]) => family)).toEqual(['graphics', 'runaway']);
        });
    });

    it('is that of the network card that hangs, and not of another whose driver resets it as its link goes down', () => {
        const both = [
            'e1000: enp0s3 NIC Link is Down',
            'e1000 0000:00:03.0 enp0s3: Reset adapter',
            'e1000: enp0s8 NIC Link is Down',
            'e1000 0000:00:08.0 enp0s8: Reset adapter',
        ];
        const hangs = [
            'e1000 0000:00:08.0 enp0s8: Detected Tx Unit Hang',
            'NETDEV WATCHDOG: enp0s8 (e1000): transmit queue 0 timed out',
        ];
        const lines = [...both, ...hangs, ...both].map((line, index) => `[ ${4000 + index * 8}.050642] ${line}`);
        const plain = Array.from(
            { length: 100 },
            (_none, index) => `[ ${5000 + index}.050642] audit: started ${index}`,
        );
        expect(incidentsIn([...lines, ...plain])).toEqual([['link', 'card', 'enp0s8', []]]);
    });

    it('is that of the file system whose parts a program had mapped', () => {
        const lines = [
            'kernel: XFS (sdb2): Corruption of in-memory data (0x8) detected at xfs_defer_finish_noroll+0x263/0x670 [xfs]',
            'kernel: audit: type=1701 audit(1675721060.635:722): auid=1000 uid=1000 gid=1000 ses=1 pid=805 comm="frob" exe="/usr/bin/frob" sig=7 res=1',
            'systemd-coredump[163742]: Process 805 (frob) of user 1000 dumped core.',
        ].map((line, index) => `Feb 06 22:0${index}:20 box ${line}`);
        expect(incidentsIn(lines).map(([family, , subject]) => [family, subject])).toEqual([['filesystem', 'sdb2']]);
    });

    it('is that of the graphics processor whose driver names the process that crashes', () => {
        const hang = '[drm] GPU HANG: ecode 9:1:85df9cff, in frob-greeter [579]';
        const crash = (pid: number) => `systemd-coredump[632]: Process ${pid} (frob-greeter) of user 970 dumped core.`;
        const lines = (pid: number) => [
            `Mar 09 00:39:59 box kernel: i915 0000:00:02.0: ${hang}`,
            `Mar 09 00:40:13 box ${crash(pid)}`,
        ];
        expect(incidentsIn(lines(579)).map(([family]) => family)).toEqual(['graphics']);
        expect(incidentsIn(lines(580)).map(([family]) => family)).toEqual(['graphics', 'crash']);
    });

    it('is what happens to several in the same words at once', () => {
        const check = (part: string) => [
            `systemd-fsck[478]: /dev/nvme0n1${part}: UNEXPECTED INCONSISTENCY; RUN fsck MANUALLY.`,
            'systemd-fsck[470]: fsck failed with exit status 4.',
        ];
        const lines = [...check('p6'), ...check('p7')].map(line => `Mar 06 11:22:25 box ${line}`);
        expect(incidentsIn(lines)).toEqual([['filesystem', 'check-failed', 'nvme0n1p6', ['nvme0n1p7']]]);
    });

    it('is that of the first of two units whose programs have the same last words, and of one whose words are others', () => {
        const fails = (name: string, words: string) => [
            `Oct 14 11:24:06 box frob-probe[7]: ${words}`,
            ...ofManager(
                [
                    `${name}.service: Main process exited, code=exited, status=2/INVALIDARGUMENT`,
                    `${name}.service: Failed with result 'exit-code'.`,
                ],
                'Oct 14 11:24:06',
            ),
        ];
        const words = 'cannot probe the device, perhaps not this machine';
        expect(incidentsIn([...fails('one', words), ...fails('two', words)])).toEqual([
            ['unit', 'exit-code', 'one.service', ['two.service']],
        ]);
        expect(incidentsIn([...fails('one', words), ...fails('two', 'cannot open the port of the modem')]).length).toBe(
            2,
        );
    });

    it('is one when systemd has no control group for any of several units', () => {
        const fails = (name: string, status: string) =>
            ofManager([
                `${name}.service: Main process exited, code=exited, status=${status}`,
                `${name}.service: Failed with result 'exit-code'.`,
            ]);
        const lines = (status: string) => ['one', 'two', 'three'].flatMap(name => fails(name, status));
        expect(incidentsIn(lines('219/CGROUP'))).toEqual([
            ['unit', 'setup', 'one.service', ['two.service', 'three.service']],
        ]);
        expect(incidentsIn(lines('203/EXEC')).length).toBe(3);
    });

    it('is one for a unit and its description, also when the log is slow', () => {
        const lines = [
            ['20:21:11', "snapd.service: Failed with result 'watchdog'."],
            ['20:21:21', 'snapd.service: Scheduled restart job, restart counter is at 1.'],
            ['20:21:30', 'Stopped Snap Daemon.'],
            ['20:21:51', 'snapd.service: start operation timed out. Terminating.'],
            ['20:22:07', "snapd.service: Failed with result 'timeout'."],
            ['20:22:18', 'Failed to start Snap Daemon.'],
        ].map(([time, message]) => `Nov 07 ${time} box systemd[1]: ${message}`);
        expect(incidentsIn(lines).map(([, , subject]) => subject)).toEqual(['snapd.service']);
    });

    it('is that of the clock when files seem to be of the future', () => {
        const timeouts = [17, 18, 19, 20].map(
            hour =>
                `Sep 21 ${hour}:43:24 box systemd-timesyncd[5]: Timed out waiting for reply from 192.0.2.1:123 (ntp).`,
        );
        const refused =
            'Sep 21 20:44:12 box packagekitd[9]: E: Release file for http://deb.example/InRelease is not valid yet (invalid for another 62d 6h 16min 27s).';
        expect(incidentsIn([...timeouts, refused]).map(([family]) => family)).toEqual(['time']);
    });

    it('is that of the memory when units do not answer in time', () => {
        const lines = [
            'kernel: Out of memory: Killed process 168534 (frobd) total-vm:1280356kB, anon-rss:480472kB',
            'systemd[1]: other.service: Watchdog timeout (limit 5min)!',
            "systemd[1]: other.service: Failed with result 'watchdog'.",
        ].map((line, index) => `Mar 14 00:${index === 0 ? '19' : '20'}:25 box ${line}`);
        expect(incidentsIn(lines)).toEqual([['memory', 'killed', 'frobd', ['other.service']]]);
    });

    it('is that of the device on the bus, by the driver that names it', () => {
        const blocked =
            'ath12k_pci 0000:c2:00.0: AMD-Vi: Event logged [IO_PAGE_FAULT domain=0x0010 address=0xfe980000 flags=0x0020]';
        const restarted = 'ieee80211 phy0: Hardware restart was requested';
        const lines = [100, 130, 160].flatMap(time => [`[  ${time}.0] ${blocked}`, `[  ${time}.1] ${restarted}`]);
        expect(incidentsIn(lines).map(([family, , subject]) => [family, subject])).toEqual([
            ['hardware', '0000:c2:00.0'],
        ]);
        const drive = [
            'nvme nvme0: frozen state error detected, reset controller',
            "nvme 0000:04:00.0: can't change power state from D3hot to D0 (config space inaccessible)",
            'nvme nvme0: Removing after probe failure status: -19',
        ].map((line, index) => `[  90.${index}] ${line}`);
        expect(incidentsIn(drive).length).toBe(1);
    });

    it('is that of the unit when one of its processes crashes and the main one ends by itself', () => {
        const lines = [
            'systemd-coredump[632]: Process 579 (frobd) of user 0 dumped core.',
            'systemd[1]: frobd.service: Main process exited, code=exited, status=101/n/a',
            "systemd[1]: frobd.service: Failed with result 'exit-code'.",
        ].map(line => `Oct 06 11:43:12 box ${line}`);
        expect(incidentsIn(lines).map(([family, , subject]) => [family, subject])).toEqual([['unit', 'frobd.service']]);
    });

    it('is what hangs from one look of the kernel to the next, and what systemd gives up on for it', () => {
        const lines = [
            'Mar  8 04:36:29 box kernel: [39151.885472] INFO: task store:53596 blocked for more than 120 seconds.',
            'Mar  8 04:38:29 box kernel: [39272.714478] INFO: task TaskSchedulerFo:53669 blocked for more than 120 seconds.',
            ...ofManager(
                [
                    'systemd-journald.service: Watchdog timeout (limit 3min)!',
                    "systemd-journald.service: Failed with result 'watchdog'.",
                ],
                'Mar  8 04:38:32',
            ),
        ];
        expect(incidentsIn(lines)).toEqual([
            ['runaway', 'hung-task', 'store', ['TaskSchedulerFo', 'systemd-journald.service']],
        ]);
    });

    it('is that of the device that is gone from the bus when its driver gives up half a minute later, and the kernel in it', () => {
        const lines = [
            '[13600.971779] amdgpu 0000:03:00.0: Unable to change power state from D0 to D3hot, device inaccessible',
            '[13628.971779] amdgpu 0000:03:00.0: amdgpu: Fatal error during GPU init',
            '[13632.007775] BUG: kernel NULL pointer dereference, address: 0000000000000058',
            '[13632.007786] Oops: Oops: 0000 [#1] PREEMPT SMP NOPTI',
            '[13632.007788] RIP: 0010:amdgpu_device_fini_hw+0x1/0x2 [amdgpu]',
        ];
        expect(incidentsIn(lines).map(([family, , subject]) => [family, subject])).toEqual([
            ['hardware', '0000:03:00.0'],
        ]);
        const minor =
            'i915 0000:00:02.0: [drm] Failed to load DMC firmware i915/kbl.bin. Disabling runtime power management.';
        const panic = [
            `[    5.1] ${minor}`,
            '[   15.1] general protection fault, probably for non-canonical address 0x652f31327475706e: 0000 [#1] SMP PTI',
            '[   15.2] RIP: 0010:intel_fini+0x1/0x2 [i915]',
        ];
        expect(incidentsIn(panic).map(([family]) => family)).toContain('crash');
    });

    it('is what a program says of a file, and then of itself', () => {
        const lines = [
            'Error: bad username; while reading /etc/crontab',
            '(*system*) ERROR (Syntax error, this crontab file will be ignored)',
        ].map(line => `Jul  6 16:02:00 box cron[1138]: ${line}`);
        expect(incidentsIn(lines).map(([family, , subject]) => [family, subject])).toEqual([
            ['configuration', '/etc/crontab'],
        ]);
    });

    it('is that of the memory that ran out for several programs', () => {
        const killed = ['one', 'two'].map(
            (name, index) =>
                `Sep 23 05:36:${30 + index * 20} box kernel: Out of memory: Killed process 2950${index} (${name}) total-vm:698888kB, anon-rss:601632kB`,
        );
        expect(incidentsIn(killed)).toEqual([['memory', 'killed', 'one', ['two']]]);
    });

    it('is a Wi-Fi network that cannot be joined, and what NetworkManager makes of it', () => {
        const lines = [
            'Activation: (wifi) association took too long, failing activation',
            "Activation: failed for connection 'cafe'",
        ];
        expect(
            incidentsIn(
                lines.map(
                    line => `Sep 17 09:16:03 box NetworkManager[893]: <warn> [1568736963.8164] device (wlo1): ${line}`,
                ),
            ).map(([family, kind, subject]) => [family, kind, subject]),
        ).toEqual([['wifi', 'drops', 'wlo1']]);
    });
});
