import { isIP } from 'node:net';

import * as z from 'zod';

import { ReeveError } from '../../util/errors.ts';
import { _ } from '../../i18n/i18n.ts';
import { networkManager } from '../../machine/network/networkDevices.ts';
import { askMethod } from '../../machine/properties.ts';
import { defineAction, valueCheck } from '../action.ts';
import { programStep } from '../programStep.ts';
import { connectionsInUse, interfaceOf, requireConnection, type Asked } from './connection.ts';

const address = z.string().refine(text => isIP(text) > 0, { error: 'is no address' });
/** None: those that the network names. */
const parameters = z.strictObject({ uuid: z.guid(), servers: z.array(address).max(6) });

const { interface: name, destination } = networkManager;
/** Of GetSettings; nm-settings-dbus(5). "dns-data" is there since NetworkManager 1.42. */
const ofProtocol = z.object({
    'dns-data': z.array(z.string()).max(16).default([]),
    'ignore-auto-dns': z.boolean().default(false),
});
const settings = z.tuple([z.object({ ipv4: ofProtocol.prefault({}), ipv6: ofProtocol.prefault({}) })]);
/** Of IPv4 and of IPv6. A server may have the name of its certificate behind a "#". */
type Names = [OfProtocol, OfProtocol];
type OfProtocol = { servers: string[]; isOnlyThese: boolean };

/** By what their providers publish. */
const known: Readonly<Record<string, readonly string[]>> = {
    cloudflare: ['1.1.1.1', '1.0.0.1', '2606:4700:4700::1111', '2606:4700:4700::1001'],
    quad9: ['9.9.9.9', '149.112.112.112', '2620:fe::fe', '2620:fe::9'],
    google: ['8.8.8.8', '8.8.4.4', '2001:4860:4860::8888', '2001:4860:4860::8844'],
};

/** Chooses the name servers of the connection that is in use; nm-settings(5), ipv4.dns and ignore-auto-dns. */
export const networkDns = defineAction({
    name: 'network.dns',
    parameters,
    touches: ({ uuid }) => [`connection ${uuid}`],
    wishes: [
        {
            phrases: {
                en: [
                    '(set|change|switch) (dns|dns server|dns servers|name server|name servers) to {servers}',
                    '(use|set) {servers} (as|for) (dns|dns server|dns servers|name server|name servers)',
                    'use (dns|dns server|dns servers|name server) [from|of] {servers}',
                    'use {servers} (dns|dns server|dns servers|name servers)',
                ],
                de: [
                    '(dns|dns-server|nameserver) auf {servers} (ändern|setzen|stellen|umstellen)',
                    '(benutze|verwende) (dns-server|nameserver|dns) [von] {servers}',
                    '(benutze|verwende) {servers} als (dns-server|nameserver|dns)',
                ],
                ar: ['(استخدم|غير|اضبط) [خادم] dns [إلى] {servers}'],
            },
            parameters: async ({ servers = '' }, asked) => {
                const provider = servers.toLowerCase().replace(/\s+dns$/, '');
                const list = Object.hasOwn(known, provider)
                    ? [...(known[provider] ?? [])]
                    : servers.split(/[\s,]+(?:(?:and|und|و)\s+)?/).filter(word => word !== '');
                return parameters.shape.servers.safeParse(list).success
                    ? (await connectionsInUse(asked)).map(({ uuid }) => ({ uuid, servers: list }))
                    : [];
            },
        },
        {
            phrases: {
                en: [
                    '(use|set) (automatic|default|standard) (dns|dns server|dns servers|name servers)',
                    '(reset|restore) (dns|dns server|dns servers)',
                    '(set|change|switch) (dns|dns server|dns servers) to (automatic|default)',
                ],
                de: [
                    '(automatischen|automatische|vorgegebene) (dns-server|dns|nameserver) (benutzen|verwenden)',
                    '(dns|dns-server|nameserver) (zurücksetzen|automatisch)',
                ],
                ar: ['(استخدم|اضبط) [خادم] dns تلقائي'],
            },
            parameters: async (_slots, asked) =>
                (await connectionsInUse(asked)).map(({ uuid }) => ({ uuid, servers: [] })),
        },
    ],
    async plan({ uuid, servers }, asked) {
        const connection = await requireConnection(uuid, asked);
        const { name: called, state } = connection;
        const device = state === 'up' ? await interfaceOf(uuid, asked) : null;
        if (device === null) throw new ReeveError('InvalidState', _('{name} is not connected', { name: called }));
        const before = await readNames(connection.path, asked);
        const after = namesOf(servers);
        if (JSON.stringify(before) === JSON.stringify(after))
            throw new ReeveError('InvalidState', _('{name} already uses these name servers', { name: called }));
        const list = servers.join(', ');
        const title =
            servers.length === 0
                ? _('Use the name servers that the network {name} names', { name: called })
                : _('Use the name servers {list} on {name}', { list, name: called });
        return {
            title,
            steps: [{ description: title, ...change(uuid, device, after) }],
            risk: 'low',
            riskText:
                servers.length === 0
                    ? _('The operator of the network can again see which names you look up.')
                    : _(
                          'The operators of these servers can see which names you look up. Names that only this network knows may no longer be found.',
                      ),
            undo: {
                text: _('Sets it back'),
                steps: [{ description: _('Use the earlier name servers again'), ...change(uuid, device, before) }],
            },
            authentication: true,
            preconditions: { [`name servers of ${uuid}`]: JSON.stringify([before, device]) },
        };
    },
    async verify({ uuid, servers }, asked) {
        const now = await readNames((await requireConnection(uuid, asked)).path, asked);
        return valueCheck(JSON.stringify(now) === JSON.stringify(namesOf(servers)));
    },
});

/** @throws ReeveError InvalidState when NetworkManager does not say */
async function readNames(path: string, { machine, signal }: Asked): Promise<Names> {
    const object = { destination, path, interface: `${name}.Settings.Connection` };
    const { data } = settings.safeParse(await askMethod(machine?.system ?? null, object, 'GetSettings', signal));
    if (data === undefined) throw new ReeveError('InvalidState', _('This connection is not saved any more'));
    const [{ ipv4, ipv6 }] = data;
    const of = (protocol: z.infer<typeof ofProtocol>): OfProtocol => ({
        servers: protocol['dns-data'],
        isOnlyThese: protocol['ignore-auto-dns'],
    });
    return [of(ipv4), of(ipv6)];
}

/** @param servers addresses; none for those that the network names */
function namesOf(servers: readonly string[]): Names {
    const of = (family: 4 | 6): OfProtocol => ({
        servers: servers.filter(server => isIP(server) === family),
        isOnlyThese: servers.length > 0,
    });
    return [of(4), of(6)];
}

/** Saved, and in force at once without taking the connection down; nmcli(1), device reapply. */
function change(uuid: string, on: string, [four, six]: Names) {
    const only = ({ isOnlyThese }: OfProtocol) => (isOnlyThese ? 'yes' : 'no');
    return programStep(
        'system',
        [
            ...(['nmcli', 'connection', 'modify', 'uuid', uuid] as const),
            ...['ipv4.dns', four.servers.join(','), 'ipv4.ignore-auto-dns', only(four)],
            ...['ipv6.dns', six.servers.join(','), 'ipv6.ignore-auto-dns', only(six)],
        ],
        { after: [['nmcli', 'device', 'reapply', on]] },
    );
}
