import type { Proposals } from '../approval/proposals.ts';
import type { Incidents } from '../incidents/incidents.ts';
import type { queryJournal } from '../system/journal.ts';
import type { JournalAccess } from '../system/journalAccess.ts';
import type { Systemd } from '../system/systemd.ts';
import type { Timeline } from '../timeline/timeline.ts';
import type { Machine } from './machine.ts';

/** What answers and tools draw from. All of it is only read. */
export type Sources = {
    machine: Machine;
    systemd: Pick<Systemd, 'list' | 'listFiles' | 'unit' | 'isReachable'>;
    journal: { query: typeof queryJournal; access: () => Promise<JournalAccess> };
    incidents: Pick<Incidents, 'list'>;
    proposals: Pick<Proposals, 'list'>;
    timeline: Pick<Timeline, 'query'>;
    /** Version of Reeve. */
    version: string;
    /** Microseconds since the Unix epoch. */
    clock: () => number;
};
