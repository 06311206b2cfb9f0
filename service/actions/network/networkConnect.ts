import { ReeveError } from '../../util/errors.ts';
import { _ } from '../../i18n/i18n.ts';
import { defineAction } from '../action.ts';
import { anyOf, turnOn } from '../wish.ts';
import {
    activate,
    connectionParameters,
    connectionsNamed,
    down,
    hotspotPhrases,
    nouns,
    requireConnection,
    requireConnections,
    requireKind,
    requireNamed,
    untilUp,
    upLater,
    type Asked,
} from './connection.ts';

const { wifi, vpn } = nouns;

/** Connects with a connection that is saved: a Wi-Fi network, a VPN, a hotspot. */
export const networkConnect = defineAction({
    name: 'network.connect',
    parameters: connectionParameters,
    touches: ({ uuid }) => [`connection ${uuid}`],
    wishes: [
        {
            phrases: anyOf(turnOn({ en: [vpn.en], de: [vpn.de], ar: [vpn.ar] }), {
                en: [`connect [to] ${vpn.en}`, `start ${vpn.en}`],
                de: [`(verbinde|verbinden) [mich] [mit] ${vpn.de}`, `${vpn.de} verbinden`],
                ar: [`(اتصل|اتصال) ${vpn.ar}`],
            }),
            parameters: (_slots, asked) => vpns(asked),
        },
        {
            phrases: hotspotPhrases,
            // Where none is set up, the same words ask for one.
            parameters: async (_slots, asked) =>
                uuids((await requireConnections(asked)).filter(({ kind }) => kind === 'hotspot')),
        },
        {
            phrases: {
                en: [
                    `(connect|connect me|switch|join) [to] ${wifi.en} [called] {network}`,
                    `(connect|switch) to {network} ${wifi.en}`,
                    `(connect|turn on|start) vpn {network}`,
                ],
                de: [
                    `(verbinde|verbinden|wechsle) [mich] [mit|zu|zum] ${wifi.de} {network}`,
                    `(verbinde|starte) vpn {network}`,
                ],
                ar: ['(اتصل|اتصال) (شبكة|بشبكة) {network}'],
            },
            parameters: async ({ network = '' }, asked) => uuids(await requireNamed(network, asked)),
        },
        {
            phrases: {
                en: ['(connect|connect me|switch) to {network}', 'join {network}'],
                de: ['(verbinde|verbinden) [mich] mit {network}', 'mit {network} verbinden'],
                ar: ['(اتصل|اتصال) {network}'],
            },
            parameters: async ({ network = '' }, asked) => uuids(await connectionsNamed(network, asked)),
        },
    ],
    async plan({ uuid }, asked) {
        const connection = await requireConnection(uuid, asked);
        const { name, kind } = connection;
        if (connection.state !== 'down')
            throw new ReeveError('InvalidState', _('{name} is already connected', { name }));
        // A computer is in one Wi-Fi network at a time, and a hotspot takes its radio. Two may use the same cable.
        const alike = [['wifi', 'hotspot'], ['wired']].find(kinds => kinds.includes(kind)) ?? [];
        const before = (await requireConnections(asked)).find(each => each.state === 'up' && alike.includes(each.kind));
        return {
            title: _('Connect to {name}', { name }),
            steps: [activate(connection)],
            risk: 'low',
            riskText:
                before === undefined || kind === 'wired'
                    ? kind === 'vpn'
                        ? _('What you do on the network then passes through this VPN.')
                        : kind === 'wired'
                          ? _('A connection that uses the same cable is replaced.')
                          : _('Nothing else changes.')
                    : _('This disconnects {name}. Downloads and calls are interrupted.', { name: before.name }),
            undo:
                before === undefined
                    ? { text: _('Disconnects {name} again', { name }), steps: [down(connection)] }
                    : {
                          text: _('Connects to {name} again', { name: before.name }),
                          // Where they use two cables, nothing was replaced.
                          steps: [...(kind === 'wired' ? [down(connection)] : []), upLater(before)],
                      },
            authentication: false,
            preconditions: { connection: connection.path, before: before?.uuid ?? '' },
        };
    },
    async verify({ uuid }, asked) {
        return await untilUp(uuid, asked);
    },
});

async function vpns(asked: Asked) {
    const found = await requireKind('vpn', asked);
    const off = found.filter(({ state }) => state === 'down');
    return uuids(off.length === 0 ? found : off);
}

function uuids(connections: readonly { uuid: string }[]) {
    return connections.map(({ uuid }) => ({ uuid }));
}
