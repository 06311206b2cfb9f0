/** Shared by the actions on saved connections: which one is meant, and what is done to it. */
import { setTimeout as delay } from 'node:timers/promises';

import * as z from 'zod';

import { ReeveError } from '../../util/errors.ts';
import { _ } from '../../i18n/i18n.ts';
import type { CheckResult, Step } from '../../model/proposal.ts';
import { networkManager } from '../../machine/network/networkDevices.ts';
import { readProperties } from '../../machine/properties.ts';
import { readSavedConnections, type SavedConnection } from '../../machine/network/savedConnections.ts';
import { programStep } from '../programStep.ts';
import type { Surroundings } from '../surroundings.ts';
import { anyOf, turnOn, type Phrases } from '../wish.ts';

export const connectionParameters = z.strictObject({ uuid: z.guid() });
export type Asked = Pick<Surroundings, 'machine'> & { signal: AbortSignal };
type Kind = SavedConnection['kind'];

/** What people call each kind, as patterns. */
export const nouns = {
    wifi: {
        en: '(wifi|wi-fi|wlan|wireless) [network|connection]',
        de: '(wlan|wifi|wi-fi|funknetz)',
        ar: '(شبكة|واي فاي|شبكة لاسلكية)',
    },
    vpn: { en: 'vpn [connection]', de: '(vpn|vpn-verbindung)', ar: '(vpn|شبكة خاصة|شبكة افتراضية)' },
    hotspot: {
        en: '[wifi|wi-fi] (hotspot|hot spot)',
        de: '[wlan] (hotspot|hot spot|wlan-hotspot)',
        ar: '(نقطة اتصال|نقطة بث)',
    },
} as const;

/** How people ask for the hotspot. */
export const hotspotPhrases: Phrases = anyOf(
    turnOn({ en: [nouns.hotspot.en], de: [nouns.hotspot.de], ar: [nouns.hotspot.ar] }),
    {
        en: [`(start|open|create|set up|make) ${nouns.hotspot.en}`, '(share|share my) (internet|connection)'],
        de: [`(starte|öffne|erstelle) ${nouns.hotspot.de}`, `${nouns.hotspot.de} (starten|einrichten)`],
        ar: [`(افتح|ابدا|أنشئ) ${nouns.hotspot.ar}`],
    },
);

/** @throws ReeveError InvalidState when NetworkManager does not run */
export async function requireConnections({ machine, signal }: Asked): Promise<SavedConnection[]> {
    const connections = await readSavedConnections(machine?.system ?? null, signal);
    if (connections === null) throw new ReeveError('InvalidState', _('NetworkManager is not running'));
    return connections;
}

/** @throws ReeveError InvalidState when there is no such connection */
export async function requireConnection(uuid: string, asked: Asked): Promise<SavedConnection> {
    const connection = (await requireConnections(asked)).find(each => each.uuid === uuid);
    if (connection === undefined) throw new ReeveError('InvalidState', _('This connection is not saved any more'));
    return connection;
}

/** Those of a name; of several, those that are not in use as wanted come first. */
export async function connectionsNamed(
    said: string,
    asked: Asked,
    kinds?: readonly Kind[],
): Promise<SavedConnection[]> {
    const wanted = folded(said);
    const connections = await requireConnections(asked);
    return connections.filter(({ name, kind }) => folded(name) === wanted && (kinds?.includes(kind) ?? true));
}

/** @throws ReeveError InvalidState when none has the name */
export async function requireNamed(said: string, asked: Asked, kinds?: readonly Kind[]): Promise<SavedConnection[]> {
    const named = await connectionsNamed(said, asked, kinds);
    if (named.length === 0)
        throw new ReeveError('InvalidState', _('No saved network is called “{name}”', { name: said }));
    return named;
}

/** @throws ReeveError InvalidState when there is none of the kind */
export async function requireKind(kind: Kind, asked: Asked): Promise<SavedConnection[]> {
    const found = (await requireConnections(asked)).filter(each => each.kind === kind);
    if (found.length === 0)
        throw new ReeveError(
            'InvalidState',
            kind === 'vpn'
                ? _('No VPN is set up')
                : kind === 'hotspot'
                  ? _('No hotspot is set up')
                  : _('No network is saved'),
        );
    return found;
}

/** The cables and wireless networks that are connected. @throws ReeveError InvalidState when there is none */
export async function connectionsInUse(asked: Asked): Promise<SavedConnection[]> {
    const up = (await requireConnections(asked)).filter(
        ({ state, kind }) => state === 'up' && (kind === 'wifi' || kind === 'wired'),
    );
    if (up.length === 0) throw new ReeveError('InvalidState', _('No network is connected'));
    return up;
}

const manager = z.object({ ActiveConnections: z.array(z.string()).max(64) });
const active = z.object({ Uuid: z.string(), Devices: z.array(z.string()).min(1) });
/** IFNAMSIZ of linux/if.h. */
export const interfaceName = z.string().regex(/^(?!-)[^\s/:]{1,15}$/);
const device = z.object({ Interface: interfaceName });

/** The interface of a connection that is up. */
export async function interfaceOf(uuid: string, { machine, signal }: Asked): Promise<string | null> {
    const bus = machine?.system ?? null;
    const { data } = manager.safeParse(await readProperties(bus, networkManager, signal));
    for (const path of data?.ActiveConnections ?? []) {
        const object = {
            destination: networkManager.destination,
            path,
            interface: `${networkManager.interface}.Connection.Active`,
        };
        const { data: found } = active.safeParse(await readProperties(bus, object, signal));
        const [first] = found?.Devices ?? [];
        if (found?.Uuid !== uuid || first === undefined) continue;
        const read = await readProperties(
            bus,
            { destination: networkManager.destination, path: first, interface: `${networkManager.interface}.Device` },
            signal,
        );
        return device.safeParse(read).data?.Interface ?? null;
    }
    return null;
}

function folded(text: string): string {
    return text.toLowerCase().normalize('NFKC').trim();
}

/** ActivateConnection(connection, device, specific object): “/” lets NetworkManager choose; org.freedesktop.NetworkManager(5). */
export function activate({ path, uuid, name }: SavedConnection): Step {
    return {
        description: _('Connect to {name}', { name }),
        command: `nmcli connection up uuid ${uuid}`,
        call: {
            bus: 'system',
            ...networkManager,
            member: 'ActivateConnection',
            signature: 'ooo',
            arguments: [path, '/', '/'],
        },
    };
}

/** For undo: NetworkManager numbers its objects again at each start, so the call names the connection by its UUID. */
export function upLater({ uuid, name }: SavedConnection): Step {
    return {
        description: _('Connect to {name}', { name }),
        ...programStep('user', ['nmcli', '--wait', '30', 'connection', 'up', 'uuid', uuid]),
    };
}

export function down({ uuid, name }: SavedConnection): Step {
    return {
        description: _('Disconnect {name}', { name }),
        ...programStep('user', ['nmcli', '--wait', '10', 'connection', 'down', 'uuid', uuid]),
    };
}

/** How long a connection takes, and how often to look. Milliseconds. */
const coming = { limit: 8000, interval: 250 };

/** Waits until a connection is up. */
export async function untilUp(uuid: string, asked: Asked): Promise<CheckResult> {
    const until = performance.now() + coming.limit;
    for (;;) {
        const { state, name } = await requireConnection(uuid, asked);
        if (state === 'up') return { gone: true, detail: '' };
        if (performance.now() >= until) {
            return state === 'starting'
                ? { gone: false, isUnknown: true, detail: _('{name} is still connecting', { name }) }
                : { gone: false, detail: _('{name} did not connect', { name }) };
        }
        await delay(coming.interval, undefined, { signal: asked.signal });
    }
}
