import { safeText } from '../../text/sanitise.ts';
import { listNames, readText } from '../machine.ts';
import type { Machine } from '../machine.ts';

const processorLimit = 256;

/**
 * How long heat has slowed down the most affected processor since boot, in milliseconds
 * (drivers/thermal/intel/therm_throt.c of Linux); null on processors that do not count it.
 */
export async function readThrottling(machine: Machine): Promise<number | null> {
    const folder = '/sys/devices/system/cpu';
    const processors = (await listNames(machine, folder))
        .filter(name => /^cpu\d+$/.test(name))
        .slice(0, processorLimit);
    const files = processors.flatMap(name =>
        ['core', 'package'].map(part => `${folder}/${name}/thermal_throttle/${part}_throttle_total_time_ms`),
    );
    const texts = await Promise.all(files.map(file => readText(machine, file, 64)));
    const times = texts.filter(text => text !== null).map(Number);
    return times.length === 0 ? null : Math.max(...times);
}

/** A part whose temperature the kernel controls, in degrees Celsius. */
export type Zone = {
    /** The name of the zone, in the words of its driver, such as "x86_pkg_temp". */
    name: string;
    celsius: number;
    /** From here on it is slowed down; null when there is no such point. */
    passive: number | null;
    /** Here the computer switches off; null when there is no such point. */
    critical: number | null;
};

/** Degrees Celsius below the point at which the computer switches itself off. */
const tooNear = 2;

export function isTooHot({ celsius, critical }: Zone): boolean {
    return critical !== null && celsius >= critical - tooNear;
}

export function isSlowedDown({ celsius, passive }: Zone): boolean {
    return passive !== null && celsius >= passive;
}

/** Documentation/driver-api/thermal/sysfs-api.rst: millidegrees Celsius, and "trip points" by their type. */
export async function readZones(machine: Machine): Promise<Zone[]> {
    const folder = '/sys/class/thermal';
    const zones: Zone[] = [];
    for (const zone of (await listNames(machine, folder)).filter(name => name.startsWith('thermal_zone'))) {
        const read = async (file: string) => (await readText(machine, `${folder}/${zone}/${file}`, 128))?.trim() ?? '';
        const celsius = Number((await read('temp')) || NaN) / 1000;
        if (!(celsius > 0)) continue;
        const names = await listNames(machine, `${folder}/${zone}`);
        const points = names.filter(name => /^trip_point_\d+_type$/.test(name));
        // Without a cooling device, the point is a mark for programs, which they set as they like.
        const isCooled = names.some(name => /^cdev\d+$/.test(name));
        const trips = await Promise.all(
            points.map(async point => ({
                type: await read(point),
                celsius: Number((await read(point.replace('_type', '_temp'))) || NaN) / 1000,
            })),
        );
        // A point that the driver leaves unset is 0 or below.
        const lowest = (...types: string[]) =>
            Math.min(...trips.filter(trip => types.includes(trip.type) && trip.celsius > 0).map(trip => trip.celsius));
        const orNull = (value: number) => (Number.isFinite(value) ? value : null);
        zones.push({
            name: safeText((await read('type')) || zone, 64),
            celsius,
            passive: isCooled ? orNull(lowest('passive')) : null,
            critical: orNull(lowest('critical')),
        });
    }
    return zones;
}
