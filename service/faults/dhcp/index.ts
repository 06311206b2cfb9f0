import { dhcp as rules } from '../generated/dhcp.ts';
import { inTime, quietFor, whereUnknown } from '../../diagnosis/recovery.ts';
import { _ } from '../../i18n/i18n.ts';
import { defineFamily } from '../family.ts';
import { reconnect } from '../shared/network.ts';
import { hasAddress } from './recovery.ts';

export const dhcp = defineFamily({
    ...rules,
    remediation: {
        otherwise: {
            // Not every line names its interface.
            recovery: whereUnknown(inTime(hasAddress), quietFor(60)),
            advice: () => _('Check that the router is on. Restarting it often helps.'),
            fixes: [reconnect],
        },
        kinds: {
            conflict: {
                recovery: quietFor(30),
                advice: () => _('Another device uses the same address. Let the router assign addresses to both.'),
                fixes: [reconnect],
            },
        },
    },
});
