import { _ } from '../../i18n/i18n.ts';
import { defineAction, noParameters } from '../action.ts';
import { programStep } from '../programStep.ts';

/** Bytes that archived journals may hold afterwards: enough for weeks of an ordinary desktop. */
export const journalKept = 200 * 2 ** 20;
const size = `${journalKept / 2 ** 20}M`;

/** Deletes the oldest archived journals; journalctl(1), --vacuum-size=. */
export const journalVacuum = defineAction({
    name: 'journal.vacuum',
    parameters: noParameters,
    wishes: [
        {
            phrases: {
                en: ['(delete|remove|clean|clear|trim|vacuum|shrink) [old] (logs|log entries|journal|log files|log)'],
                de: [
                    '(losche|entferne) [alte] (logs|protokolle|protokolleintrage)',
                    '[alte] (logs|protokolle|protokolleintrage) (loschen|entfernen)',
                ],
                ar: ['(احذف|امسح|حذف) سجلات [قديمة]'],
            },
            parameters: () => [{}],
        },
    ],
    plan: () => ({
        title: _('Delete old log entries'),
        steps: [
            {
                description: _('Delete the oldest log entries until the log takes at most {size}', {
                    size,
                }),
                ...programStep('system', ['journalctl', `--vacuum-size=${size}`]),
            },
        ],
        risk: 'low',
        riskText: _('The oldest log entries can no longer be read. Nothing else is lost.'),
        undo: null,
        authentication: true,
        preconditions: {},
    }),
});
