import * as z from 'zod';

import { safeText } from '../../text/sanitise.ts';
import type { Bus } from '../machine.ts';
import { askMethod, readProperties } from '../properties.ts';

/** A battery that the computer runs on. */
export type OwnBattery = {
    /** Its maker and model; "battery" when it does not say. */
    name: string;
    serial: string;
    /** What a full charge still holds of what it was made for, 0 to 1. */
    health: number;
};

/**
 * The share below which a battery should be renewed: “A capacity value less than 75% is usually a sign that you should renew
 * your battery” (org.freedesktop.UPower.Device.xml).
 */
export const worn = 0.75;
/** What it measures goes up and down by a little; from here on a battery is another, or was measured anew. */
export const renewed = 0.8;

const limit = 16;
const upower = 'org.freedesktop.UPower';
const daemon = { destination: upower, path: '/org/freedesktop/UPower', interface: upower };
const paths = z.tuple([z.array(z.string())]);
/** Of org.freedesktop.UPower.Device; Type 2 is a battery, and PowerSupply tells the computer's own from that of a mouse. */
const device = z.object({
    Type: z.int(),
    PowerSupply: z.boolean(),
    IsPresent: z.boolean(),
    /** In percent; 0 when that is not known, and of the DisplayDevice never known (up-daemon.c). */
    Capacity: z.number(),
    Vendor: z.string(),
    Model: z.string(),
    Serial: z.string(),
});

/**
 * The batteries of which UPower knows how worn they are; null when it does not run.
 *
 * @throws ZodError for an answer that is not as it should be
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
