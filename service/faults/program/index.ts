import { program as rules } from '../generated/program.ts';
import { quietFor } from '../../diagnosis/recovery.ts';
import { _ } from '../../i18n/i18n.ts';
import type { Facts } from '../../model/facts.ts';
import { safeText } from '../../text/sanitise.ts';
import { defineFamily } from '../family.ts';
import { readFacts } from './facts.ts';

export const program = defineFamily({
    ...rules,
    remediation: {
        otherwise: { recovery: quietFor(6 * 60), advice: () => _('The log of the program has more details.') },
    },
    changes: {
        'journal new-error': {
            kind: 'new-error',
            severity: 'low',
            cause: causeOfNewError,
        },
    },
});

function causeOfNewError(facts: Facts): string {
    const { said } = readFacts(facts);
    const reason = _(
        'A change made shortly before may be the cause. If everything works, you do not need to do anything.',
    );
    return said === undefined ? reason : _('{reason} Its message: “{line}”', { reason, line: safeText(said, 160) });
}
