import { _ } from '../../i18n/i18n.ts';
import type { Evidence, Finding } from '../../model/incident.ts';
import { toEvidence } from '../../detection/evidence.ts';
import type { LogEntry } from '../../journal/logEntry.ts';
import type { EntryObserver } from '../../detection/statefulRule.ts';
import { nothing } from '../../detection/verdict.ts';
import type { Verdict } from '../../detection/verdict.ts';
import type { Writer } from '../../detection/writer.ts';

/** What time zones differ from UTC by, in hours, beside whole ones up to fourteen: the tz database. */
const oddOffsets = [2.5, 3.5, 4.5, 5.5, 5.75, 6.5, 8.75, 9.5, 10.5, 12.75, 13.75];
const offsets = [...Array.from({ length: 14 }, (_unused, index) => index + 1), ...oddOffsets].map(
    hours => hours * 3600,
);
/** How much a clock may go wrong beside while the computer is switched off: two weeks, at two seconds a day. Seconds. */
const drift = 30;
/** What daylight saving time moves local time by; Lord Howe Island's half an hour is the offset of no time zone. Seconds. */
const daylightSaving = 3600;

/** What the finding of a clock that was wrong by the offset of a time zone says, whoever noticed it. */
export const zoneOff = {
    kind: 'zone',
    severity: 'medium',
    subject: 'hardware clock',
    title: () => _('The clock was off by a time zone until the network set it'),
    cause: () =>
        _(
            'The hardware clock holds another time than is expected of it: mostly a second system on this computer, such as Windows, keeps local time in it, where UTC is expected, or the other way round.',
        ),
} as const satisfies Partial<Record<keyof Finding, unknown>>;

/** Whether a clock is wrong by so much as only a mistaken time zone makes it. @param seconds how much it is wrong by */
export function isZoneOff(seconds: number): boolean {
    return offsets.some(offset => isOff(seconds, offset));
}

function isOff(seconds: number, offset: number): boolean {
    return Math.abs(Math.abs(seconds) - offset) <= drift;
}

/** rtc_hctosys() of drivers/rtc/class.c in Linux; initialize_clock_timewarp() of src/core/main.c in systemd. */
const begun = /setting system clock to .{10,40} \((?<epoch>\d{1,12})\)$/;
const begunWords = Buffer.from('setting system clock to');
const shifted = /^RTC configured in localtime, applying delta of (?<minutes>-?\d{1,4}) minutes to system time\.$/;
const shiftedWords = Buffer.from('RTC configured in localtime');

/** SD_MESSAGE_TIME_SYNC of systemd; manager_receive_response() of src/timesync/timesyncd-manager.c. */
const timeSync = '7c8a41f37b764941a0e1780b1be2f037';
const synchroniser = 'systemd-timesyncd.service';

/**
 * The hardware clock that this system and another one on the computer read in different ways. systemd-timesyncd does not say
 * by how much it set the clock, so what the clock began with at the start is compared with what it was set to.
 */
export class HardwareClock implements EntryObserver {
    /** Since when the clock goes, as the hardware clock has it: microseconds since the Unix epoch, at the start of the computer. */
    #began: { boot: string | null; time: number; evidence: Evidence } | null = null;
    #isLocal = false;

    observe(entry: LogEntry, writer: Writer): readonly Verdict[] {
        if (writer.kind === 'kernel') this.#begin(entry);
        else if (writer.kind === 'manager') this.#shift(entry);
        else if (writer.kind === 'unit' && writer.unit === synchroniser && writer.scope === 'system')
            return this.#synchronise(entry);
        return nothing;
    }

    #begin(entry: LogEntry): void {
        if (!entry.raw().includes(begunWords)) return;
        const epoch = begun.exec(entry.message())?.groups?.epoch;
        const uptime = entry.field('_SOURCE_MONOTONIC_TIMESTAMP');
        if (epoch === undefined || uptime === null) return;
        const time = Number(epoch) * 1_000_000 - Number(uptime);
        this.#began = { boot: entry.field('_BOOT_ID'), time, evidence: toEvidence(entry, 'kernel') };
        this.#isLocal = false;
    }

    #shift(entry: LogEntry): void {
        // The manager of an initrd says it, too, but of the clock the kernel moves for the first of them only:
        // do_sys_settimeofday64() of kernel/time/time.c in Linux.
        if (this.#began === null || this.#isLocal || !entry.raw().includes(shiftedWords)) return;
        const minutes = shifted.exec(entry.message())?.groups?.minutes;
        if (minutes === undefined) return;
        this.#began.time -= Number(minutes) * 60_000_000;
        this.#isLocal = true;
    }

    #synchronise(entry: LogEntry): readonly Verdict[] {
        const began = this.#began;
        if (began === null || entry.field('MESSAGE_ID') !== timeSync) return nothing;
        this.#began = null;
        const [realtime, uptime] = [entry.field('REALTIME_USEC'), entry.field('BOOTTIME_USEC')];
        if (realtime === null || uptime === null || began.boot !== entry.field('_BOOT_ID')) return nothing;
        const seconds = (Number(realtime) - Number(uptime) - began.time) / 1_000_000;
        if (!isZoneOff(seconds)) return nothing;
        // Local time in the hardware clock is off after each change of daylight saving time while the computer was switched
        // off, without anything wrong with it.
        if (this.#isLocal && isOff(seconds, daylightSaving)) return nothing;
        const { kind, severity, subject, title, cause } = zoneOff;
        return [
            {
                finding: {
                    family: 'time',
                    kind,
                    scope: 'system',
                    subject,
                    severity,
                    title: title(),
                    cause: cause(),
                    time: entry.time(),
                    occurrence: entry.field('__CURSOR') ?? '',
                    evidence: [began.evidence, toEvidence(entry, synchroniser)],
                    rootCause: null,
                    facts: { seconds: seconds.toFixed(0), local: this.#isLocal ? 'yes' : 'no' },
                },
            },
        ];
    }
}
