import type { UnitDetails } from '../machine/units/systemd.ts';
import type { Finding } from '../model/incident.ts';
import type { ReportedFaults } from './changes.ts';
import type { FaultFamily } from './faultRule.ts';
import type { Sessions } from './sessions.ts';
import type { EntryObserver, StatefulFamily } from './statefulRule.ts';

/** What detection needs to know about a family of faults. */
export type DetectedFamily<
    RuleKind extends string = string,
    ChangeKind extends string = string,
> = FaultFamily<RuleKind> & {
    /** Rules that need state, created for each detector. */
    readonly stateful?: (sessions: Sessions) => StatefulFamily & EntryObserver;
    /** Gets the journal entries that no rule applied to; created for each detector. */
    readonly observer?: () => EntryObserver;
    /** The changes that are faults. */
    readonly changes?: ReportedFaults<ChangeKind>;
    /** Turns what a service manager reports about its units into a finding. One family has it. */
    readonly ofManager?: {
        failed(unit: UnitDetails): Finding;
        /** @param root the failed unit that it needs; null if unknown */
        dependencyFailed(unit: UnitDetails, root: string | null, job: string): Finding;
    };
};
