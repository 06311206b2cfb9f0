import { reeve as rules } from '../generated/reeve.ts';
import { quietFor } from '../../diagnosis/recovery.ts';
import { _ } from '../../i18n/i18n.ts';
import { defineFamily } from '../family.ts';

export const reeve = defineFamily({
    ...rules,
    remediation: {
        otherwise: {
            recovery: quietFor(60),
            advice: () => _('“reeve doctor” shows what is missing.'),
        },
    },
});
