import { link as rules } from '../generated/link.ts';
import { both, day, either, inTime, quietFor } from '../../diagnosis/recovery.ts';
import { _ } from '../../i18n/i18n.ts';
import { defineFamily } from '../family.ts';
import { reconnect } from '../shared/network.ts';
import { hasCarrier } from './recovery.ts';

export const link = defineFamily({
    ...rules,
    remediation: {
        otherwise: {
            recovery: either(inTime(hasCarrier), quietFor(60)),
            advice: () => _('Check that the cable is plugged in firmly at both ends and that the other device is on.'),
            fixes: [reconnect],
        },
        kinds: {
            card: {
                recovery: either(both(hasCarrier, quietFor(30)), quietFor(day)),
                advice: () =>
                    _('Restart the computer. If it happens again after an update, start with the earlier kernel.'),
                fixes: [reconnect],
            },
            slow: {
                recovery: quietFor(day),
                advice: () => _('Plug the network cable in again at both ends. If it stays slow, use another cable.'),
            },
            fabric: {
                recovery: quietFor(60),
                advice: () => _('Check the cables and switches of the fabric.'),
            },
        },
    },
    changes: {
        'network no-carrier': {
            kind: 'down',
            severity: 'medium',
            cause: () => _('The cable is unplugged or faulty, or the device at its other end is off.'),
        },
    },
});
