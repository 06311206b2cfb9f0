import { display as rules } from '../generated/display.ts';
import { quietFor } from '../../diagnosis/recovery.ts';
import { _ } from '../../i18n/i18n.ts';
import type { Family } from '../family.ts';

export const display: Family = {
    ...rules,
    remediation: {
        otherwise: {
            recovery: quietFor(60),
            advice: () => _('Unplug it and plug it in again, if necessary into another port or with another cable.'),
        },
    },
};
