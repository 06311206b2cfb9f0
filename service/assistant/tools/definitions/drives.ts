import * as z from 'zod';

import { _, ngettext } from '../../../i18n/i18n.ts';
import { item, plain, strong } from '../../markup.ts';
import { safeText } from '../../../text/sanitise.ts';
import { isFailing, readDrives } from '../../../machine/storage/drives.ts';
import type { Drive } from '../../../machine/storage/drives.ts';
import { udisks } from '../../../machine/storage/smart.ts';
import type { Format } from '../../../i18n/format.ts';
import { fact } from '../../../machine/evidence.ts';
import { bytes, duration, moment } from '../figures.ts';
import { required, toldTool } from '../tool.ts';

const zeroCelsius = 273.15;

export const drives = toldTool({
    name: 'drives',
    description: 'Disks and drives with model, size and health (SMART): whether one is failing, worn or hot.',
    parameters: z.object({}),
    asked: {
        phrases: {
            en: [
                '(which|what) (hard drives|drives|disks) (are built in|do i have|are inside|are there)',
                'do i have an (ssd|hdd) [or] [an] [hdd|ssd]',
                '(smart|smart status|smart values)',
                'are there bad sectors',
                'how (many hours|long) has (the|my) (drive|disk|ssd) run',
                '(which|what|how many) (drives|disks) are (in this computer|there|installed|built in)',
                '[list|show] [all|my] drives',
            ],
            de: [
                '(smart|smartwerte|smart werte)',
                '(stirbt|altert) meine (festplatte|ssd|platte)',
                'habe ich eine (ssd|hdd) [oder] [hdd|ssd]',
                '(welche|wie viele) (laufwerke|festplatten) (gibt es|sind eingebaut|habe ich)',
            ],
            ar: [
                'ما (الاقراص|الأقراص) [الموجودة] في (الجهاز|الحاسوب)',
                'هل عندي ssd',
                '(ما|ما هي) الاقراص (الموجودة|المثبتة)',
            ],
        },
        example: () => _('Which drives are in this computer?'),
    },
    absent: source =>
        _('Drive information is not available: UDisks is not installed or not running ({source}).', { source }),
    async find(_values, { machine, signal, clock }, cite) {
        const found = required(await readDrives(machine, signal), 'UDisks', udisks);
        for (const drive of found) cite(fact('system', `${udisks} ${drive.path}`, describeHealth(drive, clock())));
        return found;
    },
    write(found, out, _values, clock) {
        out.list('Drives', found, drive => {
            const kind =
                drive.RotationRate > 0 ? 'hard disk' : drive.Removable ? 'removable' : 'solid state or virtual';
            return `${drive.name}, ${kind}, ${bytes(drive.Size)}: ${describeHealth(drive, clock())}`;
        });
    },
    *tell(found, format) {
        const count = found.length;
        const failing = found.filter(isFailing).map(({ name }) => strong(plain(name)));
        if (count === 0) yield `${_('No drive is known here.')}\n`;
        else if (failing.length > 0)
            yield `${ngettext('{drives} reports that it is failing. Copy what is on it now.', '{drives} report that they are failing. Copy what is on them now.', failing.length, { drives: format.list(failing) })}\n\n`;
        else
            yield `${ngettext('{count} drive is in this computer:', '{count} drives are in this computer:', count, { count })}\n\n`;
        for (const drive of found) {
            const { name, Size } = drive;
            const values = { drive: plain(name), size: format.size(Size), health: healthOf(drive, format) };
            yield item(_('{drive}, {size}: {health}', values));
        }
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

/** What the drive says of itself, in a few words for people. */
function healthOf(drive: Drive, format: Format): string {
    const { ata, nvme } = drive;
    const isRead = ata === null ? nvme !== null && nvme.SmartUpdated > 0 : ata.SmartEnabled && ata.SmartUpdated > 0;
    if (!isRead) return _('it does not report its health');
    const kelvin = ata?.SmartTemperature ?? nvme?.SmartTemperature ?? 0;
    const parts = [isFailing(drive) ? _('it reports that it is failing') : _('healthy by its own report')];
    const bad = ata?.SmartNumBadSectors ?? 0;
    if (bad > 0) parts.push(ngettext('{count} bad sector', '{count} bad sectors', bad, { count: bad }));
    if (kelvin > 0) parts.push(format.celsius(kelvin - zeroCelsius));
    return parts.join(', ');
}
