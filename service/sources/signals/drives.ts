import * as z from 'zod';

import { _ } from '../../i18n/i18n.ts';
import { safeText } from '../../text/sanitise.ts';
import type { Told } from './busSource.ts';
import { busSource, propertyRule } from './busSource.ts';

const below = '/org/freedesktop/UDisks2';
const ata = z.object({ SmartFailing: z.boolean().optional() });
const nvme = z.object({ SmartCriticalWarning: z.array(z.string()).optional() });
const bytes = z.union([z.instanceof(Uint8Array), z.array(z.int())]);
const filesystem = z.object({ MountPoints: z.array(bytes).optional() });
/** Completed: success, message. */
const completed = z.tuple([z.boolean(), z.string()]);

/** Drives that warn of their own failure, filesystems that are mounted, and jobs of udisks that fail. */
export const drives = busSource({
    name: 'drives',
    bus: 'system',
    service: 'org.freedesktop.UDisks2',
    make: () => [
        propertyRule({ pathNamespace: below, interface: 'org.freedesktop.UDisks2.Drive.Ata' }, (values, { path }) => {
            const { SmartFailing: isFailing } = ata.parse(values);
            return isFailing === true ? failing(path, '') : null;
        }),
        propertyRule(
            { pathNamespace: below, interface: 'org.freedesktop.UDisks2.NVMe.Controller' },
            (values, { path }) => {
                const { SmartCriticalWarning: found = [] } = nvme.parse(values);
                return found.length > 0 ? failing(path, found.join(', ')) : null;
            },
        ),
        propertyRule({ pathNamespace: below, interface: 'org.freedesktop.UDisks2.Filesystem' }, (values, { path }) => {
            const { MountPoints: points } = filesystem.parse(values);
            if (points === undefined) return null;
            const device = `/dev/${lastPart(path)}`;
            const [first] = points.map(point => Buffer.from(point).toString().replace(/\0.*$/s, ''));
            const place = safeText(first ?? '', 256);
            const summary =
                place === ''
                    ? _('{device} was unmounted', { device })
                    : _('{device} was mounted at {place}', { device, place });
            const event = place === '' ? 'unmounted' : 'mounted';
            return { kind: 'storage', event, subject: device, summary, facts: { node: device, place } };
        }),
        {
            match: { pathNamespace: `${below}/jobs`, interface: 'org.freedesktop.UDisks2.Job', member: 'Completed' },
            tell: ({ body }) => {
                const [isDone, message] = completed.parse(body);
                if (isDone) return null;
                const summary = _('Work on a drive failed: {message}', { message: safeText(message, 256) });
                return { kind: 'storage', event: 'job-failed', subject: 'udisks', summary, facts: {} };
            },
        },
    ],
});

function failing(path: string, warnings: string): Told {
    const drive = lastPart(path).replaceAll('_', ' ');
    const summary = _('The drive {drive} says that it is about to fail', { drive });
    return { kind: 'storage', event: 'drive-failing', subject: drive, summary, detail: warnings, facts: { warnings } };
}

function lastPart(path: string): string {
    return safeText(path.slice(path.lastIndexOf('/') + 1), 128);
}
