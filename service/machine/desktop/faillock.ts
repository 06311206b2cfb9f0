import { listNames, readBytes, readText } from '../machine.ts';
import type { Machine } from '../machine.ts';

/** As useradd(8) allows names, which become a part of a path here. */
export const accountName = /^[a-z_][a-z0-9_-]{0,31}$/;

/** The failed attempts of an account, as pam_faillock(8) has counted them. */
export type Tally = {
    /** Those that count together. */
    failures: number;
    /** When the last one was, in seconds since the Unix epoch; 0 when there was none. */
    latest: number;
    isLocked: boolean;
};

/** FAILLOCK_DEFAULT_TALLYDIR of Linux-PAM's modules/pam_faillock/faillock.h; /var/run is /run. */
const tallies = '/run/faillock';
/** faillock.conf(5); the defaults are those of set_default_options() in modules/pam_faillock/faillock_config.c. */
const settings = '/etc/security/faillock.conf';
const defaults = { deny: 3, fail_interval: 900, unlock_time: 600 };
type Setting = keyof typeof defaults;
/** The module's arguments override its file: args_parse() in modules/pam_faillock/pam_faillock.c. */
const services = '/etc/pam.d';
/** The file that most services include, as Debian, Fedora and Arch call it; then those for logins. */
const preferred = ['common-auth', 'system-auth', 'password-auth', 'gdm-password', 'login'];

/** struct tally of faillock.h: source (52 bytes), reserved (2), status (2), time (8). */
const record = { size: 64, status: 54, time: 56 };
const isValid = 0x1;
/** MAX_RECORDS of modules/pam_faillock/faillock.c. */
const mostRecords = 1024;

/**
 * Counts as check_tally() of modules/pam_faillock/pam_faillock.c does. Only root and the account itself may read its
 * tally. Where services give the module different arguments, the arguments that most services include count.
 *
 * @param now in seconds since the Unix epoch
 * @returns null when there is none that may be read
 */
export async function readTally(machine: Machine, user: string, now = Date.now() / 1000): Promise<Tally | null> {
    const bytes = await readBytes(machine, `${tallies}/${user}`, mostRecords * record.size);
    if (bytes === null) return null;
    const times: number[] = [];
    for (let at = 0; at + record.size <= bytes.length; at += record.size)
        if (bytes.readUInt16LE(at + record.status) & isValid)
            times.push(Number(bytes.readBigUInt64LE(at + record.time)));
    const configured = (await readText(machine, settings)) ?? '';
    const given = await readArguments(machine);
    const setting = (name: Setting) => readSetting(given, name) ?? readSetting(configured, name) ?? defaults[name];
    const latest = Math.max(0, ...times);
    const failures = times.filter(time => latest - time < setting('fail_interval')).length;
    const [deny, unlockTime] = [setting('deny'), setting('unlock_time')];
    const isOver = unlockTime > 0 && latest + unlockTime < now;
    return { failures, latest, isLocked: deny > 0 && failures >= deny && !isOver };
}

/** A value of "never" is 0, as set_conf_opt() has it. */
function readSetting(text: string, name: Setting): number | null {
    const [, value] = new RegExp(String.raw`^[ \t]*${name}[ \t]*=[ \t]*(\d{1,9}|never)`, 'm').exec(text) ?? [];
    if (value === undefined) return null;
    return value === 'never' ? 0 : Number(value);
}

/** One to a line, as in its file; the last one of each name counts (pam.d(5)). */
async function readArguments(machine: Machine): Promise<string> {
    const names = (await listNames(machine, services)).filter(name => !preferred.includes(name));
    for (const name of [...preferred, ...names.sort()]) {
        const text = (await readText(machine, `${services}/${name}`)) ?? '';
        const lines = text.replaceAll('\\\n', ' ').matchAll(/^[^#\n]*\bpam_faillock\.so\b([^#\n]*)$/gm);
        const given = Array.from(lines, ([, words = '']) => words.trim().split(/\s+/)).flat();
        if (given.some(word => word !== '')) return given.reverse().join('\n');
    }
    return '';
}
