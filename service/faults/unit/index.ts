import type { KnownFix } from '../../actions/actions.ts';
import type { Case, Findings } from '../../diagnosis/playbook.ts';
import { restartOf } from '../../diagnosis/restartOf.ts';
import type { Restart } from '../../diagnosis/restartOf.ts';
import { _ } from '../../i18n/i18n.ts';
import type { Machine } from '../../machine/machine.ts';
import { readPortHolder } from '../../machine/network/portHolder.ts';
import type { PortHolder } from '../../machine/network/portHolder.ts';
import { readProcess } from '../../machine/processes/processes.ts';
import { stoppedUnits } from '../../machine/units/stoppedUnits.ts';
import type { Run } from '../../machine/run.ts';
import { defineFamily } from '../family.ts';
import { nameDiskUsage } from '../shared/diskUsage.ts';
import type { UnitKind } from './finding.ts';
import { nameHolder, takenPort } from './knownLines.ts';
import { unitPlacement } from './placement.ts';
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
    playbook: {
        async diagnose(of) {
            const { unitPlaybook } = await import('./playbook.ts');
            return await unitPlaybook.diagnose(of);
        },
        async check(systemd, incident, options) {
            const { checkUnit } = await import('./check.ts');
            return await checkUnit(systemd, incident, options);
        },
    },
    async enrich(of, findings, { machine, run }) {
        if (findings.evidence.some(({ message }) => outOfSpace.test(message)))
            return await nameDiskUsage(of, findings, machine, { isVictim: true });
        return machine === null ? findings : await namePortHolder(of, findings, machine, run);
    },
});

/** Who has the port that the unit needs, and how it can have it. */
async function namePortHolder(of: Case, findings: Findings, machine: Machine, run: Run): Promise<Findings> {
    const { incident, tried, systemd, signal } = of;
    const ports = findings.evidence.map(({ message }) => takenPort(message));
    const port = ports.findLast(found => found !== null) ?? null;
    const holder = port === null ? null : await readPortHolder(run, port, signal);
    if (port === null || holder === null || holder.name === incident.subject) return findings;
    const unit = await systemd.unit(incident.scope, incident.subject, { signal });
    const needing = unit === null ? [] : await stoppedUnits(systemd, incident.scope, incident.affected, signal);
    const fix = await makeWay(holder, restartOf(unit, needing), machine);
    const isOffered = fix !== null && !tried.some(({ action }) => action === fix.action);
    return {
        ...findings,
        cause: nameHolder(findings.cause, port, holder.name),
        fixes: isOffered ? [fix, ...findings.fixes] : findings.fixes,
    };
}

async function makeWay({ unit, pid }: PortHolder, start: Restart, machine: Machine): Promise<KnownFix | null> {
    if (start === null) return null;
    const explanation = _(
        'Only one of the two can use this port, unless you give one of them another port in its settings.',
    );
    if (unit !== null) return { action: 'unit.makeWay', parameters: { start, other: unit }, explanation };
    const process = pid === null ? null : await readProcess(machine, pid);
    if (process === null) return null;
    const { pid: number, started } = process;
    return { action: 'program.makeWay', parameters: { start, pid: number, started }, explanation };
}
