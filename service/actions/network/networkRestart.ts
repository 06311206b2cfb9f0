import * as z from 'zod';

import { ReeveError } from '../../util/errors.ts';
import { _ } from '../../i18n/i18n.ts';
import { defineAction } from '../action.ts';
import { activate, requireConnection, requireConnections, nouns, untilUp, type Asked } from './connection.ts';

const parameters = z.strictObject({ uuid: z.guid() });
const { wifi } = nouns;

/** Takes a connection down and up again, as people do whose network hangs. */
export const networkRestart = defineAction({
    name: 'network.restart',
    parameters,
    touches: ({ uuid }) => [`connection ${uuid}`],
    wishes: [
        {
            phrases: {
                en: [
                    '(restart|reconnect|reset|renew|refresh) (network|internet|connection|network connection|internet connection)',
                    '(network|internet) (restart|reconnect)',
                    '(get|request|renew) [new] ip [address]',
                ],
                de: [
                    '(netzwerk|internet|verbindung|netzwerkverbindung|internetverbindung) (neu starten|neu verbinden|neustarten|zurucksetzen)',
                    '(starte|verbinde) (netzwerk|internet|verbindung) neu',
                ],
                ar: ['(اعد تشغيل|اعد اتصال|إعادة تشغيل|إعادة اتصال) (شبكة|إنترنت|بالشبكة|بالإنترنت)'],
            },
            parameters: (_slots, asked) => inUse(asked, ['wifi', 'wired', 'other']),
        },
        {
            phrases: {
                en: [`(restart|reconnect|reset) ${wifi.en}`, `${wifi.en} (restart|reconnect)`],
                de: [`${wifi.de} (neu starten|neu verbinden|neustarten)`, `(starte|verbinde) ${wifi.de} neu`],
                ar: ['(اعد تشغيل|إعادة تشغيل) (واي فاي|شبكة لاسلكية)'],
            },
            parameters: (_slots, asked) => inUse(asked, ['wifi']),
        },
    ],
    async plan({ uuid }, asked) {
        const connection = await requireConnection(uuid, asked);
        const { name, state } = connection;
        if (state === 'down') throw new ReeveError('InvalidState', _('{name} is not connected', { name }));
        return {
            title: _('Reconnect {name}', { name }),
            // Of a connection that is up, NetworkManager takes it down first: _internal_activate_device() in nm-manager.c.
            steps: [{ ...activate(connection), description: _('Disconnect {name} and connect it again', { name }) }],
            risk: 'medium',
            riskText: _('The connection is gone for some seconds. Downloads and calls are interrupted.'),
            // What it does is over when it is done.
            undo: null,
            authentication: false,
            preconditions: { connection: connection.path },
        };
    },
    async verify({ uuid }, asked) {
        return await untilUp(uuid, asked);
    },
});

/** The connections in use; the one that carries the internet is the first that NetworkManager lists. */
async function inUse(asked: Asked, kinds: readonly string[]) {
    const connections = await requireConnections(asked);
    const used = connections.filter(
        ({ state, kind, name }) => state !== 'down' && kinds.includes(kind) && name !== 'lo',
    );
    if (used.length === 0) throw new ReeveError('InvalidState', _('No network is connected'));
    return used.map(({ uuid }) => ({ uuid }));
}
