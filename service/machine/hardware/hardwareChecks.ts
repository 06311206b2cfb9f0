import type { Format } from '../../i18n/format.ts';
import { _, joinStatements, ngettext } from '../../i18n/i18n.ts';
import type { journalAt } from '../../journal/query.ts';
import type { Check } from '../../model/healthCheck.ts';
import { safeText } from '../../text/sanitise.ts';
import { listNames, readText } from '../machine.ts';
import type { Machine } from '../machine.ts';
import { readDrives } from '../storage/drives.ts';
import type { Drive } from '../storage/drives.ts';
import { readBatteries, worn } from './batteries.ts';
import type { OwnBattery } from './batteries.ts';
import { firmwareFaults, firmwareWords } from './firmwareFaults.ts';
import type { FirmwareFault, FirmwareGrade } from './firmwareFaults.ts';
import { readTemperatures } from './temperatures.ts';
import type { Temperature } from './temperatures.ts';

export type HardwareSources = {
    machine: Machine;
    journal: Pick<ReturnType<typeof journalAt>, 'query' | 'access'>;
    format: Format;
};

/** Degrees Celsius below the critical value from which a sensor counts as hot. */
const margin = 10;

/**
 * The hardware and its firmware: drives, batteries, temperatures, memory errors, and what the kernel has said since its start
 * about the firmware. What this computer does not have is left out.
 */
export async function examineHardware(sources: HardwareSources, signal: AbortSignal): Promise<Check[]> {
    const { machine, format } = sources;
    const [drives, batteries, temperatures, memory, firmware] = await Promise.all([
        readDrives(machine, signal),
        readBatteries(machine.system, signal),
        readTemperatures(machine),
        checkMemory(machine),
        checkFirmware(sources, signal),
    ]);
    return [
        ...checkDrives(drives),
        ...(batteries ?? []).map(battery => checkBattery(battery, format)),
        ...checkTemperatures(temperatures, format),
        ...memory,
        ...firmware,
    ];
}

function checkDrives(drives: Drive[] | null): Check[] {
    const title = _('Drives');
    if (drives === null) {
        const remedy = _('Install udisks2 to see the health of drives');
        return [{ id: 'drives', title, status: 'note', detail: _('UDisks does not run'), remedy }];
    }
    const measured = drives.filter(({ ata, nvme }) => ata?.SmartEnabled === true || nvme !== null);
    if (measured.length === 0)
        return [{ id: 'drives', title, status: 'fine', detail: _('No drive reports its health'), remedy: '' }];
    return measured.map(checkDrive);
}

function checkDrive({ name, ata, nvme }: Drive): Check {
    const id = `drive-${name.replace(/\W+/g, '-').toLowerCase()}`;
    const title = _('Drive {name}', { name });
    const warnings = nvme?.SmartCriticalWarning ?? [];
    if (ata?.SmartFailing === true || warnings.length > 0) {
        const reason = safeText(warnings.join(', '), 256);
        const detail =
            reason === ''
                ? _('It reports that it is about to fail')
                : _('It reports that it is about to fail: {reason}', { reason });
        return { id, title, status: 'problem', detail, remedy: _('Back up your data now, then replace the drive') };
    }
    const bad = ata?.SmartNumBadSectors ?? 0;
    if (bad > 0) {
        const detail = ngettext('{count} bad sector', '{count} bad sectors', bad);
        return { id, title, status: 'note', detail, remedy: _('Keep a backup; replace the drive if the number grows') };
    }
    return { id, title, status: 'fine', detail: _('It reports no problem'), remedy: '' };
}

function checkBattery({ name, serial, health }: OwnBattery, format: Format): Check {
    const id = `battery-${serial === '' ? name : serial}`.replace(/\W+/g, '-').toLowerCase();
    const title = _('Battery {name}', { name });
    const detail = _('A full charge holds {share} of the original capacity', { share: format.percent(health) });
    const isWorn = health < worn;
    return { id, title, status: isWorn ? 'note' : 'fine', detail, remedy: isWorn ? _('Replace it some time') : '' };
}

function checkTemperatures([hottest, ...others]: Temperature[], format: Format): Check[] {
    if (hottest === undefined) return [];
    const id = 'temperature';
    const title = _('Temperature');
    const hot = [hottest, ...others].find(({ celsius, critical }) => critical !== null && celsius >= critical - margin);
    const { chip, celsius } = hot ?? hottest;
    const values = { chip, celsius: format.celsius(celsius) };
    if (hot === undefined)
        return [
            { id, title, status: 'fine', detail: _('The hottest sensor ({chip}) shows {celsius}', values), remedy: '' },
        ];
    const detail = _('{chip} shows {celsius}, close to its critical value', values);
    return [{ id, title, status: 'problem', detail, remedy: _('Let it cool down, and clean the fan and its vents') }];
}

/** Error counts of memory with a check code; Documentation/admin-guide/ras.rst of Linux. */
async function checkMemory(machine: Machine): Promise<Check[]> {
    const folder = '/sys/devices/system/edac/mc';
    const controllers = (await listNames(machine, folder)).filter(name => /^mc\d+$/.test(name));
    if (controllers.length === 0) return [];
    const count = async (file: string) => {
        const texts = await Promise.all(controllers.map(name => readText(machine, `${folder}/${name}/${file}`, 64)));
        return texts.reduce((sum, text) => sum + Number(text ?? 0), 0);
    };
    const [corrected, uncorrected] = await Promise.all([count('ce_count'), count('ue_count')]);
    const id = 'memory-errors';
    const title = _('Memory');
    if (corrected + uncorrected === 0)
        return [{ id, title, status: 'fine', detail: _('No errors since the start'), remedy: '' }];
    const parts = [
        ...(uncorrected > 0
            ? [
                  ngettext(
                      '{count} error that could not be corrected',
                      '{count} errors that could not be corrected',
                      uncorrected,
                  ),
              ]
            : []),
        ...(corrected > 0 ? [ngettext('{count} corrected error', '{count} corrected errors', corrected)] : []),
    ];
    const remedy = _('Test the memory modules (memtest86+), and replace the one with errors');
    return [{ id, title, status: uncorrected > 0 ? 'problem' : 'note', detail: joinStatements(parts), remedy }];
}

async function checkFirmware({ journal }: HardwareSources, signal: AbortSignal): Promise<Check[]> {
    const title = _('Firmware');
    if ((await journal.access()) !== 'system') {
        const detail = _('The kernel’s log cannot be read');
        return [{ id: 'firmware', title, status: 'note', detail, remedy: _('Join the group systemd-journal') }];
    }
    const entries = await journal.query({ matches: ['_TRANSPORT=kernel'], boot: true, grep: firmwareWords, signal });
    const faults = firmwareFaults(entries.map(({ message }) => message));
    if (faults.length === 0) {
        const detail = _('The kernel has reported no fault of it since the start');
        return [{ id: 'firmware', title, status: 'fine', detail, remedy: '' }];
    }
    return faults.map(toCheck);
}

/** Most computers have some that change nothing for anybody, so only the gravest count as problems. */
function toCheck({ id, grade, title, advice, count, line }: FirmwareFault): Check {
    const values = { grade: gradeText(grade), count, line };
    const detail = ngettext(
        'Severity {grade}, {count} line: “{line}”',
        'Severity {grade}, {count} lines: “{line}”',
        count,
        values,
    );
    return { id: `firmware-${id}`, title, status: grade === 'critical' ? 'problem' : 'note', detail, remedy: advice };
}

function gradeText(grade: FirmwareGrade): string {
    switch (grade) {
        case 'critical':
            return _('critical');
        case 'high':
            return _('high');
        case 'medium':
            return _('medium');
        case 'low':
            return _('low');
    }
}
