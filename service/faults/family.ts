import type { DetectedFamily } from '../detection/family.ts';
import type { DiagnosedFamily } from '../diagnosis/family.ts';
import type { IncidentFamily } from '../incidents/family.ts';
import type { SourceDefinition } from '../sources/definition.ts';

/** A family of faults: its rules, checks and remediations. Each engine states which part of it it needs. */
export type Family = DetectedFamily &
    DiagnosedFamily &
    IncidentFamily & {
        /** Sources that serve this family alone. */
        readonly watch?: readonly SourceDefinition[];
    };
