import type { UnitDetails } from '../machine/units/systemd.ts';
import type { Finding } from '../model/incident.ts';
import type { ReportedFaults } from './changes.ts';
import type { FaultFamily } from './faultRule.ts';
import type { EntryObserver, StatefulFamily } from './statefulRule.ts';

/** What detection has to know of a family of faults. */
export type DetectedFamily = FaultFamily & {
    /** Rules that need state, made anew for each detector. */
    readonly stateful?: () => StatefulFamily & EntryObserver;
    /** Sees the entries of a journal that no rule applied to; made anew for each detector. */
    readonly observer?: () => EntryObserver;
    /** The changes that are faults. */
    readonly changes?: ReportedFaults;
    /** What a service manager says of its units, as a finding. One family has it. */
    readonly ofManager?: {
        failed(unit: UnitDetails): Finding;
        /** @param root what it needs and has failed; null where nobody knows */
        dependencyFailed(unit: UnitDetails, root: string | null, job: string): Finding;
    };
};
