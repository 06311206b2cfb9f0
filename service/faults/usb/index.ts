import { usb as rules } from '../../detection/rules/usb.ts';
import { quietFor } from '../../diagnosis/recovery.ts';
import { _ } from '../../i18n/i18n.ts';
import type { Family } from '../family.ts';

export const usb: Family = {
    ...rules,
    remediation: {
        otherwise: {
            recovery: quietFor(60),
            advice: () => _('Plug it in at another place, without a hub between, or with another cable.'),
        },
        kinds: {
            controller: {
                recovery: quietFor(60),
                advice: () =>
                    _('Start the computer again. If it comes back after an update, start with the earlier kernel.'),
            },
            'firmware-missing': {
                recovery: quietFor(60),
                advice: () => _('Install the package that has it, and start the computer again.'),
            },
        },
    },
};
