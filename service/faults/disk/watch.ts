import * as z from 'zod';

import { _ } from '../../i18n/i18n.ts';
import { safeText } from '../../text/sanitise.ts';
import type { SmartDrive } from '../../machine/storage/smart.ts';
import { ataInterface, nvmeInterface, readSmart, smartOf } from '../../machine/storage/smart.ts';
import { busSource, isKnown, propertyRule } from '../../sources/signals/busSource.ts';
import type { WrittenFacts } from './facts.ts';

const name = 'drives';
const below = '/org/freedesktop/UDisks2';
/** Milliseconds. */
const patience = 10_000;
const bytes = z.union([z.instanceof(Uint8Array), z.array(z.int())]);
const filesystem = z.object({ MountPoints: z.array(bytes).optional() });
/** Completed: success, message. */
const completed = z.tuple([z.boolean(), z.string()]);

/** Drives that warn of their own failure, mounted filesystems, and jobs of udisks that fail. */
export const drives = busSource({
    name,
    bus: 'system',
    service: 'org.freedesktop.UDisks2',
    make: () => [
        ...[ataInterface, nvmeInterface].map(of =>
            propertyRule({ pathNamespace: below, interface: of }, async (values, { path }, connection) => {
                const state = smartOf(of, values);
                if (state?.failing !== true) return null;
                const known = await readSmart(connection, AbortSignal.timeout(patience));
                return failing({ ...state, path, node: known?.find(drive => drive.path === path)?.node ?? null });
            }),
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
            toChange: ({ body }) => {
                const [isDone, message] = completed.parse(body);
                if (isDone) return null;
                const summary = _('An operation on a drive failed: {message}', { message: safeText(message, 256) });
                return { kind: 'storage', event: 'job-failed', subject: 'udisks', summary, facts: {} };
            },
        },
    ],
    // udisks reports it once, perhaps before anybody logged in. The fault stays, and so does the user's decision about it.
    greet: async (surroundings, connection) => {
        const all = (await readSmart(connection, AbortSignal.timeout(patience))) ?? [];
        return all
            .filter(drive => drive.failing)
            .map(failing)
            .filter(change => !isKnown(change, name, surroundings));
    },
});

function failing({ path, node, warnings }: SmartDrive) {
    const drive = lastPart(path).replaceAll('_', ' ');
    return {
        kind: 'storage' as const,
        event: 'drive-failing',
        subject: drive,
        summary: _('The drive {drive} reports that it is about to fail', { drive }),
        detail: warnings,
        facts: { path: safeText(path, 256), warnings, ...(node !== null && { node }) } satisfies WrittenFacts,
    };
}

function lastPart(path: string): string {
    return safeText(path.slice(path.lastIndexOf('/') + 1), 128);
}
