import { isZoneOff } from '../../../../service/faults/time/zoneOffset.ts';
import { EntryWriter } from '../../../support/journals.ts';
import type { Fields } from '../../../support/journals.ts';
import { analyseExport, analyseText } from '../../detection/recordings.ts';

/** 10 July 2026, 8:00 UTC, and how long the kernel had been running when it read the clock. */
const started = 1_783_670_400;
const readAt = 2_400_000;
const hour = 3600;

/** rtc_hctosys() of Linux's drivers/rtc/class.c; "%ptR" is the time without a zone. */
function kernel(seconds: number): Fields {
    const time = new Date(seconds * 1000).toISOString().replace('.000Z', '');
    return {
        _TRANSPORT: 'kernel',
        SYSLOG_IDENTIFIER: 'kernel',
        _SOURCE_MONOTONIC_TIMESTAMP: readAt,
        MESSAGE: `rtc_cmos 00:04: setting system clock to ${time} UTC (${seconds})`,
    };
}

/** initialize_clock_timewarp() of systemd's src/core/main.c, which logs to the kernel's buffer at that time. */
function local(minutes: number): Fields {
    return {
        _TRANSPORT: 'kernel',
        SYSLOG_IDENTIFIER: 'systemd',
        SYSLOG_PID: 1,
        MESSAGE: `RTC configured in localtime, applying delta of ${minutes} minutes to system time.`,
    };
}

/** manager_receive_response() of systemd's src/timesync/timesyncd-manager.c. */
function synchronised(seconds: number, uptime: number): Fields {
    return {
        _PID: 512,
        _UID: 997,
        _COMM: 'systemd-timesyn',
        _SYSTEMD_UNIT: 'systemd-timesyncd.service',
        SYSLOG_IDENTIFIER: 'systemd-timesyncd',
        MESSAGE_ID: '7c8a41f37b764941a0e1780b1be2f037',
        REALTIME_USEC: seconds * 1_000_000,
        BOOTTIME_USEC: uptime,
        MONOTONIC_USEC: uptime,
        MESSAGE: 'Initial clock synchronization to Fri 2026-07-10 08:00:30.000000 UTC.',
    };
}

/** chronyd's maybe_log_offset() of reference.c. */
function chrony(seconds: string): Fields {
    return {
        _PID: 612,
        _UID: 998,
        _COMM: 'chronyd',
        _SYSTEMD_UNIT: 'chrony.service',
        SYSLOG_IDENTIFIER: 'chronyd',
        PRIORITY: 4,
        MESSAGE: `System clock wrong by ${seconds} seconds, adjustment started`,
    };
}

function incidentsOf(...entries: Fields[]) {
    const writer = new EntryWriter();
    return analyseExport(entries.map(fields => writer.entry(fields)).join('')).incidents();
}
const kindsOf = (...entries: Fields[]) => incidentsOf(...entries).map(({ family, kind }) => `${family} ${kind}`);

describe('A hardware clock that holds another time than is expected', () => {
    const after = (seconds: number) => synchronised(started + seconds, readAt + 30_000_000);

    it('is told by what the clock began with, and what the network set it to', () => {
        const [incident] = incidentsOf(kernel(started + 2 * hour), after(30));
        expect(incident?.kind).toBe('zone');
        expect(incident?.subject).toBe('hardware clock');
        expect(incident?.severity).toBe('medium');
        expect(incident?.facts).toEqual({ seconds: '-7200', local: 'no' });
        expect(incident?.evidence.map(({ origin }) => origin)).toEqual(['kernel', 'systemd-timesyncd.service']);
        expect(incident?.cause).toContain('Windows');
    });

    it('is none when the clock was right, or wrong by minutes, or years behind', () => {
        expect(kindsOf(kernel(started), after(30))).toEqual([]);
        expect(kindsOf(kernel(started - 400), after(30))).toEqual([]);
        expect(kindsOf(kernel(started - 9000 * hour), after(30))).toEqual([]);
    });

    it('is none where local time is expected and is there', () => {
        expect(kindsOf(kernel(started + 2 * hour), local(120), after(30))).toEqual([]);
    });

    it('is one where local time is expected and UTC is there', () => {
        const [incident] = incidentsOf(kernel(started), local(120), after(30));
        expect([incident?.kind, incident?.facts.local]).toEqual(['zone', 'yes']);
    });

    it('is none where local time is expected and daylight saving time has begun or ended since', () => {
        expect(kindsOf(kernel(started + hour), local(120), after(30))).toEqual([]);
        expect(kindsOf(kernel(started + 2 * hour), local(60), after(30))).toEqual([]);
        // Nothing of the kind happens to UTC.
        expect(kindsOf(kernel(started + hour), after(30))).toEqual(['time zone']);
    });

    it('is none where the manager of the initrd says, too, that local time is expected', () => {
        expect(kindsOf(kernel(started + 2 * hour), local(120), local(120), after(30))).toEqual([]);
        const [incident] = incidentsOf(kernel(started), local(120), local(120), after(30));
        expect(incident?.facts.seconds).toBe('7200');
    });

    it('is told once a start, and not of what another start began with', () => {
        const twice = incidentsOf(kernel(started + hour), after(30), after(40));
        expect(twice.map(({ count }) => count)).toEqual([1]);
        const other = { ...after(30), _BOOT_ID: 'b0070000000000000000000000000002' };
        expect(kindsOf(kernel(started + hour), other)).toEqual([]);
    });

    it('is believed of nobody else', () => {
        const forged = { ...after(30), _SYSTEMD_UNIT: 'user@1000.service', _SYSTEMD_USER_UNIT: 'app-evil.service' };
        expect(kindsOf(kernel(started + hour), { ...forged, _UID: 1000 })).toEqual([]);
        expect(kindsOf({ ...kernel(started + hour), _TRANSPORT: 'syslog' }, after(30))).toEqual([]);
    });

    it('is told by chrony and ntpd in seconds', () => {
        expect(kindsOf(chrony('7200.318452'))).toEqual(['time zone']);
        expect(kindsOf(chrony('-19800.012345'))).toEqual(['time zone']);
        expect(kindsOf(chrony('71.318452'))).toEqual(['time wrong']);
        const line = 'Jul 10 08:00:30 host ntpdate[1]: step time server 192.0.2.1 offset -3600.318452 sec';
        expect(
            analyseText([line])
                .incidents()
                .map(({ kind }) => kind),
        ).toEqual(['zone']);
    });

    it('is wrong by the offset of a time zone, and a little more', () => {
        const wrong = [-3600, 3612, 19_800, 20_700, 14 * hour].filter(seconds => !isZoneOff(seconds));
        const right = [0, 12, 900, 1800, 3640, 16_200 + 900, 15 * hour, Number.NaN].filter(isZoneOff);
        expect([wrong, right]).toEqual([[], []]);
    });
});
