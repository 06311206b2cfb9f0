import { _ } from '../../i18n/i18n.ts';
import type { FaultFamily } from '../fault.ts';
import { isZoneOff, zoneOff } from '../../faults/time/hardwareClock.ts';

/** The line is no older (drivers/rtc/hctosys.c came with Linux 2.6.17), so that in no log an earlier year is right. */
const earliestYear = 2006;
/** Until then a log may be of any day, but clocks that begin anew do so on the first day of a year. */
const earliestSure = 2020;

/** The words are those of systemd-timesyncd, chrony's reference.c and sources.c, ntpd, and drivers/rtc and drivers/char/hpet.c in Linux. */
export const time: FaultFamily = {
    name: 'time',
    title: 'Clock',
    about: 'The clock is wrong, cannot be synchronised, or the battery of the clock is empty.',
    harmless: [
        {
            from: 'time',
            lines: [
                'synchronized to {}, stratum',
                'Selected source',
                'Initial clock synchronization to',
                'Synchronized to time server',
                'Contacted time server',
                'System clock wrong by 0.',
                'System clock wrong by -0.',
                'time slew',
                'time reset +0.',
                'time reset -0.',
                'kernel time sync status',
                'kernel time sync enabled',
                'kernel time sync disabled',
                'frequency error {} PPM is not',
                'Timed out waiting for reply from',
                'Listen normally on',
                'Soliciting pool server',
                'leap second',
                'step time server {} offset 0.',
                'step time server {} offset -0.',
                "Can't synchronise: no majority",
            ],
            unless: ['no majority'],
        },
        { from: 'kernel', lines: ['rtc_cmos: only 24-hr supported', 'hctosys: unable to read the hardware clock'] },
    ],
    rules: [
        {
            kind: 'not-synchronised',
            from: 'time',
            lines: [
                "Can't synchronise: no selectable sources",
                "Can't synchronise: no majority",
                "Can't synchronise: no reachable sources",
                'Could not get valid response from any source',
                'Could not resolve {server}',
                'no server suitable for synchronization found',
                'no servers reachable',
                'no reply; clock not set',
                'no servers can be used',
                'cannot find host {server}',
                'Failed to resolve',
                'synchronization lost',
                'frequency error {} PPM exceeds tolerance',
                'time correction of {} seconds exceeds sanity limit',
                'is way too large (set clock manually)',
                'Server has too large root distance',
                'Fatal error : {detail:text}',
                'Clock unsynchronized',
                'kernel reports TIME_ERROR',
                'All NTP {}servers unreachable',
            ],
            unless: ['time_error'],
            // The network is not there yet.
            atStart: false,
            repeat: { times: 1, within: 3600 },
            severity: 'medium',
            subject: '=clock',
            title: () => _('The clock cannot be set by the network'),
            cause: () =>
                _('No time server answers or is believed. A clock that is wrong breaks certificates and logins.'),
        },
        {
            // systemd-timesyncd does not say how wrong the clock was: hardwareClock.ts.
            kind: zoneOff.kind,
            from: 'time',
            lines: [
                'System clock wrong by {seconds:number} seconds, adjustment started',
                'System clock was stepped by {seconds:number} seconds',
                'step time server {} offset {seconds:number} sec',
                'time reset {seconds:number} s',
            ],
            when: ({ seconds }) => isZoneOff(Number(seconds)),
            severity: zoneOff.severity,
            subject: `=${zoneOff.subject}`,
            title: zoneOff.title,
            cause: zoneOff.cause,
        },
        {
            kind: 'wrong',
            from: 'time',
            lines: [
                'System clock wrong by {seconds:number} seconds',
                'System clock was stepped by {seconds:number} seconds',
                'step time server {} offset {seconds:number} sec',
                'time reset {seconds:number} s',
                'System clock time unset or jumped backwards',
                'The system clock is {}wrong',
                'Forward time jump detected',
                'Backward time jump detected',
            ],
            // Then a clock is set.
            atStart: false,
            severity: 'low',
            subject: '=clock',
            title: () => _('The clock was wrong and has been set'),
        },
        {
            // rtc_hctosys() of drivers/rtc/class.c: a clock without a battery begins where its maker lets it begin.
            kind: 'hardware-clock',
            from: 'kernel',
            lines: ['setting system clock to {year:number}-{month:number}-{day:text}:{}:{} UTC ('],
            when: ({ year = '', month, day = '' }) =>
                Number(year) < earliestYear ||
                (Number(year) < earliestSure && Number(month) === 1 && day.startsWith('01')),
            severity: 'low',
            subject: '=clock',
            title: () => _('The clock of the computer does not go on while it is switched off'),
            cause: () => _('Its battery is probably empty: the clock begins years ago until the network sets it.'),
        },
        {
            // clock_apply_epoch() of src/shared/clock-util.c in systemd, and what PID 1 says of it (src/core/main.c).
            kind: 'hardware-clock',
            from: 'manager',
            lines: ['System time before build time, advancing clock', 'System time advanced to built-in epoch: {}'],
            severity: 'low',
            subject: '=clock',
            title: () => _('The clock of the computer does not go on while it is switched off'),
            cause: () => _('Its battery is probably empty: the clock begins years ago until the network sets it.'),
        },
        {
            kind: 'hardware-clock',
            from: ['kernel', 'time'],
            lines: [
                'hwclock: {}Timed out waiting for time change',
                'Cannot access the Hardware Clock via any known method',
                'select() to /dev/rtc0 to wait for clock tick timed out',
                'rtc-{} {}: {}unable to read the hardware clock',
                'rtc{}: {}invalid alarm value',
                'rtc_cmos: RTC {}lost power',
                'low voltage detected, date/time is not reliable',
                'RTC battery {}low',
                'CMOS battery',
                'CMOS checksum',
                'Clocksource {clock} failed',
                'timekeeping watchdog on CPU{cpu}: Marking clocksource',
                'Clocksource tsc unstable',
                'TSC: Marking clocksource unstable due to',
                'Marking TSC unstable due to',
                'Your time source seems to be instable',
                'Warning: many lost ticks',
                'Losing some ticks',
                'Losing too many ticks',
                'TSC appears to be running slowly',
            ],
            unless: ['invalid alarm', 'clocks are out of sync', 'clocksource tsc unstable', 'marking', 'instable'],
            severity: 'low',
            subject: '=clock',
            title: () => _('The clock of the computer is unreliable'),
        },
    ],
};
