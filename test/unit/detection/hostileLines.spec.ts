import { analyseExport, analyseText } from './recordings.ts';
import { EntryWriter } from '../../support/journals.ts';

const kernel = { _TRANSPORT: 'kernel', SYSLOG_IDENTIFIER: 'kernel', PRIORITY: 3, SYSLOG_FACILITY: 0 };
const killed = 'Out of memory: Killed process 4321 (firefox) total-vm:12345678kB, anon-rss:8765432kB';
const badDisk = 'I/O error, dev sda, sector 1234 op 0x0:(READ) flags 0x0 phys_seg 1 prio class 0';

function found(entries: string): (string | number)[][] {
    return analyseExport(entries)
        .incidents()
        .map(({ family, subject, count }) => [family, subject, count]);
}

describe('Who is believed in a journal', () => {
    const said = (message: string, fields: Record<string, string | number>) =>
        new EntryWriter().entry({ MESSAGE: message, ...fields });

    it('is the kernel of what only the kernel knows', () => {
        expect(found(said(killed, kernel))).toEqual([['memory', 'firefox', 1]]);
        for (const fields of [
            { _TRANSPORT: 'syslog', SYSLOG_IDENTIFIER: 'kernel', SYSLOG_FACILITY: 0, _UID: 1000, _COMM: 'logger' },
            { _TRANSPORT: 'journal', SYSLOG_IDENTIFIER: 'kernel', _UID: 1000, _COMM: 'kernel' },
            { _TRANSPORT: 'stdout', SYSLOG_IDENTIFIER: 'kernel', _UID: 33, _SYSTEMD_UNIT: 'apache2.service' },
        ]) {
            expect(found(said(killed, fields)))
                .withContext(JSON.stringify(fields))
                .toEqual([]);
        }
    });

    it('is the kernel when it uses the words of a failure, unless it calls them information', () => {
        const stuck = 'foo 0000:00:1f.6: transmit queue 0 stuck';
        expect(found(said(stuck, kernel)).map(([family]) => family)).toEqual(['program']);
        expect(found(said(stuck, { ...kernel, PRIORITY: 6 }))).toEqual([]);
        expect(found(said(stuck, { ...kernel, _TRANSPORT: 'syslog', _UID: 1000 }))).toEqual([]);
    });

    it('is the program in question, by its unit or as root, and never by what it calls itself', () => {
        const failing = 'Device: /dev/sda [SAT], FAILED SMART self-check. BACK UP DATA NOW!';
        const smartd = { _TRANSPORT: 'syslog', SYSLOG_IDENTIFIER: 'smartd', _COMM: 'smartd' };
        const user = { _UID: 1000, _SYSTEMD_UNIT: 'user@1000.service', _SYSTEMD_USER_UNIT: 'app-x.scope' };
        expect(found(said(failing, { ...smartd, _UID: 0, _SYSTEMD_UNIT: 'smartmontools.service' }))).toEqual([
            ['disk', 'sda', 1],
        ]);
        expect(found(said(failing, { ...smartd, ...user }))).toEqual([]);
        expect(found(said(failing, { ...smartd, _UID: 33, _SYSTEMD_UNIT: 'apache2.service' }))).toEqual([]);
    });

    it('is nobody whose words are everybody’s', () => {
        const words = 'write failed: No space left on device; Address already in use; certificate has expired';
        expect(found(said(words, { _TRANSPORT: 'stdout', _UID: 1000, _SYSTEMD_UNIT: 'user@1000.service' }))).toEqual(
            [],
        );
    });
});

describe('Common words of a failure', () => {
    const kernelLines = [
        'nvme nvme0: unable to allocate dma for dbbuf',
        'XFS (sdb1): Per-AG reservation for AG 2 failed.  Filesystem may run out of space.',
    ];

    it('are about the device whose driver says them, in a text that is given to be looked at', () => {
        const incidents = analyseText(kernelLines.map(line => `Mar  3 10:11:12 box kernel: ${line}`)).incidents();
        expect(incidents.map(({ family, subject, severity }) => [family, subject, severity])).toEqual([
            ['disk', 'nvme0', 'medium'],
            ['filesystem', 'sdb1', 'medium'],
        ]);
    });

    it('are nothing where nobody’s device is named', () => {
        expect(analyseText(['Mar  3 10:11:12 box myapp: IO queues lost']).incidents()).toEqual([]);
    });

    it('disturb nobody in a journal', () => {
        const entries = kernelLines.map(MESSAGE => new EntryWriter().entry({ ...kernel, MESSAGE }));
        expect(found(entries.join(''))).toEqual([]);
    });
});

describe('What people do every day', () => {
    const typed = (wrong: number, from = 1) =>
        Array.from({ length: wrong }, (_each, index) => {
            const second = String(from + index).padStart(2, '0');
            return `Nov 21 10:00:${second} laptop sudo[812]: pam_unix(sudo:auth): authentication failure; logname= uid=1000 euid=0 tty=/dev/pts/1 ruser=alice rhost=  user=alice`;
        });
    const sum = (count: number) =>
        `Nov 21 10:00:50 laptop sudo[812]:    alice : ${count} incorrect password attempt${count === 1 ? '' : 's'} ; TTY=pts/1 ; PWD=/home/alice ; USER=root ; COMMAND=/usr/bin/apt update`;
    const families = (lines: string[]) =>
        analyseText(lines)
            .incidents()
            .map(({ family, kind }) => `${family} ${kind}`);

    it('is to mistype a password, and no attack before the sixth time', () => {
        const closed =
            'Nov 21 10:00:51 laptop sudo[812]: pam_unix(sudo:auth): auth could not identify password for [alice]';
        expect(families([...typed(3), closed, sum(3)])).toEqual([]);
        expect(families([...typed(6)])).toEqual(['login attempts']);
        expect(families([sum(3), sum(3)])).toEqual(['login sudo-attempts']);
    });

    it('is to close the dialog that asks for a password, however often', () => {
        const closed = (minute: number) => [
            `Nov 23 10:0${minute}:05 laptop polkit-agent-helper-1[1379]: pam_unix(polkit-1:auth): conversation failed`,
            `Nov 23 10:0${minute}:05 laptop polkit-agent-helper-1[1379]: pam_unix(polkit-1:auth): auth could not identify password for [alice]`,
            `Nov 23 10:0${minute}:05 laptop polkit-agent-helper-1[1379]: polkit-agent-helper-1: pam_authenticate failed: Authentication failure`,
        ];
        expect(families([1, 2, 3, 4, 5, 6, 7].flatMap(closed))).toEqual([]);
        const typed = Array.from(
            { length: 6 },
            (_each, index) =>
                `Nov 23 10:0${index}:00 laptop polkit-agent-helper-1[13${index}9]: pam_unix(polkit-1:auth): authentication failure; logname= uid=1000 euid=0 tty= ruser=alice rhost=  user=alice`,
        );
        expect(families(typed)).toEqual(['login attempts']);
    });

    it('is to sleep before a program is ready, and no fault of it before the third time', () => {
        const late = (day: number, program: string) =>
            `Nov ${day} 22:10:00 laptop systemd-logind[640]: Delay lock is active (UID 1000/alice, PID 2711/${program}) but inhibitor timeout is reached.`;
        expect(families([late(20, 'hypridle'), late(21, 'hypridle'), late(22, 'hypridle')])).toEqual([]);
        const often = [1, 2, 3].map(() => late(21, 'hypridle'));
        expect(families(often)).toEqual(['suspend inhibitor']);
        expect(families([late(21, 'hypridle'), late(21, 'gnome-shell'), late(21, 'hypridle')])).toEqual([]);
    });

    it('is to walk from one access point to the next, and none to go to and fro', () => {
        const roamed = (minute: number) =>
            `Nov 21 10:${String(minute).padStart(2, '0')}:00 laptop kernel: wlan0: disconnect from AP 02:00:00:00:00:01 for new auth to 02:00:00:00:00:02`;
        expect(families([0, 10, 20, 30, 40, 50].map(roamed))).toEqual([]);
        expect(families([0, 1, 2, 3, 4, 5].map(roamed))).toEqual(['wifi roaming']);
    });

    it('is to restart the sound server', () => {
        const line = 'Nov 21 10:00:00 laptop xdg-desktop-portal[2011]: Caught PipeWire error: connection error';
        expect(families([line])).toEqual([]);
    });
});

describe('A flood', () => {
    it('is one incident and little work for whoever keeps it', () => {
        const writer = new EntryWriter();
        const entries = Array.from({ length: 20_000 }, () => writer.entry({ ...kernel, MESSAGE: badDisk }));
        const [incident, ...others] = analyseExport(entries.join('')).incidents();
        expect(others).toEqual([]);
        expect(incident?.subject).toBe('sda');
        expect(incident?.evidence.length).toBeLessThanOrEqual(24);
    });

    it('of ever new subjects ends, too', () => {
        const lines = Array.from({ length: 20_000 }, (_unused, i) => `kernel: I/O error, dev sd${i}, sector ${i}`);
        expect(analyseText(lines).incidents().length).toBeGreaterThan(1000);
    });
});

describe('A line made to do harm', () => {
    it('gives subjects that are safe to show and short', () => {
        const name = `\u202e<b>$(reboot)</b>\u0007${'x'.repeat(4000)}`;
        const [incident] = analyseText([
            `[    1.0] Out of memory: Killed process 1 (${name}) total-vm:1kB`,
        ]).incidents();
        expect(incident?.subject.length).toBeLessThanOrEqual(128);
        expect(incident?.subject).not.toMatch(/[\p{Cc}\u202e]/u);
    });

    it('does not break what reads it, whatever its bytes are', () => {
        const bad = ['\u0000', '\ud800', '\uffff', '{}', '{', '%s%n', '[', '('.repeat(2000), ': '.repeat(2000)];
        const starts = ['', '[    1.0] ', 'Nov 21 02:00:00 host kernel: ', '<0>', 'usb ', 'EXT4-fs error (device '];
        const ends = [' failed', ': segfault at ', ' timed out', 'I/O error, dev ', '): x'];
        const lines = starts.flatMap(start => bad.flatMap(middle => ends.map(end => start + middle + end + middle)));
        expect(() => analyseText(lines).incidents()).not.toThrow();
    });
});
