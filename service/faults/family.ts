import type { FaultFamily } from '../detection/fault.ts';
import type { ReportedFaults } from '../detection/changes.ts';
import type { DiagnosedFamily } from '../diagnosis/family.ts';

/** A family of faults: all that is known of them, and what is done about them. Each engine says which part of it it needs. */
export type Family = FaultFamily & DiagnosedFamily & { readonly changes?: ReportedFaults };
