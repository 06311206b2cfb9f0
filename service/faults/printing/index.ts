import { printing as rules } from '../generated/printing.ts';
import { quietFor } from '../../diagnosis/recovery.ts';
import { _ } from '../../i18n/i18n.ts';
import type { Family } from '../family.ts';

export const printing: Family = {
    ...rules,
    remediation: {
        otherwise: {
            recovery: quietFor(60),
            advice: () => _('Check that the printer is on and has paper, and whether jobs are waiting in its queue.'),
            fixes: [
                {
                    action: 'unit.restart',
                    parameters: ({ kind }) => (kind === 'printer' ? { scope: 'system', unit: 'cups.service' } : null),
                    explanation: () => _('Waiting print jobs are kept and tried again.'),
                },
            ],
        },
    },
};
