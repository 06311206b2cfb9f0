import type { Incidents } from '../incidents/incidents.ts';
import { isClosed } from '../incidents/merge.ts';
import { severities, type IncidentStatus } from '../model/incident.ts';
import type { NewTimelineEntry, TimelineEntry } from '../model/timelineEntry.ts';
import type { FaultOfChange } from './changes.ts';

/** @param dependencies.isIgnored whether the user ignores a subject */
export function incidentStatusOf(
    change: NewTimelineEntry,
    {
        faultOfChange,
        incidents,
        isIgnored,
    }: { faultOfChange: FaultOfChange; incidents: Incidents; isIgnored: (subject: string) => boolean },
): IncidentStatus {
    const finding = faultOfChange({ id: 0, event: '', source: '', facts: {}, ...change });
    if (finding === null || isIgnored(finding.subject) || incidents.mutes.has(finding)) return 'unreported';
    const incident = incidents.latest(finding);
    if (incident === undefined) return 'unreported';
    const isDismissed = incident.state === 'dismissed';
    if (isClosed(incident.state) && !isDismissed) return 'over';
    const isAsBad = severities.indexOf(incident.severity) >= severities.indexOf(finding.severity);
    const isSame = incident.kind === finding.kind && isAsBad && isAboutSame(incident.facts, finding.facts);
    if (!isSame) return 'unreported';
    return isDismissed ? 'dismissed' : 'open';
}

/** An incident may be about one of several processes of its subject; which process of a unit computes the most varies. */
function isAboutSame(known: TimelineEntry['facts'], facts: TimelineEntry['facts']): boolean {
    const names = facts.group === undefined ? ['pid', 'started'] : ['group'];
    return names.every(name => known[name] === facts[name]);
}
