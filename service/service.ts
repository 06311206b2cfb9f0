/** Puts the parts of the service together, and takes them apart again. */
import { mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Actions } from './actions/actions.ts';
import { Callers } from './approval/callers.ts';
import { Proposals } from './approval/proposals.ts';
import { AuditLog } from './audit/auditLog.ts';
import { exportAudit } from './bus/audit.ts';
import { Connection } from './bus/connection.ts';
import { ExportedObjects } from './bus/exportedObjects.ts';
import { exportIncidents } from './bus/incident.ts';
import { exportManager } from './bus/manager.ts';
import { rootPath } from './bus/paths.ts';
import { exportProposals } from './bus/proposal.ts';
import { Requests } from './bus/requests.ts';
import { SystemBus } from './bus/systemBus.ts';
import { exportTimeline } from './bus/timeline.ts';
import { Configuration } from './config/config.ts';
import { noiseBudget } from './config/use.ts';
import { makeCheck } from './diagnosis/checks.ts';
import { examine } from './doctor.ts';
import { ReeveError } from './errors.ts';
import { Executor } from './execution/executor.ts';
import { _ } from './i18n/i18n.ts';
import { Incidents } from './incidents/incidents.ts';
import { log, setLogLevel } from './log.ts';
import { Status, type Notice } from './status.ts';
import { Database } from './store/database.ts';
import { Systemd } from './system/systemd.ts';
import { Timeline } from './timeline/timeline.ts';
import { Watch } from './watch.ts';

export const busName = 'org.reevedesktop.Reeve1';

export type BusAddress = { address: string };

export type ServiceOptions = {
    session: 'session' | BusAddress;
    /** null on a machine that has none. */
    system: 'system' | BusAddress | null;
    stateDirectory: string;
    /** config.toml, which need not exist. */
    configurationFile: string;
    /** The Node and the script of the reeve command, which may approve changes on a terminal. */
    commandLine: { node: string; script: string };
};

export type Service = AsyncDisposable & {
    /** Resolves when the session bus has gone, and with it everyone whom the service could serve. */
    readonly ended: Promise<void>;
};

/**
 * @throws BusError NoServer without a session bus, NameHasOwner when the service runs already
 */
export async function startService(options: ServiceOptions): Promise<Service> {
    await using stack = new AsyncDisposableStack();
    const configuration = stack.use(new Configuration(options.configurationFile));
    setLogLevel(configuration.current.log.level);
    const opened = openDatabase(options.stateDirectory);
    const database = stack.use(opened.database);
    const status = new Status({ database });
    for (const notice of opened.notices) status.setNotice(notice);
    followConfiguration(configuration, status);

    const session = stack.use(await Connection.open(options.session));
    const systemBus = options.system === null ? null : new SystemBus(options.system);
    const connections = {
        session,
        get system() {
            return systemBus?.connection ?? null;
        },
    };

    const days = configuration.current.timeline.days;
    const timeline = new Timeline({ database, retention: { entries: 100_000, days } });
    const audit = new AuditLog({ database });
    const noise = () => noiseBudget(configuration.current, new Date());
    const incidents = new Incidents({ database, timeline, noise });
    const systemd = new Systemd(connections);
    const actions = new Actions({ systemd });
    const executor = new Executor({
        open: bus => Connection.open(bus === 'session' ? options.session : (options.system ?? 'system')),
    });
    const check = makeCheck({ systemd });
    const proposals = new Proposals({ database, incidents, audit, actions, executor, check });
    const callers = new Callers({ connection: session, commandLine: options.commandLine });

    const watch = stack.use(new Watch(signal => once(signal)));
    const objects = new ExportedObjects(session, rootPath);
    const requests = stack.use(new Requests({ objects, connection: session }));
    const actorOf = (sender: string) => callers.authorise(sender).catch(() => 'other');
    const manager = {
        pause: async (sender: string) => {
            const actor = await actorOf(sender);
            if (!setPaused(true, actor)) return;
            // Work that must not be cut short ends on its own; it has been asked to.
            void requests.cancelAll();
            await watch.stop();
        },
        resume: async (sender: string) => {
            if (setPaused(false, await actorOf(sender))) watch.start();
        },
        answerer: () => _('No model: built-in answers only'),
        doctor: () => examine({ ...connections, status, database, audit, stateDirectory: options.stateDirectory }),
    };
    const setPaused = (isPaused: boolean, actor: string) =>
        database.transaction(() => {
            const changed = status.setPaused(isPaused);
            if (changed) audit.append({ event: isPaused ? 'paused' : 'resumed', actor, subject: 'reeve', detail: '' });
            return changed;
        });
    stack.use(exportManager({ objects, path: rootPath, status, incidents, requests, ...manager }));
    stack.use(exportTimeline({ objects, path: rootPath, timeline }));
    stack.use(exportAudit({ objects, path: rootPath, audit }));
    const recheck = () => Promise.resolve({ gone: false, detail: '' });
    stack.use(exportIncidents({ objects, incidents, proposals, callers, audit, database, status, recheck }));
    stack.use(exportProposals({ objects, proposals, requests, callers, status }));
    await session.requestName(busName);
    if (!status.isPaused) watch.start();

    const everything = stack.move();
    return { ended: session.closed, [Symbol.asyncDispose]: () => everything.disposeAsync() };
}
function once(signal: AbortSignal): Promise<void> {
    return new Promise(resolve => {
        signal.addEventListener('abort', () => {
            resolve();
        });
    });
}

/** The service can still help without its memory, and a full disk is when it is wanted. */
function openDatabase(directory: string): { database: Database; notices: Notice[] } {
    try {
        const { database, replaced, reason } = Database.open(directory, log);
        if (replaced === null) return { database, notices: [] };
        return {
            database,
            notices: [
                {
                    code: 'database-replaced',
                    text: _('The database could not be used ({reason}); a new one was begun', { reason }),
                    remedy: _('The old one is kept at {path}', { path: replaced }),
                },
            ],
        };
    } catch (error) {
        if (!(error instanceof ReeveError) || error.code !== 'Unavailable') throw error;
        log('error', 'Going on with a database that will be lost', { reason: error.message });
        const lost = mkdtempSync(join(process.env.XDG_RUNTIME_DIR ?? tmpdir(), 'reeve-'));
        const { database } = Database.open(lost, log);
        return {
            database,
            notices: [
                {
                    code: 'database-unavailable',
                    text: _('Nothing can be kept in {path}: what happens now is forgotten at logout', {
                        path: directory,
                    }),
                    remedy: error.message,
                },
            ],
        };
    }
}

function followConfiguration(configuration: Configuration, status: Status): void {
    const apply = () => {
        setLogLevel(configuration.current.log.level);
        if (configuration.problems.length === 0) {
            status.clearNotice('config-invalid');
            return;
        }
        status.setNotice({
            code: 'config-invalid',
            text: configuration.problems.join('\n'),
            remedy: _('Correct {path}; the rest of it applies', { path: configuration.path }),
        });
    };
    configuration.on('changed', apply);
    apply();
}
