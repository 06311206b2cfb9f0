import type { Scope } from '../model/unit.ts';
import { isUnitName, unnumbered } from '../model/unitName.ts';
import { BoundedMap } from '../util/boundedMap.ts';
import type { LogEntry } from '../journal/logEntry.ts';

/**
 * Who wrote an entry, as far as it can be known. In a journal, that follows from the fields that journald itself adds, which
 * begin with an underscore and cannot be forged (systemd.journal-fields(7), "Trusted Journal Fields"), except that a process
 * chooses its own `_COMM` (PR_SET_NAME(2const)). A plain-text log has only what the writer says about itself.
 */
export type Writer =
    /** The service manager of the system, or a user's. */
    | { kind: 'manager'; scope: Scope }
    /** A process of a unit. */
    | { kind: 'unit'; scope: Scope; unit: string }
    | { kind: 'kernel' }
    /** A line of text that does not say who wrote it. */
    | { kind: 'unknown' }
    | { kind: 'other' };

const systemManager: Writer = { kind: 'manager', scope: 'system' };
const userManager: Writer = { kind: 'manager', scope: 'user' };
const kernel: Writer = { kind: 'kernel' };
const unknown: Writer = { kind: 'unknown' };
const other: Writer = { kind: 'other' };

/** @param uid the user whose own manager is trusted; null for that of any user */
export function writerOf(entry: LogEntry, uid: number | null): Writer {
    const transport = entry.field('_TRANSPORT');
    if (transport === null) return writerOfText(entry);
    if (transport === 'kernel') {
        // Until journald runs, PID 1 logs to /dev/kmsg, which only root can write; journald takes the identifier and the
        // PID from the line (dev_kmsg_record() in systemd's src/journal/journald-kmsg.c).
        const isManager = entry.field('SYSLOG_IDENTIFIER') === 'systemd' && entry.field('SYSLOG_PID') === '1';
        return isManager ? systemManager : kernel;
    }
    if (entry.field('_PID') === '1') return systemManager;
    const userUnit = entry.field('_SYSTEMD_USER_UNIT');
    if (userUnit !== null) {
        if (uid !== null && entry.field('_UID') !== String(uid)) return other;
        // A user's manager runs in init.scope of its own control group, user@UID.service.
        if (userUnit === 'init.scope' && entry.field('_COMM') === 'systemd') return userManager;
        return writerOfUnit('user', userUnit);
    }
    const unit = entry.field('_SYSTEMD_UNIT');
    return unit === null ? other : writerOfUnit('system', unit);
}

/** A few units write most of a journal. */
const writers = { system: new BoundedMap<string, Writer>(128), user: new BoundedMap<string, Writer>(128) };

function writerOfUnit(scope: Scope, unit: string): Writer {
    return writers[scope].getOrInsert(unit, () =>
        isUnitName(unit) ? { kind: 'unit', scope, unit: unnumbered(unit) } : other,
    );
}

function writerOfText(entry: LogEntry): Writer {
    const identifier = entry.field('SYSLOG_IDENTIFIER');
    if (identifier === null) return unknown;
    if (identifier === 'kernel') return kernel;
    if (identifier !== 'systemd') return other;
    const pid = entry.field('SYSLOG_PID');
    return pid === null || pid === '1' ? systemManager : userManager;
}
