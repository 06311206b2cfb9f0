import { routing as rules } from '../../detection/rules/network.ts';
import { inTime, quietFor, whereUnknown } from '../../diagnosis/recovery.ts';
import { _ } from '../../i18n/i18n.ts';
import type { Family } from '../family.ts';
import { isActivated, isOnline, reconnect } from '../shared/network.ts';
import { doesGatewayAnswer, hasRouteOut } from './recovery.ts';

export const routing: Family = {
    ...rules,
    remediation: {
        otherwise: { recovery: isOnline, advice: () => _('See whether the router reaches the internet.') },
        kinds: {
            'no-route': {
                recovery: hasRouteOut,
                advice: () => _('Disconnect the network and connect it again: its router then tells the way anew.'),
            },
            gateway: {
                recovery: doesGatewayAnswer,
                advice: () => _('See whether the router is on; starting it again often helps.'),
                fixes: [reconnect],
            },
            portal: {
                recovery: isOnline,
                advice: () => _('Open a page in the browser: this network wants you to log in first.'),
            },
            activation: {
                // An adapter that was taken out is never activated.
                recovery: whereUnknown(inTime(isActivated), quietFor(60)),
                advice: () => _('Look at the settings of the connection: password, server, certificate.'),
                fixes: [reconnect],
            },
            mtu: {
                recovery: quietFor(60),
                advice: () => _('Set the MTU of the connection to automatic in the settings of the network.'),
            },
            proxy: {
                recovery: quietFor(30),
                advice: () =>
                    _(
                        'Look at the proxy in the settings of the network, and in the settings of the program that tells of it.',
                    ),
            },
            vpn: {
                recovery: quietFor(30),
                advice: () => _('See whether name and password are right, and whether its server can be reached.'),
            },
        },
    },
    changes: {
        'network no-route': {
            kind: 'no-route',
            severity: 'high',
            cause: () => _('The default route was removed: only what is in the same network can still be reached.'),
        },
        'network gateway-silent': {
            kind: 'gateway',
            severity: 'high',
            cause: () => _('It is off, hangs, or is not in the network that this computer is connected to.'),
        },
        // GNOME Shell opens the page of the login by itself.
        'network-manager connectivity-portal': {
            kind: 'portal',
            severity: 'low',
            cause: () => _('The network wants you to sign in before it lets anything through.'),
            subject: () => 'Internet',
        },
        'network-manager no-internet': {
            kind: 'no-internet',
            severity: 'medium',
            cause: () => _('The way to the router is there, but nothing behind it answers: the line may be down.'),
            subject: () => 'Internet',
            // The link, the router or the route of the interface may have been told of.
            rootCause: ({ facts }) => facts.interface ?? null,
        },
    },
};
