import type { Case, Findings } from '../../diagnosis/playbook.ts';
import { _ } from '../../i18n/i18n.ts';
import { readPortHolder } from '../../machine/network/portHolder.ts';
import type { Run } from '../../machine/run.ts';
import { defineFamily } from '../family.ts';
import { nameDiskUsage } from '../shared/diskUsage.ts';
import type { UnitKind } from './finding.ts';
import { takenPort } from './knownLines.ts';
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
    async enrich(of, findings, { machine, run }) {
        if (findings.evidence.some(({ message }) => outOfSpace.test(message)))
            return await nameDiskUsage(of, findings, machine, { isVictim: true });
        return machine === null ? findings : await namePortHolder(of, findings, run);
    },
});

/** Who has the port that the unit needs. */
async function namePortHolder({ incident, signal }: Case, findings: Findings, run: Run): Promise<Findings> {
    const ports = findings.evidence.map(({ message }) => takenPort(message));
    const port = ports.findLast(found => found !== null) ?? null;
    const holder = port === null ? null : await readPortHolder(run, port, signal);
    if (port === null || holder === null || holder === incident.subject) return findings;
    const sentence = _('{name} is using port {port}.', { name: holder, port: port.number });
    return { ...findings, cause: [sentence, findings.cause].filter(text => text !== '').join(' ') };
}
