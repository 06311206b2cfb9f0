import { limits as rules } from '../generated/limits.ts';
import { quietFor } from '../../diagnosis/recovery.ts';
import { _ } from '../../i18n/i18n.ts';
import { defineFamily } from '../family.ts';
import { hasInotifyLeft } from './recovery.ts';
import { hasConnectionsLeft, hasProcessesLeft } from './steps.ts';

const advice = () => _('Close some programs. One that needs more and more memory has a bug.');

export const limits = defineFamily({
    ...rules,
    remediation: {
        otherwise: {
            recovery: quietFor(60),
            advice,
        },
        kinds: {
            processes: {
                recovery: quietFor(60),
                advice,
                guide: [{ text: () => _('Close programs that you do not need.'), seen: hasProcessesLeft }],
            },
            connections: {
                recovery: quietFor(60),
                advice,
                guide: [
                    {
                        text: () => _('Close programs that open many connections, such as those that share files.'),
                        seen: hasConnectionsLeft,
                    },
                ],
            },
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
