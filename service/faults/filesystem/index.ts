import { filesystem as rules } from '../generated/filesystem.ts';
import type { Guide } from '../../diagnosis/guide.ts';
import { both, either, quietFor, untilRestart } from '../../diagnosis/recovery.ts';
import { _ } from '../../i18n/i18n.ts';
import { defineFamily } from '../family.ts';
import { whileOff } from '../shared/steps.ts';
import { isWritable } from './recovery.ts';

const checkAtStart: Guide = [
    whileOff(() =>
        _(
            'Save important data elsewhere, then restart the computer: it checks the filesystem as it starts. Do not make it writable before.',
        ),
    ),
];

export const filesystem = defineFamily({
    ...rules,
    remediation: {
        otherwise: {
            recovery: both(untilRestart, quietFor(60)),
            advice: () =>
                _(
                    'Save important data elsewhere, then restart the computer: the filesystem is checked during startup.',
                ),
            guide: checkAtStart,
        },
        kinds: {
            'read-only': {
                recovery: either(isWritable, both(untilRestart, quietFor(60))),
                advice: () =>
                    _(
                        'The kernel stopped writing to protect the data. Save important data elsewhere, then restart the computer: the filesystem is checked during startup. Making it writable without a check can destroy more.',
                    ),
                guide: checkAtStart,
            },
            'not-unmounted': {
                recovery: quietFor(60),
                advice: () => _('Eject it before you remove it. A check repairs what was left behind.'),
            },
        },
    },
});
