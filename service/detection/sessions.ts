import type { LogEntry } from '../journal/logEntry.ts';
import { areNear, burstWindow, momentOf } from './moment.ts';
import type { Moment } from './moment.ts';
import { programName, runsInSessions } from './programs.ts';
import type { EntryReference } from './verdict.ts';
import type { Writer } from './writer.ts';

/**
 * On whose behalf something runs: the system; the display manager; a user, by number; in plain text a user's service manager,
 * by its process; or a session about which nothing else is known.
 */
export type Origin = 'system' | 'display' | 'session' | `uid ${string}` | `manager ${string}`;

/** What ends: one of a user's sessions, all that a user's service manager runs, or a desktop. */
type Extent = 'session' | 'manager' | 'desktop';

/** Microseconds, as all times here: how long the programs of an ended session may go on reporting that it is gone. */
const aftermath = 30_000_000;
/** TimeoutStopSec= of user@.service is two minutes (units/user@.service.in in systemd), then come the processes that it left. */
const longestStop = 150_000_000;
/** Several stop jobs may time out one after the other, each after 90 seconds (systemd-system.conf(5)). */
const longestShutdown = 600_000_000;
/** A session that is over sooner was opened for a command, as cron does. */
const shortestDesktop = 20_000_000;
/** How many of each kind are remembered. */
const rememberedLimit = 64;

/**
 * @param during until the log says that it has ended: until then, even the display server may go away
 * @param boot in which it ended; a container's log has no other sign of its next start
 * @param besides the process of the desktop that begins instead, which has not ended
 */
type End = Moment & { extent: Extent; during: boolean; lasts: number; boot: string | null; besides?: string };
type Ending = Omit<End, keyof Moment | 'boot'>;
type Report = Moment &
    EntryReference & { origin: Origin; process: string; pid: string | null; isSymptom: boolean; isSevere: boolean };

const desktopEnds: Ending = { extent: 'desktop', during: true, lasts: aftermath };
const desktopEnded: Ending = { extent: 'desktop', during: false, lasts: aftermath };

type Sign = {
    pattern: RegExp;
    isFrom: (writer: Writer, entry: LogEntry) => boolean;
    apply: (sessions: Sessions, groups: Record<string, string | undefined>, entry: LogEntry) => void;
};

const ofSystem = (writer: Writer) => writer.kind === 'manager' && writer.scope === 'system';
const ofUser = (writer: Writer) => writer.kind === 'manager' && writer.scope === 'user';
const ofLogind = (writer: Writer, entry: LogEntry) =>
    entry.line === null
        ? writer.kind === 'unit' && writer.scope === 'system' && writer.unit === 'systemd-logind.service'
        : ['systemd-logind', 'elogind'].includes(programName(entry.field('SYSLOG_IDENTIFIER') ?? ''));
/** PAM's modules run in the program that opens the session, which is root's. */
const ofPam = (_writer: Writer, entry: LogEntry) => entry.line !== null || entry.field('_UID') === '0';

/** The unit and Description= of display managers. */
const displayManager =
    /^(?:(?:gdm3?|sddm|lightdm|lxdm|xdm|wdm|slim|ly|greetd|plasmalogin|cosmic-greeter|display-manager)\.service\b|.*\b(?:Display|Login) Manager\b|Greeter daemon|COSMIC Greeter)/i;
/** The PAM services of display managers; those that open the greeter's session say so. */
const displayService = String.raw`(?<service>gdm(?:-[\w-]+)?|sddm(?:-[\w-]+)?|lightdm(?:-[\w-]+)?|lxdm|xdm|kdm|kde|greetd|ly|plasmalogin(?:-[\w-]+)?|cosmic-greeter)`;
const greeterService = /greeter|launch-environment/;
/** NAME - DESCRIPTION since systemd 250, by StatusUnitFormat= of systemd-system.conf(5). */
const named = String.raw`(?:\S+\.[a-z]+ - )?`;

/**
 * Lines that say what becomes of sessions and the system. The wordings are those of systemd's src/core/job.c with the
 * descriptions in units/, of src/login/logind-session.c and logind-dbus.c, of pam_unix, and of gnome-session's and Plasma's units.
 */
const signs: readonly Sign[] = [
    {
        pattern: /^(?:Linux version \d|-- (?:Reboot|Boot [0-9a-f]{32}) --)/,
        isFrom: ({ kind }) => kind === 'kernel' || kind === 'unknown',
        apply: sessions => {
            sessions.boots();
        },
    },
    {
        // syslog daemons write what the kernel said at the start after what these wrote.
        pattern: /^/,
        isFrom: (_writer, entry) =>
            entry.line !== null &&
            ['systemd-modules-load', 'systemd-fsck'].includes(programName(entry.field('SYSLOG_IDENTIFIER') ?? '')),
        apply: sessions => {
            sessions.boots();
        },
    },
    {
        pattern: new RegExp(
            `^(?:Stopped target ${named}Multi-User System|Reached target ${named}(?:System )?(?:Shutdown|Reboot|Power[ -]?Off|Halt)|Shutting down)\\b`,
        ),
        isFrom: ofSystem,
        apply: systemEnds,
    },
    {
        pattern:
            /^(?:System is (?:rebooting|powering down|halting)|The system will (?:reboot|power off|halt|kexec) now)\b/,
        isFrom: ofLogind,
        apply: systemEnds,
    },
    {
        pattern: new RegExp(`^Stopped target ${named}Graphical Interface`),
        isFrom: ofSystem,
        apply: sessions => {
            sessions.ends('display', { ...desktopEnds, lasts: longestStop });
        },
    },
    {
        pattern: new RegExp(
            `^(?<what>Start|Stopp?)(?<done>ing|ed) (?:user@\\d+\\.service - )?User Manager for UID (?<uid>\\d{1,10})\\b`,
        ),
        isFrom: ofSystem,
        apply: (sessions, { what, done, uid = '' }) => {
            if (what === 'Start') {
                sessions.begins(`uid ${uid}`);
                sessions.awaitsManager(done === 'ing' ? uid : null);
            } else
                sessions.ends(`uid ${uid}`, {
                    extent: 'manager',
                    during: done === 'ing',
                    lasts: done === 'ing' ? longestStop : aftermath,
                });
        },
    },
    {
        pattern: /^(?<what>Start|Stopp?)(?<done>ing|ed) (?<unit>.+)/,
        isFrom: (writer, entry) =>
            ofSystem(writer) && displayManager.test(entry.message().replace(/^(?:Start|Stopp?)(?:ing|ed) /, '')),
        apply: (sessions, { what, done }) => {
            if (what === 'Start') sessions.begins('display');
            else if (done === 'ing') sessions.ends('display', { ...desktopEnds, lasts: longestStop });
            else sessions.ends('display', desktopEnded);
        },
    },
    {
        pattern: new RegExp(
            `^(?:(?:Reached target|Starting|Activating special unit) ${named}(?:exit\\.target|Exit the Session|shutdown\\.target|Shutdown\\b))`,
        ),
        isFrom: ofUser,
        apply: (sessions, _groups, entry) => {
            sessions.ends(managerOf(entry), { extent: 'manager', during: true, lasts: longestStop });
        },
    },
    {
        pattern: new RegExp(
            `^(?:(?<begins>Reached target ${named}(?:Current graphical user session|Session services which should run early))|Stopp(?:ed|ing) (?:target )?${named}(?:Current graphical user session|graphical-session\\.target|.*GNOME (?:\\w{1,20} ){0,3}Session|KDE Plasma Workspace)|Reached target ${named}Shutdown running GNOME Session|Reached target gnome-session-shutdown\\.target)`,
        ),
        isFrom: ofUser,
        apply: (sessions, { begins }, entry) => {
            if (begins === undefined) sessions.ends(managerOf(entry), desktopEnds);
            else sessions.begins(managerOf(entry));
        },
    },
    {
        pattern:
            /^New session '?(?<session>[^'\s]{1,32})'? of user '?(?<user>[^'\s]{1,64}?)'?(?: with class '(?<class>[\w-]+)' and type '(?<type>\w+)')?\.?$/,
        isFrom: ofLogind,
        apply: (sessions, { session = '', user = '', type, class: ofClass }) => {
            sessions.opens(session, user, ofClass === 'greeter' || type === 'wayland' || type === 'x11');
        },
    },
    {
        pattern: /^(?:Session (?<left>\S{1,32}) logged out\. Waiting|Removed session (?<removed>\S{1,32}?)\.$)/,
        isFrom: ofLogind,
        apply: (sessions, { left, removed }) => {
            sessions.closes(left ?? removed ?? '');
        },
    },
    {
        pattern: new RegExp(
            String.raw`^pam_unix\(${displayService}:session\): session (?<what>opened|closed) for user (?<user>[^\s(]{1,64})(?:\(uid=(?<uid>\d{1,10})\))?`,
        ),
        isFrom: ofPam,
        apply: (sessions, { service = '', what, user = '', uid }) => {
            if (uid !== undefined) sessions.names(user, uid, greeterService.test(service));
            if (what === 'opened') return;
            const known = sessions.uidOf(user);
            sessions.ends(known === undefined ? 'session' : `uid ${known}`, desktopEnded);
        },
    },
    {
        // registerSessionWithGDM() in GNOME Shell's js/misc/loginManager.js: the greeter and each desktop print it when they start.
        pattern: /^Registering session with GDM$/,
        isFrom: (_writer, entry) =>
            entry.line !== null && programName(entry.field('SYSLOG_IDENTIFIER') ?? '') === 'gnome-shell',
        apply: (sessions, _groups, entry) => {
            sessions.showsShell(entry.field('SYSLOG_PID'));
        },
    },
    {
        // manager_enqueue_default_target() in systemd's src/core/main.c: the first line of a user's manager.
        pattern: /^Queued start job for default target\b/,
        isFrom: ofUser,
        apply: (sessions, _groups, entry) => {
            sessions.runsAwaited(entry.field('SYSLOG_PID') ?? '');
        },
    },
    {
        pattern:
            /^pam_unix\(systemd-user:session\): session opened for user (?<user>[^\s(]{1,64})\(uid=(?<uid>\d{1,10})\)/,
        isFrom: ofPam,
        apply: (sessions, { user = '', uid = '' }, entry) => {
            sessions.names(user, uid, false);
            // The same process then becomes the user's manager: exec_invoke() in systemd's src/core/exec-invoke.c.
            sessions.runs(entry.field('SYSLOG_PID') ?? '', uid);
        },
    },
];

function systemEnds(sessions: Sessions): void {
    sessions.ends('system', { extent: 'desktop', during: true, lasts: longestShutdown });
}

/** Each line about the state of a session contains one of these literals. */
export const sessionAnchors: readonly string[] = [
    'Linux version ',
    'systemd-modules-load',
    'systemd-fsck',
    '-- Reboot --',
    '-- Boot ',
    'Multi-User System',
    'target Shutdown',
    'System Shutdown',
    'shutdown.target - ',
    'Activating special unit ',
    'System Reboot',
    'System Power Off',
    'Shutting down.',
    'System is rebooting',
    'System is powering down',
    'System is halting',
    'The system will ',
    'Graphical Interface',
    'User Manager for UID',
    'Display Manager',
    'Login Manager',
    'Greeter daemon',
    'COSMIC Greeter',
    'Exit the Session',
    'raphical user session',
    'Session services which should run early',
    'GNOME Session',
    'GNOME Wayland Session',
    'GNOME X11 Session',
    'KDE Plasma Workspace',
    'New session ',
    ' logged out. Waiting',
    'Removed session ',
    'pam_unix(gdm',
    'pam_unix(sddm',
    'pam_unix(lightdm',
    'pam_unix(lxdm',
    'pam_unix(xdm',
    'pam_unix(kd',
    'pam_unix(greetd',
    'pam_unix(ly:',
    'pam_unix(plasmalogin',
    'pam_unix(cosmic-greeter',
    'pam_unix(systemd-user',
    'Queued start job for default target',
    'Registering session with GDM',
];

/**
 * Follows the sessions, the users' service managers and the system through a log. While they end, and shortly before and after,
 * what belongs to them reports that it loses its display or is stopped, which is ordinary. Its memory is bounded.
 */
export class Sessions {
    readonly #ends = new Map<Origin, End>();
    readonly #sessions = new Map<string, { user: string; isDesktop: boolean; opened: Moment }>();
    /** By the name of the user. */
    readonly #uids = new Map<string, string>();
    /** The user, by the process of the manager. */
    readonly #managers = new Map<string, string>();
    readonly #greeters = new Map<string, true>();
    /** The line of text that last said that the system ends. */
    lastShutdown: number | null = null;
    #awaited: string | null = null;
    /** In plain text, the process of the GNOME Shell that was started last. */
    #shell: string | null = null;
    #before: Report[] = [];
    #explained: Report[] = [];
    #now: Moment = { clock: null, line: null };
    #boot: string | null = null;

    /** @returns the earlier reports that turn out to be ordinary */
    note(entry: LogEntry, writer: Writer): readonly EntryReference[] {
        this.#now = momentOf(entry);
        this.#boot = entry.field('_BOOT_ID');
        this.#explained = [];
        const message = entry.message();
        for (const { pattern, isFrom, apply } of signs) {
            const match = pattern.exec(message);
            if (match === null || !isFrom(writer, entry)) continue;
            apply(this, match.groups ?? {}, entry);
            break;
        }
        return this.#explained;
    }

    /**
     * Whether a report is ordinary because of an end. One that is not yet is remembered, as the log may say so later.
     *
     * @param report.occurrence called only for what is remembered
     * @param report.isSymptom it says only that the display is gone, whatever the reason
     * @param report.began when what reports it was started; what was started after the end has not ended with it
     * @param report.isSevere it may be the reason why a session ends, so it is ordinary only if the end had been announced
     */
    excuses(
        origin: Origin | null,
        entry: LogEntry,
        report: { occurrence: () => string; isSymptom: boolean; isSevere: boolean; began?: Moment | null },
    ): boolean {
        if (origin === null) return false;
        const { isSymptom, began = null } = report;
        const isSevere = report.isSevere && !isSymptom;
        if (this.#ends.size > 0) {
            const ends = this.#endsAround(origin, entry, isSymptom).filter(
                end => began === null || this.#ends.get('system') === end || !isAfter(began, end),
            );
            if (ends.some(({ during }) => during || !isSevere)) return true;
        }
        if (origin === 'system') return false;
        const pid = entry.field('_PID') ?? entry.field('SYSLOG_PID');
        const process = `${entry.field('SYSLOG_IDENTIFIER') ?? ''} ${pid ?? ''}`;
        const { clock, line } = momentOf(entry);
        // Not for each report, as removing the first element of an array is expensive.
        if (this.#before.length >= 4 * rememberedLimit) this.#before = this.#before.slice(1 - rememberedLimit);
        this.#before.push({
            clock,
            line,
            occurrence: report.occurrence(),
            origin: this.#known(origin),
            process,
            pid,
            isSymptom,
            isSevere,
        });
        return false;
    }

    /** Whether an end is announced, or just over. */
    isEnding(origin: Origin | null, entry: LogEntry): boolean {
        return origin !== null && this.#endsAround(origin, entry, false).length > 0;
    }

    /** Whether a display manager runs it for those who have yet to log in. */
    isGreeter(origin: Origin): boolean {
        const [kind, uid = ''] = this.#known(origin).split(' ');
        return kind === 'uid' && (this.#greeters.has(uid) || isSystemUser(Number(uid)));
    }

    /** The same for a process, as system users have daemons, too. */
    isKnownGreeter(uid: string): boolean {
        return this.#greeters.has(uid);
    }

    begins(who: Origin): void {
        const known = this.#known(who);
        // The others on this display have ended all the same.
        const end = this.#ends.get(known);
        if (end !== undefined && who === 'display') this.#ends.set(known, { ...end, during: false, lasts: aftermath });
        else this.#ends.delete(known);
    }

    ends(who: Origin, ending: Ending): void {
        const known = this.#known(who);
        // A user's manager stops after the desktop that it runs. A greeter gives way to a desktop.
        const extent = this.#isAround(this.#ends.get(known), this.#now)
            ? wider(ending.extent, this.#ends.get(known)?.extent)
            : ending.extent;
        const end = {
            ...this.#now,
            ...ending,
            boot: this.#boot,
            extent: this.isGreeter(known) ? 'manager' : extent,
        } as const;
        keep(this.#ends, known, end);
        if (known === 'system') this.lastShutdown = this.#now.line;
        this.#explain(report => areNear(report, this.#now, burstWindow) && concerns(known, end, report));
    }

    boots(): void {
        const last = this.#before.at(-1);
        // journalctl's separator of two boots has no time, and may be all that is left of a shutdown.
        if (this.#now.clock === null && last !== undefined)
            this.#explain(report => areNear(report, last, burstWindow) && areNear(report, this.#now, burstWindow));
        this.#ends.clear();
        this.#sessions.clear();
        this.#managers.clear();
        this.#shell = null;
        this.#before = [];
    }

    /** Another GNOME Shell has the screen: the greeter's after a log-out, the user's after a log-in. The one before it ends. */
    showsShell(pid: string | null): void {
        if (pid === null) return;
        if (this.#shell !== null && this.#shell !== pid) this.ends('session', { ...desktopEnds, besides: pid });
        this.#shell = pid;
    }

    opens(session: string, user: string, isDesktop: boolean): void {
        keep(this.#sessions, session, { user, isDesktop, opened: this.#now });
    }

    closes(session: string): void {
        const known = this.#sessions.get(session);
        const uid = known === undefined ? undefined : this.#uids.get(known.user);
        const isOfGreeter = uid !== undefined && this.isGreeter(`uid ${uid}`);
        if (known !== undefined && !isOfGreeter && areNear(known.opened, this.#now, shortestDesktop)) return;
        const extent = known?.isDesktop === true ? 'desktop' : 'session';
        this.ends(uid === undefined ? 'session' : `uid ${uid}`, { extent, during: false, lasts: aftermath });
    }

    names(user: string, uid: string, isGreeter: boolean): void {
        keep(this.#uids, user, uid);
        if (isGreeter) keep(this.#greeters, uid, true);
    }

    runs(process: string, uid: string): void {
        keep(this.#managers, process, uid);
    }

    /** The manager of this user is being started; none if null. */
    awaitsManager(uid: string | null): void {
        this.#awaited = uid;
    }

    runsAwaited(process: string): void {
        if (this.#awaited !== null && !this.#managers.has(process)) this.runs(process, this.#awaited);
    }

    uidOf(user: string): string | undefined {
        return this.#uids.get(user);
    }

    /** Of a user, once the log has said whose manager it is. */
    #known(origin: Origin): Origin {
        const uid = origin.startsWith('manager ') ? this.#managers.get(origin.slice('manager '.length)) : undefined;
        return uid === undefined ? origin : `uid ${uid}`;
    }

    #endsAround(origin: Origin, entry: LogEntry, isSymptom: boolean): End[] {
        const around: End[] = [];
        const now = momentOf(entry);
        const pid = entry.field('_PID') ?? entry.field('SYSLOG_PID');
        const report = { origin: this.#known(origin), isSymptom, pid };
        for (const [who, end] of this.#ends) {
            if (!this.#isAround(end, now) || !concerns(who, end, report)) continue;
            if (end.boot !== entry.field('_BOOT_ID')) continue;
            // Soon, another session may have begun.
            if (isSymptom || origin !== 'session' || end.during || areNear(end, now, burstWindow)) around.push(end);
        }
        return around;
    }

    #isAround(end: End | undefined, now: Moment): boolean {
        return end !== undefined && areNear(end, now, end.lasts);
    }

    #explain(isOrdinary: (report: Report) => boolean): void {
        const isNear = (report: Report) => this.#now.clock === null || areNear(report, this.#now, burstWindow);
        this.#before = this.#before.slice(-rememberedLimit);
        const concerned = new Set(this.#before.filter(isOrdinary));
        // Whatever a process that lost its display reports besides follows from that.
        const lost = new Set([...concerned].flatMap(({ isSymptom, process }) => (isSymptom ? [process] : [])));
        const isExplained = (report: Report) =>
            (concerned.has(report) && !report.isSevere) || (lost.has(report.process) && isNear(report));
        const others = new Set(this.#before.filter(report => !isExplained(report)).map(({ occurrence }) => occurrence));
        const explained = new Set(
            this.#before.filter(
                report => isExplained(report) && (report.occurrence === '' || !others.has(report.occurrence)),
            ),
        );
        this.#explained.push(...explained);
        this.#before = this.#before.filter(report => !explained.has(report));
    }
}

/** Adds what is known last, and forgets what has been known longest. */
function keep<Key, Value>(map: Map<Key, Value>, key: Key, value: Value): void {
    map.delete(key);
    map.set(key, value);
    for (const oldest of map.keys()) if (map.size > rememberedLimit) map.delete(oldest);
}

/** Whether an end makes a report ordinary: what ends must contain what the report is about. */
function concerns(
    who: Origin,
    { extent, besides }: End,
    { origin, isSymptom, pid }: Pick<Report, 'origin' | 'isSymptom' | 'pid'>,
): boolean {
    if (who === 'system') return true;
    if (besides !== undefined && besides === pid) return false;
    if (origin === 'system') return false;
    if (origin === 'display') return who === 'display';
    if (origin === 'session') return isSymptom || extent === 'desktop';
    if (who !== 'display' && who !== 'session' && who !== origin) return false;
    return isSymptom || extent !== 'session';
}

function isAfter(one: Moment, other: Moment): boolean {
    if (one.line !== null && other.line !== null) return one.line > other.line;
    return one.clock !== null && other.clock !== null && one.clock > other.clock;
}

function wider(one: Extent, other: Extent = 'session'): Extent {
    const extents: readonly Extent[] = ['session', 'manager', 'desktop'];
    return extents.indexOf(one) >= extents.indexOf(other) ? one : other;
}

/**
 * System users, who do not log in, and those that GDM makes for greeters: SYS_UID_MAX of login.defs(5), and
 * GDM_DYNAMIC_USERS of GDM.
 */
export function isSystemUser(uid: number): boolean {
    return (uid > 0 && uid < 1000) || (uid >= 60_578 && uid <= 60_705);
}

/** The user's manager that wrote the entry. */
export function managerOf(entry: LogEntry): Origin {
    const uid = entry.field('_UID');
    return uid === null ? `manager ${entry.field('SYSLOG_PID') ?? ''}` : `uid ${uid}`;
}

/** On whose behalf the writer of an entry runs; null for the kernel, and where nothing says so. */
export function originOf(entry: LogEntry, writer: Writer): Origin | null {
    if (writer.kind === 'kernel' || writer.kind === 'unknown') return null;
    if (writer.kind === 'manager') return writer.scope === 'system' ? 'system' : managerOf(entry);
    if (entry.line !== null) return runsInSessions(entry.field('SYSLOG_IDENTIFIER') ?? '') ? 'session' : 'system';
    const isOfUser = entry.field('_SYSTEMD_USER_UNIT') !== null;
    if (!isOfUser && !/^(?:session-|user@)/.test(entry.field('_SYSTEMD_UNIT') ?? '')) return 'system';
    const uid = entry.field('_UID');
    // In a session's scope, such a process belongs to the display manager.
    return uid === null || (uid === '0' && !isOfUser) ? 'session' : `uid ${uid}`;
}

/** On whose behalf the system's manager runs a unit: user@1000.service, session-c1.scope, gdm.service. */
export function originOfUnit(unit: string): Origin {
    const uid = /^(?:user|user-runtime-dir)@(\d{1,10})\.service$|^user-(\d{1,10})\.slice$/.exec(unit);
    if (uid !== null) return `uid ${uid[1] ?? uid[2] ?? ''}`;
    if (/^session-\w+\.scope$/.test(unit)) return 'session';
    return displayManager.test(unit) ? 'display' : 'system';
}
