/** org.reevedesktop.Reeve1.Incident on the bus, an object for each. */
import * as z from 'zod';
import type { AuditLog } from '../audit/auditLog.ts';
import type { Callers } from '../approval/callers.ts';
import type { Proposals } from '../approval/proposals.ts';
import type { Diagnosis } from '../diagnosis/diagnosis.ts';
import type { ShownStep } from '../diagnosis/guide.ts';
import type { Guides } from '../diagnosis/guides.ts';
import { ReeveError } from '../util/errors.ts';
import { _ } from '../i18n/i18n.ts';
import type { Incidents } from '../incidents/incidents.ts';
import { beganAt, isClosed } from '../incidents/merge.ts';
import { incidentState, severities, type Incident } from '../model/incident.ts';
import type { Proposal } from '../model/proposal.ts';
import type { Status } from '../lifecycle/status.ts';
import type { Database } from '../store/database.ts';
import { redact } from '../text/redact.ts';
import { evidenceDictionary } from './evidence.ts';
import type { Exported, ExportedObjects } from '../dbus/exportedObjects.ts';
import { incidentTable, type Incident as IncidentInterface } from './generated/interfaces.ts';
import { readOptions } from '../dbus/options.ts';
import { variant, type Dictionary } from '../dbus/variant.ts';
import { incidentPath, proposalPath } from './paths.ts';

const dismissOptions = { schema: z.object({ forever: z.boolean().default(false) }), signatures: { forever: 'b' } };

const notifications: Record<Incident['notification'], number> = { undecided: 0, none: 0, wanted: 1, shown: 2 };

type Dependencies = {
    objects: ExportedObjects;
    incidents: Incidents;
    proposals: Proposals;
    callers: Callers;
    audit: AuditLog;
    database: Database;
    status: Status;
    diagnosis: Diagnosis;
    guides: Guides;
};

/** Keeps one object on the bus for each incident in the list. */
export function exportIncidents(dependencies: Dependencies): Disposable {
    const { incidents, proposals, diagnosis } = dependencies;
    const exported = new Map<number, Exported<IncidentInterface>>();
    const add = ({ id }: Incident) => {
        if (!exported.has(id)) exported.set(id, exportIncident(dependencies, id));
    };
    const change = (incident: Incident) => {
        // An incident that was reopened after it had left the list comes back as a change.
        add(incident);
        exported.get(incident.id)?.changed();
    };
    const remove = (id: number) => {
        exported.get(id)?.[Symbol.dispose]();
        exported.delete(id);
    };
    const proposalChanged = ({ owner }: Proposal) => {
        if (owner.kind === 'incident') exported.get(owner.id)?.changed();
    };
    const looking = (id: number) => {
        exported.get(id)?.changed();
    };
    for (const incident of incidents.list()) add(incident);
    diagnosis.on('looking', looking);
    incidents.on('added', add).on('changed', change).on('removed', remove);
    proposals.on('added', proposalChanged).on('changed', proposalChanged);
    return {
        [Symbol.dispose]: () => {
            diagnosis.off('looking', looking);
            incidents.off('added', add).off('changed', change).off('removed', remove);
            proposals.off('added', proposalChanged).off('changed', proposalChanged);
            for (const id of [...exported.keys()]) remove(id);
        },
    };
}

function exportIncident(dependencies: Dependencies, id: number): Exported<IncidentInterface> {
    const { objects, incidents, proposals, callers, audit, database, status, diagnosis, guides } = dependencies;
    const get = (): Incident => {
        const incident = incidents.get(id);
        if (incident === undefined) throw new ReeveError('NotFound', _('There is no incident {id}', { id }));
        return incident;
    };
    return objects.export<IncidentInterface>(incidentPath(id), incidentTable, {
        properties: () => ({
            ...toProperties(get()),
            Looking: diagnosis.isLooking(id),
            Steps: guides.steps(get()).map(stepDictionary),
            Proposals: proposals.list(id).map(proposalPath),
        }),
        methods: {
            MarkNotified: () => {
                incidents.markNotified(id);
            },
            Recheck: async () => {
                if (status.isPaused) throw new ReeveError('Paused', _('Reeve is paused'));
                return await diagnosis.recheck(id);
            },
            Dismiss: async ({ options }, { sender }) => {
                const { forever } = readOptions(options, dismissOptions);
                const actor = await callers.authorise(sender);
                const incident = get();
                if (incident.state === 'fixing') {
                    throw new ReeveError('InvalidState', _('{subject} is being fixed', { subject: incident.subject }));
                }
                if (isClosed(incident.state) && !forever) return;
                database.transaction(() => {
                    incidents.dismiss(id, { forever });
                    const detail = forever ? 'never to be reported again' : '';
                    audit.append({ event: 'dismissed', actor, subject: `incident ${id}: ${incident.subject}`, detail });
                });
            },
        },
    });
}

function stepDictionary({ text, isSeen, panel }: ShownStep): Dictionary {
    return { text: variant('s', text), seen: variant('b', isSeen), panel: variant('s', panel ?? '') };
}

function toProperties(incident: Incident): Omit<IncidentInterface['properties'], 'Looking' | 'Proposals' | 'Steps'> {
    return {
        version: 1,
        Id: incident.id,
        Family: incident.family,
        LocalRule: incident.facts.localRule ?? '',
        Kind: incident.kind,
        Subject: incident.subject,
        Scope: incident.scope,
        Severity: severities.indexOf(incident.severity) + 1,
        Title: incident.title,
        Summary: redact(incident.summary),
        Cause: redact(incident.cause),
        State: incidentState.options.indexOf(incident.state),
        StillWrong: incident.stillWrong,
        FirstSeen: incident.firstSeen,
        LastSeen: incident.lastSeen,
        Began: beganAt(incident),
        Count: incident.count,
        Affected: incident.affected,
        Evidence: incident.evidence.map(evidenceDictionary),
        AnnouncedWith: Number(incident.facts.toldWith ?? 0),
        Notification: notifications[incident.notification],
    };
}
