/** org.reevedesktop.Reeve1.Manager on the bus. */
import * as z from 'zod';

import type { Callers } from '../approval/callers.ts';
import type { AuditLog } from '../audit/auditLog.ts';
import { _ } from '../i18n/i18n.ts';
import type { Check } from '../model/healthCheck.ts';
import type { Connection } from '../dbus/connection.ts';
import type { Demo } from '../demo/demo.ts';
import type { Pause } from '../lifecycle/pause.ts';
import type { Incidents } from '../incidents/incidents.ts';
import { isClosed } from '../incidents/merge.ts';
import type { SourceState } from '../model/source.ts';
import type { ServiceState, Status } from '../lifecycle/status.ts';
import type { Database } from '../store/database.ts';
import { ReeveError } from '../util/errors.ts';
import { version } from '../util/version.ts';
import { readOptions } from '../dbus/options.ts';
import type { ExportedObjects } from '../dbus/exportedObjects.ts';
import { managerTable, type Manager } from './generated/interfaces.ts';
import type { Requests } from './requests.ts';
import { startCommand } from './command.ts';
import type { SandboxedCommands } from '../sandbox/sandboxedCommands.ts';
import { variant } from '../dbus/variant.ts';

const states: Record<ServiceState, number> = { starting: 0, watching: 1, degraded: 2, paused: 3 };
const sourceStates: Record<SourceState, number> = { off: 0, starting: 1, watching: 2, waiting: 3, unavailable: 4 };
const checkStatuses: Record<Check['status'], number> = { fine: 0, note: 1, problem: 2 };

const doctorOptions = {
    schema: z.object({ hardware: z.boolean().default(false), privacy: z.boolean().default(false) }),
    signatures: { hardware: 'b', privacy: 'b' },
};

export function exportManager(dependencies: {
    objects: ExportedObjects;
    path: string;
    status: Status;
    incidents: Incidents;
    requests: Requests;
    /** The backend that answers questions, in words. */
    answerer: () => string;
    callers: Callers;
    audit: AuditLog;
    database: Database;
    pause: Pause;
    doctor: (options: { hardware: boolean; privacy: boolean }) => Promise<Check[]>;
    commands: () => Promise<SandboxedCommands>;
    session: Pick<Connection, 'watchName'>;
    demo: Demo;
}): Disposable {
    const { objects, path, status, incidents, requests, answerer, callers, audit, database, pause, doctor, demo } =
        dependencies;
    const exported = objects.export<Manager>(path, managerTable, {
        properties: () => ({
            version: 1,
            ServiceVersion: version,
            State: states[status.state],
            PausedSince: status.pausedSince,
            OpenIncidents: incidents.list().filter(incident => !isClosed(incident.state)).length,
            Answering: requests.count('question') > 0,
            Answerer: answerer(),
            Demo: demo.isRunning,
            Sources: status.sources.map(source => ({
                name: variant('s', source.name),
                state: variant('u', sourceStates[source.state]),
                detail: variant('s', source.detail),
                events: variant('t', source.events),
                lost: variant('t', source.lost),
                last_event: variant('t', source.lastEvent ?? 0),
                lag: variant('t', source.lag ?? 0),
            })),
            Notices: status.notices.map(notice => ({
                code: variant('s', notice.code),
                text: variant('s', notice.text),
                remedy: variant('s', notice.remedy),
            })),
            Muted: incidents.mutes.list().map(mute => ({
                family: variant('s', mute.family),
                scope: variant('s', mute.scope),
                subject: variant('s', mute.subject),
                since: variant('t', mute.since),
            })),
        }),
        methods: {
            Pause: async (_options, { sender }) => {
                await pause.pause(await callers.identify(sender));
            },
            Resume: async (_options, { sender }) => {
                pause.resume(await callers.identify(sender));
            },
            Unmute: async ({ family, scope, subject }, { sender }) => {
                const actor = await callers.identify(sender);
                database.transaction(() => {
                    if (!incidents.mutes.remove({ family, scope, subject }))
                        throw new ReeveError('NotFound', _('{subject} is not muted', { subject }));
                    audit.append({ event: 'unmuted', actor, subject, detail: `${scope} ${family}` });
                });
            },
            BeginDemo: async (_options, { sender }) => {
                const actor = await callers.authorise(sender);
                if (status.isPaused) throw new ReeveError('Paused', _('Reeve is paused'));
                await demo.begin(actor, gone =>
                    dependencies.session.watchName(sender, owner => {
                        if (owner === null) gone();
                    }),
                );
            },
            EndDemo: async (_options, { sender }) => {
                await demo.end(await callers.authorise(sender));
            },
            RunCommand: async ({ argv, options }, { sender }) => ({
                request: await startCommand({ argv, options, sender }, dependencies),
            }),
            Doctor: async ({ options }) => ({
                checks: (await doctor(readOptions(options, doctorOptions))).map(check => ({
                    id: variant('s', check.id),
                    title: variant('s', check.title),
                    status: variant('u', checkStatuses[check.status]),
                    detail: variant('s', check.detail),
                    remedy: variant('s', check.remedy),
                })),
            }),
        },
    });
    const changed = () => {
        exported.changed();
    };
    status.on('changed', changed);
    requests.on('changed', changed);
    demo.on('changed', changed);
    incidents.on('added', changed).on('changed', changed).on('removed', changed);
    incidents.mutes.on('changed', changed);
    return {
        [Symbol.dispose]: () => {
            status.off('changed', changed);
            requests.off('changed', changed);
            demo.off('changed', changed);
            incidents.off('added', changed).off('changed', changed).off('removed', changed);
            incidents.mutes.off('changed', changed);
            exported[Symbol.dispose]();
        },
    };
}
