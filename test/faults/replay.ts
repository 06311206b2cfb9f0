// Puts entries into the journal of a test desktop with the fields that journald itself adds, through systemd's own code. What
// stands in them must be what the kernel or the program really writes; each scenario says where that is to be seen.
import type { Desktop } from '../desktop/desktop.ts';

export type Entry = Record<string, string | number>;

/** A line of the kernel. @param priority as in syslog(3): 2 critical, 3 error, 4 warning, 6 information */
export function kernel(message: string, priority = 3): Entry {
    return {
        _TRANSPORT: 'kernel',
        SYSLOG_IDENTIFIER: 'kernel',
        SYSLOG_FACILITY: 0,
        PRIORITY: priority,
        MESSAGE: message,
    };
}

/** What auditd's kernel side reports, as journald takes it from netlink (systemd.journal-fields(7)). */
export function audit(type: number, message: string): Entry {
    return { _TRANSPORT: 'audit', SYSLOG_IDENTIFIER: 'audit', _AUDIT_TYPE: type, PRIORITY: 5, MESSAGE: message };
}

/** A line of a system service, on its standard error. */
export function service(unit: string, program: string, message: string, priority = 4): Entry {
    return {
        _TRANSPORT: 'syslog',
        _SYSTEMD_UNIT: unit,
        _COMM: program,
        _UID: 0,
        _PID: 812,
        SYSLOG_IDENTIFIER: program,
        PRIORITY: priority,
        MESSAGE: message,
    };
}

/** For what counts only once it persists: the same time ago on the computer's clock, though the journal gets it only now. */
export function earlier(seconds: number, entry: Entry): Entry {
    return { ...entry, __REALTIME_TIMESTAMP: `@-${seconds * 1000}` };
}

/**
 * The time is taken last: who follows the journal gets nothing that is older than what was read last (next_beyond_location() in
 * src/libsystemd/sd-journal/sd-journal.c of systemd), which other entries may be that are logged meanwhile.
 */
const script = `
boot=$(tr -d - </proc/sys/kernel/random/boot_id) machine=$(cat /etc/machine-id)
up=$(awk '{ printf "%.0f", $1 * 1000000 }' /proc/uptime)
awk -F@ -v boot="$boot" -v machine="$machine" -v up="$up" -v now="$(date +%s%6N)" '
    /^__REALTIME_TIMESTAMP=@/ { printf "%s%.0f\\n", $1, now + 1000 * $2; next }
    /^__MONOTONIC_TIMESTAMP=@/ { printf "%s%.0f\\n", $1, up + 1000 * $2; next }
    /^_BOOT_ID=$/ { print $0 boot; next }
    /^_MACHINE_ID=$/ { print $0 machine; next }
    { print }' |
    /usr/lib/systemd/systemd-journal-remote --output=/var/log/journal/$machine/replayed.journal -
`;

/** Writes the entries in this order, a millisecond apart, as of now. */
export async function replay(desktop: Desktop, ...entries: Entry[]): Promise<void> {
    const exported = entries.map((entry, index) => {
        const fields: Entry = {
            __REALTIME_TIMESTAMP: `@${index}`,
            __MONOTONIC_TIMESTAMP: `@${index}`,
            _BOOT_ID: '',
            _MACHINE_ID: '',
            _HOSTNAME: 'desktop',
            ...entry,
        };
        return Object.entries(fields)
            .map(([name, value]) => `${name}=${value}\n`)
            .join('');
    });
    await desktop.exec(['sh', '-c', script], { input: `${exported.join('\n')}\n` });
}
