import { hardware as rules } from '../../detection/rules/hardware.ts';
import { both, day, quietFor, untilRestart } from '../../diagnosis/recovery.ts';
import type { Remediation } from '../../diagnosis/remediation.ts';
import { _ } from '../../i18n/i18n.ts';
import type { Family } from '../family.ts';

const card: Remediation = {
    recovery: quietFor(day),
    advice: () => _('Seat the card anew with the computer switched off; an update of its firmware may help.'),
};

export const hardware: Family = {
    ...rules,
    remediation: {
        otherwise: {
            recovery: quietFor(7 * day),
            advice: () =>
                _('Save what is important, then have the computer looked at: this is the hardware’s own report.'),
        },
        kinds: {
            'corrected-memory-errors': {
                recovery: quietFor(7 * day),
                advice: () => _('Nothing was lost yet. Run a memory test over night, and replace the module it finds.'),
            },
            'memory-error': {
                recovery: both(untilRestart, quietFor(7 * day)),
                advice: () => _('Run a memory test over night, and replace the module it finds.'),
            },
            'pcie-error': card,
            'pcie-power': card,
        },
    },
};
