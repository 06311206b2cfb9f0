// Everything between an incident and its fix, on a real database, with a manager that has recorded units.
import { Actions } from '../../../service/actions/actions.ts';
import { Grants } from '../../../service/approval/grants.ts';
import { Proposals } from '../../../service/approval/proposals.ts';
import { GrantedFixes } from '../../../service/approval/grantedFixes.ts';
import { AuditLog } from '../../../service/audit/auditLog.ts';
import type { Check } from '../../../service/diagnosis/check.ts';
import { makeCheck } from '../../../service/diagnosis/check.ts';
import { Guides } from '../../../service/diagnosis/guides.ts';
import type { JournalReader } from '../../../service/journal/query.ts';
import { Suspects } from '../../../service/diagnosis/suspects.ts';
import { Executor } from '../../../service/execution/executor.ts';
import type { Family } from '../../../service/faults/family.ts';
import { families } from '../../../service/faults/index.ts';
import { Incidents } from '../../../service/incidents/incidents.ts';
import { log } from '../../../service/util/log.ts';
import type { Finding, Incident } from '../../../service/model/incident.ts';
import type { Proposal } from '../../../service/model/proposal.ts';
import { Contents } from '../../../service/store/contents.ts';
import { Database } from '../../../service/store/database.ts';
import { Timeline } from '../../../service/timeline/timeline.ts';
import { managerOf } from '../../support/recordedUnits.ts';
import type { Behaviour, RecordedManager, RecordedUnit } from '../../support/recordedUnits.ts';
import type { Machine } from '../../../service/machine/machine.ts';
import type { Run } from '../../../service/machine/run.ts';

export type Loop = RecordedManager & {
    families: readonly Family[];
    database: Database;
    timeline: Timeline;
    incidents: Incidents;
    audit: AuditLog;
    contents: Contents;
    actions: Actions;
    suspects: Suspects;
    run: Run;
    machine: Machine | null;
    proposals: Proposals;
    grants: Grants;
    grantedFixes: GrantedFixes;
    check: Check;
    guides: Guides;
};

/** @param machine null when what is watched is not this computer */
export function makeLoop(
    directory: string,
    units: Record<string, RecordedUnit>,
    behaviour?: Behaviour,
    machine: Machine | null = null,
): Loop {
    const { database } = Database.open(directory, log);
    const timeline = new Timeline({ database });
    const audit = new AuditLog({ database });
    const grants = new Grants({ database, audit });
    const incidents = new Incidents({
        families,
        database,
        timeline,
        noise: () => ({ perHour: 10, minimumSeverity: 'low' }),
        isHandled: grants.answers.bind(grants),
    });
    const manager = managerOf(units, behaviour);
    const contents = new Contents(directory);
    const actions = new Actions({ ...manager, contents, machine });
    const run: Run = () => Promise.resolve(null);
    const suspects = new Suspects({ timeline, run });
    const check = makeCheck({ ...manager, families, machine });
    const guides = new Guides({ ...manager, families, incidents, machine, timeline });
    const executor = new Executor(manager);
    const journal: JournalReader = { query: () => Promise.resolve([]), access: () => Promise.resolve('system') };
    const proposals = new Proposals({ ...manager, database, incidents, audit, actions, executor, check, journal });
    const grantedFixes = new GrantedFixes({ grants, proposals, incidents });
    return {
        ...manager,
        grants,
        grantedFixes,
        families,
        database,
        timeline,
        incidents,
        audit,
        contents,
        actions,
        suspects,
        run,
        proposals,
        check,
        guides,
        machine,
    };
}

export function failureOf(subject: string): Finding {
    return {
        family: 'unit',
        kind: 'exit-code',
        scope: 'system',
        subject,
        severity: 'medium',
        title: `${subject} failed`,
        cause: '',
        time: Date.now() * 1000,
        occurrence: 'a'.repeat(32),
        evidence: [],
        rootCause: null,
        facts: {},
    };
}

/** Opens an incident for a unit and offers to restart it. */
export async function offerRestart(
    { incidents, actions, proposals }: Loop,
    unit: string,
    action = 'unit.restart',
): Promise<{ incident: Incident; proposal: Proposal }> {
    const incident = incidents.report(failureOf(unit));
    if (incident === null) throw new Error('no incident');
    const parameters = { scope: 'system', unit };
    const plan = await actions.plan({ action, parameters, explanation: 'It may run.' }, new AbortController().signal);
    proposals.offer(incident.id, [plan]);
    const proposal = proposals.list(incident.id).find(({ state }) => state === 'offered');
    if (proposal === undefined) throw new Error('nothing was offered');
    return { incident, proposal };
}
