import { _ } from '../../i18n/i18n.ts';
import {
    doesGatewayAnswer,
    hasAddress,
    hasCarrier,
    hasRouteOut,
    interfaceOf,
    isActivated,
    isOnline,
    isRadioOn,
} from '../conditions/network.ts';
import { both, either, inTime, quietFor, untilRestart, whereUnknown } from '../conditions/quiet.ts';
import { isUnitRunning } from '../conditions/system.ts';
import type { FamilyCare, Fix } from './care.ts';

/** Minutes. What was switched off or unplugged meanwhile shows no other sign of being well. */
const day = 24 * 60;

const reconnect: Fix = {
    action: 'network.reconnect',
    parameters: incident => {
        const name = interfaceOf(incident);
        return name === null ? null : { interface: name };
    },
    explanation: () => _('Asks for everything anew, as unplugging and plugging in would.'),
};

const restart = (unit: string): Fix => ({
    action: 'unit.restart',
    parameters: () => ({ scope: 'system', unit }),
    explanation: () => _('What it had got wrong it works out anew.'),
});

const unblockWifi: Fix = {
    action: 'radio.unblock',
    parameters: () => ({ radio: 'wlan' }),
    explanation: () => _('Wi-Fi was switched off.'),
};

export const networkCare: readonly FamilyCare[] = [
    {
        family: 'link',
        others: {
            isOver: either(inTime(hasCarrier), quietFor(60)),
            advice: () => _('See whether the cable sits firmly at both ends, and whether the other side is on.'),
            fixes: [reconnect],
        },
        kinds: {
            card: {
                isOver: either(both(hasCarrier, quietFor(30)), quietFor(day)),
                advice: () =>
                    _('Start the computer again. If it comes back after an update, start with the earlier kernel.'),
                fixes: [reconnect],
            },
            fabric: {
                isOver: quietFor(60),
                advice: () => _('See whether cables and switches of the fabric are well.'),
            },
        },
    },
    {
        family: 'dhcp',
        others: {
            // Not every line says of which interface it tells.
            isOver: whereUnknown(inTime(hasAddress), quietFor(60)),
            advice: () => _('See whether the router is on; starting it again often helps.'),
            fixes: [reconnect],
        },
        kinds: {
            conflict: {
                isOver: quietFor(30),
                advice: () => _('Another device uses the same address: let the router give addresses to both.'),
                fixes: [reconnect],
            },
        },
    },
    {
        family: 'dns',
        others: {
            isOver: either(both(isOnline, quietFor(2)), quietFor(15)),
            advice: () => _('Look at the name servers of the connection; the router is often one of them.'),
            fixes: [restart('systemd-resolved.service')],
        },
        kinds: {
            update: {
                isOver: quietFor(60),
                advice: () =>
                    _(
                        'See whether the name server runs, and whether it allows the DHCP server’s key to change the zone.',
                    ),
            },
        },
    },
    {
        family: 'routing',
        others: { isOver: isOnline, advice: () => _('See whether the router reaches the internet.') },
        kinds: {
            'no-route': {
                isOver: hasRouteOut,
                advice: () => _('Disconnect the network and connect it again: its router then tells the way anew.'),
            },
            gateway: {
                isOver: doesGatewayAnswer,
                advice: () => _('See whether the router is on; starting it again often helps.'),
                fixes: [reconnect],
            },
            portal: {
                isOver: isOnline,
                advice: () => _('Open a page in the browser: this network wants you to log in first.'),
            },
            activation: {
                // An adapter that was taken out is never activated.
                isOver: whereUnknown(inTime(isActivated), quietFor(60)),
                advice: () => _('Look at the settings of the connection: password, server, certificate.'),
                fixes: [reconnect],
            },
            mtu: {
                isOver: quietFor(60),
                advice: () => _('Set the MTU of the connection to automatic in the settings of the network.'),
            },
            proxy: {
                isOver: quietFor(30),
                advice: () =>
                    _(
                        'Look at the proxy in the settings of the network, and in the settings of the program that tells of it.',
                    ),
            },
            vpn: {
                isOver: quietFor(30),
                advice: () => _('See whether name and password are right, and whether its server can be reached.'),
            },
        },
    },
    {
        family: 'wifi',
        others: {
            isOver: either(inTime(isActivated), quietFor(30)),
            advice: () => _('Go nearer to the access point, or see whether its password has changed.'),
            fixes: [unblockWifi, reconnect],
        },
        kinds: {
            regulatory: {
                isOver: untilRestart,
                advice: () =>
                    _('Install the package with these rules anew (wireless-regdb), and start the computer again.'),
            },
            'radio-off': {
                isOver: isRadioOn('wlan'),
                advice: () => _('Switch Wi-Fi on with the switch or key of the computer, or turn aeroplane mode off.'),
                fixes: [unblockWifi],
            },
        },
    },
    {
        family: 'bluetooth',
        others: {
            isOver: either(both(isRadioOn('bluetooth'), quietFor(10)), quietFor(day)),
            advice: () => _('Switch the device off and on, or pair it anew.'),
            fixes: [
                {
                    action: 'radio.unblock',
                    parameters: () => ({ radio: 'bluetooth' }),
                    explanation: () => _('Bluetooth was switched off.'),
                },
                restart('bluetooth.service'),
            ],
        },
        kinds: {
            adapter: {
                isOver: either(both(isUnitRunning('system', 'bluetooth.service'), quietFor(30)), quietFor(day)),
                advice: () => _('Start the computer again; an adapter that can be unplugged is plugged in anew.'),
                fixes: [restart('bluetooth.service')],
            },
        },
    },
];
