import * as z from 'zod';

import { ReeveError } from '../../util/errors.ts';
import { _ } from '../../i18n/i18n.ts';
import { deviceOf, networkManager } from '../../machine/network/networkDevices.ts';
import { operand } from '../../text/operand.ts';
import { defineAction } from '../action.ts';

/** dev_valid_name() in the kernel's net/core/dev.c, without the characters that no tool would show. */
const parameters = z.strictObject({ interface: z.string().regex(/^[\w.:-]{1,15}$/) });

/** Has NetworkManager connect a device with the connection that suits it best. */
export const networkReconnect = defineAction({
    name: 'network.reconnect',
    parameters,
    touches: ({ interface: name }) => [`network ${name}`],
    wishes: [
        {
            phrases: {
                en: ['(reconnect|connect) [network] [device|interface|card] {interface}'],
                de: ['(verbinde|verbinden) [netzwerkkarte|schnittstelle] {interface} [wieder|neu]'],
                ar: ['اعد (اتصال|توصيل) {interface}'],
            },
            parameters: async ({ interface: name = '' }, { machine, signal }) =>
                (await deviceOf(machine?.system ?? null, name, signal)) === null ? [] : [{ interface: name }],
        },
    ],
    async plan({ interface: name }, { machine, signal }) {
        const device = await deviceOf(machine?.system ?? null, name, signal);
        if (device === null) throw new ReeveError('InvalidState', _('NetworkManager does not manage {name}', { name }));
        if (!device.canConnect)
            throw new ReeveError(
                'InvalidState',
                _('{name} is already connected, or has nothing to connect to', { name }),
            );
        return {
            title: _('Reconnect {name}', { name }),
            steps: [
                {
                    description: _('Connect {name} using the most suitable connection', { name }),
                    command: `nmcli device connect ${operand(name)}`,
                    call: {
                        bus: 'system',
                        ...networkManager,
                        member: 'ActivateConnection',
                        signature: 'ooo',
                        // "/" lets NetworkManager choose; nm-manager.c, and org.freedesktop.NetworkManager(5).
                        arguments: ['/', device.path, '/'],
                    },
                },
            ],
            risk: 'low',
            riskText: _('It is not connected, so nothing is interrupted.'),
            undo: {
                text: _('Disconnects {name} again', { name }),
                steps: [
                    {
                        description: _('Disconnect {name}', { name }),
                        command: `nmcli device disconnect ${operand(name)}`,
                        call: {
                            bus: 'system',
                            destination: networkManager.destination,
                            path: device.path,
                            interface: `${networkManager.interface}.Device`,
                            member: 'Disconnect',
                            signature: '',
                            arguments: [],
                        },
                    },
                ],
            },
            authentication: false,
            preconditions: { [`${name} state`]: String(device.state) },
        };
    },
});
