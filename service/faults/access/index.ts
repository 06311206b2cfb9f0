import { access as rules } from '../generated/access.ts';
import { quietFor } from '../../diagnosis/recovery.ts';
import { _ } from '../../i18n/i18n.ts';
import { defineFamily } from '../family.ts';
import { isPrivate } from './steps.ts';

export const access = defineFamily({
    ...rules,
    remediation: {
        otherwise: {
            recovery: quietFor(6 * 60),
            advice: () => _('If the program works properly, blocking this is intended.'),
        },
        kinds: {
            'world-accessible': {
                recovery: quietFor(6 * 60),
                advice: () => _('Add “umask=0077” to its line in /etc/fstab, then restart the computer.'),
                guide: [
                    {
                        text: () => _('Add “umask=0077” to its line in /etc/fstab, then restart the computer.'),
                        seen: isPrivate,
                    },
                ],
            },
            policy: {
                recovery: quietFor(6 * 60),
                advice: () => _('Install the package of the policy again, then restart the computer.'),
            },
            'audit-lost': {
                recovery: quietFor(6 * 60),
                advice: () => _('If you rely on the records, raise the backlog limit in the rules of auditd.'),
            },
        },
    },
});
