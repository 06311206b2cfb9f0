import { mount as rules } from '../generated/mount.ts';
import { either, quietFor, untilRestart, whereUnknown } from '../../diagnosis/recovery.ts';
import { _ } from '../../i18n/i18n.ts';
import { defineFamily } from '../family.ts';
import { isAllMounted } from './recovery.ts';
import { isMounted } from './steps.ts';

export const mount = defineFamily({
    ...rules,
    remediation: {
        otherwise: {
            recovery: either(quietFor(12 * 60), untilRestart),
            advice: () =>
                _('Check that the disk or share is available and that its line in /etc/fstab is still right.'),
            guide: [
                {
                    text: () => _('Connect the disk or the share, or correct its line in /etc/fstab, and mount it.'),
                    seen: isMounted,
                },
            ],
        },
        kinds: {
            server: {
                recovery: quietFor(60),
                advice: () => _('The server or the connection to it is down. Programs wait until it is back.'),
            },
            emergency: {
                recovery: whereUnknown(isAllMounted, untilRestart),
                advice: () =>
                    _(
                        'Find the first failed mount or check in the log. A line with “nofail” in /etc/fstab cannot stop startup.',
                    ),
                guide: [
                    {
                        text: () =>
                            _('Correct the line in /etc/fstab that could not be mounted, or add “nofail” to it.'),
                    },
                ],
            },
        },
    },
});
