/** An incident as a row of the table `incident`. */
import * as z from 'zod';

import { evidence, incident as incidentSchema } from '../model/incident.ts';
import type { Incident } from '../model/incident.ts';
import { lazy } from '../util/lazy.ts';

function json<T extends z.ZodType>(schema: T) {
    return z.string().transform(text => schema.parse(JSON.parse(text)));
}

const row = lazy(() =>
    z
        .looseObject({
            still_wrong: z.string(),
            first_seen: z.number(),
            last_seen: z.number(),
            affected: json(z.array(z.string())),
            evidence: json(z.array(evidence())),
            facts: json(z.record(z.string(), z.string())),
        })
        .transform(({ still_wrong, first_seen, last_seen, ...rest }) => ({
            ...rest,
            stillWrong: still_wrong,
            firstSeen: first_seen,
            lastSeen: last_seen,
        })),
);

export function fromRow(read: unknown): Incident {
    return incidentSchema().parse(row().parse(read));
}

/** The columns of an incident and what they hold; its number is the database's to give. */
export function toRow(incident: Omit<Incident, 'id'>) {
    return {
        family: incident.family,
        kind: incident.kind,
        scope: incident.scope,
        subject: incident.subject,
        severity: incident.severity,
        title: incident.title,
        summary: incident.summary,
        cause: incident.cause,
        state: incident.state,
        still_wrong: incident.stillWrong,
        first_seen: incident.firstSeen,
        last_seen: incident.lastSeen,
        count: incident.count,
        occurrence: incident.occurrence,
        affected: JSON.stringify(incident.affected),
        evidence: JSON.stringify(incident.evidence),
        facts: JSON.stringify(incident.facts),
        notification: incident.notification,
    };
}
