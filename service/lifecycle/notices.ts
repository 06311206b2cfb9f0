/** What keeps the service from doing all of its work, reported as notices for as long as it lasts. */
import type { EventEmitter } from 'node:events';
import { existsSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { AuditLog } from '../audit/auditLog.ts';
import { witnessInJournal } from '../audit/witnesses.ts';
import type { SystemBus } from '../dbus/systemBus.ts';
import type { Configuration } from '../config/config.ts';
import { ReeveError, messageOf } from '../util/errors.ts';
import { _ } from '../i18n/i18n.ts';
import { log, setLogLevel } from '../util/log.ts';
import { inotifyLimit } from '../sources/files/inotify.ts';
import type { Journal } from '../journal/journal.ts';
import type { Notice, Status } from './status.ts';
import type { Incidents } from '../incidents/incidents.ts';
import type { LocalRules } from '../localRules/localRules.ts';
import { isClosed } from '../incidents/merge.ts';
import { isLocal, type Incident } from '../model/incident.ts';
import type { PollClock } from '../sources/pollClock.ts';
import { Database } from '../store/database.ts';
import { lockFolder } from '../store/folderLock.ts';
import { restoredKey, restoredSchema } from '../store/restored.ts';
import { readState } from '../store/stored.ts';

const storageMissing = 'database-unavailable';

/** How long a replaced database is reported, unless the user removes the kept copy earlier. Microseconds. */
const replacementShown = 7 * 86_400_000_000;

/**
 * The service can still help without its database, and a full disk is when people need it.
 *
 * @returns isKept: false for a database that is lost when the service ends
 * @throws ReeveError Busy while another service has the directory
 */
export function openDatabase(
    directory: string,
): { database: Database; notices: Notice[]; isKept: boolean } & Disposable {
    try {
        using stack = new DisposableStack();
        stack.use(lockFolder(directory));
        const { database, audit } = openStored(directory);
        stack.use(database);
        const held = stack.move();
        const dispose = () => {
            held.dispose();
        };
        return { database, notices: replacementNotices(audit), isKept: true, [Symbol.dispose]: dispose };
    } catch (error) {
        if (!(error instanceof ReeveError) || error.code !== 'Unavailable') throw error;
        log('error', 'Going on with a database that will be lost', { reason: error.message });
        const temporary = mkdtempSync(join(process.env.XDG_RUNTIME_DIR ?? tmpdir(), 'reeve-'));
        const { database } = Database.open(temporary, log);
        const dispose = () => {
            database[Symbol.dispose]();
            rmSync(temporary, { recursive: true, force: true });
        };
        const notice = {
            code: storageMissing,
            text: _('Nothing can be stored in {path}: what happens now is forgotten when you log out', {
                path: directory,
            }),
            remedy: error.message,
        };
        return { database, notices: [notice], isKept: false, [Symbol.dispose]: dispose };
    }
}

/** @throws ReeveError Unavailable */
function openStored(directory: string): { database: Database; audit: AuditLog } {
    const { database, replaced, reason, isReturned } = Database.open(directory, log);
    const audit = new AuditLog({ database, witness: witnessInJournal });
    if (replaced !== null) {
        const event = isReturned ? 'database-returned' : 'database-replaced';
        audit.append({ event, actor: 'service', subject: replaced, detail: reason });
    }
    recordRestore(database, audit);
    return { database, audit };
}

/** Only the service itself is believed by those who verify the log, so it records what `reeve restore` did. */
function recordRestore(database: Database, audit: AuditLog): void {
    const restored = readState(database, restoredKey, restoredSchema());
    if (restored === null) return;
    database.transaction(() => {
        const { from: detail, before: subject } = restored;
        audit.append({ event: 'database-restored', actor: 'terminal', subject, detail });
        database.setState(restoredKey, '');
    });
}

type Changes = { count: (kind: 'change') => number } & Pick<EventEmitter<{ changed: [] }>, 'on' | 'off'>;

/**
 * Waits until what could not be stored in `directory` can be. Only a new start of the service can go on with that database: it
 * reads the journal from where the one before stopped, so what was kept in between is found again. The audit log is taken along.
 *
 * @param notices of `openDatabase`; while the database is the right one, nothing waits
 * @param dependencies.database the one in use until then
 * @param dependencies.requests the service does not end while one of them changes something
 */
export function awaitStorage(
    directory: string,
    notices: readonly Notice[],
    dependencies: { database: Database; pollClock: PollClock; incidents: Incidents; requests: Changes },
): { returned: Promise<void> } & Disposable {
    const { database, pollClock, incidents, requests } = dependencies;
    const { promise, resolve } = Promise.withResolvers<undefined>();
    const stop = new AbortController();
    if (!notices.some(({ code }) => code === storageMissing)) stop.abort();
    let isPutOff = false;
    const attempt = () => {
        isPutOff = requests.count('change') > 0;
        if (isPutOff) return;
        try {
            using stack = new DisposableStack();
            stack.use(lockFolder(directory));
            copyAudit(database, stack.use(openStored(directory).database));
        } catch {
            return;
        }
        resolve(undefined);
        stop.abort();
    };
    const afterChange = () => {
        if (isPutOff && !stop.signal.aborted) attempt();
    };
    // Space that was freed usually ends an incident; nothing announces it otherwise.
    const afterIncident = ({ state }: Incident) => {
        if (isClosed(state) && !stop.signal.aborted) attempt();
    };
    const poll = async () => {
        for (;;) {
            await pollClock.next(stop.signal);
            if (stop.signal.aborted) return;
            attempt();
        }
    };
    if (!stop.signal.aborted) {
        incidents.on('changed', afterIncident);
        requests.on('changed', afterChange);
        void poll();
    }
    return {
        returned: promise,
        [Symbol.dispose]: () => {
            stop.abort();
            incidents.off('changed', afterIncident);
            requests.off('changed', afterChange);
        },
    };
}

/** Each entry keeps its time; its number and its hash follow from where it goes. */
function copyAudit(from: Database, to: Database): void {
    const entries = new AuditLog({ database: from }).list({ limit: -1 }).reverse();
    to.transaction(() => {
        for (const { event, actor, subject, detail, time } of entries)
            new AuditLog({ database: to, clock: () => time, witness: witnessInJournal }).append({
                event,
                actor,
                subject,
                detail,
            });
    });
}

/** Read from the audit log, so that a restart does not hide it. */
function replacementNotices(audit: AuditLog): Notice[] {
    const replaced = audit.latest(['database-replaced', 'database-returned']);
    if (replaced === null || !existsSync(replaced.subject)) return [];
    if (Date.now() * 1000 - replaced.time > replacementShown) return [];
    const { event, detail: reason, subject: path } = replaced;
    const notice = {
        code: event,
        text:
            event === 'database-returned'
                ? _('The database is of a newer version of Reeve, so the one from before the update is used again')
                : _('The database could not be used ({reason}), so a new one was started', { reason }),
        remedy:
            event === 'database-returned'
                ? _('What the newer version learned is kept at {path}; delete it when you no longer need it', { path })
                : _('The old one is kept at {path}; delete it when you no longer need it', { path }),
    };
    return [notice];
}

export function followConfiguration(configuration: Configuration, status: Status): void {
    const apply = () => {
        setLogLevel(configuration.current.log.level);
        const { path, watchError } = configuration;
        if (watchError !== null) status.setNotice(unwatched(path, watchError));
        if (configuration.problems.length === 0) {
            status.clearNotice('config-invalid');
            return;
        }
        status.setNotice({
            code: 'config-invalid',
            text: configuration.problems.join('\n'),
            remedy: _('Correct {path}; until then, the wrong settings are ignored', { path }),
        });
    };
    configuration.on('changed', apply);
    apply();
}

/** Closes incidents of rules that are gone, and reports mistakes in the files of rules. */
export function followLocalRules(
    rules: LocalRules,
    { status, incidents }: { status: Status; incidents: Incidents },
): Disposable {
    const code = 'local-rules-invalid';
    const apply = () => {
        for (const { id, family, kind, state } of incidents.list())
            if (state === 'open' && isLocal({ family }) && !rules.mayHave(family, kind))
                incidents.setState(id, 'dismissed', _('The rule that reported it was removed'));
        if (rules.problems.length === 0) {
            status.clearNotice(code);
            return;
        }
        status.setNotice({
            code,
            text: rules.problems.join('\n'),
            remedy: _('Correct the file; until then, its last valid version is used'),
        });
    };
    rules.on('changed', apply);
    apply();
    return {
        [Symbol.dispose]: () => {
            rules.off('changed', apply);
        },
    };
}

/** The notice for a configuration file whose changes go unnoticed, and why: a limit of inotify(7) has a name. */
export function unwatched(path: string, error: unknown): Notice {
    const limit = inotifyLimit(error);
    const reason = messageOf(error);
    return {
        code: 'config-unwatched',
        text: `${path}: ${_('changes are not noticed ({reason})', { reason })}`,
        remedy:
            limit === null
                ? _('Restart Reeve when you have changed it')
                : _('Raise {setting}, then restart Reeve', { setting: `fs.inotify.${limit}` }),
    };
}

/** Disposing of the result ends the connection. */
export function keepConnected(systemBus: SystemBus, status: Status): AsyncDisposable {
    systemBus.on('connected', () => {
        status.clearNotice('system-bus-missing');
    });
    systemBus.on('lost', reason => {
        status.setNotice({
            code: 'system-bus-missing',
            text: _('Reeve can neither watch nor change system services: {reason}', { reason }),
            remedy: '',
        });
    });
    const stopping = new AbortController();
    const done = systemBus.run(stopping.signal);
    return {
        [Symbol.asyncDispose]: () => {
            stopping.abort();
            return done;
        },
    };
}

/** systemd-journald.service(8), "Access Control": which groups may read the system's journal. */
export function noticeJournalAccess(journal: Journal, status: Status): void {
    const code = 'journal-unreadable';
    journal.on('status', ({ state }) => {
        if (state === 'off' || state === 'starting') return;
        if (journal.access === 'system') {
            status.clearNotice(code);
            return;
        }
        if (!journal.isKept) {
            const text = _('There is no journal on this computer, so Reeve can explain less about faults');
            status.setNotice({ code, text, remedy: '' });
            return;
        }
        status.setNotice({
            code,
            text:
                journal.access === 'own'
                    ? _('You can read only what your own programs log, so Reeve can explain less about system faults')
                    : _('You are not allowed to read the journal, so Reeve can explain less about faults'),
            remedy: _('Run “{command}” to become a member of a group that may read it, then log in again', {
                command: 'reeve setup',
            }),
        });
    });
}
