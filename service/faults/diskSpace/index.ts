import { diskSpace as rules } from '../generated/diskSpace.ts';
import { quietFor } from '../../diagnosis/recovery.ts';
import { _ } from '../../i18n/i18n.ts';
import { defineFamily } from '../family.ts';
import { nameDiskUsage } from '../shared/diskUsage.ts';
import { freeSpace } from './fixes.ts';
import { hasSpace, subjectOf } from './recovery.ts';
import { space } from './watch.ts';

export const diskSpace = defineFamily({
    ...rules,
    enrich: (of, findings, { machine }) =>
        of.incident.kind === 'full' || of.incident.kind === 'low'
            ? nameDiskUsage(of, findings, machine)
            : Promise.resolve(findings),
    remediation: {
        otherwise: {
            recovery: hasSpace,
            advice: () =>
                _('Empty the trash, and ask “what is using disk space” to see which folders could be smaller.'),
            fixes: freeSpace,
        },
        kinds: {
            quota: {
                recovery: quietFor(6 * 60),
                advice: () => _('Delete what you no longer need, or ask your administrator for more space.'),
                fixes: [
                    {
                        action: 'trash.empty',
                        parameters: () => ({}),
                        explanation: () => _('What is in the trash counts towards your quota.'),
                    },
                ],
            },
        },
    },
    watch: [space],
    changes: {
        'space space-low': {
            kind: 'low',
            severity: 'medium',
            cause: () =>
                _('When no space is left, programs can no longer save, and the computer may not start properly.'),
            subject: ({ subject }) => subjectOf(subject),
        },
    },
});
