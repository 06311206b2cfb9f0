import type { Evidence } from '../../model/incident.ts';
import { safeText } from '../../text/sanitise.ts';
import { fact } from '../evidence.ts';
import { listNames, readText } from '../machine.ts';
import type { Machine } from '../machine.ts';

export type Temperature = {
    /** Name of the chip's driver, such as "coretemp", "nvme". */
    chip: string;
    /** The label of the sensor, in the driver's words; empty when it gives none. */
    label: string;
    celsius: number;
    /** From here on the hardware protects itself or takes damage; null when the sensor has no such value. */
    critical: number | null;
    evidence: Evidence;
};

/** Unconnected sensors show such values. */
const plausible = (celsius: number) => celsius > 0 && celsius < 150;

/** All temperature sensors, hottest first. @see Documentation/hwmon/sysfs-interface.rst (millidegrees Celsius) */
export async function readTemperatures(machine: Machine): Promise<Temperature[]> {
    const temperatures: Temperature[] = [];
    for (const chip of (await listNames(machine, '/sys/class/hwmon')).sort()) {
        const directory = `/sys/class/hwmon/${chip}`;
        const read = async (file: string) => (await readText(machine, `${directory}/${file}`, 4096))?.trim() || null;
        const name = safeText((await read('name')) ?? chip, 64);
        for (const file of (await listNames(machine, directory)).sort()) {
            const sensor = /^(temp\d+)_input$/.exec(file)?.[1];
            const input = sensor === undefined ? null : await read(file);
            if (sensor === undefined || input === null) continue;
            const celsius = Number(input) / 1000;
            if (!plausible(celsius)) continue;
            const critical = Number((await read(`${sensor}_crit`)) ?? NaN) / 1000;
            temperatures.push({
                chip: name,
                label: safeText((await read(`${sensor}_label`)) ?? '', 64),
                celsius,
                critical: plausible(critical) ? critical : null,
                evidence: fact('file', `${directory}/${file}`, `${name}: ${input}`),
            });
        }
    }
    return temperatures.sort((a, b) => b.celsius - a.celsius);
}
