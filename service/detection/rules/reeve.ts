import { _ } from '../../i18n/i18n.ts';
import type { FaultFamily } from '../fault.ts';

/** The words are those of this program's own log. */
export const reeve: FaultFamily = {
    name: 'reeve',
    title: 'Reeve itself',
    about: 'The service of this program cannot do all of its work.',
    rules: [
        {
            kind: 'service',
            from: 'reeve',
            lines: [
                'The database cannot be used and was moved aside',
                'Going on with a database that will be lost',
                'Left the bus: what it sends makes no sense',
                'Reeve cannot run',
            ],
            severity: 'low',
            subject: '=reeve',
            title: () => _('Reeve cannot do all of its work'),
        },
    ],
};
