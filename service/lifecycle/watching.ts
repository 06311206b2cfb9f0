import type { Proposals } from '../approval/proposals.ts';
import type { SystemBus } from '../dbus/systemBus.ts';
import { reportTextLog } from '../detection/textLogReports.ts';
import type { Watcher } from '../detection/watcher.ts';
import type { Diagnosis } from '../diagnosis/diagnosis.ts';
import type { DiagnosedFamily } from '../diagnosis/family.ts';
import { Rechecks } from '../diagnosis/rechecks.ts';
import type { Incidents } from '../incidents/incidents.ts';
import type { SupervisedSource } from '../sources/supervisedSource.ts';
import type { TextLog } from '../sources/textLog.ts';
import type { Timeline } from '../timeline/timeline.ts';

type Parts = {
    families: readonly DiagnosedFamily[];
    systemBus: SystemBus | null;
    proposals: Proposals;
    incidents: Incidents;
    timeline: Timeline;
    diagnosis: Diagnosis;
    watcher: Watcher;
    textLog: TextLog | null;
    sources: readonly SupervisedSource[];
};

/** All that is done from start to stop, or from one pause to the next: the body of a Watch. */
export function watching(parts: Parts): (signal: AbortSignal) => Promise<void> {
    const { families, systemBus, proposals, incidents, timeline, diagnosis, watcher, textLog, sources } = parts;
    let isFirst = true;
    return async signal => {
        await systemBus?.tried;
        // What an earlier service was doing when it ended.
        if (isFirst) await proposals.resolveInterrupted();
        isFirst = false;
        incidents.expectBurst();
        using work = new DisposableStack();
        work.use(diagnosis.start());
        work.use(new Rechecks({ families, incidents, timeline, recheck: id => diagnosis.tryRecheck(id) }));
        await Promise.all([
            watcher.run(signal),
            textLog === null ? null : reportTextLog(textLog, incidents, signal),
            ...sources.map(source => source.run(signal)),
        ]);
    };
}
