import * as z from 'zod';

import type { Bus } from '../machine.ts';
import { readProperties } from '../properties.ts';

export const networkManager = {
    destination: 'org.freedesktop.NetworkManager',
    path: '/org/freedesktop/NetworkManager',
    interface: 'org.freedesktop.NetworkManager',
};

export type ManagedDevice = {
    path: string;
    /** NMDeviceState of nm-dbus-interface.h. */
    state: number;
    /** Whether it is down and has a connection that could bring it up. */
    canConnect: boolean;
};

const devices = z.object({ Devices: z.array(z.string()) });
const device = z.object({ Interface: z.string(), State: z.number(), AvailableConnections: z.array(z.string()) });

/** NM_DEVICE_STATE_DISCONNECTED and _FAILED; below is what cannot connect, above what does or has. */
const down = new Set([30, 120]);
export const activated = 100;

/** NetworkManager's device for an interface; null when it does not run or does not know it. */
export async function deviceOf(system: Bus | null, name: string, signal: AbortSignal): Promise<ManagedDevice | null> {
    const { data } = devices.safeParse(await readProperties(system, networkManager, signal));
    const object = { destination: networkManager.destination, interface: `${networkManager.interface}.Device` };
    for (const path of data?.Devices ?? []) {
        const known = device.safeParse(await readProperties(system, { ...object, path }, signal));
        if (known.data?.Interface !== name) continue;
        const { State: state, AvailableConnections: available } = known.data;
        return { path, state, canConnect: down.has(state) && available.length > 0 };
    }
    return null;
}
