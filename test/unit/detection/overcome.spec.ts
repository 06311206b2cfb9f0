import { EntryWriter } from '../../support/journals.ts';
import { analyseExport, analyseText } from './recordings.ts';

const refused =
    'wpa_supplicant[800]: wlan0: CTRL-EVENT-SSID-TEMP-DISABLED id=0 ssid="home" auth_failures=1 duration=10 reason=WRONG_KEY';
const activated = 'NetworkManager[700]: device (wlan0): Activation: successful, device activated.';
const at = (seconds: number, line: string) =>
    `Nov 20 12:${String(Math.floor(seconds / 60)).padStart(2, '0')}:${String(seconds % 60).padStart(2, '0')} pc ${line}`;
/** As many as make a log no excerpt of one. */
const plain = Array.from({ length: 150 }, (_none, index) => at(900 + index, `cron[${index}]: started`));

describe('A failure that was overcome', () => {
    const kindsIn = (lines: readonly string[]) =>
        analyseText(lines)
            .incidents()
            .map(({ kind, count }) => [kind, count]);

    it('is no incident, however often it happened before', () => {
        const twice = [at(0, refused), at(40, refused)];
        expect(kindsIn(twice)).toEqual([['wrong-password', 2]]);
        expect(kindsIn([...twice, at(60, activated)])).toEqual([]);
    });

    it('is none when it was reported again and again, the first time long before', () => {
        const often = Array.from({ length: 17 }, (_none, index) => at(index * 9, refused));
        expect(kindsIn(often)).toEqual([['wrong-password', 1]]);
        expect(kindsIn([...often, at(150, activated)])).toEqual([]);
    });

    it('stays an incident when only the last of several times it was overcome', () => {
        expect(kindsIn([at(0, refused), at(300, refused), at(320, activated)])).toEqual([['wrong-password', 1]]);
    });

    it('is that of what works now, and of nothing else', () => {
        const battery = at(0, 'kernel: rtc_cmos 00:02: setting system clock to 2009-01-01T00:00:12 UTC (1230768012)');
        const set = at(60, 'systemd-timesyncd[700]: Initial clock synchronization to Fri 2026-11-20 12:01:00 UTC.');
        expect(kindsIn([battery])).toEqual([['hardware-clock', 1]]);
        expect(kindsIn([battery, set])).toEqual([['hardware-clock', 1]]);
    });

    it('is not what outlasts the success', () => {
        const size =
            'NetworkManager[700]: <warn> device (eth5): mtu: failure to set MTU. Did you configure the MTU correctly?';
        const works = 'NetworkManager[700]: <info> device (eth5): Activation: successful, device activated.';
        expect(kindsIn([at(0, size), at(1, works)])).toEqual([['mtu', 1]]);
    });

    it('is that of the same process, where the success names nothing', () => {
        const asks = (pid: number, on: string) =>
            `dhclient[${pid}]: DHCPDISCOVER on ${on} to 255.255.255.255 port 67 interval 9`;
        const often = Array.from({ length: 8 }, (_none, index) => at(index * 60, asks(81, 'eth0')));
        const subjectsIn = (lines: readonly string[]) =>
            analyseText([...lines, ...plain])
                .incidents()
                .map(({ family, subject }) => `${family} ${subject}`);
        expect(subjectsIn(often)).toEqual(['dhcp eth0']);
        const got = at(230, 'dhclient[81]: DHCPACK of 192.0.2.7 from 192.0.2.1');
        const gotOther = at(230, 'dhclient[82]: DHCPACK of 192.0.2.8 from 192.0.2.1');
        const gave = at(230, 'dhcpd[83]: DHCPACK on 192.0.2.9 to 02:00:00:00:00:01 via eth1');
        const between = (line: string) => [...often.slice(0, 4), line, ...often.slice(4)];
        expect(subjectsIn(between(got))).toEqual([]);
        expect(subjectsIn(between(gotOther))).toEqual(['dhcp eth0']);
        expect(subjectsIn(between(gave))).toEqual(['dhcp eth0']);
    });

    it('is the same in a journal', () => {
        const writer = new EntryWriter();
        const entry = (line: string) => {
            const [, SYSLOG_IDENTIFIER = '', MESSAGE = ''] = /^([\w-]+)\[\d+\]: (.*)$/.exec(line) ?? [];
            const _SYSTEMD_UNIT = `${SYSLOG_IDENTIFIER}.service`;
            return writer.entry({ __CURSOR: MESSAGE, _UID: '0', _SYSTEMD_UNIT, SYSLOG_IDENTIFIER, MESSAGE });
        };
        expect(analyseExport(entry(refused) + entry(activated)).incidents()).toEqual([]);
    });
});
