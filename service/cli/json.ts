/** What `--json` prints of incidents, plans, evidence and the timeline, as `reeve help COMMAND` documents it. */
import type { Evidence, Incident, Proposal, TimelineEntry } from './objects.ts';
import { jsonTime } from './times.ts';

export function incidentJson(incident: Incident) {
    return {
        id: incident.id,
        family: incident.family,
        kind: incident.kind,
        local_rule: incident.localRule === '' ? null : incident.localRule,
        subject: incident.subject,
        scope: incident.scope,
        severity: incident.severity,
        state: incident.state,
        title: incident.title,
        summary: incident.summary,
        cause: incident.cause,
        still_wrong: incident.stillWrong,
        first: jsonTime(incident.firstSeen),
        last: jsonTime(incident.lastSeen),
        count: incident.count,
        affected: incident.affected,
        steps: incident.guide,
        looking: incident.isLooking,
    };
}

export function evidenceJson({ source, time, origin, message, cursor }: Evidence) {
    return { source, time: jsonTime(time), origin, message, cursor: cursor === '' ? null : cursor };
}

export function proposalJson(proposal: Proposal) {
    return {
        id: proposal.id,
        number: proposal.number,
        action: proposal.action,
        title: proposal.title,
        explanation: proposal.explanation,
        steps: proposal.steps,
        risk: proposal.risk,
        risk_text: proposal.riskText,
        opens: proposal.opens,
        reversible: proposal.reversible,
        undo_text: proposal.undoText,
        undo_steps: proposal.undoSteps,
        undo_first: proposal.undoFirst.map(path => Number(path.slice(path.lastIndexOf('/') + 1))),
        applied: proposal.applied === 0 ? null : jsonTime(proposal.applied),
        authentication: proposal.authentication,
        passwords: proposal.passwords,
        finish_steps: proposal.finishSteps,
        digest: proposal.digest,
        state: proposal.state,
        outcome: proposal.outcome,
    };
}

export function timelineJson({ time, ...entry }: TimelineEntry) {
    return { ...entry, time: jsonTime(time) };
}
