import { _ } from '../../i18n/i18n.ts';
import { defineAction, noParameters } from '../action.ts';
import { programStep } from '../programStep.ts';

/** Bytes that archived journals may hold afterwards: enough for weeks of an ordinary desktop. */
const journalKept = '200M';

/** Deletes the oldest archived journals; journalctl(1), --vacuum-size=. */
export const journalVacuum = defineAction({
    name: 'journal.vacuum',
    parameters: noParameters,
    plan: () => ({
        title: _('Delete old log entries'),
        steps: [
            {
                description: _('Delete the oldest log entries until the log takes at most {size}', {
                    size: journalKept,
                }),
                ...programStep('system', ['journalctl', `--vacuum-size=${journalKept}`]),
            },
        ],
        risk: 'low',
        riskText: _('The oldest log entries can no longer be read. Nothing else is lost.'),
        undo: null,
        authentication: true,
        preconditions: {},
    }),
});
