import { defineFamily } from '../family.ts';
import { nameDiskUsage } from '../shared/diskUsage.ts';
import type { UnitKind } from './finding.ts';
import { unitPlacement } from './placement.ts';
import { unitPlaybook } from './playbook.ts';
import { UnitRules } from './rules.ts';
import { findingOfDependency, findingOfState } from './state.ts';

/** As knownLines.ts has it, of a service that could not write. */
const outOfSpace = /no space left on device|\bENOSPC\b/i;

export const unit = defineFamily<UnitKind>({
    ...unitPlacement,
    rules: [],
    harmless: [],
    stateful: sessions => new UnitRules(sessions),
    ofManager: { failed: findingOfState, dependencyFailed: findingOfDependency },
    playbook: unitPlaybook,
    enrich: (of, findings, { machine }) =>
        findings.evidence.some(({ message }) => outOfSpace.test(message))
            ? nameDiskUsage(of, findings, machine, { isVictim: true })
            : Promise.resolve(findings),
});
