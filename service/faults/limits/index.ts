import { limits as rules } from '../generated/limits.ts';
import { quietFor } from '../../diagnosis/recovery.ts';
import { _ } from '../../i18n/i18n.ts';
import { defineFamily } from '../family.ts';
import { hasInotifyLeft } from './recovery.ts';

export const limits = defineFamily({
    ...rules,
    remediation: {
        otherwise: {
            recovery: quietFor(60),
            advice: () => _('Close some programs. One that needs more and more memory has a bug.'),
        },
        kinds: {
            inotify: {
                recovery: hasInotifyLeft('watches'),
                advice: () => _('Close programs that watch many files, such as editors and file synchronisation.'),
                fixes: [
                    {
                        action: 'limits.raise',
                        parameters: () => ({ limit: 'max_user_watches' }),
                        explanation: () =>
                            _('Programs that watch whole folders, such as editors, need a higher limit than usual.'),
                    },
                ],
            },
            'inotify-instances': {
                recovery: hasInotifyLeft('instances'),
                advice: () => _('Close programs that watch many files, such as editors and file synchronisation.'),
                fixes: [
                    {
                        action: 'limits.raise',
                        parameters: () => ({ limit: 'max_user_instances' }),
                        explanation: () => _('Each program that watches files needs one of these.'),
                    },
                ],
            },
        },
    },
});
