import { mount as rules } from '../../detection/rules/mount.ts';
import { either, quietFor, untilRestart, whereUnknown } from '../../diagnosis/recovery.ts';
import { _ } from '../../i18n/i18n.ts';
import type { Family } from '../family.ts';
import { isAllMounted } from './recovery.ts';

export const mount: Family = {
    ...rules,
    remediation: {
        otherwise: {
            recovery: either(quietFor(12 * 60), untilRestart),
            advice: () =>
                _('See whether the disk or share is there, and whether its line in /etc/fstab is still right.'),
        },
        kinds: {
            server: {
                recovery: quietFor(60),
                advice: () => _('The server or the way to it is down; programs wait until it comes back.'),
            },
            emergency: {
                recovery: whereUnknown(isAllMounted, untilRestart),
                advice: () =>
                    _(
                        'Look at the first failed mount or check in the log: a line in /etc/fstab with “nofail” cannot stop the start.',
                    ),
            },
        },
    },
};
