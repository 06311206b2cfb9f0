import { suspend as rules } from '../generated/suspend.ts';
import { day, quietFor, untilRestart } from '../../diagnosis/recovery.ts';
import { _ } from '../../i18n/i18n.ts';
import { defineFamily } from '../family.ts';

export const suspend = defineFamily({
    ...rules,
    remediation: {
        otherwise: {
            recovery: quietFor(day),
            advice: () => _('Unplug devices and try again. The log names the one that would not sleep or wake up.'),
        },
        kinds: {
            inhibitor: {
                recovery: quietFor(day),
                advice: () => _('Look for an update of the program, or close it before the computer sleeps.'),
            },
            'slow-start': {
                recovery: untilRestart,
                advice: () =>
                    _(
                        '“systemd-analyze critical-chain” shows what startup waited for. A device that no longer exists may still be in /etc/fstab.',
                    ),
            },
        },
    },
});
