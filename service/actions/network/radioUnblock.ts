import * as z from 'zod';

import { ReeveError } from '../../util/errors.ts';
import { _ } from '../../i18n/i18n.ts';
import { blockedRadios } from '../../machine/network/radios.ts';
import { defineAction } from '../action.ts';
import { programStep } from '../programStep.ts';

const parameters = z.strictObject({ radio: z.enum(['wlan', 'bluetooth']) });

/** Turns a radio on that was switched off in software; rfkill(8). The user at the seat may do that (70-uaccess.rules). */
export const radioUnblock = defineAction({
    name: 'radio.unblock',
    parameters,
    wishes: [
        {
            phrases: {
                en: ['unblock {radio}'],
                de: ['(blockierung|sperre) von {radio} aufheben', '{radio} entsperren'],
                ar: ['(الغ حظر|إلغاء حظر) {radio}'],
            },
            slots: {
                radio: {
                    wlan: ['(wifi|wi-fi|wlan|wireless|واي فاي|شبكة لاسلكية)'],
                    bluetooth: ['(bluetooth|بلوتوث)'],
                },
            },
            parameters: ({ radio }) => [{ radio: radio === 'wlan' ? 'wlan' : 'bluetooth' }] as const,
        },
    ],
    async plan({ radio }, { machine }) {
        const blocked = machine === null ? [] : await blockedRadios(machine, radio);
        const soft = blocked.filter(({ isHard }) => !isHard);
        const name = radio === 'wlan' ? _('Wi-Fi') : _('Bluetooth');
        if (soft.length === 0) throw new ReeveError('InvalidState', _('{name} is not turned off', { name }));
        return {
            title: _('Turn {name} on', { name }),
            steps: [
                {
                    description: _('Turn {name} on', { name }),
                    ...programStep('user', ['rfkill', 'unblock', radio]),
                },
            ],
            risk: 'low',
            riskText: _('The radio is on again and uses a little power.'),
            undo: {
                text: _('Turns {name} off again', { name }),
                steps: [
                    {
                        description: _('Turn {name} off', { name }),
                        ...programStep('user', ['rfkill', 'block', radio]),
                    },
                ],
            },
            authentication: false,
            preconditions: { [`rfkill ${radio}`]: soft.map(({ name: device }) => device).join(' ') },
        };
    },
});
