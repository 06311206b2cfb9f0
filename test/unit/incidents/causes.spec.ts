import { analyseExport, analyseText } from '../detection/recordings.ts';
import { EntryWriter } from '../../support/journals.ts';

/** Lines of a kernel's ring buffer, a tenth of a second apart. */
function ofKernel(...messages: string[]): string[] {
    return messages.map((message, index) => `[ 6100.${index}00000] ${message}`);
}

/** The same in a journal. */
function asJournal(messages: readonly string[]): string {
    const writer = new EntryWriter();
    return messages
        .map(MESSAGE => writer.entry({ _TRANSPORT: 'kernel', SYSLOG_IDENTIFIER: 'kernel', MESSAGE }))
        .join('');
}

function incidentsIn(lines: readonly string[]) {
    return analyseText(lines)
        .incidents()
        .map(({ family, kind, subject, affected }) => [family, kind, subject, affected]);
}

/** drivers/usb/core/hub.c, drivers/scsi and block/blk-core.c of Linux. */
const plugged = [
    'usb 1-2: New USB device found, idVendor=0781, idProduct=5581, bcdDevice= 1.00',
    'usb-storage 1-2:1.0: USB Mass Storage device detected',
    'scsi host6: usb-storage 1-2:1.0',
    'sd 6:0:0:0: [sdb] Attached SCSI removable disk',
];
const readError = 'I/O error, dev sdb, sector 2048 op 0x0:(READ) flags 0x0 phys_seg 1 prio class 2';
const gone = 'usb 1-2: USB disconnect, device number 5';

describe('The incident of a cause', () => {
    const unplugged = [['usb', 'disconnected', '1-2', ['sdb']]];

    it('is that of the plug when a disk fails just before its USB device is gone', () => {
        expect(incidentsIn(ofKernel(...plugged, readError, gone))).toEqual(unplugged);
        const [incident, ...more] = analyseExport(asJournal([...plugged, readError, gone])).incidents();
        expect([incident?.family, incident?.affected, more.length]).toEqual(['usb', ['sdb'], 0]);
        expect(incident?.evidence.map(({ message }) => message)).toContain(readError);
    });

    it('is not that of a USB device when a disk fails that cannot be connected that way', () => {
        const failed = 'Device: /dev/nvme0, Critical Warning (0x04): Reliability';
        const lines = [`Nov 21 02:00:00 host kernel: ${gone}`, `Nov 21 02:00:01 host smartd[648]: ${failed}`];
        expect(incidentsIn(lines).map(([family]) => family)).toEqual(['disk']);
        const counted = 'Device: /dev/nvme0, NVMe error count increased from 3 to 5';
        const others = [`Nov 21 02:00:00 host kernel: ${gone}`, `Nov 21 02:00:01 host smartd[648]: ${counted}`];
        expect(incidentsIn(others).map(([family]) => family)).not.toContain('usb');
    });

    it('is none when a disk cannot be read after it was unplugged, but one when it loses what was written', () => {
        const noConnect = 'Result: hostbyte=DID_NO_CONNECT driverbyte=DRIVER_OK';
        // Each in one line, or in two, as before Linux 3.15.
        for (const errors of [
            [readError],
            [`sd 6:0:0:0: [sdb] ${noConnect}`],
            ['sd 6:0:0:0: [sdb]', noConnect],
            ['sd 6:0:0:0: rejecting I/O to offline device', readError],
        ]) {
            const lines = [...plugged, gone, ...errors];
            expect(incidentsIn(ofKernel(...lines)))
                .withContext(errors.join())
                .toEqual([]);
            expect(analyseExport(asJournal(lines)).incidents())
                .withContext(errors.join())
                .toEqual([]);
        }
        const lost = 'Buffer I/O error on dev sdb1, logical block 2, lost async page write';
        expect(incidentsIn(ofKernel(...plugged, gone, readError, lost))).toEqual(unplugged);
        const damaged =
            'EXT4-fs error (device sdb1): ext4_find_entry:1455: inode #2: comm ls: reading directory lblock 0';
        expect(incidentsIn(ofKernel(...plugged, gone, readError, damaged))).toEqual([
            ['usb', 'disconnected', '1-2', ['sdb1']],
        ]);
    });

    it('is one of a fault that names no device, or of another disk, just after one was unplugged', () => {
        const other = plugged.map(line => line.replaceAll('6', '7').replace('1-2', '1-3').replace('sdb', 'sdc'));
        const failed = (line: string) =>
            incidentsIn(ofKernel(...other, ...plugged, gone, line)).map(([family, , subject]) => [family, subject]);
        expect(failed(readError.replace('sdb', 'sdc'))).toEqual([['disk', 'sdc']]);
        expect(failed('Device offlined - not ready after error recovery').length).toBe(1);
        expect(failed(readError)).toEqual([]);
    });

    it('is that of the port when that failed before the device was gone, with what breaks afterwards', () => {
        const failing = 'usb usb1-port2: over-current condition';
        const [[family, kind, , affected] = [], ...more] = incidentsIn(ofKernel(...plugged, failing, gone, readError));
        expect([family, kind, more]).toEqual(['usb', 'over-current', []]);
        expect(affected).toContain('sdb');
        const [elsewhere] = incidentsIn(ofKernel(...plugged, failing.replace('2', '3'), gone, readError));
        expect(elsewhere?.[3]).not.toContain('sdb');
    });

    it('is that of the disk once something is at the port again, or when the computer starts again', () => {
        const ofDisk = [['disk', 'io-error', 'sdb', []]];
        const later = `[ 6130.000000] ${readError}`;
        expect(incidentsIn([...ofKernel(...plugged, gone), later])).toEqual([]);
        expect(incidentsIn([...ofKernel(...plugged, gone, ...plugged), later])).toEqual(ofDisk);
        const booted = 'Linux version 6.1.0-18-amd64 (debian-kernel@lists.debian.org)';
        expect(incidentsIn([...ofKernel(...plugged, gone, booted), later])).toEqual(ofDisk);
    });

    it('is that of the hub to which the disk is connected', () => {
        const behind = plugged.map(line => line.replaceAll('1-2', '1-4.3'));
        const lines = [...behind, readError, 'usb 1-4: USB disconnect, device number 2'];
        expect(incidentsIn(ofKernel(...lines))).toEqual([['usb', 'disconnected', '1-4', ['sdb']]]);
    });

    it('is none when nothing was in use, or another device was unplugged', () => {
        expect(incidentsIn(ofKernel(...plugged, gone))).toEqual([]);
        expect(incidentsIn(ofKernel(...plugged, readError, 'usb 1-3: USB disconnect, device number 9'))).toEqual([
            ['disk', 'io-error', 'sdb', []],
        ]);
    });

    it('is none much later, in a log without dates, too', () => {
        const late = `[ 9999.000000] ${gone}`;
        expect(incidentsIn([...ofKernel(...plugged, readError), late])).toEqual([['disk', 'io-error', 'sdb', []]]);
    });

    it('is that of the disk when its filesystem fails, but not that of another disk', () => {
        const damaged =
            'EXT4-fs error (device sdb1): ext4_find_entry:1455: inode #2: comm ls: reading directory lblock 0';
        expect(incidentsIn(ofKernel(readError, damaged))).toEqual([['disk', 'io-error', 'sdb', ['sdb1']]]);
        expect(incidentsIn(ofKernel(readError, damaged.replace('sdb1', 'sdc1'))).length).toBe(2);
    });

    it('is one for all the firmware that one card lacks, and one for each card', () => {
        const lacks = (card: string, name: string) =>
            `r8169 ${card}: Direct firmware load for rtl_nic/${name}.fw failed with error -2`;
        const lines = ['a', 'b', 'c'].map(name => lacks('0000:03:00.0', name));
        expect(incidentsIn(ofKernel(...lines))).toEqual([
            ['usb', 'firmware-missing', 'rtl_nic/a.fw', ['rtl_nic/b.fw', 'rtl_nic/c.fw']],
        ]);
        expect(incidentsIn(ofKernel(...lines, lacks('0000:05:00.0', 'd'))).length).toBe(2);
    });

    it('is that of the graphics card, whose driver names it only once, when the Shell crashes', () => {
        const lines = [
            'amdgpu 0000:0a:00.0: amdgpu: ring gfx_0.0.0 timeout, signaled seq=120, emitted seq=122',
            '[drm:amdgpu_job_timedout [amdgpu]] *ERROR* ring gfx_0.0.0 timeout, signaled seq=120, emitted seq=122',
            'amdgpu 0000:0a:00.0: amdgpu: GPU reset begin!',
            'gnome-shell[1520]: segfault at 0 ip 00007fb795b7cad8 sp 00007ffe47523978 error 4 in libmutter.so.0[167ad8,7fb795a3b000+156000]',
        ];
        expect(incidentsIn(ofKernel(...lines))).toEqual([['graphics', 'driver', '0000:0a:00.0', ['gnome-shell']]]);
    });

    it('is that of the limit when units cannot fork', () => {
        const failing = (unit: string) => [
            `systemd[454]: ${unit}: Failed to spawn executor: Resource temporarily unavailable`,
            `systemd[454]: ${unit}: Failed to spawn 'start' task: Resource temporarily unavailable`,
            `systemd[454]: ${unit}: Failed with result 'resources'.`,
        ];
        const lines = ['a.service', 'b.service', 'c.service'].flatMap(failing);
        expect(incidentsIn(lines.map(line => `Jan 26 10:12:39 box ${line}`))).toEqual([
            ['limits', 'processes', 'processes', ['a.service', 'b.service', 'c.service']],
        ]);
    });

    it('is that of the link when names cannot be resolved after it went down', () => {
        const found = incidentsIn([
            'Nov  1 12:26:25 box kernel: [ 5220.005946] e1000e 0000:00:19.0 eth0: NETDEV WATCHDOG: eth0 (e1000e): transmit queue 0 timed out',
            'Nov  1 12:26:45 box NetworkManager[558]: <warn>  [1541089634.6651] dhcp4 (eth0): request timed out',
        ]);
        expect(found.map(([family]) => family)).toEqual(['link']);
    });

    it('is that of the limit when units give up, and programs crash, because they cannot fork', () => {
        const lines = [
            "systemd[454]: a.service: Failed to spawn 'start' task: Resource temporarily unavailable",
            "systemd[454]: a.service: Failed with result 'resources'.",
            'systemd[454]: a.service: Start request repeated too quickly.',
            "systemd[454]: a.service: Failed with result 'resources'.",
            'kernel: traps: kded5[574] trap int3 ip:75f9999152a8 sp:7ffc13a98310 error:0 in libglib-2.0.so.0.7800.3[75f9998d2000+9e000]',
            'systemd[454]: plasma-kded.service: Main process exited, code=dumped, status=5/TRAP',
            "systemd[454]: plasma-kded.service: Failed with result 'core-dump'.",
        ];
        expect(incidentsIn(lines.map(line => `Jan 26 10:12:39 box ${line}`))).toEqual([
            ['limits', 'processes', 'processes', ['a.service', 'kded5', 'plasma-kded.service']],
        ]);
    });

    it('is that of the unit when its program crashes', () => {
        const lines = [
            'kernel: frobnicated[508]: segfault at 0 ip 00007fb795b7cad8 sp 00007ffe47523978 error 4 in libc.so.6[167ad8]',
            'systemd[1]: frobnicated.service: Main process exited, code=dumped, status=11/SEGV',
            "systemd[1]: frobnicated.service: Failed with result 'core-dump'.",
        ];
        expect(incidentsIn(lines.map(line => `Jan 26 10:12:39 box ${line}`))).toEqual([
            ['unit', 'core-dump', 'frobnicated.service', []],
        ]);
    });

    it('is that of the X server when programs end without their display', () => {
        const lines = [
            'kernel: Xorg[555]: segfault at 0 ip 00007fb795b7cad8 sp 00007ffe47523978 error 4 in modesetting_drv.so[167ad8]',
            'kactivitymanagerd[719]: The X11 connection broke (error 1). Did the X11 server die?',
            'systemd[526]: plasma-kactivitymanagerd.service: Main process exited, code=exited, status=1/FAILURE',
            "systemd[526]: plasma-kactivitymanagerd.service: Failed with result 'exit-code'.",
        ];
        expect(incidentsIn(lines.map(line => `Jan 26 10:12:39 box ${line}`))).toEqual([
            ['crash', 'program', 'Xorg', ['plasma-kactivitymanagerd.service']],
        ]);
    });

    it('is that of the mount when the targets that need it are first only described', () => {
        const lines = [
            'mnt-efs.mount: Mount process exited, code=exited status=32',
            "mnt-efs.mount: Failed with result 'exit-code'.",
            'Failed to mount /mnt/efs.',
            'Dependency failed for Remote File Systems.',
            "remote-fs.target: Job remote-fs.target/start failed with result 'dependency'.",
        ];
        expect(incidentsIn(lines.map(line => `Jul 29 02:46:48 box systemd[1]: ${line}`))).toEqual([
            ['unit', 'exit-code', 'mnt-efs.mount', ['remote-fs.target']],
        ]);
    });

    it('is that of the mount in the log of the kernel, too, which has no dates', () => {
        const lines = [
            'proc-fs-nfsd.mount: Mount process exited, code=exited, status=32/n/a',
            "proc-fs-nfsd.mount: Failed with result 'exit-code'.",
            'Failed to mount NFSD configuration filesystem.',
            'Dependency failed for NFS Mount Daemon.',
            'Dependency failed for NFS server and services.',
            "nfs-server.service: Job nfs-server.service/start failed with result 'dependency'.",
            "nfs-mountd.service: Job nfs-mountd.service/start failed with result 'dependency'.",
        ];
        const incidents = incidentsIn(lines.map(line => `[   12.505448] systemd[1]: ${line}`));
        expect(incidents.map(([family, kind, subject]) => [family, kind, subject])).toEqual([
            ['unit', 'exit-code', 'proc-fs-nfsd.mount'],
        ]);
    });

    it('is that of the device when the kernel warns with a place in the source of its driver', () => {
        const cutHere = '------------[ cut here ]------------';
        const warning = (place: string) => `WARNING: CPU: 5 PID: 2499 at ${place} ieee80211_reconfig+0x9b/0x12d0`;
        const places = ['net/mac80211/util.c:2363', 'net/mac80211/driver-ops.c:97', 'net/mac80211/driver-ops.c:36'];
        const lines = [
            'mt7921e 0000:01:00.0: Message 00000046 (seq 3) timeout',
            cutHere,
            'Hardware became unavailable upon resume. This could be a software issue prior to suspend or a hardware issue.',
            ...places.map(warning),
            'PM: dpm_run_callback(): wiphy_resume+0x0/0x140 returns -110',
            'ieee80211 phy0: PM: failed to resume async: error -110',
        ];
        const kinds = incidentsIn(lines.map((line, index) => `[   9${index}.164462] ${line}`));
        expect(kinds.map(([family, kind]) => [family, kind])).toEqual([['wifi', 'card']]);
        const graphics = [
            'nouveau 0000:01:00.0: DRM: base-0: timeout',
            ...Array.from({ length: 4 }, () => warning('drivers/gpu/drm/nouveau/dispnv50/disp.c:211')),
        ];
        const ofGraphics = incidentsIn(graphics.map((line, index) => `[ ${100 + index * 40}.000000] ${line}`));
        expect(ofGraphics.map(([family, kind]) => [family, kind])).toEqual([['graphics', 'driver']]);
    });

    it('is that of the unit when the computer goes into emergency mode', () => {
        const lines = [
            'save-partitions.service: Main process exited, code=exited, status=32/n/a',
            "save-partitions.service: Failed with result 'exit-code'.",
            'Failed to start Save Partitions.',
            'Started Emergency Shell.',
            'Reached target Emergency Mode.',
        ];
        expect(incidentsIn(lines.map(line => `Aug 16 13:11:45 box systemd[1]: ${line}`))).toEqual([
            ['unit', 'exit-code', 'save-partitions.service', ['emergency mode']],
        ]);
    });

    it('is that of the unit when its program reports its settings under another name, each time', () => {
        const failing = (second: number) =>
            [
                'apachectl[6115]: AH00526: Syntax error on line 34 of /etc/apache2/sites-enabled/000-default.conf:',
                'systemd[1]: apache2.service: Control process exited, code=exited status=1',
                'systemd[1]: Failed to start The Apache HTTP Server.',
                "systemd[1]: apache2.service: Failed with result 'exit-code'.",
            ].map(line => `Mar  1 14:${10 + second}:38 box ${line}`);
        const early = failing(0).slice(1);
        expect(incidentsIn([...early, ...failing(20)]).map(([family, , subject]) => [family, subject])).toEqual([
            ['unit', 'apache2.service'],
        ]);
    });

    it('is the mistake in the settings of a program that another one could not start', () => {
        const lines = [
            'dhcpcd[341]: wlan0: failed to start wpa_supplicant',
            "dhcpcd[341]: Failed to read or parse configuration '/etc/wpa_supplicant/wpa_supplicant.conf'.",
        ];
        expect(incidentsIn(lines.map(line => `Jun 11 06:09:16 box ${line}`)).map(([, kind]) => kind)).toEqual(['file']);
    });

    it('is that the network gives no address when what waits for the network gives up', () => {
        const unit = 'NetworkManager-wait-online.service';
        const found = incidentsIn([
            "Jul 31 14:16:04 box NetworkManager[538]: <info>  [1722424564.4839] device (enp0s3): state change: ip-config -> failed (reason 'ip-config-unavailable', sys-iface-state: 'managed')",
            "Jul 31 14:16:04 box NetworkManager[538]: <warn>  [1722424564.4842] device (enp0s3): Activation: failed for connection 'Wired connection 1'",
            `Jul 31 14:16:17 box systemd[1]: ${unit}: Main process exited, code=exited, status=1/FAILURE`,
            `Jul 31 14:16:17 box systemd[1]: ${unit}: Failed with result 'exit-code'.`,
            'Jul 31 14:16:17 box systemd[1]: Failed to start Network Manager Wait Online.',
        ]);
        expect(found).toEqual([['dhcp', 'no-address', 'enp0s3', [unit]]]);
    });

    it('is one when several programs pass on the same message about a file, at any time', () => {
        const says = 'postconf: fatal: open /etc/postfix/main.cf: No such file or directory';
        const found = incidentsIn([
            `Oct 31 18:51:55 box ifup[592]: ${says}`,
            `Oct 31 18:51:59 box configure-instance.sh[766]: ${says}`,
            'Oct 31 18:52:01 box systemd[1]: postfix@-.service: Control process exited, code=exited status=1',
            "Oct 31 18:52:01 box systemd[1]: postfix@-.service: Failed with result 'exit-code'.",
            `Oct 31 18:52:03 box nm-dispatcher[657]: ${says}`,
            `Oct 31 19:30:03 box cron.sh[657]: ${says}`,
        ]);
        expect(found).toEqual([['unit', 'exit-code', 'postfix@-.service', []]]);
    });

    it('is that of a blocked processor when the network card times out', () => {
        const lines = [
            'watchdog: BUG: soft lockup - CPU#1 stuck for 22s! [jackett:333]',
            'NETDEV WATCHDOG: enp9s0 (igb): transmit queue 0 timed out',
            'WARNING: CPU: 6 PID: 0 at net/sched/sch_generic.c:447 dev_watchdog+0x258/0x260',
        ];
        const found = incidentsIn(ofKernel(...lines)).map(([family]) => family);
        expect(found).toEqual(['runaway']);
        expect(incidentsIn(ofKernel(...lines.slice(1))).map(([family]) => family)).toEqual(['link']);
    });

    it('is not that of the graphics card when a program crashes that draws nothing', () => {
        const lines = [
            'amdgpu 0000:0a:00.0: amdgpu: ring gfx_0.0.0 timeout, signaled seq=120, emitted seq=122',
            'frobnicated[508]: segfault at 0 ip 00007fb795b7cad8 sp 00007ffe47523978 error 4 in libc.so.6[167ad8]',
        ];
        expect(incidentsIn(ofKernel(...lines)).map(([family]) => family)).toEqual(['graphics', 'crash']);
    });

    it('is not that of a device when a computer has the name of one', () => {
        const [incident] = analyseText(
            ofKernel('nfs: server host1 not responding, still trying', 'nfs: server host1 not responding, timed out'),
        ).incidents();
        expect(incident?.family).toBe('mount');
        expect(incident?.facts.place).toBeUndefined();
    });

    it('has no part in what journalctl explains of the lines of a unit', () => {
        const found = incidentsIn([
            'Nov 29 18:14:16 box systemd[1]: frob.service: control process exited, code=exited status=1',
            'Nov 29 18:14:16 box systemd[1]: Failed to start Frobnicate.',
            '-- Subject: Unit frob.service has failed',
            '-- Unit frob.service has failed.',
            'Nov 29 18:14:16 box systemd[1]: Unit frob.service entered failed state.',
        ]);
        expect(found.map(([family]) => family)).toEqual(['unit']);
    });

    it('is that of the unit whose name follows its description', () => {
        const lines = [
            'Dependency failed for PipeWire Media Session Manager.',
            "pipewire-media-session.service: Job pipewire-media-session.service/start failed with result 'dependency'.",
        ];
        expect(incidentsIn(lines.map(line => `Apr 23 09:32:40 box systemd[1560]: ${line}`)).length).toBe(1);
    });

    const at = (time: string, message: string) => `Mar  3 10:${time} nas kernel: ${message}`;

    it('is that of the disk that arrays lose, for all its partitions', () => {
        for (const [disk, part, failed] of [
            ['sdc', '', 'blk_update_request: I/O error, dev sdc, sector 123456'],
            ['nvme9', 'n1p', 'nvme nvme9: I/O 119 QID 2 timeout, reset controller'],
        ] as const) {
            const lost = [1, 2].flatMap(number => [
                at(`0${number}:00`, `md/raid1:md${number}: Disk failure on ${disk}${part}${number}, disabling device.`),
                at(`0${number}:00`, `md/raid1:md${number}: Operation continuing on 1 devices.`),
            ]);
            const [[, , subject, affected] = [], ...more] = incidentsIn([at('00:59', failed), ...lost]);
            expect([subject, affected, more]).toEqual([disk, ['md1', 'md2'], []]);
        }
        const other = at('01:00', 'md/raid1:md1: Disk failure on sdcc1, disabling device.');
        const failed = at('00:59', 'blk_update_request: I/O error, dev sdc, sector 123456');
        expect(incidentsIn([failed, other]).length).toBe(2);
    });

    it('is one of all that hang, and of what they wait for', () => {
        const hangs = (minute: number, program: string) =>
            at(`0${minute}:00`, `INFO: task ${program}:${400 + minute} blocked for more than 120 seconds.`);
        const hanging = [hangs(2, 'rsync'), hangs(4, 'systemd-journal'), hangs(6, 'smbd')];
        expect(incidentsIn(hanging).map(([, , subject]) => subject)).toEqual(['rsync']);
        const killed = [
            'systemd[1]: systemd-journald.service: Watchdog timeout (limit 3min)!',
            "systemd[1]: systemd-journald.service: Failed with result 'watchdog'.",
            'systemd-coredump[500]: Process 404 (systemd-journal) of user 0 terminated abnormally with signal 6/ABRT, processing...',
            'systemd-coredump[500]: Process 404 (systemd-journal) of user 0 dumped core.',
        ].map(line => `Mar  3 10:04:30 nas ${line}`);
        expect(incidentsIn([...hanging.slice(0, 2), ...killed]).map(([, , subject]) => subject)).toEqual(['rsync']);
        for (const [family, failed] of [
            ['disk', 'blk_update_request: I/O error, dev sdc, sector 123456'],
            ['mount', 'nfs: server files.example.org not responding, still trying'],
            [
                'filesystem',
                'BTRFS error (device sdb): parent transid verify failed on 11084552290304 wanted 32616 found 32441',
            ],
        ] as const)
            expect(incidentsIn([at('00:30', failed), ...hanging]).map(([of]) => of)).toEqual([family]);
    });

    it('is that of the first program that is ended when memory runs out', () => {
        const ended = (minute: number, program: string) =>
            at(
                `0${minute}:00`,
                `Out of memory: Killed process ${2900 + minute} (${program}) total-vm:698888kB, anon-rss:601632kB`,
            );
        expect(incidentsIn([ended(1, 'cc1plus'), ended(4, 'emerge')]).map(([, , subject]) => subject)).toEqual([
            'cc1plus',
        ]);
    });

    it('is that of the file which cron ignores because of a line in it', () => {
        const says = (message: string) => `Jul  6 16:02:00 host cron[1138]: ${message}`;
        const ignored = '(*system*) ERROR (Syntax error, this crontab file will be ignored)';
        expect(
            incidentsIn([says('Error: bad username; while reading /etc/crontab'), says(ignored)]).map(([, , of]) => of),
        ).toEqual(['/etc/crontab']);
    });
});

describe('The evidence of a failed unit', () => {
    it('is not what its process said two days before', () => {
        const writer = new EntryWriter(1_700_000_000_000_000);
        const later = new EntryWriter(1_700_172_800_000_000);
        const of = { UNIT: 'lid.service', INVOCATION_ID: 'c'.repeat(32) };
        const journal =
            writer.unitLine('lid.service', 'Lid closed.') +
            later.unitLine('lid.service', 'The bus is gone.') +
            later.manager({ ...of, MESSAGE: 'lid.service: Main process exited, code=exited, status=1/FAILURE' }) +
            later.manager({ ...of, UNIT_RESULT: 'exit-code', MESSAGE: "lid.service: Failed with result 'exit-code'." });
        const messages = analyseExport(journal)
            .incidents()
            .flatMap(({ evidence }) => evidence.map(({ message }) => message));
        expect(messages).toContain('The bus is gone.');
        expect(messages).not.toContain('Lid closed.');
    });
});
