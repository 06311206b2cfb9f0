import { printing as rules } from '../generated/printing.ts';
import { quietFor } from '../../diagnosis/recovery.ts';
import { _ } from '../../i18n/i18n.ts';
import { defineFamily } from '../family.ts';
import { connected } from '../shared/steps.ts';

const advice = () => _('Check that the printer is on and has paper, and whether jobs are waiting in its queue.');

export const printing = defineFamily({
    ...rules,
    remediation: {
        otherwise: {
            recovery: quietFor(60),
            advice,
        },
        kinds: {
            scanner: {
                recovery: quietFor(60),
                advice: () => _('Check that the scanner is on, and plug it in again.'),
                guide: [
                    {
                        text: () => _('Turn the scanner off and on again, or plug it in again.'),
                        seen: connected('usb'),
                    },
                ],
            },
            printer: {
                recovery: quietFor(60),
                advice,
                fixes: [
                    {
                        action: 'unit.restart',
                        parameters: () => ({ scope: 'system', unit: 'cups.service' }),
                        explanation: () => _('Waiting print jobs are kept and tried again.'),
                    },
                ],
            },
        },
    },
});
