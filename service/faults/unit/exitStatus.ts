import { constants } from 'node:os';

import { _ } from '../../i18n/i18n.ts';

/**
 * Names of exit statuses, as systemd writes them behind the number in its log lines: exit_status_mappings in systemd's
 * src/shared/exit-status.c, which `systemd-analyze exit-status` prints (these are of systemd 262); explained in
 * systemd.exec(5), "Process Exit Codes", and sysexits.h(3head).
 */
const names: Record<number, string> = {
    1: 'FAILURE',
    2: 'INVALIDARGUMENT',
    3: 'NOTIMPLEMENTED',
    4: 'NOPERMISSION',
    5: 'NOTINSTALLED',
    6: 'NOTCONFIGURED',
    7: 'NOTRUNNING',
    64: 'USAGE',
    65: 'DATAERR',
    66: 'NOINPUT',
    67: 'NOUSER',
    68: 'NOHOST',
    69: 'UNAVAILABLE',
    70: 'SOFTWARE',
    71: 'OSERR',
    72: 'OSFILE',
    73: 'CANTCREAT',
    74: 'IOERR',
    75: 'TEMPFAIL',
    76: 'PROTOCOL',
    77: 'NOPERM',
    78: 'CONFIG',
    200: 'CHDIR',
    201: 'NICE',
    202: 'FDS',
    203: 'EXEC',
    204: 'MEMORY',
    205: 'LIMITS',
    206: 'OOM_ADJUST',
    207: 'SIGNAL_MASK',
    208: 'STDIN',
    209: 'STDOUT',
    210: 'CHROOT',
    211: 'IOPRIO',
    212: 'TIMERSLACK',
    213: 'SECUREBITS',
    214: 'SETSCHEDULER',
    215: 'CPUAFFINITY',
    216: 'GROUP',
    217: 'USER',
    218: 'CAPABILITIES',
    219: 'CGROUP',
    220: 'SETSID',
    221: 'CONFIRM',
    222: 'STDERR',
    224: 'PAM',
    225: 'NETWORK',
    226: 'NAMESPACE',
    227: 'NO_NEW_PRIVILEGES',
    228: 'SECCOMP',
    229: 'SELINUX_CONTEXT',
    230: 'PERSONALITY',
    231: 'APPARMOR',
    232: 'ADDRESS_FAMILIES',
    233: 'RUNTIME_DIRECTORY',
    235: 'CHOWN',
    236: 'SMACK_PROCESS_LABEL',
    237: 'KEYRING',
    238: 'STATE_DIRECTORY',
    239: 'CACHE_DIRECTORY',
    240: 'LOGS_DIRECTORY',
    241: 'CONFIGURATION_DIRECTORY',
    242: 'NUMA_POLICY',
    243: 'CREDENTIALS',
    244: 'BPF',
    245: 'KSM',
    246: 'MEMORY_THP',
    255: 'EXCEPTION',
};

/** CLD_EXITED, CLD_KILLED, CLD_DUMPED of waitid(2), which is what `ExecMainCode` holds. */
export const childCode = { exited: 1, killed: 2, dumped: 3 } as const;

/** Such as "203/EXEC", the way systemd itself writes it. */
export function exitStatusName(status: number): string {
    const name = names[status];
    return name === undefined ? String(status) : `${status}/${name}`;
}

/** systemd's own statuses mean that the program never ran, or not with its settings. */
export function failedBeforeStart(status: number): boolean {
    return status >= 200 && status <= 246;
}

/** Such as "SIGSEGV". */
export function signalName(signal: number): string {
    const name = Object.entries(constants.signals).find(([, number]) => number === signal)?.[0];
    return name ?? _('signal {signal}', { signal });
}

/**
 * What systemd could not set up before it ran the program, in words for people, from systemd.exec(5); null when that says
 * no more than the number.
 */
export function setupFailure(status: number): string | null {
    switch (status) {
        case 200:
            return _('Its working directory cannot be entered.');
        case 203:
            return _('Its program is missing or cannot be executed.');
        case 204:
            return _('There was not enough memory to start it.');
        case 208:
        case 209:
        case 222:
            return _('Its input or output cannot be set up as its settings require.');
        case 210:
            return _('Its root directory cannot be used.');
        case 216:
            return _('The group that it runs as does not exist or cannot be used.');
        case 217:
            return _('The user that it runs as does not exist or cannot be used.');
        case 218:
        case 227:
            return _('The privileges that its settings require cannot be granted.');
        case 224:
            return _('No log-in session could be opened for it.');
        case 225:
            return _('Its private network cannot be set up.');
        case 226:
            return _('A file or folder in its settings is missing, or its view of the filesystem cannot be set up.');
        case 228:
        case 232:
            return _('The restrictions in its settings are not supported here.');
        case 229:
        case 231:
        case 236:
            return _('The security profile in its settings cannot be used.');
        case 233:
        case 238:
        case 239:
        case 240:
        case 241:
            return _('A folder for its data cannot be created or used.');
        case 243:
            return _('A credential in its settings cannot be read.');
        default:
            return failedBeforeStart(status)
                ? _('Its settings could not be applied ({status}).', { status: exitStatusName(status) })
                : null;
    }
}

/** How a process was ended by a signal, in words for people. */
export function signalText(signal: number): string {
    const name = signalName(signal);
    switch (signal) {
        case constants.signals.SIGSEGV:
        case constants.signals.SIGBUS:
            return _('Its program crashed: it accessed memory that does not belong to it ({signal}).', {
                signal: name,
            });
        case constants.signals.SIGABRT:
            return _('Its program aborted because of an internal error ({signal}).', { signal: name });
        case constants.signals.SIGILL:
            return _('Its program crashed on an instruction that this processor does not support ({signal}).', {
                signal: name,
            });
        case constants.signals.SIGFPE:
            return _('Its program crashed on an impossible calculation ({signal}).', { signal: name });
        case constants.signals.SIGSYS:
            return _('Its program was ended for a system call that its settings forbid ({signal}).', { signal: name });
        case constants.signals.SIGKILL:
            return _('Its program was killed ({signal}).', { signal: name });
        case constants.signals.SIGTERM:
        case constants.signals.SIGINT:
        case constants.signals.SIGHUP:
            return _('Its program was told to quit ({signal}).', { signal: name });
        default:
            return _('Its program was ended by {signal}.', { signal: name });
    }
}
