import * as z from 'zod';

import { safeText } from '../../text/sanitise.ts';
import { fact } from '../evidence.ts';
import { bytes, duration, moment } from '../figures.ts';
import { managedObjects } from '../managedObjects.ts';
import { required, tool } from '../tool.ts';

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

const udisks = 'org.freedesktop.UDisks2';
const zeroCelsius = 273.15;

export const drives = tool({
    name: 'drives',
    description: 'Disks and drives with model, size and health (SMART): whether one is failing, worn or hot.',
    parameters: z.object({}),
    async run(_values, { machine, clock, signal }, out) {
        const objects = required(
            await managedObjects(machine.system, { destination: udisks, path: '/org/freedesktop/UDisks2' }, signal),
            'UDisks',
            udisks,
        );
        const rows: string[] = [];
        for (const [path, interfaces] of objects) {
            const { data: drive } = driveSchema.safeParse(interfaces[`${udisks}.Drive`]);
            if (drive === undefined || interfaces[`${udisks}.Drive`] === undefined) continue;
            const name = safeText(
                `${drive.Vendor} ${drive.Model}`.trim() || path.slice(path.lastIndexOf('/') + 1),
                100,
            );
            const kind =
                drive.RotationRate > 0 ? 'hard disk' : drive.Removable ? 'removable' : 'solid state or virtual';
            const health = describeHealth(interfaces, clock());
            rows.push(`${name}, ${kind}, ${bytes(drive.Size)}: ${health}`);
            out.cite(fact('system', `${udisks} ${path}`, health));
        }
        out.list('Drives', rows, row => row);
    },
});

function describeHealth(interfaces: Readonly<Record<string, unknown>>, now: number): string {
    const { data: ata } = ataSchema.safeParse(interfaces[`${udisks}.Drive.Ata`]);
    if (ata !== undefined) {
        if (!ata.SmartSupported) return 'does not report its health (no SMART)';
        if (!ata.SmartEnabled || ata.SmartUpdated === 0) return 'health not read (SMART is off)';
        const heat = ata.SmartTemperature > 0 ? `, ${Math.round(ata.SmartTemperature - zeroCelsius)} °C` : '';
        return (
            `${ata.SmartFailing ? 'FAILING: it predicts its own failure' : 'healthy by SMART'}, ` +
            `${ata.SmartNumBadSectors} bad sectors, ${ata.SmartNumAttributesFailing} attributes failing${heat}, ` +
            `on for ${duration(ata.SmartPowerOnSeconds)} in all, read ${moment(ata.SmartUpdated * 1_000_000, now)}`
        );
    }
    const { data: nvme } = nvmeSchema.safeParse(interfaces[`${udisks}.NVMe.Controller`]);
    if (nvme === undefined || nvme.SmartUpdated === 0) return 'health is not known to UDisks';
    const warnings = nvme.SmartCriticalWarning.map(warning => safeText(warning, 32));
    return (
        `${warnings.length > 0 ? `WARNING: ${warnings.join(', ')}` : 'no critical warning'}, ` +
        `${Math.round(nvme.SmartTemperature - zeroCelsius)} °C, on for ${nvme.SmartPowerOnHours} h in all`
    );
}
