import type { Proposals } from '../approval/proposals.ts';
import type { Incidents } from '../incidents/incidents.ts';
import type { Evidence } from '../model/incident.ts';
import type { queryJournal } from '../system/journal.ts';
import type { JournalAccess } from '../system/journalAccess.ts';
import type { Systemd } from '../system/systemd.ts';
import type { Timeline } from '../timeline/timeline.ts';
import type { Machine } from '../tools/machine.ts';
import type { FoundUnit } from '../tools/units.ts';
import type { Format } from './format.ts';
import type { Topic, Understanding } from './understanding.ts';

/** What answers are drawn from. All of it is only read. */
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

/** One question being answered. */
export type Question = Sources & {
    understanding: Understanding;
    /** Units that the question names, the best match first; empty when it names none. */
    units: readonly FoundUnit[];
    format: Format;
    signal: AbortSignal;
    /** Records what a statement rests on. */
    cite: (...evidence: Evidence[]) => void;
    /** Records that the answer speaks of an incident. */
    mention: (incidentId: number) => void;
    /** Offers a question that could follow. */
    suggest: (question: string) => void;
};

export type Answer = Topic & {
    /** Questions that it answers, in the user's language, the best example first. */
    examples(): string[];
    /** Pieces of the text as they become known; Markdown as service/assistant/markup.ts describes it. */
    answer(question: Question): AsyncGenerator<string, void> | Generator<string, void>;
};
