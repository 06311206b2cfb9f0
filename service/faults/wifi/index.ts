import { wifi as rules } from '../../detection/rules/wifi.ts';
import { either, inTime, quietFor, untilRestart } from '../../diagnosis/recovery.ts';
import type { Fix } from '../../diagnosis/remediation.ts';
import { _ } from '../../i18n/i18n.ts';
import type { Family } from '../family.ts';
import { isActivated, reconnect } from '../shared/network.ts';
import { isRadioOn } from '../shared/radio.ts';

const unblockWifi: Fix = {
    action: 'radio.unblock',
    parameters: () => ({ radio: 'wlan' }),
    explanation: () => _('Wi-Fi was switched off.'),
};

export const wifi: Family = {
    ...rules,
    remediation: {
        otherwise: {
            recovery: either(inTime(isActivated), quietFor(30)),
            advice: () => _('Go nearer to the access point, or see whether its password has changed.'),
            fixes: [unblockWifi, reconnect],
        },
        kinds: {
            regulatory: {
                recovery: untilRestart,
                advice: () =>
                    _('Install the package with these rules anew (wireless-regdb), and start the computer again.'),
            },
            'radio-off': {
                recovery: isRadioOn('wlan'),
                advice: () => _('Switch Wi-Fi on with the switch or key of the computer, or turn aeroplane mode off.'),
                fixes: [unblockWifi],
            },
        },
    },
};
