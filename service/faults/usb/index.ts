import { usb as rules } from '../generated/usb.ts';
import { quietFor } from '../../diagnosis/recovery.ts';
import { _ } from '../../i18n/i18n.ts';
import { defineFamily } from '../family.ts';

export const usb = defineFamily({
    ...rules,
    remediation: {
        otherwise: {
            recovery: quietFor(60),
            advice: () => _('Plug it into another port, without a hub, or use another cable.'),
        },
        kinds: {
            controller: {
                recovery: quietFor(60),
                advice: () =>
                    _('Restart the computer. If it happens again after an update, start with the earlier kernel.'),
            },
            'firmware-missing': {
                recovery: quietFor(60),
                advice: () => _('Install the package that provides it, then restart the computer.'),
            },
        },
    },
});
