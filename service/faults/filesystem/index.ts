import { filesystem as rules } from '../../detection/rules/filesystem.ts';
import { both, either, quietFor, untilRestart } from '../../diagnosis/recovery.ts';
import { _ } from '../../i18n/i18n.ts';
import type { Family } from '../family.ts';
import { isWritable } from './recovery.ts';

export const filesystem: Family = {
    ...rules,
    remediation: {
        otherwise: {
            recovery: both(untilRestart, quietFor(60)),
            advice: () =>
                _(
                    'Save what is important elsewhere, then start the computer again: the filesystem is checked on the way.',
                ),
        },
        kinds: {
            'read-only': {
                recovery: either(isWritable, both(untilRestart, quietFor(60))),
                advice: () =>
                    _(
                        'The kernel stopped writing to protect what is there. Save what is important elsewhere, then start the computer again: the filesystem is checked on the way. Making it writable without a check can destroy more.',
                    ),
            },
            'not-unmounted': {
                recovery: quietFor(60),
                advice: () => _('Take it out only after it was ejected; a check repairs what was left behind.'),
            },
        },
    },
};
