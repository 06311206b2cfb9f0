import { program as rules } from '../../detection/rules/program.ts';
import { quietFor } from '../../diagnosis/recovery.ts';
import { _ } from '../../i18n/i18n.ts';
import type { TimelineEntry } from '../../model/timelineEntry.ts';
import { safeText } from '../../text/sanitise.ts';
import type { Family } from '../family.ts';

export const program: Family = {
    ...rules,
    remediation: {
        otherwise: { recovery: quietFor(6 * 60), advice: () => _('The log of the program says more.') },
    },
    changes: {
        'journal new-error': {
            kind: 'new-error',
            severity: 'low',
            cause: causeOfNewError,
        },
    },
};

function causeOfNewError({ said }: TimelineEntry['facts']): string {
    const reason = _('What was changed shortly before may be the reason. If everything works, nothing need be done.');
    return said === undefined ? reason : _('{reason} It said: “{line}”', { reason, line: safeText(said, 160) });
}
