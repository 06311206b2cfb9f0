import { toEvidence } from '../../detection/evidence.ts';
import { causeOf, severityOf, subjectOf, titleOf } from '../../detection/ruleValues.ts';
import type { LogEntry } from '../../journal/logEntry.ts';
import type { EntryObserver } from '../../detection/statefulRule.ts';
import { nothing } from '../../detection/verdict.ts';
import type { Verdict } from '../../detection/verdict.ts';
import type { Writer } from '../../detection/writer.ts';
import type { Evidence } from '../../model/incident.ts';
import { time } from '../generated/time.ts';
import { isDaylightSavingOff, isZoneOff } from './zoneOffset.ts';

/** The kind of the rule for a clock that was wrong by the offset of a time zone. */
const zoneOff = 'zone';

/** rtc_hctosys() of drivers/rtc/class.c in Linux; initialize_clock_timewarp() of src/core/main.c in systemd. */
const begun = /setting system clock to .{10,40} \((?<epoch>\d{1,12})\)$/;
const clockSetMessage = Buffer.from('setting system clock to');
const shifted = /^RTC configured in localtime, applying delta of (?<minutes>-?\d{1,4}) minutes to system time\.$/;
const localTimeMessage = Buffer.from('RTC configured in localtime');

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
        if (!entry.raw().includes(clockSetMessage)) return;
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
        if (this.#began === null || this.#isLocal || !entry.raw().includes(localTimeMessage)) return;
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
        if (this.#isLocal && isDaylightSavingOff(seconds)) return nothing;
        // It is the same fault, no matter which program noticed it.
        const rule = time.rules.find(({ kind }) => kind === zoneOff);
        if (rule === undefined) throw new Error(`no rule tells of ${zoneOff}`);
        return [
            {
                finding: {
                    family: 'time',
                    kind: rule.kind,
                    scope: 'system',
                    subject: subjectOf(rule, {}, ''),
                    severity: severityOf(rule, {}),
                    title: titleOf(rule, {}),
                    cause: causeOf(rule, {}),
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
