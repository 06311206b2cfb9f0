import * as z from 'zod';

import { _ } from '../../../i18n/i18n.ts';
import { safeText } from '../../../text/sanitise.ts';
import { readDrives } from '../../../machine/storage/drives.ts';
import type { Drive } from '../../../machine/storage/drives.ts';
import { udisks } from '../../../machine/storage/smart.ts';
import { fact } from '../../../machine/evidence.ts';
import { bytes, duration, moment } from '../figures.ts';
import { required, tool } from '../tool.ts';

const zeroCelsius = 273.15;

export const drives = tool({
    name: 'drives',
    description: 'Disks and drives with model, size and health (SMART): whether one is failing, worn or hot.',
    parameters: z.object({}),
    asked: {
        phrases: {
            en: [
                '(which|what|how many) (drives|disks) are (in this computer|there|installed|built in)',
                '[list|show] [all|my] drives',
            ],
            de: ['(welche|wie viele) (laufwerke|festplatten) (gibt es|sind eingebaut|habe ich)'],
            ar: ['(ما|ما هي) الاقراص (الموجودة|المثبتة)'],
        },
        example: () => _('Which drives are in this computer?'),
    },
    async run(_values, { machine, clock, signal }, out) {
        const found = required(await readDrives(machine, signal), 'UDisks', udisks);
        const rows: string[] = [];
        for (const drive of found) {
            const kind =
                drive.RotationRate > 0 ? 'hard disk' : drive.Removable ? 'removable' : 'solid state or virtual';
            const health = describeHealth(drive, clock());
            rows.push(`${drive.name}, ${kind}, ${bytes(drive.Size)}: ${health}`);
            out.cite(fact('system', `${udisks} ${drive.path}`, health));
        }
        out.list('Drives', rows, row => row);
    },
});

function describeHealth({ ata, nvme }: Drive, now: number): string {
    if (ata !== null) {
        if (!ata.SmartSupported) return 'does not report its health (no SMART)';
        if (!ata.SmartEnabled || ata.SmartUpdated === 0) return 'health not read (SMART is off)';
        const heat = ata.SmartTemperature > 0 ? `, ${Math.round(ata.SmartTemperature - zeroCelsius)} °C` : '';
        return (
            `${ata.SmartFailing ? 'FAILING: it predicts its own failure' : 'healthy by SMART'}, ` +
            `${ata.SmartNumBadSectors} bad sectors, ${ata.SmartNumAttributesFailing} attributes failing${heat}, ` +
            `on for ${duration(ata.SmartPowerOnSeconds)} in all, read ${moment(ata.SmartUpdated * 1_000_000, now)}`
        );
    }
    if (nvme === null || nvme.SmartUpdated === 0) return 'health is not known to UDisks';
    const warnings = nvme.SmartCriticalWarning.map(warning => safeText(warning, 32));
    return (
        `${warnings.length > 0 ? `WARNING: ${warnings.join(', ')}` : 'no critical warning'}, ` +
        `${Math.round(nvme.SmartTemperature - zeroCelsius)} °C, on for ${nvme.SmartPowerOnHours} h in all`
    );
}
