import { _ } from '../../i18n/i18n.ts';
import type { Finding } from '../../model/incident.ts';
import { unnumbered } from '../../model/unitName.ts';
import type { UnitDetails } from '../../machine/units/unitDetails.ts';
import { unitSeverity } from '../shared/severity.ts';
import { unitCause, unitFacts, unitKind, unitTitle } from './finding.ts';
import { newRecord } from './run.ts';
import type { UnitRecord } from './run.ts';

/** CLD_* of waitid(2), which `ExecMainCode` holds. */
const exitCodes = { 1: 'exited', 2: 'killed', 3: 'dumped' } as const;

/** The finding that the journal would have given, from what the manager says of a failed unit. */
export function findingOfState(unit: UnitDetails): Finding {
    const record = recordOf(unit);
    const { process } = unit;
    const code = process === null ? undefined : exitCodes[process.code as keyof typeof exitCodes];
    if (process !== null && code !== undefined && !(code === 'exited' && process.status === 0)) {
        // The names of statuses from 200 on are systemd's own; which one it is does not matter here.
        const name = process.status >= 200 && process.status <= 245 ? String(process.status) : '';
        record.run.exit = { code, status: process.status, name };
    }
    if (unit.result?.endsWith('start-limit-hit') === true) record.run.startLimit = true;
    else if (unit.result !== null && unit.result !== 'success') record.run.result = unit.result;
    return finding(unit, record, unit.invocationId);
}

/** The finding for a unit that was not started because something that it needs failed. */
export function findingOfDependency(unit: UnitDetails, rootCause: string | null, job: string): Finding {
    const record = recordOf(unit);
    record.run.job = 'dependency';
    record.run.rootCause = rootCause;
    return finding(unit, record, job);
}

function recordOf(unit: UnitDetails): UnitRecord {
    const record = newRecord(unit.scope, unnumbered(unit.name));
    record.restarts = unit.process?.restarts ?? 0;
    return record;
}

function finding(unit: UnitDetails, record: UnitRecord, occurrence: string | null): Finding {
    const kind = unitKind(record.run);
    const time = unit.stateChangedAt;
    return {
        family: 'unit',
        kind,
        scope: unit.scope,
        subject: record.name,
        severity: unitSeverity(unit.scope, unit.name),
        title: unitTitle(record.name, kind, { ...record, ...record.run }),
        cause: unitCause(record, kind),
        time,
        occurrence: occurrence ?? `state ${time ?? 0}`,
        evidence: [
            {
                source: 'systemd',
                time,
                origin: unit.name,
                message: _('{unit} is {state} ({result})', {
                    unit: unit.name,
                    state: unit.activeState,
                    result: unit.result ?? unit.subState,
                }),
                cursor: null,
                line: null,
            },
        ],
        rootCause: record.run.rootCause,
        facts: unitFacts(record),
    };
}
