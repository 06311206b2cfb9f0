import * as z from 'zod';

import type { Evidence } from '../../model/incident.ts';
import { safeText } from '../../text/sanitise.ts';
import { fact } from '../evidence.ts';
import type { Bus, Machine } from '../machine.ts';
import { readProperties } from '../properties.ts';
import { lazy } from '../../util/lazy.ts';

/** The latest connectivity that NetworkManager found. */
export type Connectivity = 'unknown' | 'none' | 'portal' | 'limited' | 'full';

/** Why a device is not connected, as far as people can do something about it. */
export type DeviceTrouble =
    | 'unplugged'
    | 'password'
    | 'notInRange'
    | 'noAddress'
    | 'authentication'
    | 'firmware'
    | 'userDisconnected'
    | 'other';

export type NetworkDevice = {
    interface: string;
    kind: 'wired' | 'wifi' | 'mobile' | 'other';
    state: 'unmanaged' | 'unavailable' | 'disconnected' | 'connecting' | 'connected' | 'failed';
    trouble: DeviceTrouble | null;
    evidence: Evidence;
};

export type NetworkManagerState = {
    networkingEnabled: boolean;
    wifiEnabled: boolean;
    /** False when a switch or key of the computer has turned the radio off. */
    wifiSwitchedOn: boolean;
    connectivity: Connectivity;
    /** Whether NetworkManager checks at all; when not, its connectivity is a guess from the routes. */
    checksConnectivity: boolean;
    /** Name of the connection that carries the default route; null when there is none. */
    primaryConnection: string | null;
    devices: NetworkDevice[];
    evidence: Evidence[];
};

const name = 'org.freedesktop.NetworkManager';
const root = '/org/freedesktop/NetworkManager';

/** NMConnectivityState, NMDeviceType, NMDeviceState and NMDeviceStateReason of nm-dbus-interface.h. */
export const connectivities: readonly Connectivity[] = ['unknown', 'none', 'portal', 'limited', 'full'];
const kinds: Record<number, NetworkDevice['kind']> = { 1: 'wired', 2: 'wifi', 8: 'mobile', 20: 'wired' };
const troubles: Record<number, DeviceTrouble> = {
    5: 'noAddress',
    6: 'noAddress',
    7: 'password',
    8: 'authentication',
    9: 'authentication',
    10: 'authentication',
    11: 'authentication',
    15: 'noAddress',
    16: 'noAddress',
    17: 'noAddress',
    35: 'firmware',
    39: 'userDisconnected',
    40: 'unplugged',
    53: 'notInRange',
};

/** @param reason an NMDeviceStateReason */
export function troubleOf(reason: number): DeviceTrouble {
    return troubles[reason] ?? 'other';
}

const managerProperties = lazy(() =>
    z.object({
        NetworkingEnabled: z.boolean(),
        WirelessEnabled: z.boolean(),
        WirelessHardwareEnabled: z.boolean(),
        Connectivity: z.number(),
        ConnectivityCheckAvailable: z.boolean().default(false),
        ConnectivityCheckEnabled: z.boolean().default(false),
        PrimaryConnection: z.string(),
        Devices: z.array(z.string()).max(256),
    }),
);
const deviceProperties = lazy(() =>
    z.object({
        Interface: z.string(),
        DeviceType: z.number(),
        State: z.number(),
        StateReason: z.tuple([z.number(), z.number()]),
    }),
);
const connectionProperties = lazy(() => z.object({ Id: z.string() }));
const activeConnection = lazy(() => z.object({ Devices: z.array(z.string()).max(16) }));
const primaryProperties = lazy(() =>
    managerProperties().pick({
        Connectivity: true,
        ConnectivityCheckAvailable: true,
        ConnectivityCheckEnabled: true,
        PrimaryConnection: true,
    }),
);
const interfaceProperties = lazy(() => deviceProperties().pick({ Interface: true }));

/** The state of NetworkManager, without triggering a check; null when it does not run. */
export async function readNetworkManager(
    { system }: Machine,
    signal: AbortSignal,
): Promise<NetworkManagerState | null> {
    const object = (path: string, iface: string) => ({ destination: name, path, interface: iface });
    const properties = await readProperties(system, object(root, name), signal);
    const { data: manager } = managerProperties().safeParse(properties);
    if (manager === undefined) return null;
    const { Devices: paths, PrimaryConnection: primary, ...cited } = manager;
    const connection =
        primary === '/' ? null : await readProperties(system, object(primary, `${name}.Connection.Active`), signal);
    const read = await Promise.all(paths.map(path => readProperties(system, object(path, `${name}.Device`), signal)));
    const id = connectionProperties().safeParse(connection).data?.Id;
    return {
        networkingEnabled: manager.NetworkingEnabled,
        wifiEnabled: manager.WirelessEnabled,
        wifiSwitchedOn: manager.WirelessHardwareEnabled,
        connectivity: connectivities[manager.Connectivity] ?? 'unknown',
        checksConnectivity: checks(manager),
        primaryConnection: id === undefined ? null : safeText(id, 128),
        devices: read.flatMap(device => parseDevice(device) ?? []),
        evidence: [fact('system', name, JSON.stringify(cited))],
    };
}

/**
 * Whether the internet can be reached, whether that was checked, and through which interface, if a connection carries the
 * default route; null when NetworkManager does not run.
 */
export async function readPrimaryConnection(
    bus: Bus | null,
    signal: AbortSignal,
): Promise<{ connectivity: Connectivity; isChecked: boolean; interface: string | null } | null> {
    const read = (path: string, of: string) => readProperties(bus, { destination: name, path, interface: of }, signal);
    const { data: manager } = primaryProperties().safeParse(await read(root, name));
    if (manager === undefined) return null;
    const connectivity = connectivities[manager.Connectivity] ?? 'unknown';
    const isChecked = checks(manager);
    if (manager.PrimaryConnection === '/') return { connectivity, isChecked, interface: null };
    const active = await read(manager.PrimaryConnection, `${name}.Connection.Active`);
    const [device] = activeConnection().safeParse(active).data?.Devices ?? [];
    const properties = device === undefined ? null : await read(device, `${name}.Device`);
    const { data: found } = interfaceProperties().safeParse(properties);
    return { connectivity, isChecked, interface: found === undefined ? null : safeText(found.Interface, 32) };
}

/** Where it does not, it guesses from the routes of a device: NM_CONNECTIVITY_FAKE in concheck_update_state() of nm-device.c. */
function checks(manager: { ConnectivityCheckAvailable: boolean; ConnectivityCheckEnabled: boolean }): boolean {
    return manager.ConnectivityCheckAvailable && manager.ConnectivityCheckEnabled;
}

function parseDevice(properties: unknown): NetworkDevice | null {
    const { data: device } = deviceProperties().safeParse(properties);
    if (device === undefined || device.Interface === 'lo') return null;
    const [, reason] = device.StateReason;
    const state = deviceState(device.State);
    return {
        interface: safeText(device.Interface, 32),
        kind: kinds[device.DeviceType] ?? 'other',
        state,
        trouble: state === 'connected' || state === 'connecting' ? null : troubleOf(reason),
        evidence: fact('system', `${name}.Device`, JSON.stringify(device)),
    };
}

function deviceState(state: number): NetworkDevice['state'] {
    if (state === 100) return 'connected';
    if (state >= 120) return 'failed';
    if (state >= 40 && state < 100) return 'connecting';
    if (state >= 30) return 'disconnected';
    return state >= 20 ? 'unavailable' : 'unmanaged';
}
