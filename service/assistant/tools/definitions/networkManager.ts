import * as z from 'zod';

import { readNetworkManager } from '../../../machine/network/networkManager.ts';
import { required, tool } from '../tool.ts';

export const networkManager = tool({
    name: 'network_manager',
    description:
        'What NetworkManager reports: connectivity, primary connection, state of each device and why it is not connected.',
    parameters: z.object({}),
    async run(_values, { machine, signal }, out) {
        const state = required(
            await readNetworkManager(machine, signal),
            'NetworkManager',
            'org.freedesktop.NetworkManager',
        );
        out.cite(...state.evidence, ...state.devices.map(({ evidence }) => evidence));
        out.line(`Networking: ${state.networkingEnabled ? 'on' : 'switched off'}`);
        out.line(
            `Connectivity: ${state.connectivity}${state.checksConnectivity ? '' : ' (a guess: checking is switched off)'}`,
        );
        out.line(`Primary connection: ${state.primaryConnection ?? 'none'}`);
        out.line(
            `Wi-Fi: ${state.wifiSwitchedOn ? (state.wifiEnabled ? 'on' : 'off') : 'switched off by a switch or key'}`,
        );
        out.list('Devices', state.devices, ({ interface: name, kind, state: now, trouble }) => {
            return `${name} (${kind}): ${now}${trouble === null ? '' : `, reason ${trouble}`}`;
        });
    },
});
