import * as z from 'zod';

import { _ } from '../../../i18n/i18n.ts';
import { readNetworkManager } from '../../../machine/network/networkManager.ts';
import { required, tool } from '../tool.ts';

export const networkManager = tool({
    name: 'network_manager',
    description:
        'What NetworkManager reports: connectivity, primary connection, state of each device and why it is not connected.',
    parameters: z.object({}),
    asked: {
        phrases: {
            en: [
                '(which|what) (network|connection) am i (connected to|on|using)',
                '(list|show) [all] [my] saved (connections|networks)',
                '(which|what) (saved connections|network profiles|connection profiles) (are there|do i have)',
                '(which|what) vpn is (active|connected|on)',
                'is [my|the] vpn (connected|active|on|up|working)',
                '(vpn|saved connections|network profiles)',
            ],
            de: [
                'mit welchem (netzwerk|netz) bin ich verbunden',
                'ist [mein|das] vpn (aktiv|verbunden|an)',
                'welche gespeicherten (verbindungen|netzwerke) (habe ich|gibt es)',
                '(vpn|gespeicherte verbindungen)',
            ],
            ar: ['(باي|اي) شبكة انا متصل', 'هل (vpn|ال vpn) (متصل|يعمل)'],
        },
        example: () => _('Is the VPN connected?'),
    },
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
