/** org.reevedesktop.Reeve1.Audit on the bus. */
import * as z from 'zod';
import type { AuditEntry, AuditLog } from '../audit/auditLog.ts';
import { verifyWithJournal } from '../audit/witnesses.ts';
import type { ExportedObjects } from '../dbus/exportedObjects.ts';
import { auditTable, type Audit } from './generated/interfaces.ts';
import { readOptions } from '../dbus/options.ts';
import { variant, type Dictionary } from '../dbus/variant.ts';
import type { JournalReader } from '../journal/query.ts';
import { lazy } from '../util/lazy.ts';

const filter = lazy(() => ({
    schema: z.object({ before: z.int().positive().optional(), limit: z.int().min(1).max(1000).default(100) }),
    signatures: { before: 't', limit: 'u' },
}));

export function exportAudit({
    objects,
    path,
    audit,
    journal,
}: {
    objects: ExportedObjects;
    path: string;
    audit: AuditLog;
    journal: JournalReader;
}): Disposable {
    return objects.export<Audit>(path, auditTable, {
        properties: () => ({ version: 1 }),
        methods: {
            List: args => {
                const { before, limit } = readOptions(args.filter, filter());
                const entries = audit.list({ limit, ...(before !== undefined && { before }) });
                return { entries: entries.map(toDictionary) };
            },
            Verify: () => verifyWithJournal(audit, journal),
        },
    });
}

function toDictionary(entry: AuditEntry): Dictionary {
    return {
        id: variant('t', entry.id),
        time: variant('t', entry.time),
        event: variant('s', entry.event),
        actor: variant('s', entry.actor),
        subject: variant('s', entry.subject),
        detail: variant('s', entry.detail),
        hash: variant('s', entry.hash),
    };
}
