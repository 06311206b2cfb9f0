/** Puts the parts of the service together, and takes them apart again. */
import { join } from 'node:path';

import { Actions } from './actions/actions.ts';
import { Callers } from './approval/callers.ts';
import { Proposals } from './approval/proposals.ts';
import { Assistant } from './assistant/assistant.ts';
import { Conversations } from './assistant/conversations.ts';
import { AuditLog } from './audit/auditLog.ts';
import { exportAssistant } from './api/assistant.ts';
import { exportAudit } from './api/audit.ts';
import { Connection } from './dbus/connection.ts';
import { ExportedObjects } from './dbus/exportedObjects.ts';
import { exportIncidents } from './api/incident.ts';
import { exportManager } from './api/manager.ts';
import { exportModels } from './api/models.ts';
import { rootPath } from './api/paths.ts';
import { exportProposals } from './api/proposal.ts';
import { Requests } from './api/requests.ts';
import { SystemBus } from './dbus/systemBus.ts';
import { exportSettings } from './api/settings.ts';
import { exportTimeline } from './api/timeline.ts';
import { Configuration } from './config/config.ts';
import { isIgnored, noiseBudget } from './config/use.ts';
import { faultOfChange } from './detection/changeFaults.ts';
import { Detector } from './detection/detector.ts';
import type { LogEntry } from './detection/logEntry.ts';
import { NewErrors } from './detection/newErrors.ts';
import { standingOf } from './detection/standing.ts';
import { Watcher } from './detection/watcher.ts';
import { makeCheck } from './diagnosis/checks.ts';
import { Diagnosis } from './diagnosis/diagnosis.ts';
import { Rechecks } from './diagnosis/rechecks.ts';
import { Suspects } from './diagnosis/suspects.ts';
import { examine } from './lifecycle/doctor.ts';
import { ReeveError } from './util/errors.ts';
import { Executor } from './execution/executor.ts';
import { _ } from './i18n/i18n.ts';
import { languages } from './i18n/locale.ts';
import { Incidents } from './incidents/incidents.ts';
import { describeComputing } from './inference/computing.ts';
import { Inference } from './inference/inference.ts';
import { describeAnswerer, makeThinkers } from './inference/thinkers.ts';
import type { MuteKey } from './incidents/mutes.ts';
import { releaseMemoryWhenIdle } from './lifecycle/memory.ts';
import type { NewTimelineEntry } from './model/timelineEntry.ts';
import type { Scope } from './model/unit.ts';
import { Models } from './models/models.ts';
import { followConfiguration, keepConnected, noticeJournalAccess, openDatabase } from './lifecycle/notices.ts';
import { Journal } from './journal/journal.ts';
import { RegularLooks } from './sources/looks/regularLooks.ts';
import { superviseSources } from './sources/registry.ts';
import { TextLog } from './sources/textLog.ts';
import { UnitStates } from './sources/unitStates.ts';
import { Status } from './lifecycle/status.ts';
import { queryJournal, type JournalQuery } from './journal/query.ts';
import { journalAccess } from './journal/access.ts';
import type { JournalPlace } from './journal/journalctl.ts';
import { Systemd } from './machine/units/systemd.ts';
import { Contents } from './store/contents.ts';
import { noteActions } from './timeline/ownActions.ts';
import { Timeline } from './timeline/timeline.ts';
import { UnitChanges } from './timeline/unitChanges.ts';
import { run } from './machine/run.ts';
import { version } from './util/version.ts';
import { Watch } from './lifecycle/watch.ts';

export const busName = 'org.reevedesktop.Reeve1';

export type BusAddress = { address: string };

export type ServiceOptions = {
    session: 'session' | BusAddress;
    /** null on a machine that has none. */
    system: 'system' | BusAddress | null;
    /** "/", and the user's home directory: whose files and devices are watched. */
    root: string;
    home: string;
    stateDirectory: string;
    /** Where models are kept, in a folder of their own. */
    dataDirectory: string;
    /** Where models are fetched from, "https://host"; Hugging Face's hub by default. */
    hub?: string;
    /** config.toml, which need not exist. */
    configurationFile: string;
    /** The Node and the script of the reeve command, which may approve changes on a terminal. */
    commandLine: { node: string; script: string };
    /** null to read none. A journal other than this machine's is read from its first entry. */
    journal: JournalPlace | null;
    /** A plain-text log to look through as well; null for none. */
    text: string | null;
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
    const opened = openDatabase(options.stateDirectory);
    stack.defer(opened.release);
    const { database } = opened;
    const status = new Status({ database });
    for (const notice of opened.notices) status.setNotice(notice);
    followConfiguration(configuration, status);

    const session = stack.use(await Connection.open(options.session));
    const systemBus = options.system === null ? null : new SystemBus(options.system);
    if (systemBus !== null) stack.defer(keepConnected(systemBus, status));
    const machine = {
        root: '/',
        run,
        session,
        get system() {
            return systemBus?.connection ?? null;
        },
    };

    const days = configuration.current.timeline.days;
    const timeline = new Timeline({ database, retention: { entries: 100_000, days } });
    const contents = new Contents(options.stateDirectory);
    const audit = new AuditLog({ database });
    const noise = () => noiseBudget(configuration.current, new Date());
    const incidents = stack.use(new Incidents({ database, timeline, noise }));
    timeline.on('added', entry => {
        if (entry.kind === 'suspend' && entry.event === 'resume') incidents.expectBurst();
        const finding = faultOfChange(entry);
        if (finding !== null && !isIgnored(configuration.current, finding.subject)) incidents.report(finding);
    });
    const systemd = new Systemd(machine);
    // A log that was brought from elsewhere tells of another system, of which the managers of this one know nothing.
    const isOfThisMachine = options.journal?.kind === 'machine' && options.text === null;
    const watched = isOfThisMachine ? systemd : new Systemd({ system: null, session: null });
    const watchedMachine = isOfThisMachine ? machine : null;
    const actions = new Actions({ systemd: watched, contents, machine: watchedMachine });
    const executor = new Executor({
        open: bus => {
            const address = options[bus];
            if (address === null) throw new ReeveError('Unavailable', _('There is no system bus here'));
            return Connection.open(address);
        },
    });
    const check = makeCheck({ systemd: watched, machine: watchedMachine });
    const place = options.journal ?? { kind: 'machine' };
    const journal = {
        query: (query: JournalQuery) => queryJournal({ place, ...query }),
        access: () => (place.kind === 'machine' ? journalAccess() : Promise.resolve('system' as const)),
    };
    const asking = { systemd: watched, journal };
    const proposals = new Proposals({ database, incidents, audit, actions, executor, check, ...asking });
    const suspects = new Suspects({ timeline, run });
    noteActions({ proposals, timeline });
    const diagnosis = new Diagnosis({
        ...{ incidents, proposals, actions, suspects, check, run },
        machine: watchedMachine,
        ...asking,
    });
    // Not asked of Intl: that loads eight megabytes, which only an answer with numbers in it needs.
    const locale = languages(process.env)[0]?.replace('_', '-') ?? 'en';
    const conversations = new Conversations({ database });
    const settings = () => configuration.current.assistant;
    const sources = { machine, systemd, journal, incidents, proposals, timeline, version, locale };
    const { hub } = options;
    const models = stack.use(
        await Models.open({
            folder: join(options.dataDirectory, 'models'),
            machine,
            locale,
            ...(hub !== undefined && { hub }),
        }),
    );
    const inference = stack.use(
        new Inference({
            settings: () => configuration.current,
            machine,
            session,
            system: () => systemBus?.connection ?? null,
            folder: join(options.stateDirectory, 'inference'),
        }),
    );
    for (const part of [configuration, models, inference]) part.on('changed', () => status.emit('changed'));
    const thinkers = makeThinkers({ models, inference });
    const assistant = new Assistant({ ...sources, conversations, settings, models: { thinkers, proposals } });
    const callers = new Callers({ connection: session, commandLine: options.commandLine });

    const isWanted = options.journal?.kind !== 'machine' || configuration.current.watch.journal;
    const journalSource = options.journal === null || !isWanted ? null : new Journal(options.journal);
    const managers = isOfThisMachine
        ? [
              new UnitStates({ scope: 'system', systemd, bus: systemBus }),
              new UnitStates({ scope: 'user', systemd, bus: session }),
          ]
        : [];
    const textLog = options.text === null ? null : new TextLog(options.text);
    for (const source of [journalSource, textLog, ...managers]) if (source !== null) status.addSource(source);
    if (journalSource !== null) noticeJournalAccess(journalSource, status);
    const looks = stack.use(new RegularLooks(() => configuration.current.watch.look_every * 1000));
    configuration.on('changed', () => {
        looks.reconsider();
    });
    const surroundings = {
        root: options.root,
        home: options.home,
        database,
        session,
        system: systemBus,
        timeline,
        contents,
        looks,
        standing: (change: NewTimelineEntry) =>
            standingOf(change, { incidents, isIgnored: subject => isIgnored(configuration.current, subject) }),
    };
    const supervised = isOfThisMachine ? superviseSources({ surroundings, status, configuration }) : [];
    const isExplained = (unit: string, scope: Scope) =>
        incidents.list().some(({ state, subject, scope: of }) => state === 'open' && subject === unit && of === scope);
    const watcher = new Watcher({
        database,
        incidents,
        timeline,
        systemd: watched,
        check: (incident, checkOptions) => diagnosis.check(incident, checkOptions),
        managers,
        unitChanges: stack.use(new UnitChanges({ timeline })),
        newErrors: new NewErrors({ database, timeline, isExplained }),
        journal: journalSource,
        isIgnored: unit => isIgnored(configuration.current, unit),
        // A journal that was brought from elsewhere may be about anybody.
        uid: options.journal?.kind === 'machine' ? (process.getuid?.() ?? null) : null,
    });
    const interrupted = { isResolved: false };
    const watch = stack.use(
        new Watch(async signal => {
            await systemBus?.tried;
            if (!interrupted.isResolved) await proposals.resolveInterrupted();
            interrupted.isResolved = true;
            incidents.expectBurst();
            const diagnosing = diagnosis.start();
            const rechecks = new Rechecks({ incidents, timeline, recheck: id => diagnosis.tryRecheck(id) });
            await Promise.all([
                watcher.run(signal),
                textLog === null ? null : findIn(textLog, incidents, signal),
                ...supervised.map(source => source.run(signal)),
            ]);
            rechecks[Symbol.dispose]();
            diagnosing[Symbol.dispose]();
        }),
    );
    const objects = new ExportedObjects(session, rootPath);
    const requests = stack.use(new Requests({ objects, connection: session }));
    const actorOf = (sender: string) => callers.authorise(sender).catch(() => 'other');
    const manager = {
        pause: async (sender: string) => {
            const actor = await actorOf(sender);
            if (!setPaused(true, actor)) return;
            // Work that must not be cut short ends on its own; it has been asked to.
            void requests.cancelAll();
            await Promise.all([watch.stop(), inference.unload('asked')]);
        },
        resume: async (sender: string) => {
            if (!setPaused(false, await actorOf(sender))) return;
            watcher.forget();
            watch.start();
        },
        unmute: async (sender: string, mute: MuteKey) => {
            const actor = await actorOf(sender);
            database.transaction(() => {
                if (!incidents.mutes.remove(mute)) {
                    throw new ReeveError('NotFound', _('{subject} is not muted', { subject: mute.subject }));
                }
                audit.append({
                    event: 'unmuted',
                    actor,
                    subject: mute.subject,
                    detail: `${mute.scope} ${mute.family}`,
                });
            });
        },
        answerer: () => describeAnswerer({ models, inference }),
        doctor: () => {
            const { stateDirectory } = options;
            const computing = describeComputing({ models, inference });
            const hasModel = models.list().length > 0 || computing.accelerator === 'remote';
            return examine({
                ...machine,
                status,
                database,
                audit,
                stateDirectory,
                computing: hasModel ? computing : null,
            });
        },
    };
    const setPaused = (isPaused: boolean, actor: string) =>
        database.transaction(() => {
            const changed = status.setPaused(isPaused);
            if (changed) audit.append({ event: isPaused ? 'paused' : 'resumed', actor, subject: 'reeve', detail: '' });
            return changed;
        });
    stack.use(releaseMemoryWhenIdle({ requests, status, database }));
    stack.use(exportManager({ objects, path: rootPath, status, incidents, requests, ...manager }));
    stack.use(exportAssistant({ objects, path: rootPath, assistant, conversations, requests, status, incidents }));
    stack.use(exportTimeline({ objects, path: rootPath, timeline }));
    stack.use(exportAudit({ objects, path: rootPath, audit }));
    stack.use(exportIncidents({ objects, incidents, proposals, callers, audit, database, status, diagnosis }));
    stack.use(exportProposals({ objects, proposals, requests, callers, status }));
    stack.use(exportModels({ objects, path: rootPath, models, inference, requests, status }));
    stack.use(exportSettings({ objects, path: rootPath, configuration }));
    await session.requestName(busName);
    if (!status.isPaused) watch.start();

    const everything = stack.move();
    return { ended: session.closed, [Symbol.asyncDispose]: () => everything.disposeAsync() };
}

/** What a log from elsewhere tells is taken as it is: nobody can be asked how things are there now. */
async function findIn(textLog: TextLog, incidents: Incidents, signal: AbortSignal): Promise<void> {
    const detector = new Detector({ uid: null });
    const take = (entry: LogEntry) => {
        for (const verdict of detector.feed(entry)) {
            if ('finding' in verdict) incidents.report(verdict.finding);
        }
    };
    await textLog.run(take, signal);
}
