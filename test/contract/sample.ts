// An incident and a task, each with a proposal, put into a database by the parts that the service uses itself.
import { AuditLog } from '../../service/audit/auditLog.ts';
import { ProposalStore } from '../../service/approval/proposalStore.ts';
import { TaskStore } from '../../service/approval/taskStore.ts';
import { planDigest } from '../../service/approval/digest.ts';
import { families } from '../../service/faults/index.ts';
import { Incidents } from '../../service/incidents/incidents.ts';
import type { Finding } from '../../service/model/incident.ts';
import type { Plan } from '../../service/model/proposal.ts';
import { Database } from '../../service/store/database.ts';
import { Timeline } from '../../service/timeline/timeline.ts';

export const wish = 'restart the sample';
export const hostileText = '<b>bold</b> &amp; $(reboot) `id` “quoted”';

const finding: Finding = {
    // No playbook knows this family, so that what is stored here stays as it is.
    family: 'sample',
    kind: 'exit-code',
    scope: 'system',
    subject: 'sample.service',
    severity: 'high',
    title: 'sample.service failed',
    cause: hostileText,
    time: 1_700_000_000_000_000,
    occurrence: 'one',
    evidence: [
        {
            source: 'journal',
            time: 1_700_000_000_000_000,
            origin: 'sample.service',
            message: hostileText,
            cursor: 's=1',
            line: null,
        },
        { source: 'system', time: null, origin: '', message: 'without a time', cursor: null, line: null },
    ],
    rootCause: null,
    facts: {},
};

export const plan: Plan = {
    action: 'unit.restart',
    parameters: { scope: 'system', unit: 'sample.service' },
    title: 'Restart sample.service',
    explanation: 'It may have been a passing fault.',
    steps: [
        {
            description: 'Restart sample.service',
            command: 'systemctl restart sample.service',
            call: {
                bus: 'system',
                destination: 'org.freedesktop.systemd1',
                path: '/org/freedesktop/systemd1',
                interface: 'org.freedesktop.systemd1.Manager',
                member: 'RestartUnit',
                signature: 'ss',
                arguments: ['sample.service', 'replace'],
            },
        },
    ],
    risk: 'low',
    riskText: 'What it does is interrupted.',
    undo: null,
    authentication: true,
    preconditions: { activeState: 'failed' },
};

/** Stores a screen that should be plugged in again: a person does that, and Reeve sees it. @returns its incident */
export function storeGuided(stateDirectory: string): number {
    using database = Database.open(stateDirectory, () => undefined).database;
    const timeline = new Timeline({ database });
    const noise = () => ({ perHour: 10, minimumSeverity: 'low' as const });
    const incidents = new Incidents({ families, database, timeline, noise });
    const reported = { family: 'display', kind: 'screen', subject: 'DP-1', title: 'A screen is not recognised' };
    const { id = 0 } = incidents.report({ ...finding, ...reported, facts: {} }) ?? {};
    const device = { kind: 'device' as const, event: 'added', subject: 'DP-1', facts: { subsystem: 'drm' } };
    timeline.add({ ...device, time: Date.now() * 1000, summary: 'A screen was connected', detail: '' });
    return id;
}

/** @returns what was stored */
export function storeSample(stateDirectory: string): {
    incident: number;
    proposal: number;
    task: number;
    wished: number;
    digest: string;
} {
    const silent = () => undefined;
    using database = Database.open(stateDirectory, silent).database;
    const timeline = new Timeline({ database });
    const noise = () => ({ perHour: 10, minimumSeverity: 'low' as const });
    const incidents = new Incidents({ families, database, timeline, noise });
    const incident = incidents.report(finding)?.id ?? 0;
    const digest = planDigest(plan);
    const store = new ProposalStore({ database });
    const proposal = store.add({ kind: 'incident', id: incident }, 0, plan, digest).id;
    const task = new TaskStore({ database }).add(wish, 1_700_000_000_000_000).id;
    const wished = store.add({ kind: 'task', id: task }, 0, plan, digest).id;
    new AuditLog({ database }).append({ event: 'sample', actor: 'service', subject: 'test', detail: '' });
    return { incident, proposal, task, wished, digest };
}
