import * as z from 'zod';

import type { Bus } from './machine.ts';
import { askMethod } from './properties.ts';

/** The reply of org.freedesktop.DBus.ObjectManager.GetManagedObjects: object path, interface, properties. */
const reply = z.tuple([z.record(z.string(), z.record(z.string(), z.unknown()))]);

/** The objects that a service exports below a path, by object path and interface; null when nobody answers. */
export async function managedObjects(
    bus: Bus | null,
    { destination, path }: { destination: string; path: string },
    signal: AbortSignal,
): Promise<[string, Record<string, unknown>][] | null> {
    const manager = { destination, path, interface: 'org.freedesktop.DBus.ObjectManager' };
    const { data } = reply.safeParse(await askMethod(bus, manager, 'GetManagedObjects', signal));
    return data === undefined ? null : Object.entries(data[0]);
}
