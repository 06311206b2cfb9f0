import type { Incidents } from '../incidents/incidents.ts';
import type { Timeline } from '../timeline/timeline.ts';
import type { FaultOfChange } from './changes.ts';

/** Reports each change that is a fault, and opens a burst window when the computer wakes up. */
export function reportChanges({
    faultOfChange,
    timeline,
    incidents,
    isIgnored,
}: {
    faultOfChange: FaultOfChange;
    timeline: Timeline;
    incidents: Incidents;
    /** Whether the user ignores a subject. */
    isIgnored: (subject: string) => boolean;
}): void {
    timeline.on('added', entry => {
        if (entry.kind === 'suspend' && entry.event === 'resume') incidents.expectBurst();
        const finding = faultOfChange(entry);
        if (finding !== null && !isIgnored(finding.subject)) incidents.report(finding);
    });
}
