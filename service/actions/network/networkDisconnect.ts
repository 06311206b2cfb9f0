import { ReeveError } from '../../util/errors.ts';
import { _ } from '../../i18n/i18n.ts';
import { defineAction } from '../action.ts';
import { anyOf, turnOff } from '../wish.ts';
import {
    connectionParameters,
    connectionsNamed,
    down,
    nouns,
    requireConnection,
    requireKind,
    requireNamed,
    upLater,
    type Asked,
} from './connection.ts';

const { wifi, vpn, hotspot } = nouns;

/** Takes a saved connection down: a VPN, a hotspot, a network. It stays saved. */
export const networkDisconnect = defineAction({
    name: 'network.disconnect',
    parameters: connectionParameters,
    touches: ({ uuid }) => [`connection ${uuid}`],
    wishes: [
        {
            phrases: anyOf(turnOff({ en: [vpn.en], de: [vpn.de], ar: [vpn.ar] }), {
                en: [`(disconnect|stop|leave|end) [from] ${vpn.en}`],
                de: [`(trenne|beende) ${vpn.de}`, `${vpn.de} (trennen|beenden)`],
                ar: [`(افصل|اقطع|فصل) ${vpn.ar}`],
            }),
            parameters: (_slots, asked) => running('vpn', asked),
        },
        {
            phrases: anyOf(turnOff({ en: [hotspot.en], de: [hotspot.de], ar: [hotspot.ar] }), {
                en: [`(stop|close|end) ${hotspot.en}`],
                de: [`(beende|stoppe) ${hotspot.de}`, `${hotspot.de} beenden`],
                ar: [`(اغلق|افصل) ${hotspot.ar}`],
            }),
            parameters: (_slots, asked) => running('hotspot', asked),
        },
        {
            phrases: {
                en: [`(disconnect|leave) [from] ${wifi.en} {network}`, '(turn off|stop) vpn {network}'],
                de: [`trenne ${wifi.de} {network}`, '(trenne|beende) vpn {network}'],
                ar: ['(افصل|اقطع) شبكة {network}'],
            },
            parameters: async ({ network = '' }, asked) => uuids(await requireNamed(network, asked)),
        },
        {
            phrases: {
                en: ['disconnect from {network}', '(drop|close|end) connection {network}'],
                de: ['trenne [verbindung] [mit] {network}'],
                ar: ['اقطع اتصال {network}'],
            },
            parameters: async ({ network = '' }, asked) => uuids(await connectionsNamed(network, asked)),
        },
    ],
    async plan({ uuid }, asked) {
        const connection = await requireConnection(uuid, asked);
        const { name, kind } = connection;
        if (connection.state === 'down') throw new ReeveError('InvalidState', _('{name} is not connected', { name }));
        return {
            title: _('Disconnect {name}', { name }),
            steps: [down(connection)],
            risk: kind === 'vpn' ? 'low' : 'medium',
            riskText:
                kind === 'vpn'
                    ? _('What you do on the network no longer passes through this VPN.')
                    : _('What uses this connection is interrupted. It stays saved.'),
            undo: { text: _('Connects to {name} again', { name }), steps: [upLater(connection)] },
            authentication: false,
            preconditions: { connection: uuid },
        };
    },
    async verify({ uuid }, asked) {
        const { state, name } = await requireConnection(uuid, asked);
        const gone = state === 'down';
        return { gone, detail: gone ? '' : _('{name} is connected', { name }) };
    },
});

async function running(kind: 'vpn' | 'hotspot', asked: Asked) {
    const found = await requireKind(kind, asked);
    const on = found.filter(({ state }) => state !== 'down');
    return uuids(on.length === 0 ? found : on);
}

function uuids(connections: readonly { uuid: string }[]) {
    return connections.map(({ uuid }) => ({ uuid }));
}
