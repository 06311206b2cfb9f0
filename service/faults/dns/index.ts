import { dns as rules } from '../generated/dns.ts';
import { both, either, quietFor } from '../../diagnosis/recovery.ts';
import { _ } from '../../i18n/i18n.ts';
import { defineFamily } from '../family.ts';
import { isOnline } from '../shared/network.ts';
import { restartUnit } from '../shared/units.ts';

export const dns = defineFamily({
    ...rules,
    remediation: {
        otherwise: {
            recovery: either(both(isOnline, quietFor(2)), quietFor(15)),
            advice: () => _('Check the name servers of the connection. The router is often one of them.'),
            fixes: [restartUnit('systemd-resolved.service')],
        },
        kinds: {
            update: {
                recovery: quietFor(60),
                advice: () =>
                    _('Check that the name server is running and allows the DHCP server’s key to change the zone.'),
            },
        },
    },
});
