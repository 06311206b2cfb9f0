import { bluetooth as rules } from '../generated/bluetooth.ts';
import { both, day, either, quietFor } from '../../diagnosis/recovery.ts';
import { _ } from '../../i18n/i18n.ts';
import { defineFamily } from '../family.ts';
import { isRadioOn } from '../shared/radio.ts';
import { isUnitRunning, restartUnit } from '../shared/units.ts';
import { bluetooth as watch } from './watch.ts';

export const bluetooth = defineFamily({
    ...rules,
    remediation: {
        otherwise: {
            recovery: either(both(isRadioOn('bluetooth'), quietFor(10)), quietFor(day)),
            advice: () => _('Turn the device off and on, or pair it again.'),
            fixes: [
                {
                    action: 'radio.unblock',
                    parameters: () => ({ radio: 'bluetooth' }),
                    explanation: () => _('Bluetooth was turned off.'),
                },
                restartUnit('bluetooth.service'),
            ],
        },
        kinds: {
            adapter: {
                recovery: either(both(isUnitRunning('system', 'bluetooth.service'), quietFor(30)), quietFor(day)),
                advice: () => _('Restart the computer. If the adapter can be unplugged, plug it in again.'),
                fixes: [restartUnit('bluetooth.service')],
            },
        },
    },
    watch: [watch],
});
