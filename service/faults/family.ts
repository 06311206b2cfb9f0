import type { FaultFamily } from '../detection/fault.ts';
import type { ReportedFaults } from '../detection/changes.ts';
import type { DiagnosedFamily } from '../diagnosis/family.ts';
import type { IncidentFamily } from '../incidents/family.ts';
import type { SourceDefinition } from '../sources/definition.ts';

/** A family of faults: all that is known of them, and what is done about them. Each engine says which part of it it needs. */
export type Family = FaultFamily &
    DiagnosedFamily &
    IncidentFamily & {
        readonly changes?: ReportedFaults;
        /** Sources that serve this family alone. */
        readonly watch?: readonly SourceDefinition[];
    };
