import type { RecoveryCheck } from '../../diagnosis/recovery.ts';
import { unknown } from '../../diagnosis/recovery.ts';
import { _ } from '../../i18n/i18n.ts';
import { readTally } from '../../machine/desktop/faillock.ts';
import { readFacts } from './facts.ts';

/** For the named account; pam_faillock(8). */
export const isNotLocked: RecoveryCheck = {
    about: 'the number of failed attempts no longer locks the account',
    async check({ incident, machine, now }) {
        const { user } = readFacts(incident.facts);
        const tally = user === undefined ? null : await readTally(machine, user, now / 1_000_000);
        if (user === undefined || tally === null) return unknown();
        return tally.isLocked
            ? { gone: false, detail: _('{user} is still locked', { user }) }
            : { gone: true, detail: _('{user} can try again', { user }) };
    },
};
