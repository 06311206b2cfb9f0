import type { Proposals } from '../../approval/proposals.ts';
import type { Diagnosis } from '../../diagnosis/diagnosis.ts';
import type { Guides } from '../../diagnosis/guides.ts';
import type { Incidents } from '../../incidents/incidents.ts';
import type { queryJournal } from '../../journal/query.ts';
import type { JournalAccess } from '../../journal/access.ts';
import type { Systemd } from '../../machine/units/systemd.ts';
import type { Timeline } from '../../timeline/timeline.ts';
import type { Documentation } from '../../knowledge/documentation.ts';
import type { Machine } from '../../machine/machine.ts';
import type { UsageHistory } from '../../usage/usageHistory.ts';

/** The sources of answers and tools, all read-only. */
export type Sources = {
    machine: Machine;
    systemd: Pick<Systemd, 'list' | 'listFiles' | 'unit' | 'isReachable'>;
    journal: { query: typeof queryJournal; access: () => Promise<JournalAccess> };
    incidents: Pick<Incidents, 'list'>;
    proposals: Pick<Proposals, 'list'>;
    guides: Pick<Guides, 'steps'>;
    diagnosis: Pick<Diagnosis, 'isLooking'>;
    timeline: Pick<Timeline, 'query'>;
    /** Where there is none, nothing of it is found. */
    documentation?: Pick<Documentation, 'search' | 'find'>;
    /** Where there is none, nothing is known of the past. */
    usage?: Pick<UsageHistory, 'between'> & Partial<Pick<UsageHistory, 'isEnabled'>>;
    /** Version of Reeve. */
    version: string;
    /** Microseconds since the Unix epoch. */
    clock: () => number;
};
