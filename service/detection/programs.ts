import type { LogEntry } from '../journal/logEntry.ts';
import { BoundedMap } from '../util/boundedMap.ts';
import { programs } from './generated/programs.ts';
import type { Writer } from './writer.ts';

/**
 * The programs that rules trust, and how to recognise them: the `programs` in the heads of the families' rules.yaml, in one
 * table that build/familyHeads.ts makes.
 *
 * In a journal, `_SYSTEMD_UNIT` identifies a system service, or `_COMM` if it runs as root; `_SYSTEMD_USER_UNIT` identifies a
 * part of the session. The name that a program gives itself counts only where there is nothing else, as in plain text.
 *
 * None of these identifies what people start themselves, because everybody chooses the `_COMM` of an own process. journald has
 * the real user in `_UID` (SCM_CREDENTIALS, unix(7)). For set-user-ID programs, that is the user who started them: seen with
 * su, sudo, pkexec. Only `_EXE` is left to recognise sudo, and within an own mount namespace anybody can fake that path too
 * (seen with bwrap). So it is a source of its own, for the one rule in which a forger would gain nothing.
 */
type Program = {
    /** Names in lower case: SYSLOG_IDENTIFIER of text, _COMM of processes. */
    names: readonly string[];
    /** Units without their suffix; "@" at the end stands for any instance. */
    units?: readonly string[];
    /** Whether it runs in each user's session. */
    ofUser?: true;
    /** `_EXE` of what people run themselves. */
    executables?: readonly string[];
};

/** Who may report something: the kernel, a program that a family names, or, where a log is only read, anybody. */
export type Source = 'kernel' | 'anybody' | keyof ReturnType<typeof programs> | DeclaredSource;

/** A unit or program that a file of local rules names. */
export type DeclaredSource = `unit ${string}` | `program ${string}`;

export function allSources(): Exclude<Source, DeclaredSource>[] {
    return ['kernel', 'anybody', ...(Object.keys(programs()) as (keyof ReturnType<typeof programs>)[])];
}

/** The kernel keeps this many bytes of the name of a process (TASK_COMM_LEN in Linux's include/linux/sched.h, with its end). */
const commandLength = 15;

type Sources = ReadonlyMap<string, ReadonlySet<Source>>;

/** Hundreds of names share a few sets, each of which is created once. */
function sourcesBy(keysOf: (program: Program) => readonly string[]): Sources {
    const sets = new Map<string, ReadonlySet<Source>>();
    const table = new Map<string, ReadonlySet<Source>>();
    for (const [source, program] of Object.entries<Program>(programs())) {
        for (const key of keysOf(program)) {
            const all = new Set([...(table.get(key) ?? []), source as Source]);
            const name = [...all].join(' ');
            if (!sets.has(name)) sets.set(name, all);
            table.set(key, sets.get(name) ?? all);
        }
    }
    return table;
}

const byName = sourcesBy(({ names }) => names);
const byCommand = sourcesBy(({ names }) => names.map(name => name.slice(0, commandLength)));
const systemUnits = sourcesBy(({ units = [] }) => units);
const userUnits = sourcesBy(({ units = [], ofUser }) => (ofUser ? units : []));
const ofSessions: ReadonlySet<string> = new Set(
    Object.entries<Program>(programs()).flatMap(([source, { ofUser }]) => (ofUser ? [source] : [])),
);
const byExecutable = sourcesBy(({ executables = [] }) => executables);
export const none: ReadonlySet<Source> = new Set();
const kernelOnly: ReadonlySet<Source> = new Set(['kernel', 'audit']);
export const auditOnly: ReadonlySet<Source> = new Set(['audit']);
const managerOnly: ReadonlySet<Source> = new Set(['manager']);

/**
 * They log the output of containers to the journal, under names that people choose, and their own messages to syslog(3) and
 * standard error (write_journald() and utils.h of conmon, Docker's journald driver).
 */
const containerLoggers = new Set(['conmon', 'dockerd']);

/** Whether a container program logged the output of others. */
export function isContainerOutput(entry: LogEntry): boolean {
    return containerLoggers.has(commandIn(entry) ?? '') && entry.field('_TRANSPORT') === 'journal';
}

function commandIn(entry: LogEntry): string | null {
    const command = entry.field('_COMM');
    return command === null ? null : commandOf(command);
}

/** A program by the part of its name that the kernel keeps. */
export function commandOf(name: string): string {
    return name.toLowerCase().slice(0, commandLength);
}

/** The sources that an entry of a journal may be attributed to. */
export function sourcesOf(entry: LogEntry, writer: Writer): ReadonlySet<Source> {
    if (writer.kind === 'kernel') return sourcesOfKernel(entry);
    if (entry.field('_TRANSPORT') === 'audit') return auditOnly;
    if (writer.kind === 'manager') return managerOnly;
    if (isContainerOutput(entry)) return none;
    if (writer.kind === 'unit') {
        const units = writer.scope === 'system' ? systemUnits : userUnits;
        const known = units.get(withoutSuffix(writer.unit));
        if (known !== undefined) return known;
    }
    if (entry.field('_UID') !== '0') return byExecutable.get(entry.field('_EXE') ?? '') ?? none;
    const command = commandIn(entry);
    if (command !== null) return byCommand.get(command) ?? none;
    // A process that ends at once is gone before journald can examine it.
    const identifier = entry.field('SYSLOG_IDENTIFIER')?.toLowerCase() ?? '';
    return sourcesNamed(identifier) ?? none;
}

/** @param name as `programName` returns it. @returns null when no rule is about such a program */
export function sourcesNamed(name: string): ReadonlySet<Source> | null {
    return byName.get(name) ?? null;
}

/** By identifier, as the same few programs write most of a log. */
const inSessions = new BoundedMap<string, boolean>(512);

/** Whether a program of text runs in sessions, as far as its name tells: one that no rule is about may be anything. */
export function runsInSessions(identifier: string): boolean {
    return inSessions.getOrInsert(identifier, () => {
        const sources = sourcesNamed(programName(identifier));
        return sources === null || Array.from(sources).some(source => ofSessions.has(source));
    });
}

/**
 * Without an audit daemon, the kernel logs audit records itself, as `audit: type=1400 audit(…)` (kauditd_printk_skb() in
 * Linux's kernel/audit.c). They carry names of users and files, which anybody may choose: those must not pass for the kernel's
 * own words.
 */
export function sourcesOfKernel(entry: LogEntry): ReadonlySet<Source> {
    return /^(?:audit: )?type=\d/.test(entry.message()) ? auditOnly : kernelOnly;
}

/** `sshd` of `sshd(pam_unix)`, `cron` of `/usr/sbin/cron`, and of the unit that `journalctl -o with-unit` has for a program. */
export function programName(identifier: string): string {
    const mark = identifier.indexOf('(');
    const path = identifier.slice(0, mark > 0 ? mark : undefined);
    const own = path.slice(path.lastIndexOf('/') + 1);
    const unit = mark <= 0 && own.endsWith('.service') ? own.slice(0, -'.service'.length).split('@', 1)[0] : '';
    // SSSD logs as `sssd[be[example.com]]` and, its children, as `[sssd[ldap_child[123]]]`.
    return (unit || (own.startsWith('[sssd[') ? 'sssd' : unwrapped(own))).toLowerCase();
}

/**
 * `gnome-shell` of `.gnome-shell-wr`: on NixOS, a wrapper script calls each program, whose own name is then
 * `.gnome-shell-wrapped` (makeWrapper in pkgs/build-support/setup-hooks of nixpkgs); the kernel keeps fifteen letters of it.
 */
export function unwrapped(name: string): string {
    if (!name.startsWith('.')) return name;
    const end = name.search(/-w(?:r(?:a(?:p(?:p(?:ed?)?)?)?)?)?_?$/);
    if (end > 1) return name.slice(1, end);
    return name.length === commandLength ? name.slice(1) : name;
}

/** `openvpn@` of `openvpn@home.service`, `ssh` of `ssh.service`. */
function withoutSuffix(unit: string): string {
    const instance = unit.indexOf('@');
    return instance > 0 ? unit.slice(0, instance + 1) : unit.slice(0, unit.lastIndexOf('.'));
}
