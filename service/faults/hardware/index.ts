import { hardware as rules } from '../generated/hardware.ts';
import { both, day, quietFor, untilRestart } from '../../diagnosis/recovery.ts';
import type { Remediation } from '../../diagnosis/remediation.ts';
import { _ } from '../../i18n/i18n.ts';
import { defineFamily } from '../family.ts';

const card: Remediation = {
    recovery: quietFor(day),
    advice: () => _('Turn the computer off and reseat the card. A firmware update may help.'),
};

export const hardware = defineFamily({
    ...rules,
    remediation: {
        otherwise: {
            recovery: quietFor(7 * day),
            advice: () =>
                _('Back up important data, then have the computer checked: the hardware itself reports this.'),
        },
        kinds: {
            'corrected-memory-errors': {
                recovery: quietFor(7 * day),
                advice: () =>
                    _('Nothing has been lost yet. Run a memory test overnight, and replace the module that it finds.'),
            },
            'memory-error': {
                recovery: both(untilRestart, quietFor(7 * day)),
                advice: () => _('Run a memory test overnight, and replace the module that it finds.'),
            },
            'security-processor': {
                recovery: untilRestart,
                advice: () => _('Restart the computer. A firmware update may help.'),
            },
            'pcie-error': card,
            'pcie-power': card,
        },
    },
});
