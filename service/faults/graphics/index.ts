import { graphics as rules } from '../generated/graphics.ts';
import { day, either, quietFor, untilRestart } from '../../diagnosis/recovery.ts';
import { _ } from '../../i18n/i18n.ts';
import { defineFamily } from '../family.ts';
import { logInAgain, whileOff } from '../shared/steps.ts';

const earlierVersion = () =>
    _(
        'If it started after an update of the kernel or the driver, use the earlier version until a newer one is available.',
    );

export const graphics = defineFamily({
    ...rules,
    remediation: {
        otherwise: {
            recovery: quietFor(12 * 60),
            advice: earlierVersion,
            guide: [
                whileOff(() =>
                    _(
                        'Save your work and restart the computer. If it happens again after an update, start with the earlier kernel or driver.',
                    ),
                ),
            ],
        },
        kinds: {
            'driver-minor': { recovery: quietFor(12 * 60), advice: earlierVersion },
            drawing: {
                recovery: either(untilRestart, quietFor(day)),
                advice: () =>
                    _('Check that the driver for the graphics processor is installed, then log out and in again.'),
                guide: [logInAgain],
            },
        },
    },
});
