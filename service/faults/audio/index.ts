import { audio as rules } from '../../detection/rules/audio.ts';
import { both, day, either, inTime, quietFor } from '../../diagnosis/recovery.ts';
import type { Fix } from '../../diagnosis/remediation.ts';
import { _ } from '../../i18n/i18n.ts';
import type { Family } from '../family.ts';
import { isUnitRunning } from '../shared/units.ts';
import { isHeard } from './recovery.ts';
import { sound } from './watch.ts';

const restartForUser = (unit: string): Fix => ({
    action: 'unit.restart',
    parameters: () => ({ scope: 'user', unit }),
    explanation: () => _('It looks for the devices anew. Sound stops for a moment.'),
});

export const audio: Family = {
    ...rules,
    remediation: {
        otherwise: {
            recovery: either(both(isUnitRunning('user', 'pipewire.service'), quietFor(10)), quietFor(day)),
            advice: () => _('See in the settings whether the right device is chosen for sound.'),
            fixes: [restartForUser('wireplumber.service'), restartForUser('pipewire.service')],
        },
        kinds: {
            'card-off': {
                recovery: inTime(isHeard),
                advice: () => _('Choose another output in the settings of sound, or switch the card on.'),
                fixes: [
                    {
                        action: 'sound.profile',
                        parameters: ({ facts: { device, profile } }) =>
                            device === undefined || profile === undefined ? null : { device, profile },
                        explanation: () => _('Then there is an output that can be heard.'),
                    },
                    restartForUser('wireplumber.service'),
                ],
            },
            'card-missing': {
                recovery: inTime(isHeard),
                advice: () =>
                    _('See whether another program has the card to itself; log in anew if nothing else helps.'),
                fixes: [restartForUser('wireplumber.service'), restartForUser('pipewire.service')],
            },
            card: {
                recovery: quietFor(60),
                advice: () =>
                    _('Start the computer again. If it comes back after an update, start with the earlier kernel.'),
                fixes: [restartForUser('wireplumber.service')],
            },
        },
    },
    watch: [sound],
    changes: {
        'sound sound-card-off': {
            kind: 'card-off',
            severity: 'medium',
            cause: () =>
                _('There is no output but the dummy one, and the card is set to “off” although it could play.'),
        },
        'sound sound-card-missing': {
            kind: 'card-missing',
            severity: 'medium',
            cause: () =>
                _('The kernel has the card ready, but the sound server did not take it and has only a dummy output.'),
        },
    },
};
