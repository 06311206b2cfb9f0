import { reeve as rules } from '../generated/reeve.ts';
import { either, quietFor } from '../../diagnosis/recovery.ts';
import { _ } from '../../i18n/i18n.ts';
import { defineFamily } from '../family.ts';
import { hasStartedAgain } from './recovery.ts';

export const reeve = defineFamily({
    ...rules,
    remediation: {
        otherwise: {
            recovery: either(hasStartedAgain, quietFor(10)),
            advice: () => _('“reeve doctor” shows what is missing.'),
        },
    },
});
