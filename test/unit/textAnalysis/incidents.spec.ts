import { readFileSync } from 'node:fs';

import { TextDetector } from '../../../service/textAnalysis/textDetector.ts';
import { TextLogEntry } from '../../../service/textAnalysis/textLogEntry.ts';
import { analyseText } from '../detection/recordings.ts';

const notAfter = Date.UTC(2026, 10, 21, 12) * 1000;

const told = (lines: readonly string[]) =>
    analyseText(lines)
        .incidents()
        .map(({ family, kind, subject }) => [family, kind, subject].join(' '));

function actionable(lines: readonly string[]): string[] {
    const detector = new TextDetector({ withHints: true });
    return lines.filter((line, index) => {
        detector.feed(new TextLogEntry(Buffer.from(line), index + 1, notAfter));
        return detector.assessment?.actionable ?? false;
    });
}

describe('What is called actionable in a line', () => {
    it('is in an incident, for every line that somebody labelled as a fault', () => {
        const labelled = readFileSync(new URL('../../fixtures/faults/labelled.tsv', import.meta.url), 'utf8')
            .split('\n')
            .filter(row => row.startsWith('+'))
            .map(row => row.split('\t').slice(2).join('\t'));
        const loose = labelled.filter(line => actionable([line]).length > 0 && told([line]).length === 0);
        // What leads up to a fault, and what counts once a later line confirms it.
        expect(loose.length / labelled.length)
            .withContext(loose.join('\n'))
            .toBeLessThan(0.06);
    });

    it('is no failure of a unit that systemd restarted and called by its description alone', () => {
        const others = Array.from(
            { length: 150 },
            (_none, index) => `Oct 09 22:28:36 host cron[9]: (root) CMD (run ${index})`,
        );
        const run = (restarts: number) => [
            'Oct 09 22:28:36 host systemd[1]: backup.service: Main process exited, code=exited, status=255/EXCEPTION',
            "Oct 09 22:28:36 host systemd[1]: backup.service: Failed with result 'exit-code'.",
            `Oct 09 22:28:36 host systemd[1]: backup.service: Scheduled restart job, restart counter is at ${restarts}.`,
            'Oct 09 22:28:36 host audit[1]: SERVICE_START pid=1 uid=0',
            'Oct 09 22:28:36 host systemd[1]: Stopped Backup of documents.',
            'Oct 09 22:28:36 host systemd[1]: Started Backup of documents.',
        ];
        expect(told([...others, ...run(1), ...run(2)])).toEqual([]);
        expect(told([...others, ...run(1).slice(0, -1)])).toEqual(['unit exit-code backup.service']);
    });

    it('is nothing that journalctl --catalog explains', () => {
        const line = 'Feb 06 22:05:18 host systemd-coredump[163742]: Process 805 (firefox) of user 1000 dumped core.';
        expect(
            told([
                line,
                '░░ Subject: Process 805 (firefox) dumped core',
                '░░ Process 805 (firefox) crashed and dumped core.',
            ]),
        ).toEqual(told([line]));
    });

    it('is one damaged filesystem, whose check is a unit that fails', () => {
        expect(
            told([
                'Mar 06 11:22:24 host systemd-fsck[478]: /dev/nvme0n1p6: UNEXPECTED INCONSISTENCY; RUN fsck MANUALLY.',
                'Mar 06 11:22:24 host systemd-fsck[470]: fsck failed with exit status 4.',
                'Mar 06 11:22:24 host systemd[1]: systemd-fsck@dev-disk-by\\x2duuid-6945.service: Main process exited, code=exited, status=1/FAILURE',
                "Mar 06 11:22:24 host systemd[1]: systemd-fsck@dev-disk-by\\x2duuid-6945.service: Failed with result 'exit-code'.",
            ]),
        ).toEqual(['filesystem check-failed nvme0n1p6']);
    });

    it('joins the failure of the unit whose program says it', () => {
        expect(
            told([
                'Jan 10 10:00:00 host postgresqld[812]: FATAL:  data directory "/var/lib/postgres/data" has invalid permissions',
                'Jan 10 10:00:00 host systemd[1]: postgresqld.service: Main process exited, code=exited, status=1/FAILURE',
                "Jan 10 10:00:00 host systemd[1]: postgresqld.service: Failed with result 'exit-code'.",
            ]),
        ).toEqual(['unit exit-code postgresqld.service']);
    });

    it('is an incident by itself where nothing else reports it', () => {
        const line =
            'Jan 10 10:00:00 host postgres[812]: FATAL:  data directory "/var/lib/postgres/data" has invalid permissions';
        expect(actionable([line])).toEqual([line]);
        expect(told([line]).length).toBe(1);
    });
});

describe('What is no fault of the system', () => {
    it('is what an application writes about itself', () => {
        for (const [program, message] of [
            ['flameshot', 'Error: Could not load the settings file'],
            ['easyeffects', 'cannot open the device: Connection refused'],
            ['org.gnome.Shell.desktop', 'Internal error:   Could not resolve keysym XF86FullScreen'],
            ['spice-vdagent', 'vdagent virtio channel /dev/virtio-ports/com.redhat.spice.0 does not exist, exiting'],
            ['gamemoded', 'ERROR: Failed to open /sys/kernel/gamemode: No such file or directory'],
            ['ffmpegthumbnailer', 'Fatal error: could not open the file'],
            ['kwin_x11', 'kwin_core: Parse error in tiles configuration for monitor "a" : "illegal value"'],
        ] as const)
            expect(told([`Jan 10 10:00:00 host ${program}[77]: ${message}`]))
                .withContext(program)
                .toEqual([]);
    });

    it('is still what it lacks of what all programs share', () => {
        expect(told(['Jan 10 10:00:00 host firefox[77]: cannot write: No space left on device'])).toEqual([
            'disk-space full disk',
        ]);
    });

    it('is what a daemon lacks in the first minute, unless it ends for it', () => {
        const start = 'Jan 10 10:00:00 host kernel: [    0.000000] Linux version 6.8.0 (buildd@host) #1 SMP';
        const early = 'Jan 10 10:00:20 host rngd[404]: [pkcs11]: PKCS11 Engine Error: No such file or directory';
        const late = 'Jan 10 10:20:20 host rngd[404]: [pkcs11]: PKCS11 Engine Error: No such file or directory';
        const fatal = 'Jan 10 10:00:20 host postgres[404]: FATAL:  data directory "/srv/db" has invalid permissions';
        expect(actionable([start, early, fatal, late])).toEqual([fatal, late]);
    });

    it('is a unit that lacks a command, but not while the computer starts and nobody wants it', () => {
        const start = 'Jan 10 10:00:00 host kernel: [    0.000000] Linux version 6.8.0 (buildd@host) #1 SMP';
        const refused = (time: string) =>
            `Jan 10 ${time} host systemd[1]: food.service: Service has no ExecStart=, ExecStop=, or SuccessAction=. Refusing.`;
        const wanted =
            'Jan 10 10:00:02 host systemd[1]: multi-user.target: Cannot add dependency job, ignoring: Unit food.service has a bad unit file setting.';
        expect(actionable([start, refused('10:00:01'), wanted, refused('10:20:00')])).toEqual([
            wanted,
            refused('10:20:00'),
        ]);
    });

    it('is a line that only goes on with the message before it', () => {
        expect(
            actionable([
                'Jan 10 10:00:00 host systemd-coredump[658]: Process 574 (kded5) of user 1000 dumped core.',
                '                                            #3  0x00007c1e692282e7 g_async_queue_timeout_pop (libglib-2.0.so.0 + 0x252e7)',
                '                                            E: the settings may show an error, too',
            ]).length,
        ).toBe(1);
    });

    it('is what the X server tries and does without', () => {
        const frame = 'Jan 10 10:00:00 host xinit[77]: (EE) 1: /usr/lib/Xorg (OsSigHandler+0x29) [0x55d4a0] error';
        expect(actionable([frame])).toEqual([]);
    });

    it('is a name in quotes with a word of failure', () => {
        expect(
            actionable(['Jan 10 10:00:00 host food[77]: Host: 192.0.2.9, trigger 1 for rule "named-refused".']),
        ).toEqual([]);
    });

    it('is what a program itself calls a warning', () => {
        expect(actionable(['Jan 10 10:00:00 host food[77]: WARNING: cannot open the cache'])).toEqual([]);
    });
});

describe('A family', () => {
    it('gets no complaint for a word that is not about its subject', () => {
        for (const [line, family] of [
            ["systemd-tmpfiles[300]: Failed to resolve group 'systemd-journal': No such process", 'dns'],
            ['xkbcomp[77]: Internal error:   Could not resolve keysym XF86FullScreen', 'time'],
            ['sunshine[77]: Error: Failed to create session: NvFBC is not supported', 'login'],
            ['kernel: EXT4-fs warning (device sda2): comm ls: No space for directory leaf checksum.', 'disk-space'],
            ["food[77]: TLS handshake failed for '192.0.2.9:48336'", 'usb'],
            ['food[77]: Failed to parse answer: unexpected end', 'configuration'],
            ['bluetoothd[77]: rfcomm_bind: Address already in use (98)', 'configuration'],
            ['ignition[77]: failed to fetch config: resource requires networking', 'packages'],
        ] as const)
            expect(told([`Jan 10 10:00:00 host ${line}`]).filter(one => one.startsWith(`${family} `)))
                .withContext(line)
                .toEqual([]);
    });
});

describe('A failure that is overcome', () => {
    const failed = [
        "Jan 10 12:00:00 host NetworkManager[10]: <info>  [1620393381.43] device (wlan0): state change: need-auth -> failed (reason 'no-secrets', sys-iface-state: 'managed')",
        "Jan 10 12:00:00 host NetworkManager[10]: <warn>  [1620393381.43] device (wlan0): Activation: failed for connection 'home'",
    ];
    const connected = (time: string, device: string) =>
        `Jan 10 ${time} host NetworkManager[10]: <info>  [1620393408.43] device (${device}): Activation: successful, device activated.`;

    it('is none', () => {
        expect(told([...failed, connected('12:00:27', 'wlan0')])).toEqual([]);
    });

    it('is one as long as only another device works', () => {
        expect(told([...failed, connected('12:00:27', 'eth0')]).length).toBeGreaterThan(0);
    });

    it('is one if it lasted', () => {
        expect(told([...failed, connected('12:20:00', 'wlan0')]).length).toBeGreaterThan(0);
    });

    it('is that of a Bluetooth adapter whose firmware was loaded at the next attempt', () => {
        const failed = '[    3.048346] Bluetooth: hci0: FW download error recovery failed (-19)';
        const loaded = '[    5.242595] Bluetooth: hci0: Firmware loaded in 1602181 usecs';
        expect(told([failed])).toEqual(['bluetooth adapter hci0']);
        expect(told([failed, loaded])).toEqual([]);
    });

    it('says nothing about the password where nobody could be asked for it', () => {
        expect(
            actionable([
                'Jan 10 12:00:00 host NetworkManager[10]: <warn>  [1.4] device (wlan0): no secrets: No agents were available for this request.',
            ]),
        ).toEqual([]);
    });
});

describe('A USB device', () => {
    const cycle = (seconds: number, number: number) => [
        `[ ${seconds}.132886] usb 1-3: USB disconnect, device number ${number}`,
        `[ ${seconds}.600366] usb 1-3: new full-speed USB device number ${number + 1} using xhci_hcd`,
        `[ ${seconds}.736000] usb 1-3: New USB device found, idVendor=04f3, idProduct=0c9f, bcdDevice= 8.03`,
    ];
    const start = Array.from({ length: 110 }, (_, index) => `[    1.${100 + index}000] pci 0000:00:1f.0: BAR 0`);
    const cycles = (apart: number) =>
        Array.from({ length: 12 }, (_, index) => cycle(1000 + apart * index, index + 2)).flat();

    it('that drops out and comes back again and again is an incident', () => {
        expect(told([...start, ...cycles(22)])).toEqual(['usb disconnected 1-3']);
    });

    it('with two halves, as a dock has, is one', () => {
        const dock = Array.from({ length: 12 }, (_none, index) => {
            const at = (fraction: number) => `[ ${200 + index * 15}.${fraction}]`;
            const number = 20 + index * 2;
            return [
                `${at(100_000)} usb 1-2: USB disconnect, device number ${number}`,
                `${at(200_000)} usb 2-4: USB disconnect, device number ${number}`,
                `${at(700_000)} usb 1-2: new high-speed USB device number ${number + 2} using xhci_hcd`,
                `${at(900_000)} usb 2-4: new SuperSpeed USB device number ${number + 2} using xhci_hcd`,
            ];
        });
        expect(told([...start, ...dock.flat()])).toEqual(['usb disconnected 2-4']);
    });

    it('that is there after a few attempts while the computer starts is none', () => {
        expect(told([...start, ...cycles(1)])).toEqual([]);
    });

    it('that comes back a few times leaves no line that counts', () => {
        const detector = new TextDetector();
        const counted = [...start, ...cycles(1)].flatMap((line, index) => {
            detector.feed(new TextLogEntry(Buffer.from(line), index + 1, notAfter));
            return detector.assessment?.earlier ?? [];
        });
        expect(counted).toEqual([]);
    });

    it('that somebody unplugs and plugs in is none', () => {
        expect(told([...start, ...cycles(300)])).toEqual([]);
    });

    it('whose driver asks for a file after a wake-up that it can do without is none', () => {
        const missing = '[ 5202.434733] cs35l56-hda i2c-CSC3554:00: firmware: failed to load cirrus/amp1.wmfw (-2)';
        expect(told([missing])).toEqual(['usb firmware-missing cirrus/amp1.wmfw']);
        expect(told([missing, '[ 5203.000000] PM: suspend exit'])).toEqual([]);
    });
});

describe('A hang of the kernel', () => {
    it('is part of the error after which it goes on', () => {
        expect(
            told([
                '[ 1000.100000] BUG: kernel NULL pointer dereference, address: 0000000000000000',
                '[ 1000.100100] Oops: Oops: 0000 [#1] SMP NOPTI',
                '[ 1057.100000] BUG: workqueue lockup - pool cpus=6 node=0 flags=0x0 nice=0 stuck for 57s!',
            ]),
        ).toEqual(['crash kernel kernel']);
    });
});

describe('What the kernel says', () => {
    it('is none of the words of a program', () => {
        const line = '[ 2629.100000] foo 0000:02:00.0: transaction failed, package-system is locked in a broken state';
        expect(told([line]).join()).not.toContain('packages');
        expect(told(['Nov 21 02:00:00 host dnf[12]: Error: Transaction failed'])).toEqual(['packages broken packages']);
    });

    it('is read with the name of a thread that has spaces, and with a name that was cut', () => {
        const crash = (pid: number) =>
            `[  37${pid}.615113] Composite Threa[${pid}]: segfault at 0 ip 0 sp 0 error 14 in steam`;
        expect(told([crash(1), crash(2)])).toEqual(['crash program Composite Threa']);
        const generator = '/usr/lib/systemd/system-generators/ostree-system-generator failed with exit status 1.';
        expect(told([`[    5.865392] (sd-execu[834]: ${generator}`])).toEqual([]);
    });

    it('is no incident for what it was built with, and for what its debugging options find once', () => {
        const noise = [
            '[    0.750000] SGI XFS with ACLs, security attributes, realtime, quota, fatal assert, debug enabled',
            '[    4.538464] amdgpu 0000:03:00.0: amdgpu: lockup timeout disabled',
            '[    4.984148] xhci_dbc:xdbc_start: waiting for connection timed out',
            '[   28.820824] BUG: sleeping function called from invalid context at ./include/linux/sched/mm.h:321',
        ];
        const others = Array.from(
            { length: 120 },
            (_none, index) => `[   30.${100_000 + index}] usb usb1: Product: hub`,
        );
        expect(told([...noise, ...others])).toEqual([]);
    });
});

describe('A report of the hardware', () => {
    const calm = Array.from({ length: 110 }, (_, index) => `[ ${1000 + index}.100000] wlan0: associated`);
    const report = (...lines: string[]) =>
        told([...calm, ...lines.map((line, index) => `[ 2000.10000${index}] ${line}`), ...calm]);
    const logged = 'mce: [Hardware Error]: Machine check events logged';
    const of = (status: string) => [
        `mce: [Hardware Error]: CPU 0: Machine Check: 0 Bank 7: ${status}`,
        'mce: [Hardware Error]: TSC 0 ADDR 3f0c80400 MISC 9000002000208c',
        'mce: [Hardware Error]: PROCESSOR 0:306e4 TIME 1425000000 SOCKET 0 APIC 0 microcode 428',
    ];
    const ofAmd = (text: string, flags: string) => [
        `[Hardware Error]: ${text}`,
        `[Hardware Error]: CPU:0 (17:71:0) MC18_STATUS[${flags}]: 0xdc2040000000011b`,
        '[Hardware Error]: Error Addr: 0x00000003b1e2f340',
        '[Hardware Error]: cache level: L3/GEN, tx: GEN, mem-tx: RD',
    ];

    it('of an error that was corrected, or is dealt with later, is none', () => {
        expect(report(logged, ...of('8c00004000010091'))).toEqual([]);
        expect(report(logged, ...of('dc00004000010091'))).toEqual([]);
        const corrected = 'Over|CE|MiscV|AddrV|-|-|SyndV|CECC|-|-|-';
        expect(report(logged, ...ofAmd('Corrected error, no action required.', corrected))).toEqual([]);
        const deferred = '-|-|MiscV|AddrV|-|-|SyndV|UECC|Deferred|-|-';
        expect(report(logged, ...ofAmd('Deferred error, no action required.', deferred))).toEqual([]);
    });

    it('of one that was not is one incident, whatever its further lines say', () => {
        expect(report(logged, ...of('be00000000800400'))).toEqual(['hardware machine-check CPU 0']);
        const flags = '-|UE|MiscV|AddrV|-|TCC|SyndV|UECC|-|Poison|-';
        expect(report(logged, ...ofAmd('Uncorrected, software restartable error.', flags))).toEqual([
            'hardware machine-check processor',
        ]);
    });
});

describe('A crash in a text', () => {
    it('is part of the failure of its unit, whose name has the number of a version', () => {
        expect(
            told([
                'Nov 20 12:46:40 host kernel: udisksd[812]: segfault at 10 ip 00007f1c2c0d2a31 sp 00007ffd4c3b9e50 error 4 in libudisks2.so.0.0.0[7f1c2c0c1000+3a000]',
                'Nov 20 12:46:40 host systemd[1]: udisks2.service: Main process exited, code=dumped, status=11/SEGV',
                "Nov 20 12:46:40 host systemd[1]: udisks2.service: Failed with result 'core-dump'.",
            ]),
        ).toEqual(['unit core-dump udisks2.service']);
    });
});
