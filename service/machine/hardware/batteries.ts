import * as z from 'zod';

import { safeText } from '../../text/sanitise.ts';
import type { Bus } from '../machine.ts';
import { askMethod, readProperties } from '../properties.ts';

/** A battery that the computer runs on. */
export type OwnBattery = {
    /** Its maker and model; "battery" when it does not say. */
    name: string;
    serial: string;
    /** The share of its design capacity that a full charge still holds, 0 to 1. */
    health: number;
};

/**
 * The share below which a battery should be renewed: “A capacity value less than 75% is usually a sign that you should renew
 * your battery” (org.freedesktop.UPower.Device.xml).
 */
export const worn = 0.75;
/** Measurements fluctuate a little; a larger difference means another battery or a new calibration. */
export const renewed = 0.8;

const limit = 16;
const upower = 'org.freedesktop.UPower';
const daemon = { destination: upower, path: '/org/freedesktop/UPower', interface: upower };
const paths = z.tuple([z.array(z.string())]);
/**
 * Of org.freedesktop.UPower.Device; Type 2 is a battery, and PowerSupply separates the computer's own from that of a
 * mouse.
 */
const device = z.object({
    Type: z.int(),
    PowerSupply: z.boolean(),
    IsPresent: z.boolean(),
    /** In percent; 0 when unknown, and never known for the DisplayDevice (up-daemon.c). */
    Capacity: z.number(),
    Vendor: z.string(),
    Model: z.string(),
    Serial: z.string(),
});

/**
 * The batteries whose wear UPower knows; null when it does not run.
 *
 * @throws ZodError for an invalid answer
 */
export async function readBatteries(bus: Bus | null, signal: AbortSignal): Promise<OwnBattery[] | null> {
    const answer = await askMethod(bus, daemon, 'EnumerateDevices', signal);
    if (answer === null) return null;
    const batteries: OwnBattery[] = [];
    for (const path of paths.parse(answer)[0].slice(0, limit)) {
        const properties = await readProperties(bus, { ...daemon, path, interface: `${upower}.Device` }, signal);
        // It was taken out meanwhile.
        if (properties === null) continue;
        const found = device.parse(properties);
        if (found.Type !== 2 || !found.PowerSupply || !found.IsPresent || found.Capacity <= 0) continue;
        const name = safeText([found.Vendor, found.Model].filter(text => text !== '').join(' '), 64) || 'battery';
        batteries.push({ name, serial: safeText(found.Serial, 64), health: found.Capacity / 100 });
    }
    return batteries;
}
