/** Manager.Doctor: self-checks of the service. */
import { readFile, stat } from 'node:fs/promises';
import type { AuditLog } from '../audit/auditLog.ts';
import type { Connection } from '../dbus/connection.ts';
import { _, joinStatements, ngettext } from '../i18n/i18n.ts';
import type { Check } from '../model/healthCheck.ts';
import { checkComputing } from './checkComputing.ts';
import type { Computing } from '../inference/computing.ts';
import { Format } from '../i18n/format.ts';
import type { HardwareSources } from '../machine/hardware/hardwareChecks.ts';
import type { ThisMachine } from '../machine/machine.ts';
import type { SourceStatus } from '../model/source.ts';
import type { PrivacyContext } from './privacy.ts';
import type { Status } from './status.ts';
import type { Database } from '../store/database.ts';
import { localTime } from '../text/localTime.ts';
import { version } from '../util/version.ts';

export type DoctorContext = {
    status: Status;
    database: Database;
    audit: AuditLog;
    stateDirectory: string;
    machine: ThisMachine;
    journal: HardwareSources['journal'];
    locale: string;
    /** null while there is no model that could answer. */
    computing: () => Computing | null;
} & Pick<PrivacyContext, 'settings' | 'configurationFile'>;

export type Wanted = { hardware: boolean; privacy: boolean };

const systemBusMissing = 'system-bus-missing';
/** The notice reports a source's lack once, with the reason and the remedy. By the name of the source. */
const explanations = new Map([
    ['journal', 'journal-unreadable'],
    ['systemd-system', systemBusMissing],
]);

/** Drives and buses that hang must not keep the caller waiting. Milliseconds. */
const hardwareLimit = 20_000;

/** @param wanted the checks of the hardware, or of what is private, instead of those of the service */
export async function examine(context: DoctorContext, wanted: Wanted): Promise<Check[]> {
    if (wanted.hardware) {
        const { examineHardware } = await import('../machine/hardware/hardwareChecks.ts');
        const { machine, journal, locale } = context;
        return examineHardware({ machine, journal, format: new Format(locale) }, AbortSignal.timeout(hardwareLimit));
    }
    if (wanted.privacy) {
        const { examinePrivacy } = await import('./privacy.ts');
        return await examinePrivacy({ ...context, pid: process.pid, format: new Format(context.locale) });
    }
    const { sources, notices } = context.status;
    const noticed = new Set(notices.map(({ code }) => code));
    const isExplained = ({ name, state }: SourceStatus) =>
        state !== 'watching' && noticed.has(explanations.get(name) ?? '');
    return [
        fine('service', _('Service'), _('Reeve {version} on Node {node}', { version, node: process.versions.node })),
        ...sources.filter(source => !isExplained(source)).map(checkSource),
        ...notices.map(({ code, text, remedy }): Check => ({
            id: code,
            title: _('Notice'),
            status: 'problem',
            detail: text,
            remedy,
        })),
        ...(noticed.has(systemBusMissing) ? [] : [checkSystemBus(context.machine.system)]),
        await checkShell(context.machine.session),
        checkDatabase(context.database),
        checkAudit(context.audit),
        await checkDirectory(context.stateDirectory),
        await checkSandbox(),
        checkComputing(context.computing()),
    ];
}

function fine(id: string, title: string, detail: string): Check {
    return { id, title, status: 'fine', detail, remedy: '' };
}

function checkSource({ name, state, detail, events, lost, lastEvent, lag }: SourceStatus): Check {
    const title = _('Source “{name}”', { name });
    const id = `source-${name}`;
    const remedy = '';
    switch (state) {
        case 'watching': {
            // The reason for missing data explains more than the lack itself.
            const parts =
                events === 0 && detail !== ''
                    ? []
                    : [ngettext('{count} event so far', '{count} events so far', events)];
            if (lastEvent !== undefined) {
                const time = localTime(lastEvent);
                // A time that was not measured must not show as 0 ms.
                parts.push(
                    lag === undefined
                        ? _('the last at {time}', { time })
                        : _('the last at {time}, noticed after {milliseconds} ms', {
                              time,
                              milliseconds: Math.round(lag / 1000),
                          }),
                );
            }
            if (lost > 0) parts.push(_('{lost} lost', { lost }));
            if (detail !== '') parts.push(detail);
            const isWhole = lost === 0 && detail === '';
            return {
                id,
                title,
                status: isWhole ? 'fine' : 'note',
                detail: joinStatements(parts),
                remedy,
            };
        }
        case 'off':
            return { id, title, status: 'note', detail: detail || _('Not watched'), remedy };
        case 'starting':
            return { id, title, status: 'note', detail: detail || _('Opening'), remedy };
        case 'unavailable':
            return { id, title, status: 'note', detail: detail || _('Not available on this computer'), remedy };
        case 'waiting':
            return { id, title, status: 'problem', detail: detail || _('Interrupted; about to be restarted'), remedy };
    }
}

function checkSystemBus(system: Connection | null): Check {
    const title = _('System bus');
    if (system !== null) return fine('system-bus', title, _('Connected'));
    return {
        id: 'system-bus',
        title,
        status: 'problem',
        detail: _('Not connected: Reeve can neither watch nor change system services'),
        remedy: '',
    };
}

async function checkShell(session: Connection): Promise<Check> {
    const title = _('GNOME Shell');
    const owner = await session.nameOwner('org.gnome.Shell');
    if (owner !== null) return fine('shell', title, _('Running; it can approve changes'));
    const detail = _('Not running: changes can be approved only in a terminal');
    return { id: 'shell', title, status: 'note', detail, remedy: '' };
}

function checkDatabase({ connection }: Database): Check {
    const title = _('Database');
    const verdict = connection.prepare('PRAGMA quick_check(1)').get()?.quick_check;
    if (verdict === 'ok') return fine('database', title, _('Intact'));
    return {
        id: 'database',
        title,
        status: 'problem',
        detail: String(verdict),
        remedy: _('Restart the service: it sets a damaged database aside and starts a new one'),
    };
}

function checkAudit(audit: AuditLog): Check {
    const title = _('Audit log');
    const { ok, checked, detail } = audit.verify();
    if (ok)
        return fine('audit', title, ngettext('{count} entry, chain intact', '{count} entries, chain intact', checked));
    return { id: 'audit', title, status: 'problem', detail, remedy: _('Find out who changed the database') };
}

async function checkDirectory(path: string): Promise<Check> {
    const title = _('State directory');
    const { mode, uid } = await stat(path);
    const isPrivate = (mode & 0o077) === 0 && uid === process.getuid?.();
    if (isPrivate) return fine('state-directory', title, path);
    return {
        id: 'state-directory',
        title,
        status: 'problem',
        detail: _('Other users can read {path}', { path }),
        remedy: `chmod 700 ${path}`,
    };
}

/** proc_pid_status(5): NoNewPrivs is 1 and Seccomp is 2 (filter) when systemd has applied the unit's hardening. */
async function checkSandbox(): Promise<Check> {
    const title = _('Sandbox');
    const status = await readFile('/proc/self/status', 'utf8');
    const isHardened = /^NoNewPrivs:\t1$/m.test(status) && /^Seccomp:\t2$/m.test(status);
    if (isHardened)
        return fine('sandbox', title, _('The service cannot gain privileges; its system calls are filtered'));
    return {
        id: 'sandbox',
        title,
        status: 'note',
        detail: _('The service runs without the restrictions of its systemd unit'),
        remedy: '',
    };
}
