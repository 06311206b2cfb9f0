import * as z from 'zod';

import { _ } from '../../../i18n/i18n.ts';
import { item, plain, strong } from '../../markup.ts';
import { readNetworkManager } from '../../../machine/network/networkManager.ts';
import { readSavedConnections } from '../../../machine/network/savedConnections.ts';
import type { SavedConnection } from '../../../machine/network/savedConnections.ts';
import { required, toldTool } from '../tool.ts';

const shown = 20;

export const networkManager = toldTool({
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
    absent: source => _('NetworkManager is not installed or not running ({source}).', { source }),
    async find(_values, { machine, signal }, cite) {
        const state = required(
            await readNetworkManager(machine, signal),
            'NetworkManager',
            'org.freedesktop.NetworkManager',
        );
        cite(...state.evidence, ...state.devices.map(({ evidence }) => evidence));
        return { ...state, saved: (await readSavedConnections(machine.system, signal)) ?? [] };
    },
    write(state, out) {
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
        out.list('Saved connections', state.saved, ({ name, kind, state: now }) => `${name} (${kind}): ${now}`);
    },
    *tell({ networkingEnabled, primaryConnection, saved }, format) {
        const named = (connections: readonly SavedConnection[]) =>
            format.list(connections.map(({ name }) => plain(name)));
        if (!networkingEnabled) yield `${_('Networking is switched off.')}\n\n`;
        else if (primaryConnection === null) yield `${_('This computer is not connected to the internet.')}\n\n`;
        else
            yield `${_('This computer is connected through {connection}.', { connection: strong(plain(primaryConnection)) })}\n\n`;
        const tunnels = saved.filter(({ kind }) => kind === 'vpn');
        const open = tunnels.filter(({ state }) => state === 'up');
        if (open.length > 0) yield item(_('VPN connected: {connections}', { connections: named(open) }));
        else yield item(tunnels.length > 0 ? _('No VPN is connected.') : _('No VPN is set up.'));
        if (saved.length > 0)
            yield item(_('Saved connections: {connections}', { connections: named(saved.slice(0, shown)) }));
    },
});
