import * as z from 'zod';

import type { Bus } from '../machine.ts';
import { askMethod, readProperties } from '../properties.ts';
import { safeText } from '../../text/sanitise.ts';
import { networkManager } from './networkDevices.ts';

export type SavedConnection = {
    path: string;
    uuid: string;
    /** As people see it; a Wi-Fi network's is usually the network's own name. */
    name: string;
    kind: 'wifi' | 'vpn' | 'hotspot' | 'wired' | 'other';
    /** The file that it is kept in; empty for none. */
    file: string;
    /** Whether it is up, on its way, or neither. */
    state: 'up' | 'starting' | 'down';
};

const { destination, interface: name } = networkManager;
const settings = { destination, path: '/org/freedesktop/NetworkManager/Settings', interface: `${name}.Settings` };

/** Computers that have been to many places know hundreds. */
const limit = 500;
const listed = z.tuple([z.array(z.string()).max(limit)]);
/** GetSettings of org.freedesktop.NetworkManager.Settings.Connection; nm-settings(5). */
const connectionSettings = z.tuple([
    z.object({
        connection: z.object({ id: z.string(), uuid: z.guid(), type: z.string() }),
        '802-11-wireless': z.object({ mode: z.string().optional() }).optional(),
    }),
]);
const connectionProperties = z.object({ Filename: z.string().catch('') });
const manager = z.object({ ActiveConnections: z.array(z.string()).max(64) });
const active = z.object({ Uuid: z.string(), State: z.number() });
/** NM_ACTIVE_CONNECTION_STATE_ACTIVATING and _ACTIVATED of nm-dbus-interface.h. */
const states: Readonly<Record<number, SavedConnection['state']>> = { 1: 'starting', 2: 'up' };

/** The connections that NetworkManager knows; null when it does not run. Secrets are not read. */
export async function readSavedConnections(system: Bus | null, signal: AbortSignal): Promise<SavedConnection[] | null> {
    const { data: paths } = listed.safeParse(await askMethod(system, settings, 'ListConnections', signal));
    if (paths === undefined) return null;
    const running = await readActive(system, signal);
    const read = await Promise.all(paths[0].map(path => readConnection(system, path, running, signal)));
    return read.filter(connection => connection !== null);
}

async function readActive(system: Bus | null, signal: AbortSignal): Promise<Map<string, SavedConnection['state']>> {
    const { data } = manager.safeParse(await readProperties(system, networkManager, signal));
    const read = (data?.ActiveConnections ?? []).map(path =>
        readProperties(system, { destination, path, interface: `${name}.Connection.Active` }, signal),
    );
    return new Map(
        (await Promise.all(read)).flatMap(properties => {
            const { data: one } = active.safeParse(properties);
            return one === undefined ? [] : [[one.Uuid, states[one.State] ?? 'down'] as const];
        }),
    );
}

async function readConnection(
    system: Bus | null,
    path: string,
    running: ReadonlyMap<string, SavedConnection['state']>,
    signal: AbortSignal,
): Promise<SavedConnection | null> {
    const object = { destination, path, interface: `${name}.Settings.Connection` };
    const [told, properties] = await Promise.all([
        askMethod(system, object, 'GetSettings', signal),
        readProperties(system, object, signal),
    ]);
    const { data } = connectionSettings.safeParse(told);
    if (data === undefined) return null;
    const [{ connection, '802-11-wireless': wireless }] = data;
    return {
        path,
        uuid: connection.uuid,
        name: safeText(connection.id, 128),
        kind: kindOf(connection.type, wireless?.mode),
        file: connectionProperties.safeParse(properties).data?.Filename ?? '',
        state: running.get(connection.uuid) ?? 'down',
    };
}

function kindOf(type: string, mode: string | undefined): SavedConnection['kind'] {
    switch (type) {
        case '802-11-wireless':
            return mode === 'ap' ? 'hotspot' : 'wifi';
        case 'vpn':
        case 'wireguard':
            return 'vpn';
        case '802-3-ethernet':
            return 'wired';
        default:
            return 'other';
    }
}
