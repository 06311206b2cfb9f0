/** Assembles the parts of the service, and disposes of them. */
import { join } from 'node:path';

import { Actions } from './actions/actions.ts';
import { exportAssistant } from './api/assistant.ts';
import { exportAudit } from './api/audit.ts';
import { exportGrants } from './api/grants.ts';
import { exportIncidents } from './api/incident.ts';
import { exportManager } from './api/manager.ts';
import { exportModels } from './api/models.ts';
import { exportProposals } from './api/proposal.ts';
import { exportTasks } from './api/task.ts';
import { Requests } from './api/requests.ts';
import { exportSettings } from './api/settings.ts';
import { exportServices } from './api/services.ts';
import { exportPreferences } from './api/preferences.ts';
import { exportTimeline } from './api/timeline.ts';
import { Callers } from './approval/callers.ts';
import { Grants } from './approval/grants.ts';
import { Proposals } from './approval/proposals.ts';
import { GrantedFixes } from './approval/grantedFixes.ts';
import { Preferences } from './preferences/preferences.ts';
import { Conversations } from './assistant/conversation/conversations.ts';
import { AuditLog } from './audit/auditLog.ts';
import { witnessInJournal } from './audit/witnesses.ts';
import { Configuration } from './config/config.ts';
import { isIgnoredBy, noiseBudget, serverOf } from './config/use.ts';
import { Connection, type BusAddress } from './dbus/connection.ts';
import { Demo } from './demo/demo.ts';
import { demoFiles } from './demo/files.ts';
import { ExportedObjects } from './dbus/exportedObjects.ts';
import { SystemBus } from './dbus/systemBus.ts';
import { reportChanges } from './detection/changeReports.ts';
import { NewErrors } from './detection/newErrors.ts';
import { incidentStatusOf } from './detection/incidentStatus.ts';
import { translateIncidents } from './detection/incidentLanguage.ts';
import { Watcher } from './detection/watcher.ts';
import { makeCheck } from './diagnosis/check.ts';
import { Diagnosis } from './diagnosis/diagnosis.ts';
import { Guides } from './diagnosis/guides.ts';
import { Suspects } from './diagnosis/suspects.ts';
import type { Executor } from './execution/executor.ts';
import { opener } from './execution/opener.ts';
import { Mechanism } from './execution/mechanism.ts';
import { localeTag } from './i18n/locale.ts';
import { families, faultOfChange } from './faults/index.ts';
import { Incidents } from './incidents/incidents.ts';
import { computingOfModels } from './inference/computing.ts';
import { Inference } from './inference/inference.ts';
import { describeAnswerer, makeThinkers } from './inference/thinkers.ts';
import type { Wanted } from './lifecycle/doctor.ts';
import { releaseMemoryWhenIdle } from './lifecycle/memory.ts';
import {
    followConfiguration,
    followLocalRules,
    awaitStorage,
    keepConnected,
    openDatabase,
} from './lifecycle/notices.ts';
import { ModelServers } from './lifecycle/modelServers.ts';
import { Pause } from './lifecycle/pause.ts';
import { Status } from './lifecycle/status.ts';
import { Watch } from './lifecycle/watch.ts';
import { openWatched, type Logs } from './lifecycle/watched.ts';
import { watching } from './lifecycle/watching.ts';
import { Documentation } from './knowledge/documentation.ts';
import { Indexing } from './knowledge/indexing.ts';
import { knowledgeFolder } from './knowledge/place.ts';
import { LocalRules } from './localRules/localRules.ts';
import { ruleFolders } from './localRules/ruleFolders.ts';
import { readAttachedDevices } from './machine/hardware/attachedDevices.ts';
import { thisMachine } from './machine/machine.ts';
import { run } from './machine/run.ts';
import { Systemd } from './machine/units/systemd.ts';
import { Models } from './modelFiles/models.ts';
import type { Surroundings } from './sources/definition.ts';
import { PollClock } from './sources/pollClock.ts';
import { superviseSources } from './sources/registry.ts';
import { removeLeftRuns } from './sandbox/leftRuns.ts';
import { Contents } from './store/contents.ts';
import { lazy } from './util/lazy.ts';
import { noteActions } from './approval/actionTimeline.ts';
import { Timeline } from './timeline/timeline.ts';
import { UnitChanges } from './timeline/unitChanges.ts';
import { UsageHistory } from './usage/usageHistory.ts';
import { messageOf } from './util/errors.ts';
import { log } from './util/log.ts';
import { busName, rootPath } from './util/names.ts';
import { version } from './util/version.ts';

export type ServiceOptions = Logs & {
    session: BusAddress;
    /** null on a machine that has none. */
    system: BusAddress | null;
    /** "/", and the user's home directory: the roots of the watched files and devices. */
    root: string;
    home: string;
    stateDirectory: string;
    /** Where models are kept, in a folder of their own. */
    dataDirectory: string;
    /** Where what can be made again is kept: the index of the documentation. */
    cacheDirectory: string;
    /** Where models are fetched from, "https://host"; Hugging Face's hub by default. */
    hub?: string;
    /** config.toml, which need not exist. */
    configurationFile: string;
    /** The Node and the script of the reeve command, which may approve changes on a terminal. */
    commandLine: { node: string; script: string };
};

export type Service = AsyncDisposable & {
    /**
     * Resolves when the session bus has gone, and with it everyone whom the service could serve, or when the service has to be
     * started again to store what it learns.
     */
    readonly ended: Promise<'bus-gone' | 'storage-returned'>;
};

/**
 * @throws BusError NoServer without a session bus, NameHasOwner when the service runs already
 */
export async function startService(options: ServiceOptions): Promise<Service> {
    await using stack = new AsyncDisposableStack();
    const { stateDirectory, root, home, hub } = options;
    const path = rootPath;

    const configuration = stack.use(new Configuration(options.configurationFile));
    const config = () => configuration.current;
    const isIgnored = (subject: string) => isIgnoredBy(config(), subject);
    const { database, notices, isKept } = stack.use(openDatabase(stateDirectory));
    const contents = new Contents(stateDirectory);
    const audit = new AuditLog({ database, ...(isKept && { witness: witnessInJournal }) });
    const timeline = new Timeline({ database, retention: { entries: 100_000, days: config().timeline.days } });
    const status = new Status({ database, notices });
    followConfiguration(configuration, status);

    const session = stack.use(await Connection.open(options.session));
    const systemBus = options.system === null ? null : new SystemBus(options.system);
    stack.use(systemBus === null ? null : keepConnected(systemBus, status));
    const machine = thisMachine(session, systemBus);
    const managers = new Systemd(machine);
    const wantsJournal = config().watch.journal;
    const watched = await openWatched(options, { machine, managers, systemBus, status, wantsJournal });
    const { systemd, lookup: journal } = watched;

    const grants = new Grants({ database, audit });
    const isHandled = grants.answers.bind(grants);
    const incidents = stack.use(
        new Incidents({ families, database, timeline, noise: () => noiseBudget(config(), new Date()), isHandled }),
    );
    const catalogues = join(import.meta.dirname, 'locale');
    await translateIncidents({ database, families, incidents, catalogues }).catch((error: unknown) => {
        log('warning', 'Could not translate the open incidents', { reason: messageOf(error) });
    });
    const { uid } = watched;
    const folders = ruleFolders(root, options.configurationFile);
    const localRules = stack.use(new LocalRules({ folders, reserved: families.map(({ name }) => name), uid }));
    await localRules.reload();
    stack.use(followLocalRules(localRules, { status, incidents }));
    const localFamily = localRules.diagnosed;
    reportChanges({ faultOfChange, timeline, incidents, isIgnored });
    const declared = () => config().services;
    const planned = { systemd, contents, machine: watched.machine, declared };
    const preferences = new Preferences({ database, audit });
    const actions = new Actions(planned, preferences);
    const open = opener(options);
    const executor: Pick<Executor, 'open' | 'run'> = {
        open,
        run: async (...change) => await new (await import('./execution/executor.ts')).Executor({ open }).run(...change),
    };
    const mechanism = options.system === null ? null : new Mechanism({ open, contents });
    const check = makeCheck({ families, localFamily, systemd, machine: watched.machine });
    const proposals = new Proposals({
        database,
        incidents,
        audit,
        actions,
        executor,
        mechanism,
        check,
        systemd,
        journal,
    });
    contents.hold(() => proposals.contents());
    const commands = lazy(async () => {
        const { SandboxedCommands } = await import('./sandbox/sandboxedCommands.ts');
        const open = () => Connection.open(options.session);
        return new SandboxedCommands({ stateDirectory, home, open, actions, proposals, contents, audit });
    });
    noteActions({ proposals, timeline });
    const grantedFixes = new GrantedFixes({ grants, proposals, incidents });
    const suspects = new Suspects({ timeline, run });
    const reasons = { suspects, check, run, machine: watched.machine, systemd, journal };
    const guides = new Guides({ families, incidents, systemd, machine: watched.machine, timeline });
    const diagnosis = new Diagnosis({ families, localFamily, incidents, proposals, actions, guides, ...reasons });

    const pollClock = stack.use(new PollClock(() => config().watch.poll_every * 1000));
    configuration.on('changed', pollClock.reconsider.bind(pollClock));
    const usage = watched.isThisMachine
        ? new UsageHistory({ machine, database, pollClock, settings: () => config().usage })
        : null;
    usage?.reconsider();
    configuration.on('changed', () => usage?.reconsider());

    const locale = localeTag();
    const models = stack.use(
        await Models.open({ folder: join(options.dataDirectory, 'models'), machine, locale, hub }),
    );
    const folder = join(stateDirectory, 'inference');
    const inference = stack.use(
        new Inference({
            settings: () => ({ model: config().model, server: serverOf(config()) }),
            machine,
            session,
            system: () => machine.system,
            folder,
        }),
    );
    status.follow(configuration, models, inference);
    const documentation = new Documentation(knowledgeFolder(options.cacheDirectory), () => config().knowledge.enabled);
    const conversations = new Conversations({ database });
    const assistant = lazy(async () => {
        const { Assistant } = await import('./assistant/assistant.ts');
        return new Assistant({
            speech: async language => {
                const { readSpeech } = await import('./assistant/builtIn.ts');
                return readSpeech(catalogues, language);
            },
            ...{
                machine,
                systemd: managers,
                journal,
                incidents,
                proposals,
                guides,
                diagnosis,
                timeline,
                version,
                locale,
            },
            conversations,
            documentation,
            ...(usage !== null && { usage }),
            settings: () => config().assistant,
            models: { thinkers: makeThinkers({ models, inference }), proposals },
            wishes: { actions, proposals, surroundings: planned },
            preferences,
        });
    });

    const surroundings: Surroundings = {
        ...{ root, home, database, session, system: systemBus, timeline, contents, pollClock },
        incidentStatus: change => incidentStatusOf(change, { faultOfChange, incidents, isIgnored }),
    };
    const sources = watched.isThisMachine ? superviseSources({ families, surroundings, status, configuration }) : [];
    const watcher = new Watcher({
        families,
        ...{ database, incidents, timeline, isIgnored, systemd },
        ...{ journal: watched.journal, managers: watched.unitStates, uid, local: localRules },
        ...(watched.isThisMachine && { devices: () => readAttachedDevices(root) }),
        check: (incident, checkOptions) => diagnosis.check(incident, checkOptions),
        unitChanges: stack.use(new UnitChanges({ timeline })),
        woken: () => void usage?.woken(),
        newErrors: new NewErrors({ database, timeline, isExplained: incidents.hasOpen.bind(incidents) }),
    });
    const { text } = watched;
    const indexing = watched.isThisMachine
        ? new Indexing({
              folder: knowledgeFolder(options.cacheDirectory),
              ...{ pollClock, status, commandLine: options.commandLine },
              settings: () => config().knowledge,
          })
        : null;
    const modelServers = new ModelServers({ declared, systemd: managers, status, pollClock });
    const logs = { watcher, text, localRules, sources, indexing, modelServers, usage };
    const body = watching({ families, systemBus, grantedFixes, incidents, timeline, diagnosis, ...logs });
    const watch = stack.use(new Watch(body));

    const files = demoFiles(home);
    const demo = stack.use(
        new Demo({
            ...{ files, audit },
            service: lazy(async () => {
                const { DemoService } = await import('./demo/demoService.ts');
                return new DemoService({ files, timeline, systemd: managers, executor });
            }),
        }),
    );
    const callers = new Callers({ connection: session, script: options.commandLine.script });
    const objects = new ExportedObjects(session, path);
    const requests = stack.use(new Requests({ objects, connection: session }));
    const storage = stack.use(awaitStorage(stateDirectory, notices, { database, pollClock, incidents, requests }));
    const pause = new Pause({ database, status, audit, requests, watch, watcher, inference });
    const computing = () => computingOfModels({ models, inference });
    const { configurationFile } = options;
    const examined = {
        ...{ machine, journal, locale, status, database, audit, stateDirectory, computing },
        ...{ settings: config, configurationFile },
    };
    const doctor = async (wanted: Wanted) => (await import('./lifecycle/doctor.ts')).examine(examined, wanted);
    const answerer = () => describeAnswerer({ models, inference });
    stack.use(releaseMemoryWhenIdle({ requests, status, database }));
    const common = { objects, path, status, incidents, requests };
    stack.use(exportManager({ ...common, callers, audit, database, pause, doctor, answerer, commands, session, demo }));
    stack.use(exportAssistant({ ...common, callers, assistant, conversations }));
    stack.use(exportPreferences({ objects, path, preferences, assistant, callers, status }));
    stack.use(exportTimeline({ objects, path, timeline }));
    stack.use(exportAudit({ objects, path, audit, journal }));
    stack.use(exportIncidents({ objects, incidents, proposals, callers, audit, database, status, diagnosis, guides }));
    stack.use(exportTasks({ objects, proposals }));
    stack.use(exportProposals({ objects, proposals, grants, incidents, requests, callers, status }));
    stack.use(
        exportGrants({ objects, path, session, mechanism, grants, proposals, incidents, actions, callers, status }),
    );
    stack.use(exportModels({ objects, path, models, inference, requests, status, callers, audit }));
    stack.use(exportServices({ objects, path, servers: modelServers, declared, journal }));
    stack.use(exportSettings({ objects, path, configuration, callers, audit }));
    await session.requestName(busName);
    // Also while Reeve is paused, and before the watch begins, which offers fixes.
    const ending = new AbortController();
    const settling = Promise.resolve(systemBus?.tried).then(() => proposals.resolveInterrupted(ending.signal));
    stack.defer(async () => {
        ending.abort();
        await settling;
    });
    // Only the one service that has the name may delete them.
    void removeLeftRuns(stateDirectory, commands);
    void demo.removeLeft();
    if (!status.isPaused) watch.start();

    const everything = stack.move();
    const ended = Promise.race([
        session.closed.then(() => 'bus-gone' as const),
        storage.returned.then(() => 'storage-returned' as const),
    ]);
    return { ended, [Symbol.asyncDispose]: () => everything.disposeAsync() };
}
