import { routing as rules } from '../generated/routing.ts';
import { inTime, quietFor, whereUnknown } from '../../diagnosis/recovery.ts';
import { _ } from '../../i18n/i18n.ts';
import { defineFamily } from '../family.ts';
import { isActivated, isOnline, reconnect } from '../shared/network.ts';
import { readFacts } from './facts.ts';
import { doesGatewayAnswer, hasRouteOut } from './recovery.ts';
import { hasVpn, isProxyChanged } from './steps.ts';

export const routing = defineFamily({
    ...rules,
    remediation: {
        otherwise: {
            recovery: isOnline,
            advice: () => _('Check whether the router reaches the internet.'),
            guide: [
                {
                    text: () =>
                        _('Turn the router off and on again, and wait until its lights say that it is connected.'),
                },
            ],
        },
        kinds: {
            'no-route': {
                recovery: hasRouteOut,
                advice: () =>
                    _('Disconnect from the network and connect again: its router then announces the route again.'),
                fixes: [reconnect],
            },
            gateway: {
                recovery: doesGatewayAnswer,
                advice: () => _('Check that the router is on. Restarting it often helps.'),
                fixes: [reconnect],
            },
            portal: {
                recovery: isOnline,
                advice: () => _('Open a page in the browser: this network requires a log-in first.'),
                guide: [{ text: () => _('Open a page in the browser, and log in to this network there.') }],
            },
            activation: {
                // An adapter that was removed is never activated.
                recovery: whereUnknown(inTime(isActivated), quietFor(60)),
                advice: () => _('Check the connection settings: password, server, certificate.'),
                fixes: [reconnect],
            },
            mtu: {
                recovery: quietFor(60),
                advice: () => _('Set the MTU of the connection to automatic in the network settings.'),
            },
            proxy: {
                recovery: quietFor(30),
                advice: () =>
                    _('Check the proxy in the network settings and in the settings of the program that reports this.'),
                guide: [
                    {
                        text: () => _('Correct or turn off the proxy in the network settings.'),
                        seen: isProxyChanged,
                        panel: 'network',
                    },
                ],
            },
            vpn: {
                recovery: quietFor(30),
                advice: () => _('Check the name and password, and whether its server can be reached.'),
                guide: [
                    {
                        text: () => _('Enter the name and the password again in the network settings, and connect.'),
                        seen: hasVpn,
                        panel: 'network',
                    },
                ],
            },
        },
    },
    changes: {
        'network no-route': {
            kind: 'no-route',
            severity: 'high',
            cause: () => _('The default route was removed: only the local network can be reached.'),
        },
        'network gateway-silent': {
            kind: 'gateway',
            severity: 'high',
            cause: () => _('It is off, hangs, or is not in the network that this computer is connected to.'),
        },
        // GNOME Shell opens the login page by itself.
        'network-manager connectivity-portal': {
            kind: 'portal',
            severity: 'low',
            cause: () => _('The network requires a log-in before it lets anything through.'),
            subject: () => 'Internet',
        },
        'network-manager no-internet': {
            kind: 'no-internet',
            severity: 'medium',
            cause: () => _('The router answers, but nothing behind it does: the line may be down.'),
            subject: () => 'Internet',
            // The log may have named the link, the router or the route of the interface.
            rootCause: ({ facts }) => readFacts(facts).interface ?? null,
        },
    },
});
