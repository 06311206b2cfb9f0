import { toEvidence } from '../../../service/detection/evidence.ts';
import { Persistence } from '../../../service/detection/persistence.ts';
import { TextLogEntry } from '../../../service/textAnalysis/textLogEntry.ts';
import { EntryWriter } from '../../support/journals.ts';
import { analyseExport, analyseText } from './recordings.ts';

const denied = (seconds: number) =>
    `[ ${seconds}.000000] audit: type=1400 audit(1.1:1): apparmor="DENIED" operation="open" profile="/usr/bin/man" name="/etc/x" comm="man"`;
/** Other lines of a log, as many as make it no excerpt. */
const others = (from: number) =>
    Array.from({ length: 200 }, (_none, index) => `[ ${from + index}.500000] usb 1-1: new high-speed USB device`);

function incidentsIn(lines: readonly string[]) {
    return analyseText(lines)
        .incidents()
        .map(({ family, kind, subject, evidence }) => ({
            subject: `${family} ${kind} ${subject}`,
            lines: evidence.length,
        }));
}

describe('A sign of a fault', () => {
    it('opens no incident in a whole log', () => {
        expect(incidentsIn([...others(0), denied(300)])).toEqual([]);
    });

    it('does not hide the fault that ends a long burst of signs', () => {
        // What the hub says of a device that never answers: hub_port_connect() in drivers/usb/core/hub.c.
        const tries = Array.from(
            { length: 8 },
            (_none, index) => `[ 300.${index}00000] usb 1-1.5: device descriptor read/64, error -32`,
        );
        const end = '[ 302.000000] usb 1-1-port5: unable to enumerate USB device';
        expect(incidentsIn([...others(0), ...tries])).toEqual([]);
        expect(incidentsIn([...others(0), ...tries, end]).map(({ subject }) => subject)).toEqual(['usb device 1-1.5']);
    });

    it('opens one with its earlier evidence when it persists', () => {
        expect(incidentsIn([...others(0), denied(300), denied(700), denied(901)])).toEqual([
            { subject: 'access apparmor /usr/bin/man', lines: 3 },
        ]);
    });

    it('does not persist when it was reported often at once', () => {
        const atOnce = Array.from({ length: 20 }, (_none, index) => denied(300 + index / 10));
        expect(incidentsIn([...others(0), ...atOnce])).toEqual([]);
        expect(incidentsIn([...others(0), denied(300), denied(320), denied(340)])).toEqual([]);
    });

    it('persists when it is reported without a pause', () => {
        const steady = Array.from({ length: 150 }, (_none, index) => denied(300 + 5 * index));
        expect(
            incidentsIn([...others(0), ...others(250), ...others(500), ...steady]).map(({ subject }) => subject),
        ).toEqual(['access apparmor /usr/bin/man']);
    });

    it('is the same in words that differ only in identifiers', () => {
        const says = (minute: number, message: string) => `Jan 05 18:${minute}:25 pc foobard[75${minute}]: ${message}`;
        const plain = Array.from({ length: 150 }, (_none, index) => says(59, `Started thing ${index}`));
        const failed = (minute: number) => says(minute, `4F00${minute}A: ERROR could not open database`);
        expect(incidentsIn([failed(10), failed(21), failed(32), ...plain]).map(({ subject }) => subject)).toEqual([
            'program failure foobard',
        ]);
    });

    it('does not persist in loose words that the program itself does not call an error', () => {
        const says = (minute: number, message: string) => `Jan 05 18:${minute}:25 pc foobard[75]: ${message}`;
        const plain = Array.from({ length: 150 }, (_none, index) => says(59, `Started thing ${index}`));
        const said = (message: string) => incidentsIn([...[10, 21, 32].map(at => says(at, message)), ...plain]).length;
        expect(said('[error] could not open database')).toBe(1);
        expect(said('could not open database')).toBe(0);
        expect(said('could not open database, error: No such file or directory')).toBe(0);
    });

    it('is forgotten when what it is about works', () => {
        const line = (hour: number, message: string) => `Jan 05 ${hour}:30:25 pc systemd-timesyncd[756]: ${message}`;
        const lost = (hour: number) => line(hour, 'Timed out waiting for reply from 192.0.2.4:123 (ntp.example.org).');
        const set = line(18, 'Synchronized to time server 192.0.2.4:123 (ntp.example.org).');
        const plain = Array.from({ length: 150 }, (_none, index) => line(19, `Network configuration changed ${index}`));
        expect(incidentsIn([...plain, lost(17), lost(18), lost(19)]).length).toBe(1);
        expect(incidentsIn([...plain, lost(17), lost(18), set, lost(19)])).toEqual([]);
    });

    it('counts without the occurrences that turned out to be ordinary', () => {
        const persists = (withdrawn: readonly number[]) => {
            const persistence = new Persistence();
            const add = (minute: number) => {
                const entry = new TextLogEntry(Buffer.from(`[ ${60 * minute}.000000] usb 1-1: reset`), minute, 0);
                const of = { family: 'usb', about: '1-1', occurrence: `of minute ${minute}` };
                return persistence.add('usb 1-1', { times: 8, over: 60 }, of, entry, () => toEvidence(entry, 'kernel'));
            };
            for (let minute = 1; minute < 8; minute += 1) add(minute);
            for (const minute of withdrawn) persistence.withdraw({ line: minute, occurrence: `of minute ${minute}` });
            return add(8) !== null;
        };
        expect(persists([])).toBeTrue();
        expect(persists([2])).toBeFalse();
        expect(persists([7])).toBeFalse();
    });

    it('has to persist again once it has', () => {
        const again = [denied(300), denied(700), denied(901), denied(5000)];
        const [incident] = analyseText([...others(0), ...again]).incidents();
        expect(incident?.count).toBe(1);
    });

    it('makes an incident no worse', () => {
        const lost = '[ 303.000000] igc 0000:04:00.0 eth0: PCIe link lost, device now detached';
        const [incident] = analyseText([...others(0), lost]).incidents();
        const [withSign] = analyseText([
            ...others(0),
            lost,
            '[ 304.000000] igc 0000:04:00.0 eth0: NIC Link is Down',
        ]).incidents();
        expect(withSign?.severity).toBe(incident?.severity);
    });

    it('does not persist when it was reported on single days', () => {
        const day = 86_400;
        expect(incidentsIn([...others(0), denied(300), denied(2 * day), denied(4 * day)])).toEqual([]);
    });

    it('counts in an excerpt, which somebody chose', () => {
        expect(incidentsIn([denied(300)])).toEqual([{ subject: 'access apparmor /usr/bin/man', lines: 1 }]);
    });

    it('does not count in a whole log in which a program reports the same in every other line', () => {
        const same =
            '[ 1.000000] EXT4-fs error (device sda1): ext4_lookup:1602: inode #2: comm find: deleted inode referenced: 12';
        const noisy = others(0).flatMap(line => [line, same]);
        expect(incidentsIn([...noisy, denied(300)]).map(({ subject }) => subject)).not.toContain(
            'access apparmor /usr/bin/man',
        );
    });

    it('is evidence for what follows from the same cause', () => {
        const fault = '[ 304.000000] igc 0000:04:00.0 eth1: PCIe link lost, device now detached';
        const down = '[ 303.000000] igc 0000:04:00.0 eth1: NIC Link is Down';
        expect(incidentsIn([...others(0), down, fault]).map(({ lines }) => lines)).toEqual([2]);
    });

    it('of several that a program reports is the same only in the same words', () => {
        const says = (minute: number, what: string) =>
            `Jan 10 10:${String(minute).padStart(2, '0')}:00 host exampled[1]: error: cannot read ${what}`;
        const log = (what: (index: number) => string) => [
            ...Array.from({ length: 200 }, (_none, index) => `Jan 10 09:00:00 host cron[${index}]: started`),
            ...[0, 10, 20, 30].map((minute, index) => says(minute, what(index))),
        ];
        expect(incidentsIn(log(index => `veth${index}`))).toEqual([]);
        expect(incidentsIn(log(() => 'veth0')).length).toBe(1);
    });

    it('is over once what it is about works', () => {
        const late = (seconds: number) => `[ ${seconds}.000000] wlan0: authentication with 02:00:00:00:00:01 timed out`;
        const attempts = [300, 360, 420, 480].map(late);
        expect(incidentsIn([...others(0), ...attempts]).length).toBe(1);
        attempts.splice(3, 0, '[ 430.000000] wlan0: associated');
        expect(incidentsIn([...others(0), ...attempts])).toEqual([]);
    });

    it('opens none in a journal, either', () => {
        const writer = new EntryWriter();
        const of = { _TRANSPORT: 'kernel', SYSLOG_IDENTIFIER: 'kernel', _SOURCE_MONOTONIC_TIMESTAMP: 900e6 };
        const ordinary = Array.from({ length: 200 }, () => writer.entry({ ...of, MESSAGE: 'usb 1-1: new device' }));
        const down = writer.entry({ ...of, MESSAGE: 'e1000e 0000:00:1f.6 eno1: NIC Link is Down' });
        expect(analyseExport([...ordinary, down].join('')).incidents()).toEqual([]);
    });
});
