import type { DetectedFamily } from '../detection/family.ts';
import type { DiagnosedFamily } from '../diagnosis/family.ts';
import type { IncidentFamily } from '../incidents/family.ts';
import type { SourceDefinition } from '../sources/definition.ts';

/** A family of faults: its rules, checks and remediations. Each engine states which part of it it needs. */
export type Family<RuleKind extends string = string, ChangeKind extends string = string> = DetectedFamily<
    RuleKind,
    ChangeKind
> &
    DiagnosedFamily<NoInfer<RuleKind | ChangeKind>> &
    IncidentFamily<NoInfer<RuleKind | ChangeKind>> & {
        /** Sources that serve this family alone. */
        readonly watch?: readonly SourceDefinition[];
    };

/** A family whose kinds are those that its rules and its changes can raise: naming any other is a type error. */
export function defineFamily<RuleKind extends string, ChangeKind extends string = never>(
    family: Family<RuleKind, ChangeKind> &
        ({ remediation: object; playbook?: never } | { playbook: object; remediation?: never }),
): Family {
    return family;
}
