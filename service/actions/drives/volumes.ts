/** Shared by the actions on removable drives: which one is meant, and what UDisks knows of it. */
import * as z from 'zod';

import { ReeveError } from '../../util/errors.ts';
import { _ } from '../../i18n/i18n.ts';
import type { Step } from '../../model/proposal.ts';
import { managedObjects } from '../../machine/managedObjects.ts';
import { udisks } from '../../machine/storage/smart.ts';
import { safeText } from '../../text/sanitise.ts';
import { isCalled } from '../called.ts';
import type { Surroundings } from '../surroundings.ts';

export type Asked = Pick<Surroundings, 'machine'> & { signal: AbortSignal };

/** The last part of the path of a block device's object, such as "sdb1". */
const device = z.string().regex(/^[A-Za-z0-9_]{1,64}$/);
export const volumeParameters = z.strictObject({ device });

const root = '/org/freedesktop/UDisks2';
/** Of org.freedesktop.UDisks2.Block, .Filesystem and .Drive, as udisks' reference manual has them. */
const block = z.object({
    Drive: z.string(),
    IdLabel: z.string(),
    IdUUID: z.string(),
    HintSystem: z.boolean(),
    HintIgnore: z.boolean(),
});
const filesystem = z.object({ MountPoints: z.array(z.instanceof(Uint8Array)) });
const drive = z.object({
    Vendor: z.string().catch(''),
    Model: z.string().catch(''),
    ConnectionBus: z.string().catch(''),
    Ejectable: z.boolean(),
    CanPowerOff: z.boolean(),
});
type Drive = z.infer<typeof drive> & { path: string };

/** A filesystem on a drive that people plug in and out. */
export type Volume = {
    device: string;
    path: string;
    name: string;
    uuid: string;
    drive: Drive;
    /** Where it can be seen; null where it is not mounted. */
    folder: string | null;
};

/** @throws ReeveError InvalidState where UDisks does not run */
export async function readVolumes({ machine, signal }: Asked): Promise<Volume[]> {
    const objects = await managedObjects(machine?.system ?? null, { destination: udisks, path: root }, signal);
    if (objects === null) throw new ReeveError('InvalidState', _('UDisks is not running'));
    const drives = new Map(
        objects.flatMap(([path, interfaces]) => {
            const { data } = drive.safeParse(interfaces[`${udisks}.Drive`]);
            return data === undefined ? [] : [[path, { ...data, path }] as const];
        }),
    );
    return objects.flatMap(([path, interfaces]): Volume[] => {
        const { data: own } = block.safeParse(interfaces[`${udisks}.Block`]);
        const { data: mounted } = filesystem.safeParse(interfaces[`${udisks}.Filesystem`]);
        const on = drives.get(own?.Drive ?? '');
        const last = path.slice(path.lastIndexOf('/') + 1);
        // What the system itself is on is no business of these actions.
        if (own === undefined || mounted === undefined || on === undefined || own.HintSystem || own.HintIgnore)
            return [];
        if (!device.safeParse(last).success) return [];
        const [first] = mounted.MountPoints;
        return [
            {
                device: last,
                path,
                name: safeText(own.IdLabel, 100) || safeText(`${on.Vendor} ${on.Model}`.trim(), 100) || last,
                uuid: safeText(own.IdUUID, 64),
                drive: on,
                folder: first === undefined ? null : safeText(Buffer.from(first).toString().replace(/\0$/, ''), 200),
            },
        ];
    });
}

/** @throws ReeveError InvalidState when it is not there */
export async function requireVolume(of: string, asked: Asked): Promise<Volume> {
    const volume = (await readVolumes(asked)).find(each => each.device === of);
    if (volume === undefined) throw new ReeveError('InvalidState', _('This drive is not there any more'));
    return volume;
}

/**
 * Those that people call so. Words such as “USB stick” mean any of them; the one for which there is something to do comes first.
 *
 * @throws ReeveError InvalidState when a drive is meant, and there is none
 */
export async function volumesMeant(
    said: string | null,
    asked: Asked,
    isFitting: (volume: Volume) => boolean,
): Promise<{ device: string }[]> {
    const all = await readVolumes(asked).catch((error: unknown) => {
        if (said !== null && error instanceof ReeveError) return [];
        throw error;
    });
    const named = all.filter(
        ({ name, device: own, drive: { Vendor, Model, ConnectionBus } }) =>
            said === null || isCalled(said, [name, own, Vendor, Model, ConnectionBus]),
    );
    if (said === null && named.length === 0)
        throw new ReeveError('InvalidState', _('No drive that can be unplugged is connected'));
    return named
        .sort((one, other) => Number(isFitting(other)) - Number(isFitting(one)))
        .map(volume => ({ device: volume.device }));
}

export function mountStep({ name, path, device: of }: Volume): Step {
    return {
        description: _('Mount {name}', { name }),
        command: `udisksctl mount --object-path block_devices/${of}`,
        call: callOf(path, 'Filesystem', 'Mount'),
    };
}

export function unmountStep({ name, path, device: of }: Volume): Step {
    return {
        description: _('Unmount {name}', { name }),
        command: `udisksctl unmount --object-path block_devices/${of}`,
        call: callOf(path, 'Filesystem', 'Unmount'),
    };
}

export function leaveStep({ name, device: of, drive: on }: Volume): Step {
    return on.CanPowerOff
        ? {
              description: _('Turn off the drive of {name}', { name }),
              command: `udisksctl power-off --object-path block_devices/${of}`,
              call: callOf(on.path, 'Drive', 'PowerOff'),
          }
        : {
              description: _('Eject {name}', { name }),
              command: `eject /dev/${of}`,
              call: callOf(on.path, 'Drive', 'Eject'),
          };
}

/** Each method takes options; none are given. */
function callOf(path: string, of: 'Filesystem' | 'Drive', member: string): Step['call'] {
    return {
        bus: 'system',
        destination: udisks,
        path,
        interface: `${udisks}.${of}`,
        member,
        signature: 'a{sv}',
        arguments: [[]],
    };
}
