import { hardware as rules } from '../generated/hardware.ts';
import type { Guide } from '../../diagnosis/guide.ts';
import { both, day, quietFor, untilRestart } from '../../diagnosis/recovery.ts';
import type { Remediation } from '../../diagnosis/remediation.ts';
import { _ } from '../../i18n/i18n.ts';
import { defineFamily } from '../family.ts';
import { whileOff } from '../shared/steps.ts';

const card: Remediation = {
    recovery: quietFor(day),
    advice: () => _('Turn the computer off and reseat the card. A firmware update may help.'),
    guide: [whileOff(() => _('Turn the computer off, push the card firmly into its slot, and start it again.'))],
};

const reseatMemory: Guide = [
    whileOff(() =>
        _('Run a memory test overnight. Then turn the computer off, and replace the module that the test finds.'),
    ),
];

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
                guide: reseatMemory,
            },
            'memory-error': {
                recovery: both(untilRestart, quietFor(7 * day)),
                advice: () => _('Run a memory test overnight, and replace the module that it finds.'),
                guide: reseatMemory,
            },
            'security-processor': {
                recovery: untilRestart,
                advice: () => _('Restart the computer. A firmware update may help.'),
                guide: [{ text: () => _('Save your work and restart the computer.') }],
            },
            'pcie-error': card,
            'pcie-power': card,
        },
    },
});
