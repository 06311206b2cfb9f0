import { audio as rules } from '../generated/audio.ts';
import { both, day, either, inTime, quietFor } from '../../diagnosis/recovery.ts';
import type { Fix } from '../../diagnosis/remediation.ts';
import { _ } from '../../i18n/i18n.ts';
import { defineFamily } from '../family.ts';
import { isUnitRunning } from '../shared/units.ts';
import { readFacts } from './facts.ts';
import { isHeard } from './recovery.ts';
import { sound } from './watch.ts';

const restartForUser = (unit: string): Fix => ({
    action: 'unit.restart',
    parameters: () => ({ scope: 'user', unit }),
    explanation: () => _('It looks for the devices again. Sound stops for a moment.'),
});

export const audio = defineFamily({
    ...rules,
    remediation: {
        otherwise: {
            recovery: either(both(isUnitRunning('user', 'pipewire.service'), quietFor(10)), quietFor(day)),
            advice: () => _('Check in the settings that the right device is selected for sound.'),
            fixes: [restartForUser('wireplumber.service'), restartForUser('pipewire.service')],
        },
        kinds: {
            'card-off': {
                recovery: inTime(isHeard),
                advice: () => _('Choose another output in the sound settings, or turn the card on.'),
                fixes: [
                    {
                        action: 'sound.profile',
                        parameters: ({ facts }) => {
                            const { device, profile } = readFacts(facts);
                            return device === undefined || profile === undefined ? null : { device, profile };
                        },
                        explanation: () => _('This provides an output that you can hear.'),
                    },
                    restartForUser('wireplumber.service'),
                ],
            },
            'card-missing': {
                recovery: inTime(isHeard),
                advice: () =>
                    _(
                        'Check whether another program uses the card exclusively. If nothing else helps, log out and in again.',
                    ),
                fixes: [restartForUser('wireplumber.service'), restartForUser('pipewire.service')],
            },
            card: {
                recovery: quietFor(60),
                advice: () =>
                    _('Restart the computer. If it happens again after an update, start with the earlier kernel.'),
                fixes: [restartForUser('wireplumber.service')],
            },
        },
    },
    watch: [sound],
    changes: {
        'sound sound-card-off': {
            kind: 'card-off',
            severity: 'medium',
            cause: () => _('The only output is a dummy, and the card is set to “off” although it could play sound.'),
        },
        'sound sound-card-missing': {
            kind: 'card-missing',
            severity: 'medium',
            cause: () =>
                _('The kernel has set up the card, but the sound server does not use it and has only a dummy output.'),
        },
    },
});
