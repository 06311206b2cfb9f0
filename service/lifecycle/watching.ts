import type { GrantedFixes } from '../approval/grantedFixes.ts';
import type { SystemBus } from '../dbus/systemBus.ts';
import type { Watcher } from '../detection/watcher.ts';
import type { Diagnosis } from '../diagnosis/diagnosis.ts';
import type { DiagnosedFamily } from '../diagnosis/family.ts';
import { Rechecks } from '../diagnosis/rechecks.ts';
import type { Incidents } from '../incidents/incidents.ts';
import type { Indexing } from '../knowledge/indexing.ts';
import type { LocalRules } from '../localRules/localRules.ts';
import type { SupervisedSource } from '../sources/supervisedSource.ts';
import type { Timeline } from '../timeline/timeline.ts';
import type { ModelServers } from './modelServers.ts';
import type { UsageHistory } from '../usage/usageHistory.ts';

type Parts = {
    families: readonly DiagnosedFamily[];
    systemBus: SystemBus | null;
    grantedFixes: GrantedFixes;
    incidents: Incidents;
    timeline: Timeline;
    diagnosis: Diagnosis;
    watcher: Watcher;
    /** A log from elsewhere that is watched as well. */
    text: {
        run(options: { incidents: Incidents; localRules: LocalRules }, signal: AbortSignal): Promise<void>;
    } | null;
    localRules: LocalRules;
    sources: readonly SupervisedSource[];
    /** Null for a log from elsewhere. */
    indexing: Pick<Indexing, 'run'> | null;
    modelServers: Pick<ModelServers, 'run'>;
    /** Null as above. */
    usage: Pick<UsageHistory, 'run'> | null;
};

/** The work between start and stop, or between two pauses: the body of a Watch. */
export function watching(parts: Parts): (signal: AbortSignal) => Promise<void> {
    const { families, systemBus, grantedFixes, incidents, timeline, diagnosis } = parts;
    const { watcher, text, localRules, sources, indexing, modelServers, usage } = parts;
    return async signal => {
        await systemBus?.tried;
        incidents.expectBurst();
        using work = new DisposableStack();
        work.use(grantedFixes.start());
        work.use(diagnosis.start());
        work.use(new Rechecks({ families, incidents, timeline, recheck: id => diagnosis.tryRecheck(id) }));
        await Promise.all([
            watcher.run(signal),
            text?.run({ incidents, localRules }, signal),
            ...sources.map(source => source.run(signal)),
            indexing?.run(signal),
            modelServers.run(signal),
            usage?.run(signal),
        ]);
    };
}
