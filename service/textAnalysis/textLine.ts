import { BoundedMap } from '../util/boundedMap.ts';
import { isStranger } from './textSources.ts';
import { headLimit, KnownHeads } from './knownHeads.ts';
import type { KnownHead } from './knownHeads.ts';

/**
 * Parses the head of a line of a plain-text log: who wrote it, and when. Each line is parsed by itself, as logs are pasted
 * together from several programs.
 *
 * Known formats: syslog files (RFC 3164, RFC 5424, rsyslog's RFC 3339 format), journalctl(1) `--output=` short, short-precise,
 * short-iso, short-iso-precise, short-full, short-monotonic, short-unix and with-unit, dmesg(1) plain, `--raw`, `--ctime`,
 * `--human`, `--decode` and `--show-delta`, records of /dev/kmsg, the logs of BusyBox, OpenWrt, FreeBSD and ChromeOS, systemd's
 * messages on the console during the start, and messages without a head.
 */

export type TextLine = {
    /** Microseconds since the Unix epoch; null when the line has none or counts from boot. */
    time: number | null;
    /** Microseconds since the boot, if the log has them, perhaps beside the time; otherwise null. */
    uptime: number | null;
    /** The writer's name for itself, "kernel" for the kernel; null when the line has none. */
    identifier: string | null;
    pid: string | null;
    /** syslog priority 0 to 7; null when the line has none. */
    priority: number | null;
    message: string;
};

type Head = Omit<TextLine, 'priority'> & { priority?: number };

const space = 0x20;
const dash = 0x2d;
const fullStop = 0x2e;
const colon = 0x3a;
const slash = 0x2f;
const angle = 0x3c;
const bracket = 0x5b;
const bar = 0x7c;
const months = ['Jan', 'Feb', 'Mar', 'Apr', 'May', 'Jun', 'Jul', 'Aug', 'Sep', 'Oct', 'Nov', 'Dec'];
const month = `(?<month>${months.join('|')})`;
const weekday = '(?:Mon|Tue|Wed|Thu|Fri|Sat|Sun)';
const clock = String.raw`(?<hour>\d{2}):(?<minute>\d{2}):(?<second>\d{2})(?:[.,](?<fraction>\d{1,9}))?`;
const zone = String.raw`(?<zone>Z|[+-]\d{2}:?\d{2})`;

/** `kern  :warn  : `, as `dmesg --decode` writes it. */
const decoded = /^[a-z]+\s*:(?<level>emerg|alert|crit|err|warn|notice|info|debug)\s*:\s?/;
const levels = ['emerg', 'alert', 'crit', 'err', 'warn', 'notice', 'info', 'debug'];
const angled = /^<(?<value>\d{1,3})>/;

/**
 * Facility and severity after a time or a host: `kern.err` of BusyBox' syslogd and logread(1), `<kern.err>` and `<0.3>` of
 * FreeBSD's, the mere `ERR` of ChromeOS'.
 */
const facility = '(?:kern|user|mail|daemon|auth|syslog|lpr|news|uucp|cron|authpriv|ftp|console|security|local[0-7])';
const named = new RegExp(
    String.raw`^ ?(?:<(?:${facility}\.(?<angled>[a-z]{3,7})|\d{1,2}\.(?<number>[0-7]))> |(?<host>[^\s:[\]]+ )??${facility}\.(?<word>[a-z]{3,7}) (?=\S)|(?<alone>[A-Z]{3,7}) (?=[\w./-]+(?:\[\d+\])?: ))`,
);
/** Other words for severities of syslog, and those of its own. */
const severities = new Map([
    ...levels.map((level, severity) => [level, severity] as const),
    ['panic', 0],
    ['critical', 2],
    ['error', 3],
    ['warning', 4],
]);

/** RFC 5424 after its priority: version, time, host, program, process, message kind, structured data. */
const rfc5424 = new RegExp(
    String.raw`^1 (?:-|(?<year>\d{4})-(?<monthNumber>\d{2})-(?<day>\d{2})T${clock}${zone}) \S+ (?<identifier>\S+) (?<pid>\S+) \S+ (?:-|(?:\[(?:[^\]"\\]|"(?:[^"\\]|\\.)*")*\])+) ?`,
);
/** 2026-11-21T02:00:00.123456+01:00, with a space for the T, with or without a weekday before or a zone after it. */
const isoTime = new RegExp(
    String.raw`^(?:${weekday} )?(?<year>\d{4})-(?<monthNumber>\d{2})-(?<day>\d{2})[T ]${clock}(?: ?${zone}| (?<zoneName>(?!(?:EMERG|ALERT|CRIT|ERR|ERROR|FATAL|WARN|NOTICE|INFO|DEBUG|TRACE) )[A-Z][A-Za-z]{1,5}))?(?= )`,
);
/** `dmesg --time-format=iso` alone has a comma there (iso_8601_time() in util-linux' sys-utils/dmesg.c). */
const kernelIsoTime = /^\d{4}-\d{2}-\d{2}T[\d:]{8},\d{6}[+-]\d{2}:\d{2} /;
/** Nov 21 02:00:00, also with a weekday before, or the year on either side of the time. */
const syslogTime = new RegExp(
    String.raw`^(?:${weekday} )?${month} +(?<day>\d{1,2})(?: (?<year>\d{4}))? ${clock}(?: (?<yearAfter>\d{4}))?(?= )`,
);
/** The same in other languages, as journalctl(1) writes it: `Okt 16 22:10:05`, `déc.  3 10:00:00`, `11月 22 10:00:00`. */
const foreignTime = new RegExp(
    String.raw`^(?:(?<word>\p{L}{3,6})\.? +| ?(?<ordinal>\d{1,2})[月월] +)(?<day>\d{1,2}) ${clock}(?= )`,
    'u',
);
/** How languages other than English begin the names of months, by the calendar of glibc (LC_TIME's abmon). */
const foreignMonths = new Map(
    [
        'jan janv ene gen oca sty led saus янв січ сту яну јан ιαν ian jaan tammi',
        'feb fev fév févr şub lut úno vas фев лют φεβ febr veebr helmi peb',
        'mar mär mrz mars mrt maa bře kov мар бер сак μαρ març márc märts maalis',
        'apr avr avril abr nis kwi dub bal апр кві крас απρ ápr huhti',
        'mai maj mei may mag kvě geg мая май тра мај μαΐ maig máj touko',
        'jun juin giu haz cze čer čen birž июн чер чэр юни јун ιουν iun jún juuni kesä hun',
        'jul juil lug tem lip čec liep июл лип ліп юли јул ιουλ iul júl juuli heinä hul',
        'aug août ago ağu sie srp rugp авг сер жні αυγ elo',
        'sep sept set eyl wrz zář rugs сен вер сеп σεπ szept syys',
        'okt oct ott out eki paź říj spal окт жов кас οκτ loka',
        'nov kas lis lapkr ноя лис ліс ное νοε noi marras nob',
        'dez dec déc dic ara gru pro gruod дек гру сне дец δεκ des dets joulu dis',
    ].flatMap((words, index) => words.split(' ').map(word => [word, index] as const)),
);
/** A month in a language that is not known, where no other format fits. */
const unknownTime = new RegExp(
    String.raw`^(?<word>(?=[^\s]*\p{L})[^\s:[\]<>()=]{2,16}(?: \d{1,2})?) +(?<day>\d{1,2}) ${clock}(?= )`,
    'u',
);
/** Only a log has it after a time, so that what is before the time is a month. */
const certainWriter = /^[\w.-]{1,64} (?:[\w./@-]{1,64}\[\d{1,10}\]|kernel): /;
/** How many lines have to agree that the word is a month. */
const certainAfter = 3;
/** Unknown months in the order in which the log has them. */
const unknownMonths = new BoundedMap<string, { readonly index: number; seen: number }>(64);
const unixTime = /^(?<seconds>\d{9,10})\.(?<fraction>\d{1,9})(?= )/;
const caller = String.raw`(?: ?\[ *[TC]\d+\])?`;
/** The kernels of telephones add the processor and the process: `[0:  swapper/0: 1]`, `(2)[123:kworker]`. */
const kernelClock = new RegExp(
    String.raw`^\[ *\+?(?<seconds>\d{1,9})\.(?<fraction>\d{1,9})(?:,\d)?(?: <[ +]*\d+\.\d+>)?\]${caller} ?(?: ?\[\d{1,2}: *[^\]]{1,32}: *\d+\] ?| ?\(\d\)\[\d+:[^\]]{1,32}\] ?)?`,
);
/** Apache's error log, before 2.4, has the time in the format of `dmesg --ctime`, followed by a level. */
const noApache = String.raw`(?! \[(?:emerg|alert|crit|error|warn|notice|info|debug)\] )`;
const kernelCalendar = new RegExp(
    String.raw`^\[${weekday} ${month} +(?<day>\d{1,2}) ${clock} (?<year>\d{4})\]${noApache}${caller} ?`,
);
/** The same in another language, whose names of months are not parsed. */
const kernelForeign = new RegExp(
    String.raw`^\[[^\s\]]{1,16} (?:[^\s\]]{1,16} )?[^\s\]]{1,16} +\d{1,2} \d{2}:\d{2}:\d{2} \d{4}\]${noApache} ?`,
);
/**
 * The error logs of web servers: Apache's `[Tue Sep 30 11:30:13.262255 2014] [core:error] [pid 20101] `, followed by the client
 * if there was one, and nginx's `2024/03/01 10:11:12 [error] 811#811: `.
 */
const apacheTime = new RegExp(
    String.raw`^\[${weekday} ${month} +(?<day>\d{1,2}) ${clock} (?<year>\d{4})\] (?=\[(?:[a-z\d_]{0,32}:)?(?<level>emerg|alert|crit|error|warn|notice|info|debug|trace\d)\] )`,
);
const nginxTime =
    /^(?<year>\d{4})\/(?<monthNumber>\d{2})\/(?<day>\d{2}) (?<hour>\d{2}):(?<minute>\d{2}):(?<second>\d{2}) (?=\[(?<level>emerg|alert|crit|error|warn|notice|info|debug)\] \d{1,10}[#:]\d{1,10}\b)/;
/** A record of /dev/kmsg: severity and facility, number, microseconds, flags (Documentation/ABI/testing/dev-kmsg of Linux). */
const kernelRecord = /^(?<value>\d{1,3}),\d{1,20},(?<microseconds>\d{1,15}),[-c+](?:,[^;]{1,64})?;/;
/** 03:09:13,913 ERR kernel:…, as the installer of Red Hat has it. */
const installer =
    /^\d{2}:\d{2}:\d{2},\d{3} (?<level>EMERG|ALERT|CRIT|ERR|WARNING|NOTICE|INFO|DEBUG) (?<identifier>[^\s:[\]]{1,64}):/;
/** Prefixes of the lines of a container: `docker compose logs` and the log files of Kubernetes. */
const service = /^[A-Za-z\d][\w.-]{0,63} +\| /;
const stream = /^std(?:out|err) [FP] /;
/**
 * systemd's messages about its jobs during the start (src/core/job.c and show-status.c), which boot.log keeps. A few words
 * announce the beginning of a job (`starting_stopping` of each kind of unit in src/core).
 */
const shown =
    /^(?:\[(?: {2}OK {2}|FAILED|DEPEND| TIME | INFO |ASSERT|UNSUPP| SKIP )\] | {9}(?=(?:Starting|Stopping|Reloading|(?:Unm|M)ounting|(?:Dea|A)ctivating swap|Expecting device|Waiting for device) ))/;
/** `[2026-11-21 02:00:00] `, as programs for serial lines write it. */
const bracketed = /^\[(?<time>\d{4}-\d{2}-\d{2}[T ]\d{2}:\d{2}:\d{2}(?:[.,]\d{1,9})?)\] /;
const kernelMinute = new RegExp(
    String.raw`^\[${month} ?(?<day>\d{1,2}) (?<hour>\d{2}):(?<minute>\d{2})(?::(?<second>\d{2}))?\] ?`,
);
/** `   244.889835:   <6> `, as Qualcomm's tools extract the kernel's log from a memory dump. */
const dumped = /^ {0,8}(?<seconds>\d{1,9})\.(?<fraction>\d{6}): {1,3}<(?<level>[0-7])> /;
/** What the kernel wrote to Android's logd, which gives it the process ID 0: `03-05 10:11:12.123     0     0 E `. */
const logcat = new RegExp(
    String.raw`^(?<monthNumber>\d{2})-(?<day>\d{2}) ${clock} +0 +0 (?<level>[VDIWEF]) (?:kernel *: )?`,
);
const logcatLevels: Record<string, number> = { V: 7, D: 7, I: 6, W: 4, E: 3, F: 2 };
/** socklog of Void Linux has facility and severity in the position of the program. */
const socklog = new RegExp(String.raw`^(?<facility>${facility})\.(?<word>[a-z]{3,7}): `);
/** Processor, world and operation, before the messages of VMware's kernel: `cpu2:4098)`. */
const vmkernel = /^cpu\d{1,4}:\d{1,9}(?: opID=\w{1,16})?\)(?:WARNING: |ALERT: )?/;

/** Label, seconds, date and host, which collections of supercomputers' logs have before each line (USENIX CFDR). */
const collected = /^(?:\S{1,32} )?\d{9,10} \d{4}\.\d{2}\.\d{2} \S{1,64} /;
/** 2005-06-03-15.42.50.675872 LOCATION RAS KERNEL INFO, as Blue Gene's event log has it. */
const blueGene = new RegExp(
    String.raw`^(?<year>\d{4})-(?<monthNumber>\d{2})-(?<day>\d{2})-(?<hour>\d{2})\.(?<minute>\d{2})\.(?<second>\d{2})\.(?<fraction>\d{6}) \S+ \S+ (?<identifier>[A-Z]+) (?<level>INFO|WARNING|ERROR|SEVERE|FATAL|FAILURE) `,
);
/** Its severities as priorities of syslog. */
const blueGeneLevels: Record<string, number> = { INFO: 6, WARNING: 4, ERROR: 3, SEVERE: 2, FATAL: 1, FAILURE: 1 };

/**
 * The kernel prefixes a message about a process like a program's own: show_signal_msg() in arch/x86/mm/fault.c, do_trap() in
 * traps.c, arm64_show_signal() in arch/arm64/kernel/traps.c. The name is that of the thread, which may have spaces.
 */
const ofProcess =
    /^(?:\S{1,64}|[^[\]]{1,15})\[\d+\]:? (?:segfault at|general protection|trap |unhandled (?:signal|exception)|bad frame|undefined instruction)/;

/**
 * `host program[123]: `, where some logs omit the host; a program without a number needs a host before it. macOS adds on whose
 * behalf the program writes, and the severity: `launchd[1] (com.example.agent[45]): `, `Finder[45] <Error>: `. GDM's sessions are
 * called `gdm-password][123]`. The kernel keeps fifteen letters of a name, and so of `(sd-executor)`.
 */
const hostAndProgram =
    /^ ?(?:(?<host>[^\s:[\]]+|[\da-fA-F]{0,4}:[\da-fA-F:.]{1,40}) )?(?<identifier>[^\s:[\]()]+|\([^\s()]+\)|\((?:sd|udev)-[^\s()]{1,12}(?=\[\d)|\[sssd\[[^\s:]{1,64}\])(?:\]?\[(?<pid>\d+)\](?: ?\([^():]{1,128}\))?(?: <[A-Z][a-z]{2,10}>)?|\[[a-z]{1,16}\[[^\s:]{1,64}\])?: ?/;
/** A certain program, in a line without a time before it. A sentence may also mention the kernel: "the kernel: ". */
const program = new RegExp(
    String.raw`^(?<identifier>[^\s:[\]()]+|\([^\s()]+\))\[(?<pid>\d+)\]: |^(?:${facility}\.[a-z]{3,7} |[\w.-]{1,64} (?=kernel: \[ *\d))?(?<kernel>kernel): `,
);

/**
 * @param line without its line break, already safe text
 * @param notAfter microseconds since the Unix epoch: a time without a year gets the latest year in which it is not later
 */
export function parseTextLine(line: string, notAfter: number): TextLine {
    const { priority, rest, fromKernel } = takePriority(withoutCollector(line));
    const head = takeHead(rest, priority, notAfter);
    if (head !== null) return { ...head, priority: head.priority ?? priority };
    if (fromKernel || ofProcess.test(rest)) return { ...ofKernel(rest), priority };
    return { ...takeProgram(rest, program, null), priority };
}

/** Most lines match few heads: the first characters show which ones to try. */
function takeHead(text: string, priority: number | null, notAfter: number): Head | null {
    const first = text.charCodeAt(0);
    if (first === bracket)
        return takeWebServer(text, apacheTime, 'httpd', notAfter) ?? takeKernelTime(text, notAfter) ?? takeShown(text);
    if (first === space) {
        const isMonth = isDigit(text.charCodeAt(1));
        return takeShown(text) ?? (isMonth ? takeForeignTime(text, notAfter) : null) ?? takeDumped(text);
    }
    if (!isDigit(first)) {
        const head = isCapital(first) ? takeCalendarTime(text, notAfter) : null;
        return head ?? (mayBeForeign(text) ? takeForeignTime(text, notAfter) : null);
    }
    if (text.charCodeAt(2) === colon) return takeInstaller(text);
    return (
        takeRfc5424(text, priority) ??
        takeCalendarTime(text, notAfter) ??
        (text.charCodeAt(4) === slash ? takeWebServer(text, nginxTime, 'nginx', notAfter) : null) ??
        takeKernelRecord(text) ??
        takeBlueGene(text) ??
        takeLogcat(text, notAfter) ??
        takeDumped(text) ??
        takeForeignTime(text, notAfter)
    );
}

/** The name of a month is short, and ends with a dot or a space. */
function mayBeForeign(text: string): boolean {
    for (let end = 2; end <= 16; end++) {
        const next = text.charCodeAt(end);
        if (next === space || next === fullStop) return true;
    }
    return false;
}

function takeForeignTime(text: string, notAfter: number): Head | null {
    const match = foreignTime.exec(text);
    if (match?.groups === undefined) return takeUnknownTime(text);
    const { word = '', ordinal } = match.groups;
    const index = ordinal === undefined ? foreignMonths.get(word.toLowerCase()) : Number(ordinal) - 1;
    const name = months[index ?? -1];
    if (name === undefined) return takeUnknownTime(text);
    return takeTimed(
        text.slice(match[0].length + 1),
        calendarTime({ ...match.groups, month: name }, notAfter),
        false,
        false,
    );
}

/** Which month it is, nobody knows: the times tell the order and what is between them, but no date. */
function takeUnknownTime(text: string): Head | null {
    const match = unknownTime.exec(text);
    if (match?.groups === undefined) return null;
    const { word = '', day, hour, minute, second, fraction } = match.groups;
    const rest = text.slice(match[0].length + 1);
    const known = unknownMonths.get(word);
    if (known === undefined || known.seen < certainAfter) {
        if (!certainWriter.test(rest)) return null;
        const month = unknownMonths.getOrInsert(word, () => ({ index: (unknownMonths.size % 24) + 1, seen: 0 }));
        month.seen += 1;
        if (month.seen < certainAfter) return null;
    }
    const days = (known?.index ?? 1) * 31 + Number(day);
    const milliseconds = Date.UTC(1970, 0, days, Number(hour), Number(minute), Number(second));
    return takeTimed(rest, milliseconds * 1000 + microseconds(fraction), false, false);
}

function takeLogcat(text: string, notAfter: number): Head | null {
    const match = logcat.exec(text);
    if (match?.groups === undefined) return null;
    const head = takeKernelMessage(text.slice(match[0].length), calendarTime(match.groups, notAfter), null);
    return { ...head, priority: logcatLevels[match.groups.level ?? ''] ?? 6 };
}

function takeDumped(text: string): Head | null {
    const match = dumped.exec(text);
    if (match?.groups === undefined) return null;
    const head = takeKernelMessage(text.slice(match[0].length), null, uptimeOf(match));
    return { ...head, priority: Number(match.groups.level) };
}

function isDigit(character: number): boolean {
    return character >= 0x30 && character <= 0x39;
}

function isCapital(character: number): boolean {
    return character >= 0x41 && character <= 0x5a;
}

function ofKernel(message: string): Head {
    return { time: null, uptime: null, identifier: 'kernel', pid: null, message };
}

/** The first character shows whether to try it: a digit, or a label in capitals or "-". */
function withoutCollector(line: string): string {
    const first = line.charCodeAt(0);
    const match = isDigit(first) || isCapital(first) || first === dash ? collected.exec(line) : null;
    if (match !== null) return line.slice(match[0].length);
    // A year follows the bracket, and not the seconds of the kernel's clock.
    const time = first === bracket && line.charCodeAt(5) === dash ? bracketed.exec(line) : null;
    if (time !== null) return `${time.groups?.time ?? ''} ${line.slice(time[0].length)}`;
    const gap = line.indexOf(' ');
    const second = line.charCodeAt(gap + 1);
    const isService = gap > 0 && (second === bar || second === space);
    return isService ? line.slice(service.exec(line)?.[0].length ?? 0) : line;
}

function takeWebServer(text: string, pattern: RegExp, identifier: string, notAfter: number): Head | null {
    // A capital after the bracket is a day of the week, and the kernel's own clock has none.
    if (pattern === apacheTime && !isCapital(text.charCodeAt(1))) return null;
    const match = pattern.exec(text);
    if (match?.groups === undefined) return null;
    return {
        time: calendarTime(match.groups, notAfter),
        uptime: null,
        identifier,
        pid: null,
        priority: severities.get(match.groups.level ?? '') ?? 7,
        message: text.slice(match[0].length),
    };
}

function takeShown(text: string): Head | null {
    const match = shown.exec(text);
    if (match === null) return null;
    return { time: null, uptime: null, identifier: 'systemd', pid: '1', message: text.slice(match[0].length) };
}

function takeKernelRecord(text: string): Head | null {
    const match = kernelRecord.exec(text);
    if (match?.groups === undefined) return null;
    const head = takeKernelMessage(text.slice(match[0].length), null, Number(match.groups.microseconds));
    return { ...head, priority: Number(match.groups.value) % 8 };
}

function takeInstaller(text: string): Head | null {
    const match = installer.exec(text);
    if (match?.groups === undefined) return null;
    return {
        time: null,
        uptime: null,
        identifier: match.groups.identifier ?? null,
        pid: null,
        priority: severities.get(match.groups.level?.toLowerCase() ?? '') ?? 6,
        message: text.slice(match[0].length).trimStart(),
    };
}

function takeBlueGene(text: string): Head | null {
    const match = blueGene.exec(text);
    if (match?.groups === undefined) return null;
    return {
        time: calendarTime(match.groups, 0),
        uptime: null,
        identifier: match.groups.identifier?.toLowerCase() ?? null,
        pid: null,
        priority: blueGeneLevels[match.groups.level ?? ''] ?? 6,
        message: text.slice(match[0].length),
    };
}

type Prioritised = { priority: number | null; rest: string; fromKernel: boolean };
const nothing: Prioritised = { priority: null, rest: '', fromKernel: false };

function takePriority(line: string): Prioritised {
    const first = line.charCodeAt(0);
    const number = first === angle ? angled.exec(line) : null;
    if (number?.groups !== undefined) {
        const value = Number(number.groups.value);
        // Facility times 8 plus severity, at most 23 × 8 + 7 (RFC 5424, 6.2.1); the kernel is facility 0.
        if (value <= 191) return { priority: value % 8, rest: line.slice(number[0].length), fromKernel: false };
    }
    const word = first >= 0x61 && first <= 0x7a ? decoded.exec(line) : null;
    if (word?.groups !== undefined) {
        const rest = line.slice(word[0].length);
        return { priority: levels.indexOf(word.groups.level ?? ''), rest, fromKernel: line.startsWith('kern') };
    }
    return { priority: null, rest: line, fromKernel: false };
}

function takeRfc5424(text: string, priority: number | null): Head | null {
    if (priority === null && !/^1 \d{4}-/.test(text)) return null;
    const match = rfc5424.exec(text);
    if (match?.groups === undefined) return null;
    const { identifier = '-', pid = '-' } = match.groups;
    return {
        time: match.groups.year === undefined ? null : calendarTime(match.groups, 0),
        uptime: null,
        identifier: identifier === '-' ? null : identifier,
        pid: /^\d+$/.test(pid) ? pid : null,
        // A byte order mark may lead the message (RFC 5424, 6.4).
        message: text.slice(match[0].length).replace(/^\ufeff/, ''),
    };
}

function takeCalendarTime(text: string, notAfter: number): Head | null {
    if (last.notAfter === notAfter && beginsLikeLast(text))
        return takeTimed(text.slice(last.text.length + 1), last.time, last.isKernel, last.hasYearAfter);
    for (const pattern of isDigit(text.charCodeAt(0)) ? [isoTime, unixTime] : [syslogTime, isoTime]) {
        const match = pattern.exec(text);
        if (match?.groups === undefined) continue;
        const time =
            pattern === unixTime
                ? Number(match.groups.seconds) * 1_000_000 + microseconds(match.groups.fraction)
                : timeOf(match, notAfter);
        const rest = text.slice(match[0].length + 1);
        return takeTimed(rest, time, kernelIsoTime.test(text), match.groups.yearAfter !== undefined);
    }
    return null;
}

/** @param hasYearAfter whether the time ends with the year, as in logs that have no host behind it */
function takeTimed(rest: string, time: number | null, isKernel: boolean, hasYearAfter: boolean): Head {
    if (isKernel) return takeKernelMessage(rest, time, null);
    const first = rest.charCodeAt(0);
    if (first === bracket) {
        const clock = kernelClock.exec(rest);
        if (clock !== null) return takeKernelMessage(rest.slice(clock[0].length), time, uptimeOf(clock));
    }
    const known = takeKnownProgram(rest, time);
    if (known !== null) return known;
    const ofVmware = rest.startsWith('cpu') ? vmkernel.exec(rest) : null;
    if (ofVmware !== null) return { ...ofKernel(rest.slice(ofVmware[0].length)), time };
    const written = rest.startsWith('std') ? stream.exec(rest) : null;
    if (written !== null) {
        const text = rest.slice(written[0].length);
        return takeKernelBehind(text, time) ?? takeProgram(text, program, time);
    }
    const { priority, rest: behind } = first === angle ? takePriority(rest) : nothing;
    if (priority !== null)
        return { ...(takeKernelBehind(behind, time) ?? takeProgram(behind, hostAndProgram, time, false)), priority };
    const level = mayHaveLevel(rest, first) ? (takeSocklog(rest, time) ?? takeLevel(rest, time, hasYearAfter)) : null;
    return level ?? takeProgram(rest, hostAndProgram, time);
}

function takeSocklog(rest: string, time: number | null): Head | null {
    const match = socklog.exec(rest);
    if (match?.groups === undefined) return null;
    const text = rest.slice(match[0].length);
    const isOfKernel = match.groups.facility === 'kern';
    const head = takeKernelBehind(text, time) ?? (isOfKernel ? ofKernel(text) : takeProgram(text, program, time));
    return { ...head, time, priority: severities.get(match.groups.word ?? '') ?? 6 };
}

/** Parses the kernel's head after the time of another logger, whose time is more reliable. */
function takeKernelBehind(text: string, time: number | null): Head | null {
    const head = text.charCodeAt(0) === bracket ? takeKernelTime(text, time ?? 0) : null;
    return head === null ? null : { ...head, time };
}

/** The name of a level is in capitals, in angle brackets, or has a dot in it; it stands before the first colon. */
function mayHaveLevel(text: string, first: number): boolean {
    if (isCapital(first) || first === angle || text.charCodeAt(1) === angle) return true;
    const dot = text.indexOf('.');
    return dot >= 0 && text.lastIndexOf(':', dot) < 0;
}

/** @returns null if no program follows the level, as the level may then be the name of a host, or any word of a message */
function takeLevel(text: string, time: number | null, hasYearAfter: boolean): Head | null {
    const level = named.exec(text);
    if (level === null) return null;
    const { angled: inAngles, number, host, word, alone } = level.groups ?? {};
    const priority = Number(number ?? severities.get(inAngles ?? word ?? alone?.toLowerCase() ?? '') ?? NaN);
    if (Number.isNaN(priority) || (word !== undefined && host === undefined && !hasYearAfter)) return null;
    // Without a host before it, the level takes its position.
    const isHost = host === undefined && inAngles === undefined && number === undefined;
    const behind = isHost ? text : `${host ?? ''}${text.slice(level[0].length)}`;
    const head = takeProgram(behind, hostAndProgram, time, false);
    return head.identifier === null ? null : { ...head, priority };
}

function takeKernelTime(text: string, notAfter: number): Head | null {
    const clock = kernelClock.exec(text);
    if (clock !== null) return takeKernelMessage(text.slice(clock[0].length), null, uptimeOf(clock));
    const calendar = kernelCalendar.exec(text) ?? kernelMinute.exec(text);
    const match = calendar ?? kernelForeign.exec(text);
    if (match === null) return null;
    const time = calendar?.groups === undefined ? null : calendarTime(calendar.groups, notAfter);
    return takeKernelMessage(text.slice(match[0].length), time, null);
}

/** The X server's own log has the kernel's clock, followed by what Xorg(1) calls markers. */
const ofXorg = /^\((?:EE|WW|II|NI|--|\*\*|==|\+\+|!!|\?\?)\) /;

/** dmesg also shows what programs wrote to /dev/kmsg, and journalctl's short-monotonic the host and the program. */
function takeKernelMessage(text: string, time: number | null, uptime: number | null): Head {
    const head = ofProcess.test(text) ? undefined : hostAndProgram.exec(text)?.groups;
    if (head?.pid !== undefined || head?.identifier === 'kernel')
        return { ...takeProgram(text, hostAndProgram, time), uptime };
    if (ofXorg.test(text)) return { time, uptime, identifier: 'Xorg', pid: null, message: text };
    return { time, uptime, identifier: 'kernel', pid: null, message: text };
}

function uptimeOf({ groups }: RegExpExecArray): number {
    return Number(groups?.seconds) * 1_000_000 + microseconds(groups?.fraction);
}

export type FoundHead = { head: KnownHead; /** Where it ends in the bytes, behind its colon. */ end: number };

/** Heads that a few programs write again and again before the colon: `host program[123]`. */
const heads = new BoundedMap<string, KnownHead>(64);
const knownHeads = new KnownHeads();

/**
 * The writer of a line that begins like an earlier one: the result of `parseTextLine`, at a fraction of its cost.
 *
 * @param bytes hold the line from `start` up to, and without, `end`
 * @returns null when the line has to be parsed
 */
export function knownHeadOf(bytes: Uint8Array, start: number, end: number): FoundHead | null {
    const head = knownHeads.find(bytes, start, end);
    return head === null ? null : { head, end: knownHeads.end };
}

/**
 * The time of a line whose head `knownHeadOf` found.
 *
 * @param bytes hold the line from `start`
 * @returns undefined when it is not that of the line which was parsed last
 */
export function timeKnown(bytes: Uint8Array, start: number, notAfter: number): number | null | undefined {
    const { text, isKernel, time } = last;
    if (last.notAfter !== notAfter || isKernel || text === '') return undefined;
    for (let index = 0; index < text.length; index++)
        if (bytes[start + index] !== text.charCodeAt(index)) return undefined;
    return time;
}

/** @returns null when the line has to be parsed */
function takeKnownProgram(text: string, time: number | null): Head | null {
    const end = text.indexOf(':');
    if (end < 0 || end > headLimit) return null;
    const head = text.slice(0, end);
    const known = heads.get(head);
    if (known === undefined) return null;
    const isKernel = known.identifier === 'kernel';
    // Another head may have replaced it.
    knownHeads.learnHead(head, known);
    const start = text.charCodeAt(end + 1) === space ? end + 2 : end + 1;
    const { identifier, pid } = known;
    return { time, identifier, pid, ...takeOwnClock(text.slice(start), isKernel) };
}

function takeProgram(text: string, pattern: RegExp, time: number | null, isToBeLearned = true): Head {
    const match = pattern.exec(text);
    const groups = match?.groups;
    if (match === null || groups === undefined)
        return { time, uptime: null, identifier: null, pid: null, message: text };
    const identifier = groups.identifier ?? groups.kernel ?? null;
    // "Nov 21 02:00:00 ssh.service: Failed …" names a unit where a host would be: the line has no head beyond its time.
    const headless = groups.host === undefined && groups.pid === undefined && identifier !== 'kernel';
    if (headless) return { time, uptime: null, identifier: null, pid: null, message: text.trimStart() };
    // journalctl's with-unit names the unit of the writer; the manager's own is init.scope.
    const name = identifier === 'init.scope' ? 'systemd' : identifier;
    const pid = groups.pid ?? null;
    const head = match[0].trimEnd().slice(0, -1);
    const isPlain = name !== null && !head.includes(':') && head.length <= headLimit;
    if (isPlain && pattern === hostAndProgram && isToBeLearned) {
        const known = heads.getOrInsert(head, () => ({ identifier: name, pid, isStranger: isStranger(name) }));
        knownHeads.learnHead(head, known);
    }
    return { time, identifier: name, pid, ...takeOwnClock(text.slice(match[0].length), name === 'kernel') };
}

/** The addition of Solaris' syslogd: `[ID 652011 daemon.warning] ` (log(4D)). */
const numbered = /^\[ID \d{1,10} [a-z]{2,8}\d?\.(?<level>[a-z]{3,7})\] /;

/** What a program wrote to /dev/kmsg, as systemd does before the log's daemon runs. */
const throughKernel = /^(?<identifier>[^\s:[\]()]+|\([^\s()]+\))\[(?<pid>\d{1,10})\]: /;

/** rsyslog may leave the kernel's own clock in place. */
function takeOwnClock(
    message: string,
    isKernel: boolean,
): Pick<Head, 'uptime' | 'message' | 'priority'> & Partial<Head> {
    const number = message.startsWith('[ID ') ? numbered.exec(message) : null;
    if (number !== null) {
        const priority = severities.get(number.groups?.level ?? '');
        return { uptime: null, message: message.slice(number[0].length), ...(priority !== undefined && { priority }) };
    }
    const clock = isKernel && message.charCodeAt(0) === bracket ? kernelClock.exec(message) : null;
    if (clock === null) return { uptime: null, message };
    const [uptime, text] = [uptimeOf(clock), message.slice(clock[0].length)];
    const groups = ofProcess.test(text) ? undefined : throughKernel.exec(text)?.groups;
    if (groups === undefined) return { uptime, message: text };
    const { identifier = null, pid = null } = groups;
    return { uptime, identifier, pid, message: text.replace(throughKernel, '') };
}

/** Many consecutive lines have the same time, and without a year it is expensive to compute. */
let last = { text: '', notAfter: 0, time: null as number | null, isKernel: false, hasYearAfter: false };

/** No time continues with a small letter after the space, so this is the complete time. */
function beginsLikeLast(text: string): boolean {
    const { length } = last.text;
    if (length === 0 || text.charCodeAt(length) !== space || !text.startsWith(last.text)) return false;
    const next = text.charCodeAt(length + 1);
    return next >= 0x61 && next <= 0x7a;
}

function timeOf(match: RegExpExecArray, notAfter: number): number | null {
    if (last.text !== match[0] || last.notAfter !== notAfter) {
        const time = calendarTime(match.groups ?? {}, notAfter);
        const hasYearAfter = match.groups?.yearAfter !== undefined;
        last = { text: match[0], notAfter, time, isKernel: kernelIsoTime.test(match.input), hasYearAfter };
        knownHeads.learnTime(last.isKernel ? '' : last.text);
    }
    return last.time;
}

type Groups = Record<string, string | undefined>;

/** @returns microseconds since the Unix epoch, null when there is no such day */
function calendarTime(groups: Groups, notAfter: number): number | null {
    const { year, yearAfter, monthNumber, day, hour, minute, second, fraction, zone: offset, zoneName } = groups;
    const monthIndex = monthNumber === undefined ? months.indexOf(groups.month ?? '') : Number(monthNumber) - 1;
    const utc = offset === 'Z' || zoneName === 'UTC' || zoneName === 'GMT';
    const shift = utc || offset === undefined ? 0 : minutesOf(offset);
    const inYear = (full: number): number | null => {
        const parts = [full, monthIndex, Number(day), Number(hour), Number(minute), Number(second ?? 0)] as const;
        // Without a zone a log is in the local time of the machine that wrote it; ours is the best guess.
        const date = utc || offset !== undefined ? new Date(Date.UTC(...parts)) : new Date(...parts);
        const milliseconds = date.getTime() - shift * 60_000;
        const exists = new Date(Date.UTC(full, monthIndex, Number(day))).getUTCDate() === Number(day);
        return exists && milliseconds >= 0 ? milliseconds * 1000 + microseconds(fraction) : null;
    };
    const written = year ?? yearAfter;
    if (written !== undefined) return inYear(Number(written));
    // A day of slack: clocks and zones differ.
    const latest = notAfter + 86_400_000_000;
    const newest = new Date(notAfter / 1000).getFullYear();
    for (const candidate of [newest + 1, newest, newest - 1, newest - 2, newest - 3, newest - 4]) {
        const time = inYear(candidate);
        if (time !== null && time <= latest) return time;
    }
    return null;
}

function minutesOf(offset: string): number {
    const digits = offset.slice(1).replace(':', '');
    const minutes = Number(digits.slice(0, 2)) * 60 + Number(digits.slice(2));
    return offset.startsWith('-') ? -minutes : minutes;
}

function microseconds(fraction: string | undefined): number {
    return fraction === undefined ? 0 : Number(fraction.padEnd(6, '0').slice(0, 6));
}
