import { access as rules } from '../generated/access.ts';
import { quietFor } from '../../diagnosis/recovery.ts';
import { _ } from '../../i18n/i18n.ts';
import { defineFamily } from '../family.ts';

export const access = defineFamily({
    ...rules,
    remediation: {
        otherwise: {
            recovery: quietFor(6 * 60),
            advice: () => _('If the program works properly, blocking this is intended.'),
        },
    },
});
