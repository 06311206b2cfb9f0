import { wifi as rules } from '../generated/wifi.ts';
import { noted } from '../../diagnosis/guide.ts';
import { either, inTime, quietFor, untilRestart } from '../../diagnosis/recovery.ts';
import type { Fix } from '../../diagnosis/remediation.ts';
import { _ } from '../../i18n/i18n.ts';
import { defineFamily } from '../family.ts';
import { isActivated, reconnect } from '../shared/network.ts';
import { isRadioOn } from '../shared/radio.ts';

const unblockWifi: Fix = {
    action: 'radio.unblock',
    parameters: () => ({ radio: 'wlan' }),
    explanation: () => _('Wi-Fi was turned off.'),
};

const regulations = 'wireless-regdb';
const isInstalledAgain = noted(
    'the package with these regulations',
    ['package'],
    ({ event, subject }) => subject === regulations && event !== 'removed',
);

export const wifi = defineFamily({
    ...rules,
    remediation: {
        otherwise: {
            recovery: either(inTime(isActivated), quietFor(30)),
            advice: () => _('Move closer to the access point, or check whether its password has changed.'),
            fixes: [unblockWifi, reconnect],
        },
        kinds: {
            regulatory: {
                recovery: untilRestart,
                advice: () =>
                    _('Reinstall the package with these regulations (wireless-regdb), then restart the computer.'),
                guide: [
                    {
                        text: () => _('Install the package {package} again.', { package: regulations }),
                        seen: isInstalledAgain,
                    },
                    { text: () => _('Save your work and restart the computer.') },
                ],
            },
            'radio-off': {
                recovery: isRadioOn('wlan'),
                advice: () => _('Turn on Wi-Fi with the hardware switch or key, or turn off aeroplane mode.'),
                fixes: [unblockWifi],
            },
        },
    },
});
