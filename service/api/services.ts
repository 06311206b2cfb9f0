/** org.reevedesktop.Reeve1.Services on the bus. */
import * as z from 'zod';

import type { DeclaredService } from '../config/services.ts';
import type { ExportedObjects } from '../dbus/exportedObjects.ts';
import { readOptions } from '../dbus/options.ts';
import { variant } from '../dbus/variant.ts';
import type { journalAt } from '../journal/query.ts';
import { serviceStates, type ModelServers } from '../lifecycle/modelServers.ts';
import { redact } from '../text/redact.ts';
import { servicesTable, type Services } from './generated/interfaces.ts';

const logOptions = {
    schema: z.object({ lines: z.int().min(1).max(1000).default(50) }),
    signatures: { lines: 'u' },
};

export function exportServices({
    objects,
    path,
    servers,
    declared,
    journal,
}: {
    objects: ExportedObjects;
    path: string;
    servers: ModelServers;
    declared: () => readonly DeclaredService[];
    journal: Pick<ReturnType<typeof journalAt>, 'query'>;
}): Disposable {
    return objects.export<Services>(path, servicesTable, {
        properties: () => ({ version: 1 }),
        methods: {
            List: async () => ({
                services: (await servers.list(new AbortController().signal)).map(
                    ({ service, unit, state, detail }) => ({
                        name: variant('s', service.name),
                        kind: variant('s', service.kind),
                        unit: variant('s', unit),
                        url: variant('s', service.url),
                        state: variant('u', serviceStates.indexOf(state)),
                        detail: variant('s', detail),
                    }),
                ),
            }),
            Log: async ({ name, options }) => {
                const { lines } = readOptions(options, logOptions);
                const { requireDeclared, unitOfService } = await import('../actions/services/declared.ts');
                const userUnit = unitOfService(requireDeclared(name, { declared }));
                const entries = await journal.query({ userUnit, lines });
                return {
                    entries: entries.map(({ time, message }) => ({
                        time: variant('t', time ?? 0),
                        message: variant('s', redact(message)),
                    })),
                };
            },
        },
    });
}
