import { toEvidence } from '../../detection/evidence.ts';
import { causeOf, severityOf, subjectOf, titleOf } from '../../detection/ruleValues.ts';
import { areNear, momentOf, occurrenceOf } from '../../detection/moment.ts';
import type { Moment } from '../../detection/moment.ts';
import type { Sessions } from '../../detection/sessions.ts';
import type { EntryObserver, StatefulFamily, StatefulRule } from '../../detection/statefulRule.ts';
import { nothing } from '../../detection/verdict.ts';
import type { Verdict } from '../../detection/verdict.ts';
import type { Writer } from '../../detection/writer.ts';
import type { LogEntry } from '../../journal/logEntry.ts';
import type { Evidence, Finding, Severity } from '../../model/incident.ts';
import { reboot } from '../generated/reboot.ts';

/**
 * What was not closed: a filesystem whose journal is replayed, one that only has a flag for it, an array, the system's log, or a log of
 * text, in which a start follows without any word of a shutdown.
 */
type Open = 'replayed' | 'flagged' | 'array' | 'log' | 'text';

/** From the first filesystem to the log at most this long passes at a start, with a long check in between. Microseconds. */
const timeOfStart = 180_000_000;

const kinds = ['kernel', 'unknown', 'unit', 'other'] as const satisfies Writer['kind'][];
const units = /^systemd-(?:fsck|journald)/;

/** Until then, only filesystems of the computer itself are mounted, which a shutdown would have closed. Microseconds. */
const firstMounts = 60_000_000;

/**
 * A stop without a shutdown, as the next start shows it. A journal that is replayed while the computer starts shows it alone. Other signs alone
 * are ordinary: the flag of an EFI partition may be years old, journald renames its file after it was killed, and the journal that is
 * replayed later is that of a disk which was unplugged. Two kinds of them at one start have one cause.
 */
export class UncleanStop implements StatefulFamily, EntryObserver {
    readonly name = 'reboot';
    readonly rules: readonly StatefulRule[];
    readonly #sessions: Sessions;
    #signs: (Moment & { of: Open; evidence: Evidence })[] = [];
    /** Lines of text: the last ones that say that the system starts, and that its log ends. */
    #start = 0;
    #farewell = 0;
    /** When a daemon of the log first wrote into it. Only such a log has the words of a shutdown. */
    #daemon: Moment | null = null;
    /** When it last began to write, as it does after an update, too. */
    #daemonBegan: (Moment & { line: number }) | null = null;
    /** In a text, when the kernel last said that it starts. */
    #booted: Moment | null = null;

    constructor(sessions: Sessions) {
        this.#sessions = sessions;
        this.rules = [
            // rsyslogd's tools/rsyslogd.c and systemd's journald-server.c.
            this.#textRule(
                ['[origin software="rsyslogd"', 'Journal started'],
                /^ ?(?:\[origin software="rsyslogd"(?: [\w-]{1,16}="[^"]{0,128}"){0,4}\](?<begins> (?:re)?start)?|Journal started)/,
                (entry, match) => {
                    this.#daemon ??= momentOf(entry);
                    if (match?.groups?.begins !== undefined)
                        this.#daemonBegan = { ...momentOf(entry), line: entry.line ?? 0 };
                    return nothing;
                },
            ),
            this.#textRule(['exiting on signal 15'], /^ ?(?:\[origin .{1,256}\] )?exiting on signal 15/, ({ line }) => {
                this.#farewell = line ?? 0;
                return nothing;
            }),
            this.#textRule(['Linux version '], /^Linux version \d/, (entry, _match, writer) =>
                this.#starts(entry, writer),
            ),
            // ext4_load_and_init_journal() in fs/ext4, xlog_recover() in fs/xfs, open_ctree() in fs/btrfs; e2fsck_run_ext3_journal() in
            // e2fsprogs.
            this.#rule(
                'replayed',
                [': recovery complete', 'Starting recovery (logdev', 'start tree-log replay', ': recovering journal'],
                /^(?:EXT[34]-fs \(.{1,64}\): (?:INFO: )?recovery complete|XFS \(.{1,64}\): Starting recovery|BTRFS.{1,80}: start tree-log replay|\S{1,128}: recovering journal)/,
            ),
            // The RAID levels of drivers/md: the array has an incident of its own.
            this.#rule('array', ['not clean -- starting'], /^md\/raid\S{1,32}: not clean -- starting/),
            // fat_set_state() in fs/fat; boot.c of dosfstools.
            this.#rule(
                'flagged',
                ['Volume was not properly unmounted', 'Dirty bit is set'],
                /^(?:FAT-fs \(.{1,64}\): Volume was not|(?:\S{1,64}: )?Dirty bit is set)/,
            ),
            // journal_file_open_reliably() in systemd's src/libsystemd/sd-journal.
            this.#rule(
                'log',
                ['uncleanly shut down, renaming'],
                /^(?:systemd-journald\[\d{1,10}\]: )?File \S{1,256}\/system\.journal corrupted or uncleanly shut down/,
            ),
        ];
    }

    severityOf(): Severity {
        return 'low';
    }

    observe(): readonly Verdict[] {
        return nothing;
    }

    #rule(of: Open, anchors: readonly string[], pattern: RegExp): StatefulRule {
        return { from: kinds, anchors, pattern, apply: (_match, entry, writer) => this.#note(of, entry, writer) };
    }

    /** A rule for a log of text that reports nothing by itself. */
    #textRule(
        anchors: readonly string[],
        pattern: RegExp,
        apply: (entry: LogEntry, match: RegExpExecArray | null, writer: Writer) => readonly Verdict[],
    ): StatefulRule {
        return {
            from: kinds,
            anchors,
            pattern,
            apply: (match, entry, writer) => (entry.line === null ? nothing : apply(entry, match, writer)),
        };
    }

    #starts(entry: LogEntry, writer: Writer): readonly Verdict[] {
        const now = momentOf(entry);
        this.#booted = now;
        // At a start, the daemon may write before what the kernel said earlier.
        const isOfEarlier = (moment: Moment | null) => moment !== null && !areNear(moment, now, timeOfStart);
        const isBack = isOfEarlier(this.#daemonBegan) && (this.#daemonBegan?.line ?? 0) > this.#farewell;
        const farewell = Math.max(isBack ? 0 : this.#farewell, this.#sessions.lastShutdown ?? 0);
        const hasEarlier = isOfEarlier(this.#daemon);
        const brokeOff = hasEarlier && farewell <= this.#start;
        this.#start = entry.line ?? 0;
        return brokeOff ? this.#note('text', entry, writer) : nothing;
    }

    #note(of: Open, entry: LogEntry, writer: Writer): readonly Verdict[] {
        // In a journal, another program may print these words.
        if (entry.line === null && !(writer.kind === 'kernel' || (writer.kind === 'unit' && units.test(writer.unit))))
            return nothing;
        const now = momentOf(entry);
        const reporter = entry.field('SYSLOG_IDENTIFIER') ?? 'kernel';
        this.#signs = this.#signs.filter(sign => sign.of !== of && areNear(sign, now, timeOfStart));
        const earlier = this.#signs.map(({ evidence }) => evidence);
        const evidence = toEvidence(entry, reporter);
        this.#signs.push({ ...now, of, evidence });
        if (earlier.length === 0 && !(of === 'replayed' && this.#isStarting(entry, now))) return nothing;
        return [{ finding: this.#finding(entry, [...earlier, evidence]) }];
    }

    #isStarting(entry: LogEntry, now: Moment): boolean {
        const uptime = entry.uptime();
        if (uptime !== null) return uptime < firstMounts;
        return this.#booted !== null && areNear(this.#booted, now, firstMounts);
    }

    #finding(entry: LogEntry, evidence: Evidence[]): Finding {
        const rule = reboot.rules.find(({ kind }) => kind === 'unclean');
        if (rule === undefined) throw new Error('no rule describes an unclean stop');
        return {
            family: this.name,
            kind: rule.kind,
            scope: 'system',
            subject: subjectOf(rule, {}, ''),
            severity: severityOf(rule, {}),
            title: titleOf(rule, {}),
            cause: causeOf(rule, {}),
            time: entry.time(),
            occurrence: occurrenceOf(entry),
            evidence,
            rootCause: null,
            facts: {},
        };
    }
}
