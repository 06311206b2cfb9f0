import * as z from 'zod';

import { safeText } from '../../text/sanitise.ts';
import type { Machine } from '../machine.ts';
import { managedObjects } from '../managedObjects.ts';
import { ataInterface, nvmeInterface, udisks } from './smart.ts';

/** Properties of org.freedesktop.UDisks2.Drive, .Drive.Ata and .NVMe.Controller, as udisks' reference manual has them. */
const driveSchema = z.object({
    Vendor: z.string().default(''),
    Model: z.string().default(''),
    Size: z.number().default(0),
    RotationRate: z.number().default(-1),
    Removable: z.boolean().default(false),
    ConnectionBus: z.string().default(''),
});
const ataSchema = z.object({
    SmartSupported: z.boolean(),
    SmartEnabled: z.boolean(),
    SmartUpdated: z.number(),
    SmartFailing: z.boolean(),
    SmartTemperature: z.number(),
    SmartPowerOnSeconds: z.number(),
    SmartNumBadSectors: z.number(),
    SmartNumAttributesFailing: z.number(),
});
const nvmeSchema = z.object({
    SmartUpdated: z.number(),
    SmartCriticalWarning: z.array(z.string()),
    SmartPowerOnHours: z.number(),
    SmartTemperature: z.number(),
});

export type Drive = z.infer<typeof driveSchema> & {
    /** Its object. */
    path: string;
    /** What it is sold as, or the name of its object. */
    name: string;
    ata: z.infer<typeof ataSchema> | null;
    nvme: z.infer<typeof nvmeSchema> | null;
};

/** Whether a drive itself reports that it fails. One that is too warm does not. */
export const isFailing = ({ ata, nvme }: Drive): boolean =>
    ata?.SmartFailing === true || nvme?.SmartCriticalWarning.some(warning => warning !== 'temperature') === true;

/** The drives that UDisks knows, with the health that they report; null where it does not run. */
export async function readDrives({ system }: Machine, signal: AbortSignal): Promise<Drive[] | null> {
    const objects = await managedObjects(system, { destination: udisks, path: '/org/freedesktop/UDisks2' }, signal);
    if (objects === null) return null;
    return objects.flatMap(([path, interfaces]): Drive[] => {
        const { data: drive } = driveSchema.safeParse(interfaces[`${udisks}.Drive`]);
        if (drive === undefined) return [];
        const name = `${drive.Vendor} ${drive.Model}`.trim() || path.slice(path.lastIndexOf('/') + 1);
        const ata = ataSchema.safeParse(interfaces[ataInterface]).data ?? null;
        const nvme = nvmeSchema.safeParse(interfaces[nvmeInterface]).data ?? null;
        return [{ ...drive, path, name: safeText(name, 100), ata, nvme }];
    });
}
