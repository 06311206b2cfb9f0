import { suspend as rules } from '../generated/suspend.ts';
import { day, quietFor, untilRestart } from '../../diagnosis/recovery.ts';
import { _ } from '../../i18n/i18n.ts';
import { defineFamily } from '../family.ts';
import { disconnected } from '../shared/steps.ts';
import { hasEnded, isSuspendedAgain } from './steps.ts';

const unplug = () => _('Unplug devices and try again. The log names the one that would not sleep or wake up.');

export const suspend = defineFamily({
    ...rules,
    remediation: {
        otherwise: {
            recovery: quietFor(day),
            advice: unplug,
        },
        kinds: {
            failed: {
                recovery: quietFor(day),
                advice: unplug,
                guide: [
                    { text: () => _('Unplug the devices that you do not need.'), seen: disconnected('usb') },
                    { text: () => _('Suspend the computer again.'), seen: isSuspendedAgain },
                ],
            },
            inhibitor: {
                recovery: quietFor(day),
                advice: () => _('Look for an update of the program, or close it before the computer sleeps.'),
                guide: [
                    {
                        text: () => _('Close the program, or install an update of it and start it again.'),
                        seen: hasEnded,
                    },
                ],
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
