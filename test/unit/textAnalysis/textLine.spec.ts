import { parseTextLine } from '../../../service/textAnalysis/textLine.ts';

const reference = Date.UTC(2026, 10, 21, 12) * 1000;
const at = (...[year, month, day, hour, minute, second]: [number, number, number, number, number, number]) =>
    new Date(year, month - 1, day, hour, minute, second).getTime() * 1000;
const utc = (...[year, month, day, hour, minute, second]: [number, number, number, number, number, number]) =>
    Date.UTC(year, month - 1, day, hour, minute, second) * 1000;

const failed = "cups.service: Failed with result 'exit-code'.";
const ofKernel = { identifier: 'kernel', time: null, message: 'ata1: COMRESET failed' };
const systemd = { identifier: 'systemd', pid: '1', message: failed };

/** Line → what is read from it. Written by the programs named, on Debian 12 and 13, except where a standard is named. */
const lines: Record<string, [string, Partial<ReturnType<typeof parseTextLine>>]> = {
    'journalctl -o short': [
        `Nov 21 02:03:04 host systemd[1]: ${failed}`,
        { ...systemd, time: at(2026, 11, 21, 2, 3, 4) },
    ],
    'a day of one digit': [
        `Nov  1 02:03:04 host systemd[1]: ${failed}`,
        { ...systemd, time: at(2026, 11, 1, 2, 3, 4) },
    ],
    'journalctl -o short-precise': [
        `Nov 21 02:03:04.123456 host systemd[1]: ${failed}`,
        { ...systemd, time: at(2026, 11, 21, 2, 3, 4) + 123_456 },
    ],
    'journalctl -o short-iso': [
        `2026-11-21T02:03:04+0100 host systemd[1]: ${failed}`,
        { ...systemd, time: utc(2026, 11, 21, 1, 3, 4) },
    ],
    'journalctl -o short-iso-precise': [
        `2026-11-21T02:03:04.000005-03:30 host systemd[1]: ${failed}`,
        { ...systemd, time: utc(2026, 11, 21, 5, 33, 4) + 5 },
    ],
    'journalctl -o short-full': [
        `Sat 2026-11-21 02:03:04 UTC host systemd[1]: ${failed}`,
        { ...systemd, time: utc(2026, 11, 21, 2, 3, 4) },
    ],
    'journalctl -o with-unit': [
        `Sat 2026-11-21 02:03:04 UTC host init.scope[1]: ${failed}`,
        { ...systemd, time: utc(2026, 11, 21, 2, 3, 4) },
    ],
    'journalctl -o short-unix': [
        `1763690584.123456 host systemd[1]: ${failed}`,
        { ...systemd, time: 1_763_690_584_123_456 },
    ],
    'journalctl -o short-monotonic': [`[   12.345678] host systemd[1]: ${failed}`, { ...systemd, time: null }],
    'rsyslog, RFC 3339': [
        `2026-11-21T02:03:04.123456+00:00 host systemd[1]: ${failed}`,
        { ...systemd, time: utc(2026, 11, 21, 2, 3, 4) + 123_456 },
    ],
    'journalctl in German': [
        `Okt 16 22:10:05 host kernel: ata1: COMRESET failed`,
        { ...ofKernel, time: at(2026, 10, 16, 22, 10, 5) },
    ],
    'journalctl in French': [
        `août   3 02:03:04 host systemd[1]: ${failed}`,
        { ...systemd, time: at(2026, 8, 3, 2, 3, 4) },
    ],
    'journalctl in Ukrainian': [
        `кві 06 13:54:36 host systemd[1]: ${failed}`,
        { ...systemd, time: at(2026, 4, 6, 13, 54, 36) },
    ],
    'journalctl in Finnish': [
        `maalis  3 02:03:04 host systemd[1]: ${failed}`,
        { ...systemd, time: at(2026, 3, 3, 2, 3, 4) },
    ],
    'a sentence with a time': [
        'Meeting 29 02:03:04 is what systemd said',
        { identifier: null, time: null, message: 'Meeting 29 02:03:04 is what systemd said' },
    ],
    'journalctl in Filipino': [
        `Hul 29 02:03:04 host systemd[1]: ${failed}`,
        { ...systemd, time: at(2026, 7, 29, 2, 3, 4) },
    ],
    'journalctl in Japanese': [
        `11月 21 02:03:04 host systemd[1]: ${failed}`,
        { ...systemd, time: at(2026, 11, 21, 2, 3, 4) },
    ],
    'journalctl in Korean': [
        ` 1월 21 02:03:04 host systemd[1]: ${failed}`,
        { ...systemd, time: at(2026, 1, 21, 2, 3, 4) },
    ],
    'no month of any language': ['lost 12 10:00:00 host kernel: x', { identifier: null, time: null }],
    'socklog of Void Linux, the kernel': [
        '2026-11-21T02:03:04.91660 kern.err: [  621.892001] ata1: COMRESET failed',
        { ...ofKernel, time: at(2026, 11, 21, 2, 3, 4) + 916_600, uptime: 621_892_001, priority: 3 },
    ],
    'socklog of Void Linux, a program': [
        `2026-11-21T02:03:04.91660 daemon.info: systemd[1]: ${failed}`,
        { ...systemd, time: at(2026, 11, 21, 2, 3, 4) + 916_600, priority: 6 },
    ],
    'logcat of the kernel': [
        '11-20 02:03:04.123     0     0 E ata1: COMRESET failed',
        { ...ofKernel, time: at(2026, 11, 20, 2, 3, 4) + 123_000, priority: 3 },
    ],
    'a dump of a telephone': [
        '   244.889835:   <6> ata1: COMRESET failed',
        { ...ofKernel, uptime: 244_889_835, priority: 6 },
    ],
    'VMware ESXi': [
        '2026-11-21T02:03:04.684Z cpu0:37205)ata1: COMRESET failed',
        { ...ofKernel, time: utc(2026, 11, 21, 2, 3, 4) + 684_000 },
    ],
    'dmesg --reltime with seconds': [
        '[Nov 09 10:20:47] kern kernel: ata1: COMRESET failed',
        { ...ofKernel, time: at(2026, 11, 9, 10, 20, 47) },
    ],
    'RFC 5424': [
        `<27>1 2026-11-21T02:03:04.5Z host systemd 1 - - ${failed}`,
        { ...systemd, priority: 3, time: utc(2026, 11, 21, 2, 3, 4) + 500_000 },
    ],
    'RFC 3164 with its priority': [
        `<30>Nov 21 02:03:04 host systemd[1]: ${failed}`,
        { ...systemd, priority: 6, time: at(2026, 11, 21, 2, 3, 4) },
    ],
    'last year, as the day has not come yet': [
        'Dec 24 18:00:00 host kernel: usb 1-1: device descriptor read/64, error -71',
        {
            identifier: 'kernel',
            pid: null,
            message: 'usb 1-1: device descriptor read/64, error -71',
            time: at(2025, 12, 24, 18, 0, 0),
        },
    ],
    'the 29th of February, in the last year that had one': [
        'Feb 29 00:00:00 host cron[9]: x',
        { identifier: 'cron', time: at(2024, 2, 29, 0, 0, 0) },
    ],
    'a syslog line without a host': [`Nov 21 02:03:04 systemd[1]: ${failed}`, systemd],
    'a time before a bare message': [
        `Nov 21 02:03:04 ${failed}`,
        { identifier: null, message: failed, time: at(2026, 11, 21, 2, 3, 4) },
    ],
    'a helper that systemd forked': [
        'Nov 21 02:03:04 host (cupsd)[99]: cups.service: Failed at step EXEC spawning /usr/sbin/cupsd: No such file or directory',
        { identifier: '(cupsd)', pid: '99' },
    ],
    dmesg: [
        '[    1.234567] EXT4-fs error (device sda1): ext4_find_entry:1456: inode #2: comm ls: reading directory lblock 0',
        {
            identifier: 'kernel',
            message: 'EXT4-fs error (device sda1): ext4_find_entry:1456: inode #2: comm ls: reading directory lblock 0',
        },
    ],
    'the log of the X server': [
        '[    24.659] (EE) GLX: could not load software renderer',
        { identifier: 'Xorg', message: '(EE) GLX: could not load software renderer', time: null, uptime: 24_659_000 },
    ],
    'dmesg --raw': [
        '<3>[    1.234567] ata1: COMRESET failed',
        { identifier: 'kernel', priority: 3, message: 'ata1: COMRESET failed' },
    ],
    "journalctl -o short-monotonic of the kernel's, with the host cut off": [
        '[  894.731690] kernel: ata1: COMRESET failed',
        { identifier: 'kernel', message: 'ata1: COMRESET failed', time: null, uptime: 894_731_690 },
    ],
    'Apache’s log of errors, before 2.4': [
        '[Wed Oct 11 14:32:52 2000] [error] [client 127.0.0.1] File does not exist: /srv/a',
        { identifier: 'httpd', priority: 3, message: '[error] [client 127.0.0.1] File does not exist: /srv/a' },
    ],
    'Apache’s log of errors, since 2.4': [
        '[Sat Nov 21 02:03:04.262255 2026] [core:error] [pid 201] AH00037: Symbolic link not allowed',
        { identifier: 'httpd', priority: 3, message: '[core:error] [pid 201] AH00037: Symbolic link not allowed' },
    ],
    'the log of errors of nginx': [
        '2026/11/21 02:03:04 [crit] 811#811: accept4() failed (24: Too many open files)',
        { identifier: 'nginx', priority: 2, message: '[crit] 811#811: accept4() failed (24: Too many open files)' },
    ],
    'syslogd of Solaris': [
        'Nov 21 02:03:04 host svc.startd[7]: [ID 652011 daemon.warning] a method failed',
        { identifier: 'svc.startd', pid: '7', priority: 4, message: 'a method failed' },
    ],
    'syslogd of macOS': [
        'Nov 21 02:03:04 host com.apple.xpc.launchd[1] (com.example.agent[812]): Service exited',
        { identifier: 'com.apple.xpc.launchd', pid: '1', message: 'Service exited' },
    ],
    'a child of SSSD': [
        'Nov 21 02:03:04 host sssd[be[example.com]]: Backend is offline',
        { identifier: 'sssd', pid: null },
    ],
    'dmesg --ctime in another language': [
        '[dom may 25 02:03:04 2025] thermal thermal_zone0: critical temperature reached (105 C), shutting down',
        {
            identifier: 'kernel',
            time: null,
            message: 'thermal thermal_zone0: critical temperature reached (105 C), shutting down',
        },
    ],
    'dmesg --ctime in Chinese': ['[六 11月 21 02:03:04 2026] ata1: COMRESET failed', ofKernel],
    'dmesg --ctime in Japanese': ['[土 11月 21 02:03:04 2026] ata1: COMRESET failed', ofKernel],
    'dmesg --ctime in Korean': ['[토 11월 21 02:03:04 2026] ata1: COMRESET failed', ofKernel],
    'dmesg --ctime in Vietnamese': ['[T7 Thg 11 21 02:03:04 2026] ata1: COMRESET failed', ofKernel],
    'dmesg --ctime': [
        '[Sat Nov 21 02:03:04 2026] ata1: COMRESET failed',
        { identifier: 'kernel', message: 'ata1: COMRESET failed', time: at(2026, 11, 21, 2, 3, 4) },
    ],
    'dmesg --human, absolute': [
        '[Nov21 02:03] ata1: COMRESET failed',
        { identifier: 'kernel', message: 'ata1: COMRESET failed', time: at(2026, 11, 21, 2, 3, 0) },
    ],
    'dmesg --time-format=iso': [
        '2026-11-21T02:03:04,123456+00:00 usb 1-1: device descriptor read/64, error -71',
        {
            identifier: 'kernel',
            message: 'usb 1-1: device descriptor read/64, error -71',
            time: at(2026, 11, 21, 2, 3, 4) + 123_456,
        },
    ],
    'what systemd wrote through the kernel': [
        `Nov 21 02:03:04 host kernel: [   15.500000] systemd[1]: ${failed}`,
        { ...systemd, time: at(2026, 11, 21, 2, 3, 4), uptime: 15_500_000 },
    ],
    'what the kernel says of a process': [
        'Nov 21 02:03:04 host kernel: [   15.500000] Xorg[555]: segfault at 0 ip 0000 sp 0000 error 4',
        {
            identifier: 'kernel',
            time: at(2026, 11, 21, 2, 3, 4),
            message: 'Xorg[555]: segfault at 0 ip 0000 sp 0000 error 4',
        },
    ],
    'dmesg --notime, about a process': [
        'firefox[1234]: segfault at 0 ip 0 sp 0 error 4',
        { identifier: 'kernel', message: 'firefox[1234]: segfault at 0 ip 0 sp 0 error 4', time: null },
    ],
    "rsyslog, with the kernel's own clock": [
        'Nov 21 02:03:04 host kernel: [   15.500000] ata1: COMRESET failed',
        { identifier: 'kernel', message: 'ata1: COMRESET failed', uptime: 15_500_000, time: at(2026, 11, 21, 2, 3, 4) },
    ],
    'dmesg --human, relative': [
        '[  +0.000123] ata1: COMRESET failed',
        { identifier: 'kernel', message: 'ata1: COMRESET failed', time: null },
    ],
    'dmesg --decode': [
        'kern  :err   : [    1.234567] ata1: COMRESET failed',
        { identifier: 'kernel', priority: 3, message: 'ata1: COMRESET failed' },
    ],
    'dmesg, with who called': [
        '[    1.234567][    T1] ata1: COMRESET failed',
        { identifier: 'kernel', uptime: 1_234_567, message: 'ata1: COMRESET failed' },
    ],
    'dmesg --ctime, with who called': [
        '[Sat Nov 21 02:03:04 2026][   C3] ata1: COMRESET failed',
        { identifier: 'kernel', message: 'ata1: COMRESET failed', time: at(2026, 11, 21, 2, 3, 4) },
    ],
    'a record of /dev/kmsg': [
        '3,339,5140900,-,caller=T1;ata1: COMRESET failed',
        { identifier: 'kernel', priority: 3, uptime: 5_140_900, message: 'ata1: COMRESET failed' },
    ],
    'the kernel of a telephone': [
        '<6>[   12.345678]  [0:  swapper/0:    0] mmc0: error -110',
        { identifier: 'kernel', priority: 6, uptime: 12_345_678, message: 'mmc0: error -110' },
    ],
    'the kernel of another telephone': [
        '<3>[   12.345678] (2)[123:kworker/2:1]mmc0: error -110',
        { identifier: 'kernel', priority: 3, message: 'mmc0: error -110' },
    ],
    "BusyBox' syslogd": [
        'Nov 21 02:03:04 box kern.err kernel: [   12.345678] ata1: COMRESET failed',
        { identifier: 'kernel', priority: 3, uptime: 12_345_678, message: 'ata1: COMRESET failed' },
    ],
    'logread of OpenWrt': [
        'Sat Nov 21 02:03:04 2026 daemon.notice hostapd: wlan0: AP-STA-DISCONNECTED',
        { identifier: 'hostapd', priority: 5, message: 'wlan0: AP-STA-DISCONNECTED' },
    ],
    'syslogd of FreeBSD with its levels': [
        'Nov 21 02:03:04 <kern.crit> box kernel: pid 1 (a), exited on signal 11',
        { identifier: 'kernel', priority: 2, message: 'pid 1 (a), exited on signal 11' },
    ],
    "ChromeOS' syslog": [
        '2026-11-21T02:03:04.123456Z INFO kernel: [   99.490000] fuse: abort connection',
        { identifier: 'kernel', priority: 6, uptime: 99_490_000, message: 'fuse: abort connection' },
    ],
    'the installer of Red Hat': [
        '03:09:13,913 ERR kernel:ata1: COMRESET failed',
        { identifier: 'kernel', priority: 3, message: 'ata1: COMRESET failed' },
    ],
    'a level that is no zone': [
        '2015-10-18 18:01:53,447 INFO [main] a.b.C: no failures',
        { identifier: null, message: 'INFO [main] a.b.C: no failures' },
    ],
    'the log file of a container': [
        '2026-11-21T02:03:04.123456789Z stderr F [   12.345678] ata1: COMRESET failed',
        {
            identifier: 'kernel',
            uptime: 12_345_678,
            time: utc(2026, 11, 21, 2, 3, 4) + 123_456,
            message: 'ata1: COMRESET failed',
        },
    ],
    'dmesg --human in the log file of a container': [
        '2026-11-21T02:03:04Z stdout F [Nov20 01:02] ata1: COMRESET failed',
        { identifier: 'kernel', time: utc(2026, 11, 21, 2, 3, 4), message: 'ata1: COMRESET failed' },
    ],
    'numbers with a semicolon that are no record of /dev/kmsg': [
        '12,34,56,some user text; kernel: x',
        { identifier: null, message: '12,34,56,some user text; kernel: x' },
    ],
    'a host that is named like a level': [
        'Nov 21 02:03:04 ftp.info sshd[12]: error: x',
        { identifier: 'sshd', priority: null, message: 'error: x' },
    ],
    'the name of a level within a message': [
        'Nov 21 02:03:04 box cron.err job failed: no',
        { identifier: null, priority: null, message: 'box cron.err job failed: no' },
    ],
    'text that is set in like what systemd shows': [
        '         During handling of x failed',
        { identifier: null, message: '         During handling of x failed' },
    ],
    'a sentence about the kernel': ['Updating kernel: done', { identifier: null, message: 'Updating kernel: done' }],
    'a pipe to a search for the kernel': ['ls | grep kernel: x', { identifier: null }],
    'the kernel, told by facility and level': [
        'kern.alert kernel: [  872.957551] CPU 0 Unable to handle kernel paging request',
        { identifier: 'kernel', uptime: 872_957_551, message: 'CPU 0 Unable to handle kernel paging request' },
    ],
    'what systemd shows while the computer starts': [
        '[FAILED] Failed to start Show Plymouth Boot Screen.',
        { ...systemd, message: 'Failed to start Show Plymouth Boot Screen.' },
    ],
    'what systemd begins while the computer starts': [
        '         Starting Flush Journal to Persistent Storage...',
        { ...systemd, message: 'Starting Flush Journal to Persistent Storage...' },
    ],
    'docker compose logs': ['web-1  | kernel: ata1: COMRESET failed', { identifier: 'kernel' }],
    'a serial line with the time of whoever reads it': [
        '[2026-11-21 02:03:04] [   12.345678] ata1: COMRESET failed',
        { identifier: 'kernel', uptime: 12_345_678, time: at(2026, 11, 21, 2, 3, 4) },
    ],
    'dmesg --raw behind the time of whoever reads the serial line': [
        '[2026-11-21 02:03:04] <3>[   92.300000] INFO: task foo:12 blocked for more than 120 seconds.',
        {
            identifier: 'kernel',
            priority: 3,
            uptime: 92_300_000,
            time: at(2026, 11, 21, 2, 3, 4),
            message: 'INFO: task foo:12 blocked for more than 120 seconds.',
        },
    ],
    'a host that is an address': [
        `Nov 21 02:03:04 fe80::1 systemd[1]: ${failed}`,
        { ...systemd, time: at(2026, 11, 21, 2, 3, 4) },
    ],
    'RFC 5424 with data that hold a bracket': [
        String.raw`<27>1 2026-11-21T02:03:04Z host systemd 1 id [a@1 b="]c\""][d@1 e="1"] ${failed}`,
        { ...systemd, priority: 3 },
    ],
    'dmesg of what PID 1 wrote to /dev/kmsg': [`[    5.000001] systemd[1]: ${failed}`, systemd],
    'a program and its number alone': [`systemd[1]: ${failed}`, { ...systemd, time: null }],
    'a bare message that begins like a program': [failed, { identifier: null, pid: null, message: failed }],
    'a bare message': [
        'Dependency failed for cups.service.',
        { identifier: null, message: 'Dependency failed for cups.service.' },
    ],
    'nothing at all': ['', { identifier: null, message: '', time: null }],
    'a day that does not exist': ['2026-02-31T02:03:04Z host a[1]: b', { identifier: 'a', time: null }],
    'a number in angle brackets that is no priority': ['<999> hello', { priority: null, message: '<999> hello' }],
};

describe('A line of a text log', () => {
    for (const [name, [line, expected]] of Object.entries(lines)) {
        it(`is read as: ${name}`, () => {
            expect(parseTextLine(line, reference)).toEqual(jasmine.objectContaining(expected));
        });
    }

    // glibc's names of months in Yoruba, of January in Thai, and of March in Vietnamese.
    for (const month of ['Agẹ', 'ม.ค.', 'Th03'])
        it(`is read in a language that nobody has listed, once several lines agree: ${month}`, () => {
            const line = `${month} 29 02:03:04 host systemd[1]: ${failed}`;
            const [first, , third] = [line, line, line].map(one => parseTextLine(one, reference));
            expect(first?.identifier).toBeNull();
            expect(third).toEqual(jasmine.objectContaining(systemd));
            const { identifier } = parseTextLine(`${month} 29 02:03:05 host sshd: bye`, reference);
            expect(identifier).toBe('sshd');
        });

    it('has a time in such a language by which lines are in order, and no date', () => {
        const times = ['Ọ̀wẹ 31 23:59:59', 'Ẹ̀bi  1 00:00:01', 'Ẹ̀bi  2 00:00:01'].map(time => {
            const line = `${time} host cron[7]: started`;
            return [line, line, line].map(one => parseTextLine(one, reference).time ?? 0).at(-1) ?? 0;
        });
        const [first = 0, second = 0, third = 0] = times;
        expect(second - first).toBe(2_000_000);
        expect(third - second).toBe(86_400_000_000);
        expect(new Date(third / 1000).getFullYear()).toBeLessThan(1973);
    });

    it('never makes the reader work long, whatever it holds', () => {
        // Each would take a back-tracking pattern for ever, and one that looks at all that follows each character longer than
        // all specs of the layer may take.
        const begins = [
            '',
            'Nov 21 02:03:04 ',
            'Sat Nov 21 02:03:04 2026 ',
            '2026-11-21T02:03:04Z ',
            '2026-11-21T02:03:04Z stdout F ',
            '[2026-11-21 02:03:04] ',
            '[    1.0] ',
            '<27>1 2026-11-21T02:03:04Z h p 1 id ',
            '03:09:13,913 ERR ',
            '3,339,5140900,-',
            '         ',
        ];
        const parts = ['Nov 21 ', '[1.', '(', 'a ', '0', '<1>', 'Sat ', ' ', '1 2026-', '<27>1 - a b c d [', 'a', ':'];
        const ofHeads = ['[a="', '["\\', '[a][', 'kern.err ', 'ERR ', '<kern.', 'a | ', ',', '[0: a', ' kernel: '];
        for (const line of begins.flatMap(begin => [...parts, ...ofHeads].map(part => long(begin, part)))) {
            expect(parseTextLine(line, reference).message.length).toBeLessThanOrEqual(line.length);
        }
    });
});

const length = 100_000;
const long = (begin: string, part: string) => begin + part.repeat(Math.ceil(length / part.length));
