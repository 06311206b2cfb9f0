import { BusError } from '../dbus/connection.ts';
import type { Bus } from './machine.ts';

export type BusObject = { destination: string; path: string; interface: string };

/** A service answers from memory; one that takes longer hangs. Milliseconds. */
const timeout = 5000;

/**
 * All properties of an object, or null when nothing answers for it: no bus, nobody with that name, no such object. The
 * query does not start the service, unless `start` says so.
 *
 * Throws only the reason of `signal`.
 */
export async function readProperties(
    bus: Bus | null,
    object: BusObject,
    signal: AbortSignal,
    { start = false } = {},
): Promise<Record<string, unknown> | null> {
    const [properties] = (await ask(bus, object, signal, start, {
        interface: 'org.freedesktop.DBus.Properties',
        member: 'GetAll',
        signature: 's',
        arguments: [object.interface],
    })) ?? [null];
    return typeof properties === 'object' && properties !== null ? { ...properties } : null;
}

/** The reply of a method without arguments, or null under the conditions of `readProperties`. */
export async function askMethod(
    bus: Bus | null,
    object: BusObject,
    member: string,
    signal: AbortSignal,
    { start = false } = {},
): Promise<unknown[] | null> {
    return ask(bus, object, signal, start, { interface: object.interface, member });
}

async function ask(
    bus: Bus | null,
    { destination, path }: BusObject,
    signal: AbortSignal,
    start: boolean,
    call: { interface: string; member: string; signature?: string; arguments?: unknown[] },
): Promise<unknown[] | null> {
    if (bus === null) return null;
    try {
        if (!start && (await bus.nameOwner(destination)) === null) return null;
        // It may end between the two questions.
        return await bus.call({ destination, path, ...call, autoStart: start, timeout, signal });
    } catch (error) {
        if (error instanceof BusError) return null;
        throw error;
    }
}
