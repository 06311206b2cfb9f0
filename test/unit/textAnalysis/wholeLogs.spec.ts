import { analyseText } from '../detection/recordings.ts';

/** As many as make a log no excerpt of one. */
const plain = Array.from(
    { length: 150 },
    (_none, index) =>
        `Nov 20 13:${String(Math.floor(index / 60)).padStart(2, '0')}:${String(index % 60).padStart(2, '0')} pc cron[9]: started`,
);
const told = (lines: readonly string[]) =>
    analyseText([...lines.map(line => `Nov 20 12:00:0${line}`), ...plain])
        .incidents()
        .map(({ family, kind, subject, severity }) => [family, kind, subject, severity].join(' '));

describe('A whole log', () => {
    const ordinary: readonly (readonly [string, ...string[]])[] = [
        [
            'a program that does not run',
            '1 pc postfix/postfix-script[8]: fatal: the Postfix mail system is not running',
        ],
        ['a mistake in a call of GLib', '1 pc console-kit-daemon[8]: GLib-CRITICAL: Source ID 11 was not found'],
        [
            'what a daemon repeats in loose words',
            ...[1, 2, 3, 4].map(
                at =>
                    `${at} pc pulseaudio[8]: [pulseaudio] sink-input.c: Failed to create sink input: sink is suspended.`,
            ),
        ],
        [
            'what a virtual Bluetooth adapter does not have',
            ...[1, 2, 3].map(at => `${at} pc kernel: [ 99.${at}] Bluetooth: hci0: Opcode 0x c12 failed: -38`),
        ],
        ...(['1', '3'] as const).map((at): [string, ...string[]] => [
            `a refresh that PackageKit cancels, ${at === '1' ? 'before' : 'after'} it says so`,
            `${at} pc packagekitd[8]: Failed to fetch http://archive.example.org/dists/jammy/InRelease`,
            '2 pc PackageKit: refresh-cache transaction /60_bcccbdee from uid 1000 finished with cancelled-priority after 1492ms',
            `${at} pc packagekitd[8]: Some index files failed to download. They have been ignored, or old ones used instead.`,
        ]),
        ['a program that is told to end', '1 pc transmission-daemon[8]: Caught signal 15, exiting'],
        ['a caller who hangs up', '1 pc pppd[8]: Modem hangup'],
        ['a virtual disk without a cache page', '1 pc kernel: [ 99.1] sd 0:0:1:0: [sdb] Cache data unavailable'],
        [
            'fields that are called after errors',
            '1 pc kernel: [ 99.1] usb 3-1:    error_count           :0',
            '2 pc kernel: [ 99.2] urb.error_count                 00000000',
        ],
        ['optional profiles', '1 pc bluetoothd[8]: DIS cannot start: GATT is disabled'],
        ['optional plug-ins', '1 pc bluetoothd[8]: Failed to init proximity plugin'],
        ['a virtual machine without sensors', '1 pc thermald[8]: [ERR]THD engine start failed'],
        ['a modem without a card', '1 pc ofonod[8]: Unable to read IMSI, emergency calls only'],
        [
            'a snap that is refreshed later',
            '1 pc snapd[8]: cannot refresh snap "store": snap "store" has running apps (store), pids: 16',
        ],
        [
            'the plug-in of a VPN that is not used any more',
            "1 pc NetworkManager[8]: <info> VPN service 'vpnc' disappeared",
        ],
        [
            'a flag that fsck clears',
            '1 pc systemd-fsck[8]: 0x41: Dirty bit is set. Fs was not properly unmounted and some data may be corrupt.',
        ],
        [
            'what an SMBus tells of itself',
            '1 pc kernel: [ 99.1] i801_smbus 0000:00:1f.4: SPD Write Disable is set',
            '2 pc kernel: [ 99.2] i801_smbus 0000:00:1f.4: SMBus using PCI interrupt',
        ],
        [
            'bare flash that is only looked at',
            '1 pc kernel: [ 99.1] I/O error, dev mtdblock5, sector 31360 op 0x0:(READ) flags 0x80700 phys_seg 1 prio class 2',
        ],
        [
            'a panel that waits for its host',
            '1 pc kernel: [ 2.0] panel-xbd599 1ca0000.dsi.0: [drm:xbd599_probe] *ERROR* mipi_dsi_attach failed. Is host ready?',
        ],
        [
            'a single error of a graphics driver',
            '1 pc kernel: [ 99.1] i915 0000:00:02.0: [drm] *ERROR* Failed to probe lspcon',
        ],
        [
            'what a graphics driver finds when it checks itself',
            '1 pc kernel: [ 99.1] [drm:gen6_sanitize_pm] *ERROR* Power management discrepancy: expected 1a000000, was 12060000',
        ],
        [
            'a telephone that somebody unplugs',
            '1 pc kernel: [ 99.1] ipheth: ipheth_rcvbulk_callback: urb status: -71',
            '1 pc kernel: [ 99.1] usb 2-1.1: USB disconnect, device number 5',
            '1 pc kernel: [ 99.2] ipheth 2-1.1:4.2: Apple iPhone USB Ethernet now disconnected',
        ],
        [
            'a filesystem that is mounted as another type',
            '1 pc kernel: [ 99.1] EXT3-fs (sda2): error: unrecognized mount option "discard" or missing value',
            '1 pc kernel: [ 99.2] EXT4-fs (sda2): mounted filesystem with ordered data mode. Opts: discard',
        ],
        [
            'a clock that is set in the end',
            ...[1, 2, 3, 4].map(
                at => `${at} pc systemd-timesyncd[8]: Timed out waiting for reply from 192.0.2.${at}:123 (ntp).`,
            ),
            '9 pc systemd-timesyncd[8]: Initial synchronization to time server 192.0.2.9:123 (ntp).',
        ],
        [
            'a register that the driver of a graphics card reads',
            '1 pc kernel: [ 3.8] nouveau E[    PBUS][0000:02:00.0] MMIO read of 0x00000000 FAULT at 0x122130 [ IBUS ]',
        ],
        [
            'what Tomcat tells of a request',
            '1 pc server: 13-Jul-2021 18:56:49.901 INFO [http-nio-8080-exec-7] org.apache.coyote.Http11Processor.service Error parsing HTTP request header',
        ],
    ];
    for (const [what, ...lines] of ordinary)
        it(`has no incident about ${what}`, () => {
            expect(told(lines)).toEqual([]);
        });

    it('has one incident about a unit of which only some lines name it, with the explanations of journalctl', () => {
        const explained = (line: string, by: string) => [
            `1 pc systemd[1]: ${line}`,
            ...[by, 'Defined-By: systemd', 'Support: https://example.org', '', 'The unit has failed.'],
        ];
        const lines = [
            ...explained(
                'display.service: Main process exited, code=exited, status=1/FAILURE',
                'Subject: Unit process exited',
            ),
            ...explained("display.service: Failed with result 'exit-code'.", 'Subject: Unit failed'),
            ...explained(
                'Failed to start Light Display Manager.',
                'Subject: A start job for unit display.service has failed',
            ),
        ];
        for (const mark of ['░░', '--']) {
            const text = lines.map(line =>
                line.startsWith('1 pc') ? `Nov 20 12:00:0${line}` : `${mark} ${line}`.trim(),
            );
            expect(
                analyseText([...text, ...plain])
                    .incidents()
                    .map(({ subject }) => subject),
            )
                .withContext(mark)
                .toEqual(['display.service']);
        }
    });

    it('has one incident about a client that asks for an address on an interface, and gives up without naming it', () => {
        const minute = (at: number) => [
            `Nov 20 12:${10 + at}:01 pc dhclient[8]: DHCPDISCOVER on eth0 to 255.255.255.255 port 67 interval 9`,
            `Nov 20 12:${10 + at}:30 pc dhclient[8]: No DHCPOFFERS received.`,
            `Nov 20 12:${10 + at}:31 pc dhclient[8]: No working leases in persistent database - sleeping.`,
        ];
        const often = Array.from({ length: 9 }, (_none, index) => minute(index)).flat();
        expect(
            analyseText([...often, ...plain])
                .incidents()
                .map(({ family, kind }) => `${family} ${kind}`),
        ).toEqual(['dhcp no-address']);
    });

    it('has no incident about what is reported once at each start, and one about what is reported in between', () => {
        const boot = (hour: number) => [
            `Nov 20 ${hour}:00:01 pc kernel: [    0.000000] Linux version 6.12.0`,
            `Nov 20 ${hour}:00:09 pc kernel: [    8.000000] i915 0000:00:02.0: [drm] *ERROR* Failed to probe lspcon`,
        ];
        const later = (minute: number) =>
            `Nov 20 11:${minute}:00 pc kernel: [ ${minute}00.000000] i915 0000:00:02.0: [drm] *ERROR* Failed to probe lspcon`;
        const kinds = (lines: readonly string[]) =>
            analyseText([...lines, ...plain])
                .incidents()
                .map(({ kind }) => kind);
        expect(kinds([8, 9, 10, 11].flatMap(hour => boot(hour + 2)))).toEqual([]);
        expect(kinds([...boot(10), later(20), later(40)])).toEqual(['driver']);
    });

    const missing: readonly (readonly [string, string, string])[] = [
        [
            'a program of somebody’s session that lacks a library',
            '1 pc gnome-terminal-[8]: /usr/libexec/gnome-terminal-server: error while loading shared libraries: libvte-2.91.so.0: cannot open shared object file: No such file or directory',
            'packages failure gnome-terminal- medium',
        ],
        [
            'a program whose library has another version',
            '1 pc firefox[8]: /usr/lib/firefox/firefox: symbol lookup error: /usr/lib/libgtk-3.so.0: undefined symbol: g_foo',
            'packages failure firefox medium',
        ],
        [
            'a desktop without its part of Qt',
            '1 pc plasmashell[8]: This application failed to start because no Qt platform plugin could be initialized.',
            'packages failure plasmashell medium',
        ],
        [
            'what a program says before it ends',
            '1 pc syncd[8]: could not open the state: exiting with error 3',
            'program failure syncd medium',
        ],
        [
            'what a program that calls everything an error says before it ends',
            '1 pc transmission-daemon: transmission-daemon Error loading config file -- exiting. (daemon.c:462)',
            'configuration failure transmission-daemon medium',
        ],
    ];
    for (const [what, line, expected] of missing)
        it(`has one incident about ${what}`, () => {
            expect(told([line])).toEqual([expected]);
        });

    it('reports a part of a laptop that its driver cannot use, even while it starts, and nothing that may not be there', () => {
        const at = (seconds: string, text: string) => `1 pc kernel: [    ${seconds}] ${text}`;
        expect(
            told([
                at('0.000000', 'Linux version 6.16.0-rc5'),
                at('2.103610', 'i2c_hid_acpi i2c-SYNA30D9:00: probe with driver i2c_hid_acpi failed with error -22'),
                at('2.203610', 'cs35l41-hda: probe of i2c-CSC3551:00-cs35l41-hda.0 failed with error -22'),
                at('2.203710', 'cs35l41-hda: probe of i2c-CSC3551:00-cs35l41-hda.1 failed with error -22'),
                at('2.303610', 'goodix_ts i2c-GDIX1001:00: probe with driver goodix_ts failed with error -121'),
                at('2.403610', 'ov2740 i2c-INT3474:01: probe with driver ov2740 failed with error -5'),
            ]),
        ).toEqual(['display driver i2c-SYNA30D9:00 medium', 'audio driver cs35l41-hda medium']);
    });

    it('does not add what a program says to an incident of another, only because no rule knows either', () => {
        const of = (hour: number, text: string) => `Nov 20 ${hour}:00:00 pc ${text}`;
        const repeated = (hour: number) => of(hour, 'finderd[8]: FATAL: cannot start the helper');
        const lines = [
            repeated(11),
            of(12, 'exim[9]: could not open panic log - aborting: see above'),
            ...plain,
            repeated(14),
        ];
        expect(
            analyseText(lines)
                .incidents()
                .map(({ subject }) => subject)
                .sort(),
        ).toEqual(['exim', 'finderd']);
    });

    it('tells nothing of what an X server went on after, however often it says so', () => {
        const at = (hour: number) =>
            `Nov 20 ${hour}:00:00 pc gnome-shell[8]: (EE) glamor0: GL error: GL_OUT_OF_MEMORY in glTexSubImage`;
        const lines = [12, 14, 16, 18, 20].map(at);
        expect(analyseText([...plain, ...lines]).incidents()).toEqual([]);
    });

    it('calls a device whose driver never started medium', () => {
        expect(told(['1 pc kernel: [ 8.9] bcmsdh_sdmmc: probe of mmc1:0001:3 failed with error -110'])).toEqual([
            'disk driver bcmsdh_sdmmc medium',
        ]);
    });
});
