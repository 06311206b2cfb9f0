import { EntryWriter } from '../../support/journals.ts';
import { LineVerdicts } from '../../../service/textAnalysis/lineVerdicts.ts';
import { TextDetector } from '../../../service/textAnalysis/textDetector.ts';
import { TextLogEntry } from '../../../service/textAnalysis/textLogEntry.ts';
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

    it('is not what keeps coming back', () => {
        const flap = (times: number, down: string) =>
            Array.from({ length: times }, (_none, index) => [
                at(index * 60, down),
                at(
                    index * 60 + 5,
                    'NetworkManager[700]: <info> device (eth5): Activation: successful, device activated.',
                ),
            ]).flat();
        const unplugged = 'kernel: e1000: eth5 NIC Link is Down';
        expect(kindsIn([...flap(4, unplugged), ...plain])).toEqual([]);
        expect(kindsIn([...flap(5, unplugged), ...plain])).toEqual([['down', 1]]);
        const lost = 'kernel: eth5: Connection to AP 02:00:00:00:00:01 lost';
        expect(kindsIn([...flap(3, lost), ...plain])).toEqual([]);
        expect(kindsIn([...flap(4, lost), ...plain])).toEqual([['drops', 1]]);
    });

    it('counts each drop of a connection once, whoever reports it', () => {
        const drops = Array.from({ length: 3 }, (_none, index) => [
            at(
                index * 60,
                'kernel: wlan0: deauthenticated from 02:00:00:00:00:01 (Reason: 4=DISASSOC_DUE_TO_INACTIVITY)',
            ),
            at(index * 60, 'wpa_supplicant[800]: wlan0: CTRL-EVENT-DISCONNECTED bssid=02:00:00:00:00:01 reason=4'),
        ]).flat();
        expect(kindsIn([...drops, ...plain])).toEqual([]);
    });

    it('takes back the lines before it that were enough only with it', () => {
        const roams = 'kernel: wlan0: disconnect from AP 02:00:00:00:00:01 for new auth to 02:00:00:00:00:02';
        const often = Array.from({ length: 6 }, (_none, index) => at(index * 5, roams));
        const actionable = (lines: readonly string[]) => {
            const found: number[] = [];
            const verdicts = new LineVerdicts(verdict => {
                if (verdict.actionable) found.push(verdict.line);
            });
            const detector = new TextDetector({ withHints: true });
            for (const [index, line] of lines.entries()) {
                const entry = new TextLogEntry(Buffer.from(line), index + 1, Date.UTC(2026, 10, 21) * 1000);
                detector.feed(entry);
                verdicts.add(entry, detector.assessment);
            }
            verdicts.end();
            return found;
        };
        expect(actionable(often)).toEqual([1, 2, 3, 4, 5, 6]);
        expect(actionable([...often, at(30, activated)])).toEqual([]);
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
